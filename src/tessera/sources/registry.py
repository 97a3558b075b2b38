"""The importers there are: one folder each, found by its `source.toml`.

A folder `<slug with underscores>/` holds `source.toml`, `importer.py` with a function
`importer(info) -> Importer`, and `sample/`. A table that its `source.toml` describes whole (see
`tessera.sources.tables`) needs no `importer.py`.
"""

from __future__ import annotations

import importlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from tessera.sources.base import Importer, SourceInfo

FOLDER: Final = Path(__file__).parent
_FIELDS: Final = frozenset(SourceInfo.__dataclass_fields__)


class UnknownSource(LookupError):
    """A slug that no importer has; the message names those there are."""


class SourceSettingsError(ValueError):
    """A `source.toml` that can't be used."""


@cache
def importers() -> tuple[SourceInfo, ...]:
    """What there is, in the order of the slugs."""
    found = (source_info(path) for path in FOLDER.glob("*/source.toml"))
    return tuple(sorted(found, key=lambda info: info.slug))


def importer(slug: str) -> Importer:
    """The importer of that slug, new; UnknownSource where there is none."""
    info = next((each for each in importers() if each.slug == slug), None)
    if info is None:
        known = ", ".join(each.slug for each in importers())
        raise UnknownSource(f"There is no importer {slug!r}; there are: {known}.")
    folder = FOLDER / slug.replace("-", "_")
    if (folder / "importer.py").exists():
        module = importlib.import_module(f"tessera.sources.{folder.name}.importer")
        made: Importer = module.importer(info)
        return made
    from tessera.sources.tables import TableImporter

    return TableImporter(info, read_settings(folder / "source.toml"))


def read_settings(path: Path) -> dict[str, Any]:
    """A `source.toml` as it stands; raises SourceSettingsError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceSettingsError(f"{path} is no TOML: {error}") from None


def source_info(path: Path) -> SourceInfo:
    """The description in a `source.toml`; raises SourceSettingsError where it lacks something."""
    settings = read_settings(path)
    try:
        info = SourceInfo(**{key: value for key, value in settings.items() if key in _FIELDS})
    except TypeError:
        raise SourceSettingsError(f"{path} needs slug, name and description") from None
    if info.slug.replace("-", "_") != path.parent.name:
        raise SourceSettingsError(f"{path}: the slug {info.slug!r} must be the folder's name")
    return info
