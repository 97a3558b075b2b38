"""ODT and ODP."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from tessera.sources.formats.archives import ArchiveError, open_archive, read_member
from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.office import feed, parse
from tessera.sources.formats.reading import ReadError

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW: Final = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED: Final = frozenset({f"{_TEXT}tracked-changes", f"{_OFFICE}annotation",
                             f"{_TEXT}page-number", f"{_TEXT}page-count"})  # fmt: skip
_ENDS: Final = {f"{_TEXT}p": "\n", f"{_TEXT}h": "\n"}
_STARTS: Final = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def read_odt(path: Path) -> Content:
    """Pages as the program that saved it laid them out; one page where it told none."""
    content, data = _opened(path)
    pages = _pages(data, f"{_TEXT}soft-page-break", before=False, label="")
    content.pages = _with_edges(pages, _edges(path))
    return content


def _with_edges(pages: Iterator[PageText], edges: str) -> Iterator[PageText]:
    """Headers and footers, each once, at the end of the last page."""
    last = None
    for page in pages:
        if last is not None:
            yield last
        last = page
    if last is not None:
        yield replace(last, text=f"{last.text}\n{edges}")


def _edges(path: Path) -> str:
    try:
        with open_archive(path) as archive:
            root = parse(read_member(archive, "styles.xml", 20_000_000), "styles.xml")
    except (ArchiveError, ReadError):
        return ""  # many have no styles, and their text stands elsewhere
    found = (
        "".join(paragraph.itertext()).strip()
        for master in root.iter(f"{_STYLE}master-page")
        for edge in master
        if edge.tag.startswith((f"{_STYLE}header", f"{_STYLE}footer"))
        for paragraph in edge.iter(f"{_TEXT}p")
    )
    return "\n".join(dict.fromkeys(text for text in found if any(map(str.isalpha, text))))


def read_odp(path: Path) -> Content:
    """Slides as pages, with the speaker's notes."""
    content, data = _opened(path)
    content.pages = _pages(data, f"{_DRAW}page", before=True, label="Slide")
    return content


def _opened(path: Path) -> tuple[Content, bytes]:
    with open_archive(path) as archive:
        if _is_encrypted(archive):
            raise ReadError("is encrypted; save it without a password")
        data = read_member(archive, "content.xml")
        title = lang = ""
        try:
            meta = parse(read_member(archive, "meta.xml", 1_000_000), "meta.xml")
            title = meta.findtext(f".//{_DC}title") or ""
            lang = meta.findtext(f".//{_DC}language") or ""
        except (ArchiveError, ReadError):
            pass  # neither is needed: the text tells both
    return Content(iter(()), title, lang), data


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    try:
        return b"encryption-data" in read_member(archive, "META-INF/manifest.xml", 10_000_000)
    except ArchiveError:
        return False


def _pages(data: bytes, mark: str, *, before: bool, label: str) -> Iterator[PageText]:
    """before: the first mark begins the first page; else it ends it."""
    collected = _Pages(mark)
    feed(data, "content.xml", collected)
    texts = ["".join(pieces) for pieces in collected.pages]
    for number, text in enumerate(texts[1:] if before else texts, start=1):
        yield PageText(number, text, label)


class _Pages:
    """Takes the text out of the elements as they pass. pages: pieces; the first before any mark."""

    def __init__(self, mark: str) -> None:
        self.pages: list[list[str]] = [[]]
        self._mark = mark
        self._skipping = 0
        self._within = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag == self._mark:
            self.pages.append([])
        elif tag in _ENDS:
            self._within += 1
        elif tag == f"{_TEXT}s" and not self._skipping:
            count = attributes.get(f"{_TEXT}c", "1")
            blanks = int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 1
            self.pages[-1].append(" " * blanks)
        elif tag in _STARTS and not self._skipping:
            self.pages[-1].append(_STARTS[tag])

    def data(self, text: str) -> None:
        if self._within and not self._skipping:  # elsewhere it is layout of the XML
            self.pages[-1].append(text)

    def end(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping -= 1
        elif tag in _ENDS:
            self._within -= 1
            if not self._skipping:
                self.pages[-1].append(_ENDS[tag])

    def close(self) -> None:
        """The parser calls it at the end."""
