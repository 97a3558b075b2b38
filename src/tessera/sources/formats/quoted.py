"""CSV in which every field stands in quotation marks, read although some marks are wrong.

CORDIS writes `;""The action ""X"" works"";`: a text that begins with a quotation mark loses one.
Where all fields are quoted, the border between two is known all the same: mark, delimiter, mark.
A record that stays broken costs itself alone: the next one that begins with an id is read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Final

_RECORD: Final = re.compile(r'"\d+(?:_\w+)?"')


def all_quoted(header: str, delimiter: str) -> int:
    """How many columns a header line names if each of them is quoted; else 0."""
    line = header.strip("\ufeff\r\n ")
    if len(line) < 2 or not (line.startswith('"') and line.endswith('"')):
        return 0
    names = line[1:-1].split(f'"{delimiter}"')
    return len(names) if len(names) > 1 and not any('"' in name for name in names) else 0


def quoted_rows(
    lines: Iterable[str], delimiter: str, columns: int, most: int
) -> Iterator[tuple[int, list[str] | str]]:
    """Number and cells of each record, or what is wrong with it. most: characters of a record."""
    number, pending, marks = 0, "", 0
    for line in lines:
        if pending and _RECORD.match(line):
            number += 1
            yield number, _broken(pending, columns)
            pending, marks = "", 0
        pending += line
        marks += line.count('"')
        cells = _cells(pending, delimiter, columns, marks)
        if cells is not None or len(pending) > most:
            number += 1
            yield number, cells if cells is not None else _broken(pending, columns)
            pending, marks = "", 0
    if pending.strip():
        yield number + 1, _broken(pending, columns)


def _cells(record: str, delimiter: str, columns: int, marks: int) -> list[str] | None:
    """The cells of a whole record; None where it goes on in the next line."""
    bare = record.rstrip("\r\n")
    if not bare.strip():
        return []
    if marks % 2 == 0:
        exact = _parsed(record, delimiter, strict=True)
        if len(exact) == columns:
            return exact
    short = _opened_short(bare, delimiter)
    if short and len(bare) > 1 and bare[0] == bare[-1] == '"':
        parts = bare[1:-1].split(f'"{delimiter}"')
        if len(parts) == columns:
            return [part.replace('""', '"') for part in parts]
    if marks % 2:
        return None
    # With its marks in pairs a record is whole, unless a field was opened with one too few.
    found = _parsed(record, delimiter, strict=False)
    return found if found and (len(found) >= columns or not short) else None


def _parsed(record: str, delimiter: str, *, strict: bool) -> list[str]:
    try:
        rows = list(csv.reader([record], delimiter=delimiter, strict=strict))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []


def _opened_short(record: str, delimiter: str) -> bool:
    mark = re.escape(delimiter)
    return re.search(f'(?:^|{mark})""[^{mark}"\r\n]', record) is not None


def _broken(record: str, columns: int) -> str:
    lines = record.count("\n") or 1
    place = f"{lines} line{'s' if lines > 1 else ''} from {record[:40].strip()!r} on"
    return (
        f"can't be read: {place} are no {columns} fields in quotation marks; "
        "is a mark missing, or the file cut off?"
    )
