"""Which reader reads which format. Runs in the worker: see `reading`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tessera.sources.formats import office, opendocument, pdf, plain, rtf
from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.html import read_html
from tessera.sources.formats.spreadsheets import cell_text, sheets


def extract(path: Path, kind: str) -> Content:
    """The content of a file of a format in `READERS`."""
    return READERS[kind](path)


def read_workbook(path: Path) -> Content:
    """A workbook: each sheet is a page, each row a line."""
    return Content(_sheets(path), notes=[])


def _sheets(path: Path) -> Iterator[PageText]:
    for number, (name, rows) in enumerate(sheets(path), start=1):
        lines = [name]
        for row in rows:
            line = " ".join(text for text in map(cell_text, row) if text.strip())
            if line:
                lines.append(line)
        yield PageText(number, "\n".join(lines), name)


READERS: Final[dict[str, Callable[[Path], Content]]] = {
    "pdf": pdf.read_pdf,
    "docx": office.read_docx,
    "pptx": office.read_pptx,
    "odt": opendocument.read_odt,
    "odp": opendocument.read_odp,
    "xlsx": read_workbook,
    "xlsm": read_workbook,
    "xlsb": read_workbook,
    "xls": read_workbook,
    "ods": read_workbook,
    "html": read_html,
    "txt": plain.read_text_file,
    "csv": plain.read_text_file,
    "md": plain.read_markdown,
    "rtf": rtf.read_rtf,
}
"""Format -> reader."""
