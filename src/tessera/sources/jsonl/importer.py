"""`tessera import jsonl FILE`: one record a line; docs/reference/interchange.md is the format."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted, warning
from tessera.sources.formats.documents import read_document
from tessera.sources.formats.jsonlines import LineError, json_lines
from tessera.sources.formats.reading import ReadError
from tessera.sources.formats.text import shortened, storable
from tessera.sources.jsonl.understanding import normalised, understood
from tessera.sources.where import Where

_KNOWN: Final = frozenset(RecordDraft.model_fields)


class JsonlImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Each line of each file; for a folder, of its .jsonl and .jsonl.gz files."""
        for path in paths:
            if not path.exists():
                yield ItemError("gather", path.name, f"{path} does not exist")
            elif path.is_dir():
                found = sorted(
                    p for p in path.iterdir() if p.name.endswith((".jsonl", ".jsonl.gz"))
                )
                if not found:
                    yield ItemError("gather", path.name, f"{path} has no .jsonl file in it")
                for each in found:
                    yield from _file(each)
            else:
                yield from _file(path)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The draft of a line; its unknown keys are kept. What was read otherwise is told."""
        values, notes = understood(item.raw)
        for found in drafted(values, item):
            if isinstance(found, RecordDraft):
                for field_name, message in dict.fromkeys([*notes, *normalised(item.raw, found)]):
                    yield warning(item, message, field_name)
            yield found


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return JsonlImporter(info)


@dataclass(slots=True)
class _Unknown:
    """Keys that the format doesn't know: how often, and where first."""

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, keys: Iterator[str], where: str) -> None:
        for key in keys:
            if key not in self.counts and len(self.counts) >= 200:
                key = "…"
            self.counts[key] = self.counts.get(key, 0) + 1
            self.first.setdefault(key, where)

    def warnings(self) -> Iterator[ItemError]:
        for key, count in self.counts.items():
            named = f"the key {shortened(key, 60)!r} is" if key != "…" else "further keys are"
            yield ItemError(
                "gather",
                self.first[key],
                f"{named} not in the format; kept as it is ({count:,} times, first here)",
                warning=True,
            )


def _file(path: Path) -> Iterator[Item | ItemError]:
    unknown = _Unknown()
    for number, value in json_lines(path):
        where = Where.at(path.name, number, unit="line")
        if isinstance(value, LineError):
            yield ItemError("gather", value.where or where, value.message)
            continue
        unknown.note((key for key in value if key not in _KNOWN), where)
        yield _item(value, where, path)
    yield from unknown.warnings()


def _item(value: dict[str, Any], where: Where, path: Path) -> Item | ItemError:
    key = value.get("id")
    if not isinstance(key, str) or not key.strip():
        found = "is missing" if key is None else f"is {shortened(json.dumps(key), 40)}"
        message = f'id: {found}; expected a text such as "keep:12345"'
        return ItemError("gather", where.about("id"), message, value=str(key or ""))
    item = Item(key.strip(), value, where)
    if value.get("kind") == "file" and value.get("path"):
        return _with_document(item, path.parent)
    return item


def _with_document(item: Item, folder: Path) -> Item | ItemError:
    """The item with what its document says, where the line doesn't say it itself."""
    written = item.raw["path"]
    found = _document_path(written, folder)
    if isinstance(found, str):
        where = item.at().about("path")
        return ItemError("gather", where, f"path: {found}", item.key, value=str(written))
    try:
        document = read_document(found)
    except ReadError as error:
        message = f"path: {shortened(written)} {error}"
        return ItemError("gather", item.at().about("path"), message, item.key, value=written)
    raw = dict(item.raw)
    raw.setdefault("file_type", document.file_type)
    raw.setdefault("size", document.size)
    if document.language:
        raw.setdefault("language", document.language)
    if document.pages:
        raw.setdefault("pages", [page.as_json() for page in document.pages])
    if document.notes:
        raw.setdefault("notes", list(document.notes))
    return Item(item.key, storable(raw), item.where)


def _document_path(written: object, folder: Path) -> Path | str:
    """The file that a `path` means, or what is wrong with it."""
    if not isinstance(written, str) or "\x00" in written:
        return "is no text; expected the path of a file beside the .jsonl file"
    relative = Path(written)
    if relative.is_absolute() or ".." in relative.parts or "\\" in written:
        return f"{shortened(written)!r} points out of the folder of the .jsonl file; refused"
    for base in (folder, folder.absolute().parent):
        candidate = base / relative
        try:
            if not candidate.is_file():
                continue
            inside = candidate.resolve().is_relative_to(base.resolve())
        except (OSError, RuntimeError, ValueError):
            continue
        if not inside:
            return f"{shortened(written)!r} is a link out of the folder; refused"
        return candidate
    return f"there is no file {shortened(written)!r} in the folder of the .jsonl file or above it"
