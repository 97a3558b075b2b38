"""XLSX, XLS, XLSB and ODS by calamine, with caps and with its failures made plain errors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import python_calamine

from tessera.sources.formats.archives import ArchiveError, check_archive
from tessera.sources.formats.signature import format_of

Cell = str | int | float | bool | date | datetime | time | timedelta

FORMATS: Final = ("xlsx", "xlsb", "xlsm", "xls", "ods")


class SpreadsheetError(ValueError):
    """A file that is no readable workbook."""


def sheets(path: Path) -> Iterator[tuple[str, Iterator[list[Cell]]]]:
    """Name and rows of each sheet, hidden ones too. Raises SpreadsheetError, also while reading.

    Rows are from the first row of the sheet on: the n-th is row n for whoever opens it.
    """
    kind = format_of(path)
    try:
        if kind != "xls":
            check_archive(path)
    except ArchiveError as error:
        raise SpreadsheetError(str(error)) from None
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = list(book.sheet_names)
    except python_calamine.PasswordError:
        raise SpreadsheetError("is encrypted; save it without a password") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SpreadsheetError(f"can't be read as a workbook ({error})") from None
    except BaseException as error:  # noqa: BLE001 - the native reader's panics are no Exception
        raise _panic(error) from None
    for name in names:
        yield name, _rows(book, name)


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> Iterator[list[Cell]]:
    try:
        sheet = book.get_sheet_by_name(name)
        first = sheet.start[1] if sheet.start else 0
        # Row by row: a list of all rows would need several times the memory of the sheet itself.
        for row in sheet.iter_rows():
            yield row[first:] if first else row
    except python_calamine.CalamineError as error:
        raise SpreadsheetError(f"sheet {name!r} can't be read ({error})") from None
    except BaseException as error:  # noqa: BLE001 - the native reader's panics are no Exception
        raise _panic(error) from None


def _panic(error: BaseException) -> BaseException:
    """A panic of the native reader as an error; it comes as no Exception of Python's."""
    if type(error).__name__ == "PanicException":
        return SpreadsheetError(f"is broken ({str(error)[:200]})")
    return error


def cell_text(cell: Cell) -> str:
    """A cell as a person would read it: whole numbers without ".0", dates in ISO form."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
