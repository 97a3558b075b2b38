"""`tessera import files FOLDER`: every file below it is a record, text by page.

Beside a document `NAME.yaml` (or `NAME.pdf.yaml`) may state what the document doesn't; so may
`index.yaml` at the top, for all files (`defaults`) and for each by its path (`files`).
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted
from tessera.sources.formats.documents import read_document, title_of_name
from tessera.sources.formats.markdown import FrontMatterError, load_yaml
from tessera.sources.formats.reading import Limits, Reader, ReadError
from tessera.sources.formats.text import slug, storable, words

OVERRIDES: Final = words(
    "title summary language licence published url project programme period themes objectives "
    "countries regions organisations notes acronym start end"
)
"""What a YAML file beside a document may state."""

_INDEX: Final = "index.yaml"
_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", _INDEX})
_MAX_SIDECAR: Final = 1_000_000


class FilesImporter:
    """See the module."""

    def __init__(self, info: SourceInfo, limits: Limits | None = None) -> None:
        self.info = info
        self.limits = limits or Limits()

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Files in the order of their paths. Hidden and temporary files are passed over."""
        with Reader(self.limits) as reader:
            for path in paths:
                if path.is_dir():
                    index, errors = _index(path)
                    yield from errors
                    yield from self._folder(path, index, reader)
                elif path.is_file():
                    yield from self._file(path, path.name, {}, reader)
                else:
                    yield ItemError("gather", path.name, f"{path} does not exist")

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """One record of kind "file"."""
        stated = dict(item.raw["stated"])
        language = stated.get("language") or item.raw["language"]
        title = stated.pop("title", "") or item.raw["title"]
        if title == title_of_name(item.key.rpartition("/")[2]):
            title = {"und": title}
        values: dict[str, Any] = {
            "id": f"file:{_id_of(item.key)}",
            "kind": "file",
            "title": title if isinstance(title, Mapping) else {language or "und": title},
            "language": language,
            "file_type": item.raw["file_type"],
            "size": item.raw["size"],
            "path": item.key,
            "pages": item.raw["pages"],
            "notes": item.raw["notes"],
        }
        project = stated.pop("project", "")
        if project:
            values["links"] = [{"rel": "about", "id": project}]
        if isinstance(stated.get("notes"), str):
            stated["notes"] = [stated["notes"]]
        stated["notes"] = [*stated.get("notes", ()), *values["notes"]]
        yield from drafted(values | stated, item)

    def _folder(
        self, folder: Path, index: Mapping[str, Any], reader: Reader
    ) -> Iterator[Item | ItemError]:
        for path, relative in _walk(folder):
            if isinstance(path, ItemError):
                yield path
                continue
            own = index.get("files", {}).get(relative, {})
            yield from self._file(path, relative, index.get("defaults", {}) | own, reader)

    def _file(
        self, path: Path, relative: str, stated: Mapping[str, Any], reader: Reader
    ) -> Iterator[Item | ItemError]:
        beside, problem = _sidecar(path, relative)
        if problem is not None:
            yield problem
            if not problem.warning:
                return
        try:
            document = read_document(path, using=reader)
            digest = _digest(path)
        except (ReadError, OSError) as error:
            message = str(error) if isinstance(error, ReadError) else f"can't be read ({error})"
            yield ItemError("gather", relative, message, relative)
            return
        yield Item(
            relative,
            storable(
                {
                    "sha256": digest,
                    "size": document.size,
                    "file_type": document.file_type,
                    "format": document.format,
                    "title": document.title,
                    "language": document.language,
                    "pages": [
                        {"page": page.page, "text": page.text}
                        | ({"label": page.label} if page.label else {})
                        for page in document.pages
                    ],
                    "notes": list(document.notes),
                    "stated": dict(stated) | beside,
                }
            ),
            relative,
        )


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return FilesImporter(info)


def _walk(folder: Path) -> Iterator[tuple[Path | ItemError, str]]:
    """Files below a folder with their paths in it; links are told, not followed."""
    sidecars: set[str] = set()
    for at, folders, names in os.walk(folder, onerror=None, followlinks=False):
        folders.sort(key=lambda name: unicodedata.normalize("NFC", name))
        here = Path(at)
        kept = []
        for name in folders:
            if (here / name).is_symlink():
                yield _linked(folder, here / name), ""
            elif not name.startswith((".", "__MACOSX")):
                kept.append(name)
        folders[:] = kept
        present = set(names)
        sidecars = {name for name in names if _is_sidecar(name, present)}
        for name in sorted(names, key=lambda name: unicodedata.normalize("NFC", name)):
            path = here / name
            if name.startswith((".", "~$")) or name.lower() in _IGNORED or name in sidecars:
                continue
            if path.is_symlink() or not path.is_file():
                yield _linked(folder, path), ""
                continue
            yield path, unicodedata.normalize("NFC", path.relative_to(folder).as_posix())


def _linked(folder: Path, path: Path) -> ItemError:
    what = "is a link; links are not followed" if path.is_symlink() else "is no ordinary file"
    return ItemError("gather", path.relative_to(folder).as_posix(), what, warning=True)


def _is_sidecar(name: str, present: set[str]) -> bool:
    if not name.endswith(".yaml"):
        return False
    stem = name.removesuffix(".yaml")
    return stem in present or any(
        other != name and other.rpartition(".")[0] == stem for other in present
    )


def _sidecar(path: Path, relative: str) -> tuple[dict[str, Any], ItemError | None]:
    """What the YAML beside a document states, and what is wrong with it."""
    for candidate in (path.with_name(f"{path.name}.yaml"), path.with_suffix(".yaml")):
        if candidate == path or not candidate.is_file():
            continue
        where = f"{relative} ({candidate.name})"
        try:
            found = _load(candidate)
        except (FrontMatterError, OSError) as error:
            return {}, ItemError("gather", where, str(error), relative)
        return _known(found, where)
    return {}, None


def _index(folder: Path) -> tuple[dict[str, Any], list[ItemError]]:
    path = folder / _INDEX
    if not path.is_file():
        return {}, []
    errors: list[ItemError] = []
    try:
        found = _load(path)
    except (FrontMatterError, OSError) as error:
        return {}, [ItemError("gather", _INDEX, f"{error}; nothing in it was used")]
    defaults, problem = _known(found.get("defaults") or {}, f"{_INDEX}, defaults")
    errors += [problem] if problem else []
    files: dict[str, Any] = {}
    listed = found.get("files") or {}
    if not isinstance(listed, dict):
        listed = {}
        errors.append(ItemError("gather", _INDEX, "files: expected paths with what they state"))
    for name, stated in listed.items():
        files[unicodedata.normalize("NFC", name)], problem = _known(stated, f"{_INDEX}, {name}")
        errors += [problem] if problem else []
        if not (folder / name).is_file():
            message = "is listed, but there is no such file"
            errors.append(ItemError("gather", f"{_INDEX}, {name}", message, warning=True))
    return {"defaults": defaults, "files": files}, errors


def _load(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MAX_SIDECAR:
        raise FrontMatterError(f"is larger than {_MAX_SIDECAR:,} bytes")
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
    unknown = sorted(set(stated) - OVERRIDES)
    problem = None
    if unknown:
        message = (
            f"{', '.join(unknown)}: not known, left out; known are {', '.join(sorted(OVERRIDES))}"
        )
        problem = ItemError("gather", where, message, warning=True)
    return {key: value for key, value in stated.items() if key in OVERRIDES and value}, problem


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _id_of(key: str) -> str:
    """A readable part and a digest of the path: equal names in two folders stay apart."""
    digest = hashlib.sha256(key.encode()).hexdigest()[:8]
    return f"{slug(key.rpartition('/')[2].rpartition('.')[0] or key, 60) or 'file'}-{digest}"
