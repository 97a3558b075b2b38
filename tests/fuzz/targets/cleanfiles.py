"""A whole file of each format, of our own making."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.fuzz.targets.named import workshop
from tests.fuzz.workbooks import Cell, Sheet, write
from tests.unit.sources.making import SOURCES, docx, odt, pdf, pptx, xlsx


@cache
def clean_file(name: str) -> Path:
    """A whole file of a format, of our own making."""
    path = workshop() / name
    pages = ["Minutes of the meeting in Kaunas, held in May.", "The second page tells of the rest."]
    table: list[list[Cell]] = [
        ["Name", "Budget", "Start"],
        *[[f"Project {n}", n * 1000.5, "2020-01-31"] for n in range(30)],
    ]
    match path.suffix:
        case ".xlsx":
            return xlsx(path, {"List": table, "Notes": [["a", "b"], ["c", 1]]})
        case ".docx":
            return docx(path, [[each] for each in pages], "Minutes")
        case ".pptx":
            return pptx(path, pages, [2, 1])
        case ".odt":
            return odt(path, pages)
        case ".pdf":
            return pdf(path, pages, "Minutes")
        case ".ods":
            write(path, [Sheet("List", table)])
        case ".rtf":
            path.write_bytes(
                rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}{\info{\title Minutes}}"
                rb"\pard Kaunas \'e8\u269?\par\page {\*\generator x;}Rest}"
            )
        case ".md":
            path.write_bytes((SOURCES / "files/sample/handbook.md").read_bytes())
        case _:
            path.write_bytes(
                b"<!doctype html><html lang=en><title>Minutes</title><body><h1>In Kaunas</h1>"
                b"<script>x</script><p>It was <b>fine</b>.</p><table><tr><td>1</table>"
            )
    return path
