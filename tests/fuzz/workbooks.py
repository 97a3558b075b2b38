"""Workbooks of rows that belong together: what is done to some costs the others nothing.

A sample stands in the workbook several times, each time with ids of its own: what one copy's rows
give is compared, whatever was done to another copy's or to the workbook as such.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from tessera.sources.base import Importer
from tessera.sources.formats.spreadsheets import sheets
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import imported
from tests.fuzz.mutations import WORDS
from tests.fuzz.rows import Case, held
from tests.unit.sources.making import xlsx

COPIES: Final = 3
MOST_COLUMNS: Final = 16_384
"""Of a sheet in Excel."""

Cell = str | float
Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Raw:
    """A cell written as it is: `xlsx` and `ods` are the XML of it."""

    xlsx: str
    ods: str


@dataclass(slots=True)
class Sheet:
    """above: titles and header. copies: the rows of each copy."""

    name: str
    above: Rows
    copies: list[list[list[Cell | Raw]]] = field(default_factory=list)

    def rows(self) -> list[list[Cell | Raw]]:
        top: list[list[Cell | Raw]] = [list(row) for row in self.above]
        return top + [row for copy in self.copies for row in copy]


def book(path: Path, keys: Sequence[str], header: int = 1) -> list[Sheet]:
    """The sample of an importer; keys: columns with ids. header: its row, from 1, on each sheet
    that has one of them."""
    found = []
    for name, read in sheets(path):
        rows: Rows = [[_plain(cell) for cell in row] for row in read]
        at = next((n for n, row in enumerate(rows) if set(keys) & set(map(str, row))), len(rows))
        sheet = Sheet(name, rows[: at + 1])
        if at < len(rows):
            places = [n for n, title in enumerate(rows[at]) if title in keys]
            for copy in range(COPIES):
                sheet.copies.append([
                    [_told(cell, copy) if n in places else cell for n, cell in enumerate(row)]
                    for row in rows[at + 1 :]
                ])  # fmt: skip
        found.append(sheet)
    return found


def tag(copy: int) -> str:
    """What the keys of a copy end in."""
    return f"q{copy}q"


def _told(cell: Cell, copy: int) -> Cell:
    return f"{int(cell) if isinstance(cell, float) else cell}{tag(copy)}" if cell else cell


def _plain(cell: object) -> Cell:
    if isinstance(cell, float | int):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


ODD: Final = (
    Raw('<c t="e"><v>#REF!</v></c>', '<table:table-cell office:value-type="error"/>'),
    Raw('<c t="b"><v>1</v></c>',
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'),
    Raw('<c><v>1e300</v></c>',
        '<table:table-cell office:value-type="float" office:value="1e300"/>'),
    Raw('<c><v>-1</v></c>', '<table:table-cell office:value-type="float" office:value="-1"/>'),
    Raw('<c><v>x</v></c>', '<table:table-cell office:value-type="float" office:value="x"/>'),
    Raw('<c t="s"><v>99</v></c>',
        '<table:table-cell office:value-type="date" office:date-value="2024-02-30"/>'),
    Raw("<c><f>1/0</f></c>", '<table:table-cell table:formula="of:=1/0"/>'),
    Raw("<c><f>1/0</f><v></v></c>", '<table:table-cell table:number-columns-repeated="9"/>'),
    Raw('<c t="d"><v>2024-13-45</v></c>',
        '<table:table-cell office:value-type="time" office:time-value="PX"/>'),
)  # fmt: skip
"""What programs put into cells; some of it no reader takes, and the workbook is refused."""


def spoilt_book(
    choices: Choices, of: Sequence[Sheet], *, ordered: bool
) -> tuple[list[Sheet], Case]:
    """A workbook with damage to some rows, or with other rows and columns around the good ones.

    ordered: sheets and columns mean something by their order, too.
    """
    made = [Sheet(s.name, [list(row) for row in s.above],
                  [[list(row) for row in copy] for copy in s.copies]) for s in of]  # fmt: skip
    filled = [sheet for sheet in made if sheet.copies]
    sheet = choices.one(filled)
    whole = list(range(COPIES))
    match choices.below(9):
        case 0:
            for each in filled:
                each.copies.reverse()
            return made, Case(b"", whole, done=["the other way round"])
        case 1 if not ordered:
            choices.shuffle(made)
            return made, Case(b"", whole, done=["sheets in another order"])
        case 2 if not ordered:
            _shuffle_columns(choices, sheet)
            return made, Case(b"", whole, done=[f"columns of {sheet.name} shuffled"])
        case 3:
            return made, Case(b"", whole, done=[_more_columns(choices, sheet)])
        case 4:
            made.append(Sheet("Notes", [[choices.one(WORDS[:20])] for _ in range(9)]))
            return made, Case(b"", whole, done=["one more sheet"])
    done = []
    for _ in range(1 + choices.below(3)):
        sheet = choices.one(filled)
        copy = choices.below(COPIES)
        at = choices.below(len(sheet.copies[copy]))
        done.append(f"{sheet.name}, copy {copy}, row {at}: {_spoil(choices, sheet, copy, at)}")
        if copy in whole:
            whole.remove(copy)
    return made, Case(b"", whole, done=done)


def _shuffle_columns(choices: Choices, sheet: Sheet) -> None:
    order = list(range(len(sheet.above[-1])))
    choices.shuffle(order)
    sheet.above[-1] = [sheet.above[-1][n] for n in order]
    for copy in sheet.copies:
        copy[:] = [[row[n] for n in order] for row in copy]


def _more_columns(choices: Choices, sheet: Sheet) -> str:
    """Columns behind those that are known, up to as many as there can be."""
    header = sheet.above[-1]
    known = len(header)
    match choices.below(3):
        case 0:
            header.append(header[choices.below(known)])
            for row in [row for copy in sheet.copies for row in copy]:
                row += [""] * (known - len(row)) + [choices.one(("", "", "x", 7.0))]
            return f"{header[-1]!r} twice in {sheet.name}"
        case 1:
            header += [f"More {n}" for n in range(known, MOST_COLUMNS)]
        case _:
            header += [""] * (MOST_COLUMNS - known - 1) + ["Last"]
    return f"{MOST_COLUMNS} columns in {sheet.name}"


def _spoil(choices: Choices, sheet: Sheet, copy: int, at: int) -> str:
    row = sheet.copies[copy][at]
    cell = choices.below(len(row))
    match choices.below(7):
        case 0 | 1:
            row[cell] = choices.one(WORDS)
            return f"{row[cell]!r:.30} in column {cell + 1}"
        case 2:
            row[cell] = choices.one(ODD)
            return f"{row[cell]!r:.60} in column {cell + 1}"
        case 3:
            del row[cell]
            return f"without its cell {cell + 1}"
        case 4:
            row += [choices.one(WORDS[:8])] * (1 + choices.below(30))
            return "more cells"
        case 5:
            row[:] = list(sheet.above[-1])
            return "the header once more"
        case _:
            row += [""] * (MOST_COLUMNS - len(row) - 1) + ["far off"]
            return "a cell in the last column"


# --- how they are written --------------------------------------------------------------------

_ILLEGAL: Final = {**dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], "?")}


def write(path: Path, made: Sequence[Sheet]) -> None:
    """By the ending of the path: XLSX or ODS."""
    if path.suffix == ".ods":
        path.write_bytes(_ods(made))
        return
    clean = {sheet.name: [[0]] for sheet in made}
    xlsx(path, clean)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for number, sheet in enumerate(made, start=1):
        rows = "".join(f"<row>{''.join(map(_xlsx_cell, row))}</row>" for row in sheet.rows())
        members[f"xl/worksheets/sheet{number}.xml"] = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{rows}</sheetData></worksheet>"
        ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _xlsx_cell(cell: Cell | Raw) -> str:
    if isinstance(cell, Raw):
        return cell.xlsx
    if isinstance(cell, float):
        return f"<c><v>{cell!r}</v></c>"
    return f'<c t="inlineStr"><is><t>{_xml(cell)}</t></is></c>' if cell else "<c/>"


_OPEN: Final = "urn:oasis:names:tc:opendocument:xmlns:"


def _ods(made: Sequence[Sheet]) -> bytes:
    spaces = "".join(
        f' xmlns:{name}="{_OPEN}{name}:1.0"' for name in ("office", "text", "table", "manifest")
    )
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest{spaces}/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content{spaces}><office:body><office:spreadsheet>"
            + "".join(map(_ods_table, made))
            + "</office:spreadsheet></office:body></office:document-content>",
        )
    return written.getvalue()


def _ods_table(sheet: Sheet) -> str:
    rows = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet.rows()
    )
    return f'<table:table table:name="{_xml(sheet.name)}">{rows}</table:table>'


def _ods_cell(cell: Cell | Raw) -> str:
    if isinstance(cell, Raw):
        return cell.ods
    if isinstance(cell, float):
        return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'
    if not cell:
        return "<table:table-cell/>"
    paragraph = f"<text:p>{_xml(cell)}</text:p>"
    return f'<table:table-cell office:value-type="string">{paragraph}</table:table-cell>'


def _xml(text: str) -> str:
    return escape(text.translate(_ILLEGAL).encode("utf-8", "replace").decode(), {'"': "&quot;"})


Copies = Mapping[int, Mapping[str, list[dict[str, Any]]]]
"""What each copy gives: drafts by the key of their item."""


def copies_in(importer: Importer, of: Sequence[Sheet], into: Path) -> Copies:
    """What a workbook gives that nothing was done to."""
    write(into, of)
    told = imported(importer, [into])
    found = {copy: {key: drafts for key, drafts in told.drafts.items() if tag(copy) in key}
             for copy in range(COPIES)}  # fmt: skip
    assert all(found.values()), (told.drafts.keys(), told.errors[:3])
    return found


def no_copy_lost(
    importer: Importer, made: Sequence[Sheet], case: Case, before: Copies, into: Path
) -> None:
    """Each whole copy gives what it gave in the clean workbook, or the workbook is refused."""
    write(into, made)
    held(before, imported(importer, [into]), case)
