"""A document as text: pages, title, language; read in a process of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tessera.sources.formats.extraction import READERS
from tessera.sources.formats.language import detect_language, enough_words, language_code
from tessera.sources.formats.reading import Reader, ReadError, reader
from tessera.sources.formats.signature import FileType, file_type, format_of
from tessera.sources.formats.text import clean, clean_line

MAX_TITLE: Final = 250
MAX_LABEL: Final = 100
LEAST_WORDS: Final = 5
"""A shorter text isn't judged: its language is what the file states."""
SURE: Final = 0.6
"""The share of certainty below which the language of a document is unknown."""
PAGE_WORDS: Final = 20
PAGE_SURE: Final = 0.9
"""A page of so many words is in another language than its document if that is so sure."""

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
    """page: from 1. label: "Slide", the name of a sheet, or "".

    language: of this page, where it is surely another than the document's.
    """

    page: int
    text: str
    label: str = ""
    language: str = ""

    def as_json(self) -> dict[str, Any]:
        """As in the interchange format."""
        found: dict[str, Any] = {"page": self.page, "text": self.text}
        if self.label:
            found["label"] = self.label
        if self.language:
            found["language"] = self.language
        return found


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a file holds. language: ISO 639-1, "" where it can't be said. size: bytes.

    title: never empty; the file's name where nothing better is in it, and then `named`. notes:
    for readers of the record, such as "no text layer". partial: more than a tenth of the pages,
    or the rest of the text, is not in `pages`.
    """

    file_type: FileType
    format: str
    title: str
    language: str
    pages: tuple[DocumentPage, ...]
    size: int
    notes: tuple[str, ...] = ()
    named: bool = False
    partial: bool = False

    def as_json(self) -> dict[str, Any]:
        """JSON values, without what the file's name and size tell."""
        return {
            "format": self.format,
            "title": "" if self.named else self.title,
            "language": self.language,
            "pages": [[page.page, page.text, page.label, page.language] for page in self.pages],
            "notes": list(self.notes),
            "partial": self.partial,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any], name: str, size: int) -> DocumentText:
        """The same again, for a file of that name and size."""
        return cls(
            file_type(value["format"]),
            value["format"],
            value["title"] or title_of_name(name),
            value["language"],
            tuple(DocumentPage(*page) for page in value["pages"]),
            size,
            tuple(value["notes"]),
            named=not value["title"],
            partial=value["partial"],
        )


def read_document(
    path: Path, *, using: Reader | None = None, kind: str = "", name: str = ""
) -> DocumentText:
    """Read a file of any kind; pictures, sound and archives give no pages.

    kind: its format, where that is known already. name: for its title, else that of the path.
    Raises ReadError where it is encrypted, broken, too large or takes too much to read; the
    message continues a sentence that begins with the file's name.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
        kind = kind or format_of(path)
    except OSError as error:
        raise ReadError(f"can't be opened ({error.strerror or error})", lasting=False) from None
    if size == 0:
        raise ReadError("is empty; put the document there, or delete it")
    if kind == "encrypted":
        raise ReadError("is encrypted; save it without a password")
    if kind not in READERS:
        return without_text(kind, name, size)
    found = (using or reader()).document(path.absolute(), kind)
    read = tuple(
        DocumentPage(number, text, clean_line(label)[:MAX_LABEL])
        for number, label, written in found["pages"]
        if (text := clean(written))
    )
    notes = tuple(found["notes"])
    if not read and not notes:
        notes = ("no text",)
    title = _title(found["title"], read)
    language, pages = with_languages(read, found["lang"])
    return DocumentText(
        file_type(kind),
        kind,
        title or title_of_name(name),
        language,
        pages,
        size,
        notes,
        named=not title,
        partial=bool(found["partial"]) or not pages,
    )


def without_text(kind: str, name: str, size: int) -> DocumentText:
    """What can be said of a file of a format that isn't read."""
    notes = (_NO_TEXT_FORMATS[kind],) if kind in _NO_TEXT_FORMATS else ()
    title = title_of_name(name)
    return DocumentText(file_type(kind), kind, title, "", (), size, notes, True, True)


def title_of_name(name: str) -> str:
    """A file's name as a title: "annual_report-2019.pdf" is "annual report 2019"."""
    stem = name.rpartition(".")[0] or name
    return clean_line(re.sub(r"[_+]+|(?<=\w)-(?=\w)|%20", " ", stem)) or clean_line(name) or "?"


def _title(stated: str, pages: tuple[DocumentPage, ...]) -> str:
    """The title that is in a document, "" where there is none."""
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
    return ""


def _is_title(text: str) -> bool:
    """Whether a text can be a title: letters enough, and not what a program put there."""
    if " " not in text and "_" in text:
        return False  # the name of a file
    letters = sum(1 for char in text if char.isalpha())
    return letters >= 4 and letters > len(text) * 0.4 and not _TOOL.match(text)


def with_languages(
    pages: tuple[DocumentPage, ...], stated: str
) -> tuple[str, tuple[DocumentPage, ...]]:
    """The language of a document, and its pages with theirs, where they are in another one.

    That which most of its text is in, as far as single pages are surely in one; unknown where
    none has most. What a file states is often its program's language and not its text's, and
    counts only where there is too little text to say anything.
    """
    own = [_page_language(page) for page in pages] if len(pages) > 1 else []
    shares: Counter[str] = Counter()
    for page, found in zip(pages, own, strict=False):
        if found:
            shares[found] += len(page.text)
    if shares:
        language, most = max(shares.items(), key=lambda share: (share[1], share[0]))
        if 2 * most <= shares.total():
            language = ""
        return language, tuple(
            replace(page, language=found) if found and found != language else page
            for page, found in zip(pages, own, strict=True)
        )
    text = _sample(pages)
    language = detect_language(text, words=LEAST_WORDS, least=SURE)
    if not language and not enough_words(text, LEAST_WORDS):
        language = language_code(stated)
    return language, pages


def _page_language(page: DocumentPage) -> str:
    return detect_language(page.text, words=PAGE_WORDS, least=PAGE_SURE)


def _sample(pages: tuple[DocumentPage, ...]) -> str:
    """The beginnings of the first pages."""
    sample: list[str] = []
    room = 6000
    for page in pages:
        sample.append(page.text[:1500])
        room -= len(sample[-1])
        if room <= 0:
            break
    return " ".join(sample)
