"""What stands beside documents: `NAME.yaml` for one, `index.yaml` at the top for all."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from errno import ENAMETOOLONG
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from tessera.sources.base import ItemError
from tessera.sources.formats.markdown import FrontMatterError, load_yaml
from tessera.sources.formats.text import words

OVERRIDES: Final = words(
    "title summary language licence published url project programme period themes objectives "
    "countries regions organisations notes acronym start end"
)
"""What a YAML file beside a document may state."""

FOLDS: Final = ("none", "copies", "text", "nearly")
"""What of `fold:` in the index folds: nothing; files of the same bytes; of the same text as well;
of nearly the same text as well."""

INDEX: Final = "index.yaml"
_MAX_SIZE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Index:
    """defaults: for all files. files: by path. fold: of FOLDS. apart: patterns of paths."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fold: str = "nearly"
    apart: tuple[str, ...] = ()

    def of(self, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is stated for all files, and for one."""
        return dict(self.defaults), dict(self.files.get(name, {}))

    def folds(self, name: str) -> str:
        """How far a file is folded with others, of FOLDS."""
        if any(fnmatchcase(name, pattern) for pattern in self.apart):
            return "none"
        return self.fold


def read_index(folder: Path) -> tuple[Index, list[ItemError]]:
    """The index of a folder, and what is wrong with it."""
    path = folder / INDEX
    if not path.is_file():
        return Index(), []
    errors: list[ItemError] = []
    try:
        found = _load(path)
    except (FrontMatterError, OSError) as error:
        return Index(), [ItemError("gather", INDEX, f"{error}; nothing in it was used")]
    unknown = sorted(set(found) - {"defaults", "files", "fold", "apart"})
    if unknown:
        message = (
            f"{', '.join(map(str, unknown))}: not known; known are defaults, files, fold, apart"
        )
        errors.append(ItemError("gather", INDEX, message, warning=True))
    defaults, problem = _known(found.get("defaults") or {}, f"{INDEX}, defaults")
    errors += [problem] if problem else []
    files: dict[str, Any] = {}
    listed = found.get("files") or {}
    if not isinstance(listed, dict):
        listed = {}
        errors.append(ItemError("gather", INDEX, "files: expected paths with what they state"))
    for written, stated in listed.items():
        name = unicodedata.normalize("NFC", str(written))
        files[name], problem = _known(stated, f"{INDEX}, {name}")
        errors += [problem] if problem else []
        if not (folder / str(written)).is_file():
            message = "is listed, but there is no such file"
            errors.append(ItemError("gather", f"{INDEX}, {name}", message, warning=True))
    fold, apart = _folding(found, errors)
    return Index(defaults, files, fold, apart), errors


def _folding(found: Mapping[str, Any], errors: list[ItemError]) -> tuple[str, tuple[str, ...]]:
    """How files are folded. What can't be understood folds nothing: that loses nothing."""
    fold = found.get("fold", "nearly")
    fold = {True: "nearly", False: "none"}.get(fold, fold) if isinstance(fold, bool) else fold
    if fold not in FOLDS:
        message = f"{fold!r}: expected one of {', '.join(FOLDS)}; nothing is folded"
        errors.append(ItemError("gather", f"{INDEX}, fold", message, warning=True))
        fold = "none"
    apart = found.get("apart") or []
    if isinstance(apart, str):
        apart = [apart]
    if not isinstance(apart, list) or not all(isinstance(each, str) for each in apart):
        message = "expected paths or patterns such as minutes/*.pdf; nothing is folded"
        errors.append(ItemError("gather", f"{INDEX}, apart", message, warning=True))
        return "none", ()
    return str(fold), tuple(unicodedata.normalize("NFC", each) for each in apart)


def sidecars(names: Iterable[str]) -> frozenset[str]:
    """Those of the files of a folder that state something of another one of them."""
    present = set(names)
    stems = Counter(name.rpartition(".")[0] for name in present)
    return frozenset(
        name
        for name in present
        if name.endswith(".yaml")
        and ((stem := name.removesuffix(".yaml")) in present or stems[stem] > 1)
    )


def read_sidecar(path: Path, name: str) -> tuple[dict[str, Any], ItemError | None]:
    """What the YAML beside a document states, and what is wrong with it."""
    for candidate in (path.with_name(f"{path.name}.yaml"), path.with_suffix(".yaml")):
        where = f"{name} ({candidate.name})"
        try:
            if candidate == path or candidate.is_symlink() or not candidate.is_file():
                continue
            found = _load(candidate)
        except OSError as error:
            if error.errno == ENAMETOOLONG:  # so there can be no such file
                continue
            return {}, ItemError("gather", where, str(error), name)
        except FrontMatterError as error:
            return {}, ItemError("gather", where, str(error), name)
        return _known(found, where)
    return {}, None


def _load(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MAX_SIZE:
        raise FrontMatterError(f"is larger than {_MAX_SIZE:,} bytes")
    try:
        found = load_yaml(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise FrontMatterError("is not UTF-8; save it as UTF-8") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise FrontMatterError("expected keys with values, such as title: Annual report")
    return found


def _known(stated: object, where: str) -> tuple[dict[str, Any], ItemError | None]:
    if not isinstance(stated, dict):
        return {}, ItemError("gather", where, "expected keys with values", warning=True)
    unknown = sorted(str(key) for key in stated if key not in OVERRIDES)
    problem = None
    if unknown:
        message = (
            f"{', '.join(unknown)}: not known, left out; known are {', '.join(sorted(OVERRIDES))}"
        )
        problem = ItemError("gather", where, message, warning=True)
    return {key: value for key, value in stated.items() if key in OVERRIDES and value}, problem
