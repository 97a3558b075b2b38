"""What lies where in a site: which folder holds news, which file is a translation of which."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tessera.sources.formats.language import KNOWN, language_code
from tessera.sources.formats.markdown import FrontMatterError, load_yaml
from tessera.sources.formats.text import slug, words

SETTINGS: Final = "tessera.yaml"
"""A file that an operator may put at the top of a site; see docs/reference/sources.md."""

KINDS: Final = ("news", "event", "person", "organisation", "page")

_FOLDERS: Final = {
    "news": "news post posts blog blogs blog_items article articles press actualites aktuelles "
            "nachrichten nieuws noticias notizie aktualnosci hirek vesti novosti nyheter nyheder",
    "event": "event events agenda calendar termine veranstaltungen evenements eventi eventos "
             "wydarzenia esemenyek dogadjaji evenemang arrangementer",
    "person": "person persons people team staff member members contributor contributors author "
              "authors",
    "organisation": "partner partners consortium organisation organisations organization "
                    "organizations institution institutions affiliation affiliations funder "
                    "funders beneficiaries",
}  # fmt: skip
_KIND_OF: Final = {name: kind for kind, names in _FOLDERS.items() for name in names.split()}
_SKIPPED: Final = words(
    "node_modules vendor assets static public _site _includes _layouts _sass _plugins images img "
    "css js themes layouts archetypes"
)
_PAGE_ENDINGS: Final = (".blade.md", ".md", ".markdown", ".html", ".htm")
_DATA_ENDINGS: Final = (".yml", ".yaml", ".json")
_CONFIG: Final = ("_config.yml", "_config.yaml", "hugo.yaml", "hugo.yml", "config.yaml")
_SUFFIX: Final = re.compile(r"^(.+)[._]([a-z]{2})$", re.IGNORECASE)
_MAX_FILE: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Site:
    """A site's folder and what holds for all of it.

    party: who speaks: "project" or "programme". project: id of the record that it is about.
    folders: name -> kind, besides the usual names.
    """

    folder: Path
    name: str
    url: str = ""
    language: str = ""
    licence: str = ""
    project: str = ""
    party: str = "project"
    folders: Mapping[str, str] = field(default_factory=dict)

    def kind_of(self, path: PurePosixPath) -> str:
        """The kind that a path's folders, or a data file's name, tell; "" for none."""
        steps = [*path.parts[:-1], _stem(path.name)] if is_data(path) else path.parts[:-1]
        for step in reversed(steps):
            name = _bare(step)
            found = self.folders.get(name) or _KIND_OF.get(name)
            if found:
                return found
        return ""

    def common(self) -> dict[str, Any]:
        """What goes into every item, so that it can be mapped by itself."""
        return {
            key: value
            for key in ("name", "licence", "project", "party")
            if (value := getattr(self, key))
        }


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.lower().lstrip("_"))
    bare = "".join(char for char in folded if not unicodedata.combining(char)).replace("-", "_")
    found = _SUFFIX.match(bare)
    return found[1] if found and found[2] in KNOWN else bare


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def opened(folder: Path) -> tuple[Site, list[str]]:
    """The site of a folder, and what is wrong with its settings."""
    problems: list[str] = []
    config = _settings(folder, _CONFIG, problems)
    own = _settings(folder, (SETTINGS,), problems)
    folders = {}
    stated = own.get("folders") or {}
    for name, kind in stated.items() if isinstance(stated, dict) else ():
        if kind in KINDS:
            folders[_bare(name)] = kind
        else:
            problems.append(f"{SETTINGS}, folders, {name}: {kind!r} is none of {', '.join(KINDS)}")
    party = own.get("party", "project")
    if party not in ("project", "programme"):
        problems.append(f"{SETTINGS}, party: {party!r} is neither project nor programme")
        party = "project"

    def text(name: str) -> str:
        value = own.get(name) or config.get(name)
        return value if isinstance(value, str) else ""

    language = language_code(text("language") or text("lang") or text("languageCode"))
    name = slug(str(own.get("name") or ""), 40) or slug(folder.resolve().name, 40) or "site"
    return (
        Site(folder, name, text("url") or text("baseURL"), language, text("licence"),
             str(own.get("project") or ""), party, folders),
        problems,
    )  # fmt: skip


def _settings(folder: Path, names: tuple[str, ...], problems: list[str]) -> dict[str, Any]:
    for name in names:
        path = folder / name
        if not path.is_file():
            continue
        try:
            found = load_yaml(path.read_text(encoding="utf-8-sig"))
        except (FrontMatterError, UnicodeDecodeError, OSError) as error:
            problems.append(f"{name} {error}; it was not used")
            return {}
        return found if isinstance(found, dict) else {}
    return {}


def files(folder: Path) -> Iterator[tuple[Path, PurePosixPath, str]]:
    """Each file with its path in the site and why it is left out, "" where it isn't."""
    for at, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name.lower() not in _SKIPPED
            and not (Path(at) / name).is_symlink()
        )  # fmt: skip
        for name in sorted(names):
            path = Path(at) / name
            relative = PurePosixPath(path.relative_to(folder).as_posix())
            if name.startswith(".") or name == SETTINGS or name in _CONFIG:
                continue
            if path.is_symlink():
                yield path, relative, "a link"
            elif not is_data(relative) and not name.lower().endswith(_PAGE_ENDINGS):
                yield path, relative, "of no known format"
            elif path.stat().st_size > _MAX_FILE:
                yield path, relative, f"larger than {_MAX_FILE:,} bytes"
            else:
                yield path, relative, ""


def is_data(path: PurePosixPath) -> bool:
    """Whether a file is data rather than a page."""
    return path.name.lower().endswith(_DATA_ENDINGS)


def page_key(path: PurePosixPath) -> tuple[str, str]:
    """A page's path without its ending and language, and the language that it tells ("" if none).

    `about_hu.md`, `about.hu.md` and `hu/about.md` are the page `about` in Hungarian.
    """
    name = path.name
    for ending in _PAGE_ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
            break
    lang = ""
    found = _SUFFIX.match(name)
    if found and found[2].lower() in KNOWN:
        name, lang = found[1], found[2].lower()
    steps = list(path.parts[:-1])
    for place, step in enumerate(steps[:3]):
        if step.lower() in KNOWN and not lang:
            lang = step.lower()
            del steps[place]
            break
    return "/".join([*steps, name]), lang
