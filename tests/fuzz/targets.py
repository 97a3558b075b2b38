"""One target per reader: from bytes to a case, and what must hold of it."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pypdf.errors import PyPdfError

from tessera.engine.query import Query
from tessera.engine.syntax import parse
from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.fields import SCHEMA
from tessera.sources.base import Importer
from tessera.sources.conversion import CONVERTERS
from tessera.sources.formats.archives import ArchiveError, open_archive, read_member
from tessera.sources.formats.dates import DateError, parse_date, parse_date_range, parse_time
from tessera.sources.formats.encoding import encoding_of, encoding_of_file
from tessera.sources.formats.extraction import READERS, extract
from tessera.sources.formats.json_records import json_records
from tessera.sources.formats.jsonlines import json_lines
from tessera.sources.formats.mojibake import mended
from tessera.sources.formats.reading import ReadError
from tessera.sources.formats.spreadsheets import SpreadsheetError, cell_text, sheets
from tessera.sources.formats.table import TableError, read_tables
from tessera.sources.formats.text import clean, clean_line
from tessera.sources.formats.webtext import plain_text
from tessera.sources.operations.values import money
from tessera.sources.registry import importer
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import bounded, imported
from tests.fuzz.lists import objects, row_samples
from tests.fuzz.mutations import WORDS, reencoded, spoilt, spoilt_archive, spoilt_json
from tests.fuzz.rows import nothing_lost, spoilt_lines, spoilt_objects
from tests.unit.sources.making import SOURCES, docx, odt, pdf, pptx, xlsx

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # As in the process that reads documents.

Target = Callable[[bytes], None]

TARGETS: Final[dict[str, Target]] = {}


def target(name: str) -> Callable[[Target], Target]:
    """Make a function a target by a name."""

    def named(function: Target) -> Target:
        TARGETS[name] = function
        return function

    return named


@cache
def reader(slug: str) -> Importer:
    return importer(slug)


@cache
def workshop() -> Path:
    """A folder for clean files; it goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix="tessera-fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


@contextmanager
def written(name: str, data: bytes) -> Iterator[Path]:
    """A file with these bytes, for a moment."""
    folder = Path(tempfile.mkdtemp(dir=workshop()))
    try:
        path = folder / name
        path.write_bytes(data)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- values ----------------------------------------------------------------------------------


def _text(choices: Choices) -> str:
    """A short text of odd words, or of whatever bytes say."""
    if choices.once_in(3):
        return choices.rest().decode(
            "utf-8", "surrogateescape" if choices.once_in(9) else "replace"
        )
    words = (*WORDS, "13", "14", "-", "/", ".", "May", "mai", "2018", "and", "bis", "kl.",
             "10:30", "CET", "1 234,50", "EUR", "%", "1.234.567", "€", "(", ")", "OR", "-x", '"',
             "*")  # fmt: skip
    return choices.one(("", " ", ".")).join(choices.one(words) for _ in range(choices.below(12)))


@target("dates")
def dates(data: bytes) -> None:
    choices = Choices(data)
    lang, order = choices.one(("", "hr", "pl", "de", "xx")), choices.one(("", "dmy", "mdy"))
    text = _text(choices)
    with bounded():
        for read in (partial(parse_date, order=order, lang=lang),
                     partial(parse_date_range, order=order, lang=lang), parse_time):  # fmt: skip
            try:
                read(text)  # type: ignore[operator]  # each takes a text
            except DateError as error:
                assert str(error).strip()


@target("amounts")
def amounts(data: bytes) -> None:
    choices = Choices(data)
    text, decimal = _text(choices), choices.one(("", ",", "."))
    name = choices.one(sorted(CONVERTERS))
    with bounded():
        for convert in (
            lambda: money(text, decimal),
            lambda: CONVERTERS[name](text, {"decimal": decimal}),
        ):
            try:
                json.dumps(getattr(convert(), "amount", None))
            except ValueError as error:
                assert str(error).strip()


@target("texts")
def texts(data: bytes) -> None:
    """Mojibake, HTML within texts, hygiene."""
    choices = Choices(data)
    text = _text(choices)
    if choices.once_in(3):
        text = text.encode("utf-8", "replace").decode(
            choices.one(("cp1252", "mac_roman", "cp1250")), "replace"
        )
    with bounded():
        for each in (clean(mended(text)), clean_line(text), plain_text(text)):
            assert "\x00" not in each
            each.encode("utf-8")
        assert clean(clean(text)) == clean(text)


@target("encodings")
def encodings(data: bytes) -> None:
    choices = Choices(data)
    raw = (
        choices.rest()
        if choices.once_in(3)
        else reencoded(choices, _text(choices).encode("utf-8", "replace"))
    )
    with bounded():
        found = encoding_of(raw)
        raw.decode(found.name, "replace")
        raw.decode(encoding_of_file(BytesIO(raw)).name, "replace")


@target("queries")
def queries(data: bytes) -> None:
    """The query syntax, and searches out of parameters."""
    choices = Choices(data)
    facets = [facet.name for facet in SCHEMA.facets]
    names = ["q", "page", "size", "sort", "lang", "from", "to", "x", "", "-kind", *facets]
    pairs = [(choices.one(names), _text(choices)) for _ in range(choices.below(6))]
    text = _text(choices)
    with bounded():
        parse(text)
        query, problems = Query.from_params([*pairs, ("q", text)], SCHEMA)
        assert all(str(problem) for problem in problems)
        query.to_params().encode("ascii")
        again, _ = Query.from_params(query.pairs(), SCHEMA)
        assert again == query, (query, again)


@target("drafts")
def drafts(data: bytes) -> None:
    choices = Choices(data)
    lines = (SOURCES / "jsonl" / "sample" / "records.jsonl").read_bytes().splitlines()
    raw = spoilt_json(choices, choices.one(lines))
    with bounded():
        try:
            json.dumps(RecordDraft.from_json(json.loads(raw)).canonical())
        except DraftError as error:
            assert error.problems
        except (ValueError, RecursionError) as error:  # As `drafted` and `mapped` take them.
            assert str(error)


# --- tables ----------------------------------------------------------------------------------


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
    raw = spoilt_archive(choices, choices.one((_clean("t.xlsx"), _clean("t.ods"))).read_bytes())
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
    with written("t.xlsx", spoilt_archive(choices, _clean("t.xlsx").read_bytes())) as path:
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


# --- documents -------------------------------------------------------------------------------


@cache
def _clean(name: str) -> Path:
    """A whole file of a format, of our own making."""
    path = workshop() / name
    pages = ["Minutes of the meeting in Kaunas, held in May.", "The second page tells of the rest."]
    table = [
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
            path.write_bytes(_ods(table))
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


def _ods(table: list[list[Any]]) -> bytes:
    import zipfile

    office, text, cells = ("urn:oasis:names:tc:opendocument:xmlns:" + name + ":1.0"
                           for name in ("office", "text", "table"))  # fmt: skip
    rows = "".join("<t:table-row>" + "".join(
        f'<t:table-cell o:value-type="string"><x:p>{cell}</x:p></t:table-cell>' for cell in row
    ) + "</t:table-row>" for row in table)  # fmt: skip
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<o:document-content xmlns:o="{office}" xmlns:t="{cells}" '
                         f'xmlns:x="{text}"><o:body><o:spreadsheet><t:table t:name="List">{rows}'
                         "</t:table></o:spreadsheet></o:body></o:document-content>")  # fmt: skip
    return written.getvalue()


def document(kind: str, data: bytes) -> None:
    """Any reader of documents; what it raises is an error of the file, and says what is wrong."""
    choices = Choices(data)
    clean_file = _clean(f"t.{kind}")
    raw = clean_file.read_bytes()
    packed = raw.startswith(b"PK")
    raw = (
        choices.rest()
        if choices.once_in(5)
        else (spoilt_archive if packed else spoilt)(choices, raw)
    )
    with written(clean_file.name, raw) as path, bounded():
        try:
            for number, page in enumerate(extract(path, kind).pages):
                page.text.encode("utf-8", "replace")
                if number > 500:
                    break
        except (ReadError, ArchiveError, SpreadsheetError, RecursionError, PyPdfError) as error:
            assert str(error).strip()


for _kind in ("pdf", "docx", "pptx", "odt", "rtf", "html", "md"):
    assert _kind in READERS
    TARGETS[f"document-{_kind}"] = partial(document, _kind)


@target("archives")
def archives(data: bytes) -> None:
    choices = Choices(data)
    with (
        written("t.zip", spoilt_archive(choices, _clean("t.docx").read_bytes())) as path,
        bounded(),
    ):
        try:
            with open_archive(path) as archive:
                for name in archive.namelist():
                    try:
                        read_member(archive, name, 1_000_000)
                    except ArchiveError as error:
                        assert str(error).strip()
        except ArchiveError as error:
            assert str(error).strip()


# --- importers -------------------------------------------------------------------------------


def delivery(slug: str, folder: Path, data: bytes) -> None:
    """An importer over its own sample, of which one file is spoilt."""
    choices = Choices(data)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    chosen = choices.one(files)
    raw = chosen.read_bytes()
    match chosen.suffix:
        case ".json" | ".jsonld" if not choices.once_in(4):
            changed = spoilt_json(choices, raw)
        case ".xlsx":
            changed = spoilt_archive(choices, raw)
        case _:
            changed = spoilt(choices, raw)
    work = Path(tempfile.mkdtemp(dir=workshop()))
    try:
        copy = work / "sample"
        shutil.copytree(folder, copy)
        (copy / chosen.relative_to(folder)).write_bytes(changed)
        imported(reader(slug), [copy])
    finally:
        shutil.rmtree(work, ignore_errors=True)


for _folder in sorted(path.parent for path in SOURCES.glob("*/source.toml")):
    _slug = _folder.name.replace("_", "-")
    TARGETS[f"import-{_slug}"] = partial(delivery, _slug, _folder / "sample")


# --- no good row is lost ---------------------------------------------------------------------


def rows_of(slug: str, name: str, data: bytes) -> None:
    of = row_samples()[name]
    clean_file = workshop() / name / of.name
    if not clean_file.exists():
        clean_file.parent.mkdir()
        clean_file.write_text(of.text([of.line(row) for row in of.rows]), encoding="utf-8")
    with written(of.name, b"") as path:
        nothing_lost(reader(slug), clean_file, spoilt_lines(Choices(data), of), path)


for _name, _slug in (("good-practices", "good-practices"), ("kohesio", "kohesio"),
                     ("kohesio-beneficiaries", "kohesio"), ("cordis-erc", "cordis-erc"),
                     ("operations", "operations"), ("cordis", "cordis"), ("calls", "calls"),
                     ("interreg-sweden", "interreg-sweden")):  # fmt: skip
    TARGETS[f"rows-{_name}"] = partial(rows_of, _slug, _name)


def objects_of(slug: str, path: str, key: str, *, lines: bool, data: bytes) -> None:
    given = objects(path, key)
    name = "list.jsonl" if lines else "list.json"
    clean_file = workshop() / f"{slug}-objects" / name
    if not clean_file.exists():
        clean_file.parent.mkdir(exist_ok=True)
        body = [json.dumps(each, ensure_ascii=False) for each in given]
        clean_file.write_text(
            "\n".join(body) + "\n" if lines else f"[{','.join(body)}]", encoding="utf-8"
        )
    with written(name, b"") as into:
        case = spoilt_objects(Choices(data), given, lines=lines)
        nothing_lost(reader(slug), clean_file, case, into)


TARGETS["objects-jsonl"] = lambda data: objects_of(
    "jsonl", "jsonl/sample/records.jsonl", "id", lines=True, data=data
)
TARGETS["objects-calls"] = lambda data: objects_of(
    "calls", "calls/sample/calls.jsonl", "topicId", lines=True, data=data
)
TARGETS["objects-interreg-sweden"] = lambda data: objects_of(
    "interreg-sweden", "interreg_sweden/sample/rawdata.json", "projektnamn", lines=False, data=data
)
