"""A document as text: pages, title, language; read in a process of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tessera.sources.formats.extraction import READERS
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.reading import Reader, ReadError, reader
from tessera.sources.formats.signature import FileType, file_type, format_of
from tessera.sources.formats.text import clean, clean_line

MAX_TITLE: Final = 250

_TOOL: Final = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel|office word) - |powerpoint[- ]presentation|"
    r"slide \d+|folie \d+|diapositive? \d+|untitled|unbenannt|sans titre|sin t[ií]tulo|"
    r"senza titolo|ohne titel|document\d*$|dokument\d*$|presentation\d*$|"
    r"präsentation\d*$|book\d+$|mappe\d+$|"
    r"title$|titel$|print$|print job|layout \d+|microsoft word$|\(?anonymous\)?|none$|null$|"
    r"doc\d+$|\d?bezeichnung der präsentation|click to edit|"
    r".*\.(?:docx?|xlsx?|pptx?|odt|ods|odp|indd|qxd|qxp|pdf|rtf|tmp|cdr|pub|eps|ai|dvi|tex)\)?$)",
    re.IGNORECASE,
)
_NO_TEXT_FORMATS: Final = {
    "doc": "no text: the old Word format is not read; save it as DOCX",
    "ppt": "no text: the old PowerPoint format is not read; save it as PPTX",
}


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """page: from 1. label: "Slide", the name of a sheet, or ""."""

    page: int
    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a file holds. language: ISO 639-1, "" where it can't be said. size: bytes.

    title: never empty; the file's name where nothing better is in it. notes: for readers of the
    record, such as "no text layer".
    """

    file_type: FileType
    format: str
    title: str
    language: str
    pages: tuple[DocumentPage, ...]
    size: int
    notes: tuple[str, ...] = ()


def read_document(path: Path, *, using: Reader | None = None) -> DocumentText:
    """Read a file of any kind; pictures, sound and archives give no pages.

    Raises ReadError where it is encrypted, broken, too large or takes too much to read; the
    message continues a sentence that begins with the file's name.
    """
    try:
        size = path.stat().st_size
        kind = format_of(path)
    except OSError as error:
        raise ReadError(f"can't be opened ({error.strerror or error})") from None
    if size == 0:
        raise ReadError("is empty")
    if kind == "encrypted":
        raise ReadError("is encrypted; save it without a password")
    if kind not in READERS:
        notes = (_NO_TEXT_FORMATS[kind],) if kind in _NO_TEXT_FORMATS else ()
        return DocumentText(file_type(kind), kind, title_of_name(path.name), "", (), size, notes)
    found = (using or reader()).document(path.absolute(), kind)
    pages = tuple(
        DocumentPage(number, text, clean_line(label))
        for number, label, written in found["pages"]
        if (text := clean(written))
    )
    notes = tuple(found["notes"])
    if not pages and not notes:
        notes = ("no text",)
    return DocumentText(
        file_type(kind),
        kind,
        _title(found["title"], pages, path.name),
        _language(found["lang"], pages),
        pages,
        size,
        notes,
    )


def title_of_name(name: str) -> str:
    """A file's name as a title: "annual_report-2019.pdf" is "annual report 2019"."""
    stem = name.rpartition(".")[0] or name
    return clean_line(re.sub(r"[_+]+|(?<=\w)-(?=\w)|%20", " ", stem)) or clean_line(name) or "?"


def _title(stated: str, pages: tuple[DocumentPage, ...], name: str) -> str:
    title = clean_line(stated)
    if _is_title(title):
        return title[:MAX_TITLE]
    for line in pages[0].text.splitlines()[:12] if pages and not pages[0].label else ():
        line = clean_line(line)
        if _is_title(line) and len(line) <= 160:
            return line
    if pages and pages[0].label == "Slide":
        first = clean_line(pages[0].text.partition("\n")[0])
        if _is_title(first):
            return first[:MAX_TITLE]
    return title_of_name(name)


def _is_title(text: str) -> bool:
    """Whether a text can be a title: letters enough, and not what a program put there."""
    if " " not in text and "_" in text:
        return False  # the name of a file
    letters = sum(1 for char in text if char.isalpha())
    return letters >= 4 and letters > len(text) * 0.4 and not _TOOL.match(text)


def _language(stated: str, pages: tuple[DocumentPage, ...]) -> str:
    """As detected in the text; what a file states is often its program's and not its text's."""
    sample: list[str] = []
    room = 6000
    for page in pages:
        sample.append(page.text[:1500])
        room -= len(sample[-1])
        if room <= 0:
            break
    return detect_language(" ".join(sample), words=5) or language_code(stated)
