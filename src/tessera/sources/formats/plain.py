"""Plain text, Markdown and RTF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.encoding import read_text
from tessera.sources.formats.html import html_text
from tessera.sources.formats.markdown import markdown_html, split_front_matter


def read_text_file(path: Path) -> Content:
    """Pages are parted by form feeds, as printers have it."""
    text, encoding = read_text(path)
    pages = (PageText(n, page) for n, page in enumerate(text.split("\f"), start=1))
    return Content(pages, notes=[encoding.note] if encoding.note else [])


def read_markdown(path: Path) -> Content:
    """One page; the title is the first heading."""
    text, encoding = read_text(path)
    found = html_text(markdown_html(split_front_matter(text)[1]))
    notes = [encoding.note] if encoding.note else []
    return Content(iter((PageText(1, found.text()),)), found.heading, count=1, notes=notes)


_RTF: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_RTF_SKIPPED: Final = frozenset(
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr "
    b"generator themedata colorschememapping latentstyles datastore listtable listoverridetable "
    b"rsidtbl filetbl xmlnstbl fldinst nonshppict".split()
)
_RTF_TEXT: Final = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n",
                    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
                    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"page": "\f"}  # fmt: skip


def read_rtf(path: Path) -> Content:
    """The text of the document's body, pages by hard breaks."""
    text = "".join(_rtf_text(path.read_bytes()))
    title = re.search(rb"{\\title ([^{}\\]{1,300})}", path.read_bytes()[:20000])
    pages = (PageText(n, page) for n, page in enumerate(text.split("\f"), start=1))
    return Content(pages, title[1].decode("cp1252", "replace") if title else "")


def _rtf_text(data: bytes) -> Iterator[str]:
    """Pieces of text. Bytes of a code page are gathered, as one letter can be several bytes."""
    stack: list[tuple[bool, int]] = []
    skipping, fallback, pending, page = False, 1, 0, "cp1252"
    high = bytearray()
    for match in _RTF.finditer(data):
        word, number, code, symbol, brace, text = match.groups()
        if code is not None and not skipping and not pending:
            high += bytes.fromhex(code.decode("ascii"))
            continue
        if high:
            yield high.decode(page, "replace")
            high.clear()
        if brace == b"{":
            stack.append((skipping, fallback))
        elif brace == b"}":
            skipping, fallback = stack.pop() if stack else (False, 1)
        elif symbol == b"*" or word in _RTF_SKIPPED:
            skipping = True
        elif word == b"ansicpg" and number:
            page = _code_page(int(number))
        elif word == b"uc" and number:
            fallback = min(int(number), 10)
        elif skipping:
            continue
        elif word == b"u" and number:
            point = int(number) % 65536
            yield chr(point)
            pending = fallback
            continue
        elif word is not None:
            yield _RTF_TEXT.get(word, "")
        elif symbol is not None:
            yield {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}.get(symbol, "")
        elif text is not None:
            yield text[pending:].decode(page, "replace")
        pending = max(0, pending - (1 if code is not None else len(text or b"")))
    if high:
        yield high.decode(page, "replace")


def _code_page(number: int) -> str:
    try:
        "".encode(f"cp{number}")
    except LookupError:
        return "cp1252"
    return f"cp{number}"
