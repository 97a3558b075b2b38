"""DOCX and PPTX: the text in its order, page by page where the file tells pages."""

from __future__ import annotations

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from tessera.sources.formats.archives import ArchiveError, open_archive, read_member
from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.reading import ReadError

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EDGE: Final = re.compile(r"word/(?:header|footer)\d*\.xml")
_STRICT: Final = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _A[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/presentationml/main", _P[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
)


def parse(data: bytes, part: str) -> ET.Element:
    """XML without entities or outside references; ReadError where it is broken or has such."""
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    try:
        root: ET.Element = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise ReadError(f"has entities in its part {part}, which are not read") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ReadError(f"has broken XML in its part {part} ({error})") from None
    return root


def events(data: bytes, part: str) -> Iterator[tuple[str, ET.Element]]:
    """Start and end of each element of a large part; elements are freed by whoever reads them."""
    for strict, transitional in _STRICT:
        data = data.replace(strict, transitional)
    try:
        yield from defusedxml.ElementTree.iterparse(
            io.BytesIO(data), events=("start", "end"), forbid_dtd=True
        )
    except DefusedXmlException:
        raise ReadError(f"has entities in its part {part}, which are not read") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ReadError(f"has broken XML in its part {part} ({error})") from None


def feed(data: bytes, part: str, target: object) -> None:
    """Let `target` (with start, data and end) see the XML pass; as `parse` otherwise."""
    parser = defusedxml.ElementTree.XMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(data)
        parser.close()
    except DefusedXmlException:
        raise ReadError(f"has entities in its part {part}, which are not read") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise ReadError(f"has broken XML in its part {part} ({error})") from None


def stated_title(archive: zipfile.ZipFile) -> tuple[str, str]:
    """Title and language of the properties; "" where there are none."""
    try:
        root = parse(read_member(archive, "docProps/core.xml", 1_000_000), "docProps/core.xml")
    except (ArchiveError, ReadError):
        return "", ""
    return root.findtext(f"{_DC}title") or "", root.findtext(f"{_DC}language") or ""


def read_docx(path: Path) -> Content:
    """Pages as the program that saved it last laid them out; one page where it told none."""
    with open_archive(path) as archive:
        title, lang = stated_title(archive)
        names = archive.namelist()
        parts = [read_member(archive, "word/document.xml")]
        parts += [
            read_member(archive, name)
            for name in ("word/footnotes.xml", "word/endnotes.xml")
            if name in names
        ]
        edges = [
            "".join(_docx_text(read_member(archive, name), name)).replace("\f", "")
            for name in sorted(names)
            if _EDGE.fullmatch(name)
        ]
    return Content(_docx_pages(parts, edges), title, lang)


def _docx_pages(parts: list[bytes], edges: list[str]) -> Iterator[PageText]:
    """edges: headers and footers, each once, at the end of the last page."""
    number, written = 1, io.StringIO()
    for place, data in enumerate(parts):
        part = "word/document.xml" if place == 0 else "its notes"
        for text in _docx_text(data, part):
            if text == "\f":
                yield PageText(number, written.getvalue())
                number, written = number + 1, io.StringIO()
            else:
                written.write(text)
        written.write("\n")
    for text in dict.fromkeys(text.strip() for text in edges):
        if any(map(str.isalpha, text)):  # a page number alone says nothing
            written.write(f"{text}\n")
    yield PageText(number, written.getvalue())


def _docx_text(data: bytes, part: str) -> Iterator[str]:
    """Pieces of text, a line break after each paragraph and "\\f" between pages."""
    skipping, started = 0, False
    for event, element in events(data, part):
        tag = element.tag
        if tag in (f"{_MC}Fallback", f"{_W}del", f"{_W}moveFrom"):
            skipping += 1 if event == "start" else -1
        elif skipping:
            pass
        elif event == "start":
            if tag == f"{_W}lastRenderedPageBreak" and started:
                yield "\f"
        elif tag == f"{_W}t":
            started = True
            yield element.text or ""
        elif tag == f"{_A}t":  # in a drawing: a chart or diagram says nothing else
            yield f"{element.text or ''} "
        elif tag in (f"{_W}tab", f"{_W}noBreakHyphen"):
            yield "\t" if tag.endswith("tab") else "-"
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}tc":
            yield "\t"
        elif tag in (f"{_W}p", f"{_W}tr"):
            yield "\n"
        if event == "end":
            element.clear()


def read_pptx(path: Path) -> Content:
    """Slides as pages in the order of the show, each with its speaker's notes."""
    with open_archive(path) as archive:
        title, lang = stated_title(archive)
        names = _slide_names(archive)
        slides = [_slide(archive, name, number) for number, name in enumerate(names, start=1)]
    return Content(iter(slides), title, lang, count=len(slides))


def _slide_names(archive: zipfile.ZipFile) -> list[str]:
    targets = _targets(archive, "ppt/presentation.xml")
    show = parse(read_member(archive, "ppt/presentation.xml"), "ppt/presentation.xml")
    found = (targets.get(slide.get(f"{_R}id", "")) for slide in show.iter(f"{_P}sldId"))
    return [name for name in found if name]


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Id -> name of the parts that a part refers to."""
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in archive.namelist():
        return {}
    root = parse(read_member(archive, listed), listed)
    return {
        each.get("Id", ""): posixpath.normpath(f"/{folder}/{each.get('Target', '')}").lstrip("/")
        if not each.get("Target", "").startswith("/")
        else posixpath.normpath(each.get("Target", "")).lstrip("/")
        for each in root
        if each.get("TargetMode") != "External"
    }


def _slide(archive: zipfile.ZipFile, name: str, number: int) -> PageText:
    text = _drawn_text(read_member(archive, name), name)
    for target in _targets(archive, name).values():
        if "/notesSlides/" in target and target in archive.namelist():
            text += "\n" + _drawn_text(read_member(archive, target), target)
    return PageText(number, text, "Slide")


def _drawn_text(data: bytes, part: str) -> str:
    pieces: list[str] = []
    skipping = 0
    for event, element in events(data, part):
        if element.tag in (f"{_MC}Fallback", f"{_A}fld"):  # fields hold the slide's number
            skipping += 1 if event == "start" else -1
        elif event == "end" and not skipping:
            if element.tag == f"{_A}t":
                pieces.append(element.text or "")
            elif element.tag in (f"{_A}p", f"{_A}br"):
                pieces.append("\n")
            elif element.tag == f"{_A}tc":
                pieces.append("\t")
    return "".join(pieces)
