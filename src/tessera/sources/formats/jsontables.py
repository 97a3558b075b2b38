"""Tables in JSON: an array of objects read piece by piece, or an object a line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

from tessera.sources.formats.archives import Member
from tessera.sources.formats.encoding import encoding_of_file
from tessera.sources.formats.jsonlines import LineError, json_lines
from tessera.sources.formats.rows import Row, RowError, Table, TableError

MAX_JSON_VALUE: Final = 32_000_000
"""Characters of one object in a JSON array."""


def is_json(path: Path | Member) -> bool:
    with path.open("rb") as file:
        return file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["


def lines_table(path: Path | Member) -> Table:
    """JSON lines; the columns are the keys of the first."""

    def rows() -> Iterator[Row | RowError]:
        for number, value in json_lines(path):
            if isinstance(value, LineError):
                yield RowError(number, value.message)
            else:
                yield Row(value, number)

    found = rows()
    first = list(islice(found, 1))
    columns = tuple(first[0].values) if first and isinstance(first[0], Row) else ()
    return Table(Path(path.name), "", columns, chain(first, found))


def json_table(path: Path | Member) -> Table:
    """A JSON array of objects, read piece by piece; the columns are the first object's keys."""
    rows = _json_rows(path)
    first = list(islice(rows, 1))
    columns = tuple(first[0].values) if first and isinstance(first[0], Row) else ()
    return Table(Path(path.name), "", columns, chain(first, rows))


def _json_rows(path: Path | Member) -> Iterator[Row | RowError]:
    number = 0
    for number, value in enumerate(json_values(path), start=1):
        if isinstance(value, Mapping):
            yield Row(dict(value), number)
        else:
            yield RowError(number, f"is {_json_name(value)}, expected an object")


def _json_name(value: object) -> str:
    names = {list: "an array", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def json_values(path: Path | Member) -> Iterator[Any]:
    """The values of a JSON array one by one, in bounded memory; TableError where it is broken."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    with path.open("rb") as file:
        name = encoding_of_file(file).name
    with io.TextIOWrapper(path.open("rb"), encoding=name, errors="replace") as text:
        buffer = text.read(1 << 16).lstrip("\ufeff \t\r\n")
        if not buffer.startswith("["):
            raise TableError(f"{path.name} is no JSON array of objects; it begins {buffer[:20]!r}")
        place, number, ended = 1, 0, False
        while True:
            place = _next_value(buffer, place, first=number == 0)
            if buffer.startswith("]", place):
                return
            try:
                value, end = decoder.raw_decode(buffer, place)
                if end == len(buffer) and not ended:  # a number may go on
                    raise json.JSONDecodeError("more may follow", "", end)
            except (ValueError, RecursionError) as error:
                more = text.read(max(1 << 16, len(buffer) - place))
                if ended or len(buffer) - place > MAX_JSON_VALUE:
                    raise TableError(
                        f"{path.name} is broken after value {number} of its array ({error}); "
                        "what stands before is read"
                    ) from None
                ended = not more
                buffer, place = buffer[place:] + more, 0
                continue
            number, place = number + 1, end
            yield value


def _next_value(buffer: str, place: int, *, first: bool) -> int:
    """Where the next value begins, past blanks and the comma before it."""
    passed = " \t\r\n" if first else " \t\r\n,"
    while place < len(buffer) and buffer[place] in passed:
        place += 1
    return place


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
