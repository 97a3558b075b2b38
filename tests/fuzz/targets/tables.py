"""Tables, workbooks, JSON and RDF."""

from __future__ import annotations

from pathlib import Path

from tessera.sources.formats.archives import ArchiveError
from tessera.sources.formats.json_records import json_records
from tessera.sources.formats.jsonlines import json_lines
from tessera.sources.formats.spreadsheets import SpreadsheetError, cell_text, sheets
from tessera.sources.formats.table import TableError, read_tables
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import bounded
from tests.fuzz.lists import row_samples
from tests.fuzz.mutations import spoilt, spoilt_archive, spoilt_json
from tests.fuzz.rows import spoilt_lines
from tests.fuzz.targets.cleanfiles import clean_file
from tests.fuzz.targets.named import target, written
from tests.unit.sources.making import SOURCES


def _tables(path: Path) -> None:
    with bounded():
        try:
            for table in read_tables(path):
                for row in table.rows:
                    assert table.where(row.number)
        except TableError as error:
            assert str(error).strip()


@target("csv")
def csv_tables(data: bytes) -> None:
    choices = Choices(data)
    of = row_samples()[choices.one(sorted(row_samples()))]
    raw = choices.rest() if choices.once_in(4) else spoilt(choices, spoilt_lines(choices, of).data)
    with written(choices.one(("t.csv", "t.tsv", "t.txt", "t.csv.gz", "t.xls")), raw) as path:
        _tables(path)


@target("workbooks")
def workbooks(data: bytes) -> None:
    """XLSX and ODS, as the process that reads them does; XLS by its own bytes."""
    choices = Choices(data)
    whole = clean_file(choices.one(("t.xlsx", "t.ods")))
    raw = spoilt_archive(choices, whole.read_bytes())
    with written(choices.one(("t.xlsx", "t.ods", "t.xlsb", "t.xls")), raw) as path, bounded():
        try:
            for _, rows in sheets(path):
                for count, row in enumerate(rows):
                    list(map(cell_text, row))
                    if count > 5000:
                        break
        except (SpreadsheetError, ArchiveError) as error:
            assert str(error).strip()


@target("workbooks-in-a-process")
def workbooks_in_a_process(data: bytes) -> None:
    choices = Choices(data)
    with written("t.xlsx", spoilt_archive(choices, clean_file("t.xlsx").read_bytes())) as path:
        _tables(path)


@target("html-tables")
def html_tables(data: bytes) -> None:
    choices = Choices(data)
    spans = [choices.one(("2", "-1", "0", "99999999")) for _ in range(20)]
    rows = "".join(f"<tr><td>{n}</td><td colspan='{span}'>a</td></tr>"
                   for n, span in enumerate(spans))  # fmt: skip
    page = f"<html><body><table><tr><th>No</th><th>Name</th></tr>{rows}</table></body></html>"
    with written("t.xls", spoilt(choices, page.encode())) as path:
        _tables(path)


@target("json-records")
def json_files(data: bytes) -> None:
    choices = Choices(data)
    base = choices.one(((SOURCES / "interreg_sweden/sample/rawdata.json").read_bytes(),
                        (SOURCES / "keep/sample/31234.json").read_bytes(),
                        (SOURCES / "pages/sample/nodes.json").read_bytes()))  # fmt: skip
    raw = choices.rest() if choices.once_in(4) else spoilt_json(choices, base)
    with written("t.json", raw) as path:
        with bounded():
            try:
                for value in json_records(path, ("data", "programme.project")):
                    assert value is not ...
            except TableError as error:
                assert str(error).strip()
        _tables(path)


@target("json-lines")
def json_line_files(data: bytes) -> None:
    choices = Choices(data)
    base = (SOURCES / "calls/sample/calls.jsonl").read_bytes()
    with (
        written("t.jsonl", choices.rest() if choices.once_in(4) else spoilt(choices, base)) as path,
        bounded(),
    ):
        for number, value in json_lines(path):
            assert number >= 0 and value is not None
