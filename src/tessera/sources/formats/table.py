"""Tables of every make as rows by the names of their columns: CSV, workbooks, JSON, HTML.

A header is found by name: rows of titles above it are passed over. Names are compared without
case, accents of blanks or punctuation at their ends: see `column_key`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tessera.sources.formats.archives import BROKEN, ArchiveError, Member
from tessera.sources.formats.delimited import csv_table
from tessera.sources.formats.headers import Cells, Recognise, expected, with_header
from tessera.sources.formats.html import html_tables
from tessera.sources.formats.jsontables import is_json, json_table, json_values, lines_table
from tessera.sources.formats.reading import Reader, ReadError
from tessera.sources.formats.rows import Row, RowError, Table, TableError, column_key
from tessera.sources.formats.signature import format_of

__all__ = ["BROKEN", "Recognise", "Row", "RowError", "Table", "TableError", "column_key",
           "json_values", "read_tables"]  # fmt: skip

WORKBOOKS: Final = ("xlsx", "xlsm", "xlsb", "xls", "ods")
_PACKED: Final = tuple(f".{kind}" for kind in WORKBOOKS)
_LINES: Final = (".jsonl", ".jl", ".ndjson", ".jsonl.gz")


def read_tables(
    path: Path | Member,
    *,
    wanted: Sequence[str] = (),
    recognise: Recognise | None = None,
    encoding: str = "",
    delimiter: str = "",
) -> Iterator[Table]:
    """The sheets of a file that have a header; rows must be read before the next sheet is asked.

    wanted: column names that tell the header from titles above it; without them the first row
    with two cells or more is the header. recognise: tells it where the names aren't known before;
    rows right below it that name columns too (in another language) are joined with it.
    encoding, delimiter: of a CSV, where they are known.
    Raises TableError where the file as a whole is unreadable.
    """
    try:
        if isinstance(path, Member) and path.suffix.lower() in _PACKED:
            with path.in_memory() as file:
                for table in _workbook(file, wanted, recognise):
                    table.path = Path(path.name)
                    yield table
            return
        kind = "csv" if isinstance(path, Member) else format_of(path)
        if kind in WORKBOOKS and isinstance(path, Path):
            yield from _workbook(path, wanted, recognise)
        elif kind == "html":
            yield from _html(path, wanted, recognise)
        elif path.name.lower().endswith(_LINES):
            yield lines_table(path)
        elif path.suffix.lower() == ".json" or (kind in ("txt", "other") and is_json(path)):
            yield json_table(path)
        elif kind in ("csv", "txt", "md") or path.name.lower().endswith(".csv.gz"):
            yield from csv_table(path, wanted, recognise, encoding, delimiter)
        elif kind == "encrypted":
            raise TableError(f"{path.name} is encrypted; save it without a password")
        else:
            raise TableError(f"{path.name} is no table: expected CSV, XLSX, XLS, XLSB, ODS or JSON")
    except BROKEN as error:
        raise TableError(f"{path.name} can't be read ({error})") from None
    except (ReadError, ArchiveError) as error:
        raise TableError(f"{path.name} {error}") from None


def _workbook(path: Path, wanted: Sequence[str], recognise: Recognise | None) -> Iterator[Table]:
    found = False
    # A process of its own: what a broken workbook does to a native reader can't be caught here.
    with Reader() as worker:
        for sheet, cells in worker.sheets(path):
            rows: Iterator[Cells] = enumerate(cells, start=1)
            table = with_header(path, sheet, rows, wanted, recognise)
            if table is not None:
                found = True
                yield table
    if not found:
        raise TableError(f"{path.name} has no sheet with a row of column names{expected(wanted)}")


def _html(
    path: Path | Member, wanted: Sequence[str], recognise: Recognise | None
) -> Iterator[Table]:
    found = False
    tables, closed = html_tables(path.read_bytes())
    for number, cells in enumerate(tables, start=1):
        rows: Iterator[Cells] = enumerate(cells, start=1)
        table = with_header(path, f"table {number}", rows, wanted, recognise)
        if table is not None:
            found = True
            if not closed and number == len(tables):
                table.notes.append("the table is open where the file ends; is it whole?")
            yield table
    if not found:
        raise TableError(f"{path.name} has no table with column names{expected(wanted)}")
