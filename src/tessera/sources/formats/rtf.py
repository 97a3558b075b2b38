"""RTF: the text of the body, as far as its control words tell what that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tessera.sources.formats.content import Content, PageText
from tessera.sources.formats.text import words

_TOKEN: Final = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED: Final = frozenset(
    word.encode()
    for word in words(
        "fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl "
        "footerr generator themedata colorschememapping latentstyles datastore listtable "
        "listoverridetable rsidtbl filetbl xmlnstbl fldinst nonshppict"
    )
)
_TEXT: Final = {b"par": "\n", b"line": "\n", b"tab": "\t", b"cell": "\t", b"row": "\n",
                    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
                    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•",
                    b"page": "\f"}  # fmt: skip
_SYMBOLS: Final = {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}


def read_rtf(path: Path) -> Content:
    """Pages by hard breaks."""
    data = path.read_bytes()
    written = "".join(_Reading().pieces(data))
    # Characters beyond 65,535 are written as halves.
    text = written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    title = re.search(rb"{\\title ([^{}\\]{1,300})}", data[:20000])
    pages = (PageText(n, page) for n, page in enumerate(text.split("\f"), start=1))
    return Content(pages, title[1].decode("cp1252", "replace") if title else "")


class _Reading:
    """What holds at a place in the file: the code page, and groups that aren't text.

    pending: letters to pass over, which stand for a Unicode character in old programs.
    """

    def __init__(self) -> None:
        self.page = "cp1252"
        self.skipping = False
        self.fallback = 1
        self.pending = 0
        self.stack: list[tuple[bool, int]] = []

    def pieces(self, data: bytes) -> Iterator[str]:
        """Text piece by piece. Bytes are gathered, as one letter can be several of them."""
        high = bytearray()
        for match in _TOKEN.finditer(data):
            word, number, code, symbol, brace, text = match.groups()
            if code is not None:
                if self.pending:
                    self.pending -= 1
                elif not self.skipping:
                    high += bytes.fromhex(code.decode("ascii"))
                continue
            if high:
                yield high.decode(self.page, "replace")
                high.clear()
            if brace is not None:
                self._group(brace)
            elif symbol == b"*" or word in _SKIPPED:
                self.skipping = True
            elif word is not None and number is not None and word in (b"ansicpg", b"uc"):
                self._setting(word, int(number))
            elif not self.skipping:
                yield self._text(word, number, symbol, text)
        if high:
            yield high.decode(self.page, "replace")

    def _group(self, brace: bytes) -> None:
        if brace == b"{":
            self.stack.append((self.skipping, self.fallback))
        else:
            self.skipping, self.fallback = self.stack.pop() if self.stack else (False, 1)

    def _setting(self, word: bytes, number: int) -> None:
        if word == b"uc":
            self.fallback = max(0, min(number, 10))
            return
        try:
            "".encode(f"cp{number}")
        except LookupError:
            return
        self.page = f"cp{number}"

    def _text(
        self, word: bytes | None, number: bytes | None, symbol: bytes | None, text: bytes | None
    ) -> str:
        if word == b"u" and number is not None:
            self.pending = self.fallback
            return chr(int(number) % 65536)
        if word is not None:
            return _TEXT.get(word, "")
        if symbol is not None:
            return _SYMBOLS.get(symbol, "")
        if text is None:
            return ""
        passed, self.pending = min(self.pending, len(text)), max(0, self.pending - len(text))
        return text[passed:].decode(self.page, "replace")
