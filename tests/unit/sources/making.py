"""Small files of every format, made by hand so that nothing but bytes is needed."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Gone, Importer, Item, ItemError, Partial
from tessera.sources.hygiene import drafts_of

ROOT = Path(__file__).parents[3]
SHARED = Path(os.environ.get("TESSERA_SHARED") or ROOT.parent / "shared")
SOURCES = ROOT / "src" / "tessera" / "sources"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def shared(*parts: str) -> Path:
    """A path in the shared data; the test is skipped where it isn't there."""
    path = SHARED.joinpath("data", *parts)
    if not path.exists():
        pytest.skip(f"{path} is not there (set TESSERA_SHARED to the folder of shared data)")
    return path


def run(importer: Importer, *paths: Path) -> tuple[list[Item], list[RecordDraft], list[ItemError]]:
    """Items, drafts and errors (warnings among them) of a delivery."""
    return sorted_out(importer, importer.gather(paths))


def sorted_out(
    importer: Importer, stream: Iterable[Found]
) -> tuple[list[Item], list[RecordDraft], list[ItemError]]:
    """The same of any stream of an importer; what is gone is left aside."""
    items: list[Item] = []
    drafts: list[RecordDraft] = []
    errors: list[ItemError] = []
    for found in stream:
        if isinstance(found, ItemError):
            errors.append(found)
            continue
        if isinstance(found, Gone | Partial):
            continue
        items.append(found)
        for draft in drafts_of(importer, found):
            (errors if isinstance(draft, ItemError) else drafts).append(draft)  # type: ignore[arg-type]  # told apart in the same line
    return items, drafts, errors


def failures(errors: Iterable[ItemError]) -> list[ItemError]:
    """The errors that are no warnings."""
    return [error for error in errors if not error.warning]


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def docx(path: Path, pages: Sequence[Sequence[str]], title: str = "", *, extra: str = "") -> Path:
    """A page of paragraphs each; `extra` is XML at the end of the body."""
    mark = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = "".join(
        f"<w:p>{mark if number and not place else ''}<w:r><w:t>{text}</w:t></w:r></w:p>"
        for number, page in enumerate(pages)
        for place, text in enumerate(page)
    )
    return zipped(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>'
            f"{body}{extra}</w:body></w:document>",
            "docProps/core.xml": '<cp:coreProperties xmlns:cp="urn:x" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
            "</cp:coreProperties>",
        },
    )


def pptx(path: Path, slides: Sequence[str], order: Sequence[int]) -> Path:
    """Slides in the order of their numbers (from 1), whatever the names of their parts."""
    ids = "".join(f'<p:sldId id="{n}" r:id="rId{n}"/>' for n in order)
    rels = "".join(
        f'<Relationship Id="rId{n}" Target="slides/slide{n}.xml"/>'
        for n in range(1, len(slides) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"/>',
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{ids}'
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(rels),
        "ppt/slides/_rels/slide1.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship '
        'Id="rId1" Target="../notesSlides/notesSlide1.xml"/></Relationships>',
        "ppt/notesSlides/notesSlide1.xml": _drawn("Say hello to the mayor first"),
    }
    parts |= {f"ppt/slides/slide{n}.xml": _drawn(text) for n, text in enumerate(slides, start=1)}
    return zipped(path, parts)


def _relations(listed: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def _drawn(text: str) -> str:
    return f'<p:sld xmlns:p="{P}" xmlns:a="{A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'


def odt(path: Path, pages: Sequence[str]) -> Path:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = "".join(
        f"<t:p>{'<t:soft-page-break/>' if number else ''}{page}</t:p>"
        for number, page in enumerate(pages)
    )
    return zipped(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<o:document-content xmlns:o="{office}" xmlns:t="{text}"><o:body>'
            f"<o:text>{body}</o:text></o:body></o:document-content>",
        },
    )


def xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    rels = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">{types}'
        '<Override PartName="/xl/workbook.xml"'
        ' ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
        f'Type="{R}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(rels),
    }
    for number, rows in enumerate(sheets.values(), start=1):
        written = "".join(
            f'<row r="{place}">{"".join(map(_cell, row))}</row>'
            for place, row in enumerate(rows, start=1)
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{S}"><sheetData>{written}</sheetData></worksheet>'
        )
    return zipped(path, parts)


def _cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>' if value else "<c/>"


def pdf(path: Path, pages: Sequence[str], title: str = "") -> Path:
    """A page of one line each; "" is a page without text, as in a scan."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1") if text else b"0 0 m"
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1"
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    objects.append(b"<</Title(%s)>>" % title.encode("latin-1"))
    written = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(written)
    data = bytes(written) + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    data += b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, len(objects), start,
    )  # fmt: skip
    path.write_bytes(data)
    return path
