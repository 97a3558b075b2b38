"""PDF page by page, by pypdf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pypdf
from pypdf.errors import PyPdfError

from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.reading import ReadError

_GARBLED: Final = re.compile(
    r"/(?:g|G|C|cid:?|uni|a)\d+|\(cid:\d+\)|[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]"
)


def read_pdf(path: Path) -> Content:
    """Raises ReadError where it is encrypted or no PDF can be made out."""
    try:
        document = pypdf.PdfReader(path, strict=False)
        if document.is_encrypted and not _opened(document):
            raise ReadError("is encrypted; save it without a password")
        count = len(document.pages)
    except PyPdfError as error:
        raise ReadError(f"is broken and can't be read as PDF ({error})") from None
    content = Content(iter(()), count=count)
    content.title, content.lang = _stated(document)
    content.pages = _pages(document, content)
    return content


def _opened(document: pypdf.PdfReader) -> bool:
    """Whether it opens without a password: many are locked against changes only."""
    try:
        return bool(document.decrypt(""))
    except (PyPdfError, NotImplementedError, ImportError, ValueError, TypeError):
        return False


def _stated(document: pypdf.PdfReader) -> tuple[str, str]:
    """Title and language as the document has them, "" where it hasn't or they are spoilt."""
    title = lang = ""
    try:
        title = str(document.metadata.title or "") if document.metadata else ""
        lang = str(document.root_object.get("/Lang") or "")
    except (PyPdfError, AttributeError, KeyError, TypeError, ValueError):
        pass  # neither is needed: the text tells both
    return title, lang


def _pages(document: pypdf.PdfReader, content: Content) -> Iterator[PageText]:
    empty = broken = garbled = by_glyphs = 0
    for number in range(1, content.count + 1):
        try:
            text = document.pages[number - 1].extract_text()
        except (MemoryError, RecursionError):
            raise
        except Exception:  # noqa: BLE001 - a broken page raises anything; it is counted and told
            broken += 1
            continue
        if "\x03" in text:
            by_glyphs += 1
            text = by_glyph(text)
        if _is_garbled(text):
            garbled += 1
            continue
        if not text.strip():
            empty += 1
        yield PageText(number, text)
    content.unread = empty + broken + garbled
    content.notes += _remarks(content.count, empty, broken, garbled)
    if by_glyphs:
        content.notes.append(
            f"fonts without characters on {by_glyphs} of {content.count} pages: "
            "read by their glyphs, letters may be wrong"
        )


def by_glyph(text: str) -> str:
    """Text whose font has no map to characters, read by the usual order of glyphs.

    Such fonts give the number of the glyph for the letter. In nearly all of them glyph 3 is the
    blank, the glyphs up to 97 are ASCII, and the next are those of MacRoman. Only where the
    blank is glyph 3: text in other fonts on the page stays as it is.
    """
    if text.count("\x03") > text.count(" "):
        return "".join(map(_letter_of_glyph, text))
    return "\n".join(
        "".join(map(_letter_of_glyph, line)) if "\x03" in line and " " not in line else line
        for line in text.split("\n")
    )


def _letter_of_glyph(char: str) -> str:
    glyph = ord(char)
    if char == "\n" or glyph < 3 or glyph > 225:
        return char
    if glyph < 98:
        return chr(glyph + 29)
    return bytes((glyph - 98 + 0x80,)).decode("mac_roman")


def _is_garbled(text: str) -> bool:
    """Whether the fonts lack a map to characters, so that the text layer is no text."""
    shown = "".join(text.split())
    if len(shown) < 20:
        return False
    return sum(len(match) for match in _GARBLED.findall(shown)) > len(shown) * 0.3


def _remarks(count: int, empty: int, broken: int, garbled: int) -> Iterator[str]:
    if empty == count and count:
        yield "no text layer"
    elif empty:
        yield f"no text layer on {empty} of {count} pages"
    if broken:
        yield f"{broken} of {count} pages are broken and not searched"
    if garbled:
        yield f"{garbled} of {count} pages can't be read: their fonts have no characters"
