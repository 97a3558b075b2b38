"""CSV in which every field stands in quotation marks, read although some marks are wrong.

CORDIS writes `;""The action ""X"" works"";`: a text that begins with a quotation mark loses one.
Where all fields are quoted, the border between two is known all the same: mark, delimiter, mark.
A record that stays broken costs itself alone: the next one that is whole, or begins with an id, is
read.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

_RECORD: Final = re.compile(r'"\d+(?:_\w+)?"')
_SURE: Final = 3
"""So many lines that are records by themselves are no part of a cell."""
_PATIENCE: Final = 50_000_000
"""Characters that may be read again in vain, whatever the size of the file."""


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
    number = 0
    record = _Record(delimiter, columns)
    waiting = iter(lines)
    again: deque[str] = deque()
    while True:
        line = again.popleft() if again else next(waiting, None)
        if line is not None and not (record.lines and _RECORD.match(line)):
            record.add(line)
            cells = record.cells()
            if cells is None and record.size <= most and not record.hopeless:
                continue
        elif record.lines:
            cells = None
            if line is not None:
                again.appendleft(line)
        else:
            return
        number += 1
        several = len(record.lines) > 1
        if cells is not None and not (several and len(cells) != columns):
            yield number, cells
        elif "".join(record.lines).strip():
            start = resumed(record.lines, delimiter, columns, whole=False)
            again.extendleft(reversed(record.lines[start:]))
            yield number, _broken("".join(record.lines[:start]), columns)
        record.begin()


class _Record:
    """The lines of one record, as far as they have come."""

    def __init__(self, delimiter: str, columns: int) -> None:
        self._delimiter = delimiter
        self._columns = columns
        self._tried = self._read = 0
        self.begin()

    def begin(self) -> None:
        """A new record."""
        self.lines: list[str] = []
        self.size = 0
        self._marks = 0
        self._short = False
        self._records = 0

    @property
    def hopeless(self) -> bool:
        """Whether no further line should be tried.

        Several lines are records by themselves; or so much was tried in vain in this file, as each
        further line costs reading all of a record once more, that this one gets no more.
        """
        return self._records >= _SURE or self._tried > _PATIENCE + 50 * self._read

    def add(self, line: str) -> None:
        """One more line."""
        self._short = self._short or _opened_short(line, self._delimiter, first=not self.lines)
        self.lines.append(line)
        self.size += len(line)
        self._read += len(line)
        self._marks += line.count('"')
        if len(self.lines) > 1 and line.startswith('"'):
            self._records += len(strictly(line, self._delimiter)) == self._columns

    def cells(self) -> list[str] | None:
        """The cells of a whole record; None where it goes on in the next line."""
        if self._marks % 2 and not self._short:
            return None
        record = "".join(self.lines)
        self._tried += len(record)
        bare = record.rstrip("\r\n")
        if not bare.strip():
            return []
        if self._marks % 2 == 0:
            exact = strictly(record, self._delimiter)
            if len(exact) == self._columns:
                return exact
        if self._short and len(bare) > 1 and bare[0] == bare[-1] == '"':
            parts = bare[1:-1].split(f'"{self._delimiter}"')
            if len(parts) == self._columns and all(map(_in_pairs, parts)):
                return [part.replace('""', '"') for part in parts]
        if self._marks % 2:
            return None
        # With its marks in pairs a record is whole, unless a field was opened with one too few.
        found = _parsed([record], self._delimiter, strict=False)
        return found if found and (len(found) >= self._columns or not self._short) else None


def _in_pairs(field: str) -> bool:
    """Whether the marks within a field come in pairs; one that was opened short lacks some."""
    if (len(field) - len(field.lstrip('"'))) % 2:
        field = field[1:].removesuffix('"')
    return '"' not in field.replace('""', "")


def resumed(lines: Sequence[str], delimiter: str, columns: int, *, whole: bool) -> int:
    """Where after the first of some lines a record of so many cells begins; their number if none.

    whole: the lines can be one record; they are, if it has that many cells by the strict rules.
    """
    if not columns:
        return len(lines)
    if whole and len(strictly("".join(lines), delimiter)) == columns:
        return len(lines)
    for start in range(1, len(lines)):
        rest = (lines[place] for place in range(start, len(lines)))
        if len(_parsed(rest, delimiter, strict=True, one=False)) == columns:
            return start
    return len(lines)


def strictly(record: str, delimiter: str) -> list[str]:
    """The cells of one record; none where it is not one by the strict rules."""
    return _parsed([record], delimiter, strict=True)


def _parsed(lines: Iterable[str], delimiter: str, *, strict: bool, one: bool = True) -> list[str]:
    """The cells of the first record; none where it isn't whole. one: nothing may follow it."""
    parser = csv.reader(chain(lines, [""]), delimiter=delimiter, strict=strict)
    try:
        row = next(parser, [])
        if not one:
            return row
        # What is open goes on into the line that was put behind; a whole one is followed by it.
        return row if next(parser, None) == [] else []
    except csv.Error:
        return []


def _opened_short(line: str, delimiter: str, *, first: bool) -> bool:
    """Whether a field of a line begins with two marks, as `""The action`: one is lacking."""
    mark = re.escape(delimiter)
    begins = f"(?:^|{mark})" if first else mark
    return re.search(f'{begins}""[^{mark}"\r\n]', line) is not None


def _broken(record: str, columns: int) -> str:
    lines = record.count("\n") or 1
    place = f"{lines} line{'s' if lines > 1 else ''} from {record[:40].strip()!r} on"
    return (
        f"can't be read: {place} are no {columns} fields in quotation marks; "
        "is a mark missing, or the file cut off?"
    )


def unclosed(lines: Sequence[str]) -> str:
    """What is wrong with lines that a quotation mark makes one record."""
    count = len(lines)
    place = f"{count} line{'s' if count > 1 else ''} from {lines[0][:40].strip()!r} on"
    return f"can't be read: a quotation mark isn't closed, or the file is cut off ({place})"
