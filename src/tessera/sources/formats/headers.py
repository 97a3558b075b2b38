"""The header of a table, found by name among rows of titles; and the rows below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Final

from tessera.sources.formats.archives import Member
from tessera.sources.formats.rows import Row, RowError, Table, column_key
from tessera.sources.formats.text import clean_line

HEADER_ROWS: Final = 40
"""Rows at the top of a sheet among which the header is looked for."""
Recognise = Callable[[Sequence[str]], int]
"""How many columns a row of cells names; 0 where it is no header."""
Cells = tuple[int, list[str] | str]
"""A row's number and cells, or what is wrong with it."""


def expected(wanted: Sequence[str]) -> str:
    """The end of a message on a header that isn't there."""
    return f"; expected {', '.join(wanted)}" if wanted else ""


def with_header(
    path: Path | Member,
    sheet: str,
    rows: Iterator[Cells],
    wanted: Sequence[str],
    recognise: Recognise | None = None,
) -> Table | None:
    top: list[Cells] = []
    keys = {column_key(name) for name in wanted}
    best, best_known = -1, 0
    for place, (number, cells) in enumerate(islice(rows, HEADER_ROWS)):
        top.append((number, cells))
        if isinstance(cells, str):
            continue
        names = {column_key(clean_line(cell)) for cell in cells} - {""}
        if recognise:
            known = recognise(cells)
        else:
            known = len(names & keys) if keys else _width(names, best_known)
        if known > best_known:
            best, best_known = place, known
            if keys and known == len(keys):
                break
    if best < 0:
        return None
    above = tuple(clean_line(cell) for _, row in top[:best] if not isinstance(row, str)
                  for cell in row if cell.strip())  # fmt: skip
    header = [clean_line(cell) for cell in top[best][1]]
    while recognise and best + 1 < len(top):
        below = top[best + 1][1]
        if isinstance(below, str) or not (_counts(below) or recognise(below) > 1):
            break
        header = header if _counts(below) else _joined(header, below)
        best += 1
    columns = _column_names(header)
    nameless = [str(place) for place, name in enumerate(columns, start=1) if not name]
    listed = ", ".join(nameless[:10]) + (", …" if len(nameless) > 10 else "")
    notes = [f"columns without a name, left out: {listed}"] if nameless else []
    later = chain(top[best + 1 :], rows)
    named = tuple(name for name in columns if name)
    return Table(Path(path.name), sheet, named, _rows(columns, later), notes, above)


def _counts(cells: Sequence[str]) -> bool:
    """Whether a row below a header only numbers the columns: 1, 2, 3 ..."""
    filled = [cell.strip(" .()") for cell in cells if cell.strip()]
    return len(filled) > 1 and filled == [str(n) for n in range(1, len(filled) + 1)]


def _joined(header: Sequence[str], below: Sequence[str]) -> list[str]:
    """The names of columns that stand in two rows."""
    width = max(len(header), len(below))
    pairs = zip([*header, *[""] * (width - len(header))],
                [*map(clean_line, below), *[""] * (width - len(below))], strict=True)  # fmt: skip
    return [" / ".join(dict.fromkeys(filter(None, pair))) for pair in pairs]


def _width(names: set[str], before: int) -> int:
    """Without names to look for: how many columns a row would name; 0 where it is no header.

    The first row is the header, unless it has two cells at most, as a title has, and a wider row
    of words follows.
    """
    worded = sum(1 for name in names if any(map(str.isalpha, name)))
    if before > 2 or len(names) < 2 or (before and worded < len(names) * 0.8):
        return 0
    return len(names)


def _column_names(header: list[str]) -> list[str]:
    """Each name once: a second "Name" is "Name (2)", unless a column has that name itself."""
    own = {column_key(name) for name in header}
    seen: Counter[str] = Counter()
    columns = []
    for name in header:
        key = column_key(name)
        seen[key] += 1
        called = name
        if name and seen[key] > 1:
            while column_key(called := f"{name} ({seen[key]})") in own:
                seen[key] += 1
        columns.append(called)
    return columns


def _rows(columns: list[str], rows: Iterable[Cells]) -> Iterator[Row | RowError]:
    for number, cells in rows:
        if isinstance(cells, str):
            yield RowError(number, cells)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        values = {
            name: cells[place] if place < len(cells) else ""
            for place, name in enumerate(columns)
            if name
        }
        surplus = tuple(cell for cell in cells[len(columns) :] if cell.strip())
        yield Row(values, number, surplus)
