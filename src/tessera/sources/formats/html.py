"""HTML to text, with the languages of its parts; and its tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.encoding import decode
from tessera.sources.formats.language import language_code
from tessera.sources.formats.text import words

_SKIPPED: Final = words(
    "script style template noscript svg math iframe object head nav form button select"
)
_BLOCKS: Final = words(
    "p div section article aside main header footer h1 h2 h3 h4 h5 h6 ul ol dl table tr "
    "blockquote pre figure figcaption address hr details summary fieldset caption"
)
_LINES: Final = words("br li dt dd tr option")
_VOID: Final = words("area base br col embed hr img input link meta param source track wbr")
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,40})""", re.I)
_MAX_DEPTH: Final = 500


@dataclass(slots=True)
class MarkedText:
    """A text in languages. parts: (language as stated or "", text) in their order."""

    title: str = ""
    lang: str = ""
    heading: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)

    def text(self) -> str:
        """The whole text."""
        return "".join(text for _, text in self.parts)

    def by_language(self) -> dict[str, str]:
        """The text of each language that is stated within; "" for the rest."""
        found: dict[str, list[str]] = {}
        for lang, text in self.parts:
            found.setdefault(lang, []).append(text)
        return {lang: "".join(texts) for lang, texts in found.items()}


class LenientParser(HTMLParser):
    """Python's own, which gives up at a marked section that it doesn't know, such as `<![CD[`.

    Here each is a comment up to the next ">", as browsers take it.
    """

    def parse_html_declaration(self, i: int) -> int:
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)


class _TextParser(LenientParser):
    def __init__(self, language_of: Callable[[dict[str, str]], str], skipped: frozenset[str]):
        super().__init__(convert_charrefs=True)
        self.found = MarkedText()
        self._language_of = language_of
        self._skipped = skipped
        self._stack: list[tuple[str, str]] = []
        self._skipping = ""
        self._in_title = False
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.found.lang = self.found.lang or language_code(values.get("lang", ""))
        self._in_title = tag == "title" or (self._in_title and tag != "body")
        if tag == "body":
            self._skipping = ""  # a head that isn't closed
        if self._skipping:
            return
        if tag in self._skipped:
            self._skipping = tag
            return
        if tag == "h1" and not self.found.heading:
            self._in_heading = True
        if tag in _BLOCKS:
            self._add("\n\n" if tag != "tr" else "\n")
        elif tag in _LINES:
            self._add("\n")
        elif tag in ("td", "th"):
            self._add("\t")
        if tag not in _VOID and len(self._stack) < _MAX_DEPTH:
            inherited = self._stack[-1][1] if self._stack else ""
            stated = "" if tag == "html" else self._language_of(values)
            self._stack.append((tag, stated or inherited))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._skipping:
            if tag == self._skipping:
                self._skipping = ""
            return
        if tag == "h1":
            self._in_heading = False
        if tag in _BLOCKS:
            self._add("\n\n" if tag != "tr" else "\n")
        for place in range(len(self._stack) - 1, max(-1, len(self._stack) - 20), -1):
            if self._stack[place][0] == tag:
                del self._stack[place:]
                break

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.found.title += data
        elif not self._skipping:
            if self._in_heading:
                self.found.heading += data
            in_pre = any(tag == "pre" for tag, _ in self._stack)
            self._add(data if in_pre else re.sub(r"\s+", " ", data))

    def _add(self, text: str) -> None:
        lang = self._stack[-1][1] if self._stack else ""
        self.found.parts.append((lang, text))


def _lang_attribute(values: dict[str, str]) -> str:
    return language_code(values.get("lang", "") or values.get("xml:lang", ""))


def html_text(
    text: str,
    *,
    language_of: Callable[[dict[str, str]], str] = _lang_attribute,
    skipped: frozenset[str] = frozenset(),
) -> MarkedText:
    """The text of HTML, scripts, forms and navigation left out.

    language_of: the language that an element's attributes state, "" for none.
    skipped: names of further elements to leave out.
    """
    parser = _TextParser(language_of, _SKIPPED | skipped)
    parser.feed(text)
    parser.close()
    return parser.found


def decode_html(data: bytes) -> str:
    """HTML as text: by byte order mark, what it states of itself, UTF-8 or evidence."""
    stated = _CHARSET.search(data[:4096])
    if stated and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = stated[1].decode("ascii")
        # As every browser does: these are written for the Windows code page.
        name = {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252"}.get(
            name.lower(), name
        )
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass  # it states what it isn't in: the bytes decide
    return decode(data)[0]


def read_html(path: Path) -> Content:
    """A page of a web site as one page."""
    found = html_text(decode_html(path.read_bytes()))
    title = found.title if found.title.strip() else found.heading
    return Content(iter((PageText(1, found.text()),)), title, found.lang, count=1)


@dataclass(slots=True)
class _Open:
    """A table that isn't closed yet. row, place: where the cell that is open stands."""

    rows: list[list[str]]
    row: list[str] = field(default_factory=list)
    place: int = 0
    cell: list[str] | None = None

    def begin(self, wide: int) -> None:
        """A cell over so many columns."""
        self.end()
        if not self.rows:
            self.rows.append([])
        self.row, self.place, self.cell = self.rows[-1], len(self.rows[-1]), []
        self.row += [""] * wide

    def end(self) -> None:
        """The end of the cell that is open, whether its tag was closed or not."""
        if self.cell is not None:
            self.row[self.place] = " ".join("".join(self.cell).split())
            self.cell = None


class _TableParser(LenientParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self.open.append(_Open(self.tables[-1]))
        elif not self.open:
            return
        elif tag == "tr":
            self.open[-1].end()
            self.open[-1].rows.append([])
        elif tag in ("td", "th"):
            span = dict(attrs).get("colspan") or "1"
            whole = span.isascii() and span.isdigit()
            self.open[-1].begin(min(max(int(span[:4]), 1), 200) if whole else 1)
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag in ("td", "th", "tr", "table"):
            self.open[-1].end()
            if tag == "table":
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].cell is not None:
            self.open[-1].cell.append(data)


def html_tables(data: bytes) -> tuple[list[list[list[str]]], bool]:
    """Rows of cells of each table, and whether all tables are closed.

    A cell over several columns is followed by empty ones.
    """
    parser = _TableParser()
    parser.feed(decode_html(data))
    parser.close()
    for table in parser.open:
        table.end()
    return parser.tables, not parser.open
