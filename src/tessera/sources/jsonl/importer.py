"""`tessera import jsonl FILE`: one record a line; docs/reference/interchange.md is the format."""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted, warning
from tessera.sources.formats.documents import read_document
from tessera.sources.formats.reading import ReadError
from tessera.sources.formats.text import shortened, storable
from tessera.sources.jsonl.understanding import normalised, understood

MAX_LINE: Final = 16_000_000
"""Bytes of a line; a longer one is an error, and is passed over without being held in memory."""

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
    number = 0
    try:
        with _opened(path) as file:
            for number, offset, line in _lines(file):
                where = f"{path.name}, line {number}"
                if isinstance(line, ItemError):
                    yield ItemError("gather", where, line.message)
                    continue
                if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    yield ItemError("gather", where, "is UTF-16; save the file as UTF-8")
                    return
                value = _decoded(line, where, offset)
                if value is None:
                    continue
                if isinstance(value, ItemError):
                    yield value
                    continue
                unknown.note((key for key in value if key not in _KNOWN), where)
                yield _item(value, where, path)
    except (OSError, EOFError, zlib.error) as error:
        yield ItemError(
            "gather",
            f"{path.name}, after line {number}",
            f"can't be read any further ({error}); is the file whole?",
        )
    yield from unknown.warnings()


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]  # GzipFile is an IO in all but name


def _lines(file: IO[bytes]) -> Iterator[tuple[int, int, bytes | ItemError]]:
    """Number from 1, offset of its first byte, and the line; an error for one that is too long."""
    number = offset = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        length = len(line)
        if length > MAX_LINE and not line.endswith(b"\n"):
            while not line.endswith(b"\n") and (line := file.readline(1 << 20)):
                length += len(line)
            message = f"has {length:,} bytes, more than {MAX_LINE:,}; split the record"
            yield number, offset, ItemError("gather", "", message)
        else:
            if number == 1 and line.startswith(codecs.BOM_UTF8):
                line = line[len(codecs.BOM_UTF8) :]
            yield number, offset, line
        offset += length


def _decoded(line: bytes, where: str, offset: int) -> dict[str, Any] | ItemError | None:
    """The object of a line, None for an empty line."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return ItemError(
            "gather",
            where,
            f"byte {error.start + 1} of the line (byte {offset + error.start + 1:,} of the file) "
            f"is 0x{line[error.start]:02x}, which is not UTF-8; save the file as UTF-8",
        )
    if not text.strip():
        return None
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return ItemError(
            "gather", where, f"is broken JSON at character {error.pos + 1}: {error.msg}"
        )
    except RecursionError:
        return ItemError("gather", where, "is nested too deeply")
    except ValueError as error:
        return ItemError("gather", where, f"has a value that can't be taken: {error}")
    if not isinstance(value, dict):
        return ItemError("gather", where, f"is {_json_kind(value)}, expected an object {{...}}")
    # Rare, and no database takes them: halves of surrogate pairs and NUL.
    escaped = "\\u" in text and ("\\u0000" in text or "\\ud" in text.lower())
    return storable(value) if escaped else value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _json_kind(value: object) -> str:
    kinds = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _item(value: dict[str, Any], where: str, path: Path) -> Item | ItemError:
    key = value.get("id")
    if not isinstance(key, str) or not key.strip():
        found = "is missing" if key is None else f"is {shortened(json.dumps(key), 40)}"
        return ItemError("gather", where, f'id: {found}; expected a text such as "keep:12345"')
    item = Item(key.strip(), value, where)
    if value.get("kind") == "file" and value.get("path"):
        return _with_document(item, path.parent)
    return item


def _with_document(item: Item, folder: Path) -> Item | ItemError:
    """The item with what its document says, where the line doesn't say it itself."""
    written = item.raw["path"]
    found = _document_path(written, folder)
    if isinstance(found, str):
        return ItemError("gather", item.where, f"path: {found}", item.key)
    try:
        document = read_document(found)
    except ReadError as error:
        return ItemError("gather", item.where, f"path: {shortened(written)} {error}", item.key)
    raw = dict(item.raw)
    raw.setdefault("file_type", document.file_type)
    raw.setdefault("size", document.size)
    if document.language:
        raw.setdefault("language", document.language)
    if document.pages:
        raw.setdefault("pages", [
            {"page": page.page, "text": page.text} | ({"label": page.label} if page.label else {})
            for page in document.pages
        ])  # fmt: skip
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
