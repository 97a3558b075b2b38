"""JSON lines: an object a line, UTF-8, packed with gzip or not, read in bounded memory."""

from __future__ import annotations

import codecs
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tessera.sources.formats.archives import BROKEN, Member
from tessera.sources.formats.text import storable

MAX_LINE: Final = 16_000_000
"""Bytes of a line; a longer one is an error, and is passed over without being held in memory."""


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that can't be read. where: set for what is no fault of one line."""

    message: str
    where: str = ""


def json_lines(path: Path | Member) -> Iterator[tuple[int, dict[str, Any] | LineError]]:
    """Each line's number and object; empty lines are passed over. Never raises."""
    number = 0
    try:
        with _opened(path) as file:
            for number, offset, line in _lines(file):
                if isinstance(line, LineError):
                    yield number, line
                    continue
                if number == 1 and line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    yield number, LineError("is UTF-16; save the file as UTF-8")
                    return
                value = _decoded(line, offset)
                if value is not None:
                    yield number, value
    except BROKEN as error:
        message = f"can't be read any further ({error}); is the file whole?"
        yield number, LineError(message, f"{path.name}, after line {number}")


def _opened(path: Path | Member) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    opened: IO[bytes] = path.open("rb")
    return gzip.open(opened, "rb") if packed else opened  # type: ignore[return-value]  # GzipFile is an IO in all but name


def _lines(file: IO[bytes]) -> Iterator[tuple[int, int, bytes | LineError]]:
    """Number from 1, offset of its first byte, and the line; an error for one that is too long."""
    number = offset = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        length = len(line)
        if length > MAX_LINE and not line.endswith(b"\n"):
            while not line.endswith(b"\n") and (line := file.readline(1 << 20)):
                length += len(line)
            message = f"has {length:,} bytes, more than {MAX_LINE:,}; split the record"
            yield number, offset, LineError(message)
        else:
            if number == 1 and line.startswith(codecs.BOM_UTF8):
                line = line[len(codecs.BOM_UTF8) :]
            yield number, offset, line
        offset += length


def _decoded(line: bytes, offset: int) -> dict[str, Any] | LineError | None:
    """The object of a line, None for an empty line."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return LineError(
            f"byte {error.start + 1} of the line (byte {offset + error.start + 1:,} of the file) "
            f"is 0x{line[error.start]:02x}, which is not UTF-8; save the file as UTF-8"
        )
    if not text.strip():
        return None
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        return LineError(f"is broken JSON at character {error.pos + 1}: {error.msg}")
    except RecursionError:
        return LineError("is nested too deeply")
    except ValueError as error:
        return LineError(f"has a value that can't be taken: {error}")
    if not isinstance(value, dict):
        return LineError(f"is {_json_kind(value)}, expected an object {{...}}")
    # Rare, and no database takes them: halves of surrogate pairs and NUL.
    escaped = "\\u" in text and ("\\u0000" in text or "\\ud" in text.lower())
    return storable(value) if escaped else value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _json_kind(value: object) -> str:
    kinds = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
