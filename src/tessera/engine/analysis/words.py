"""Where the words of a text are."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "'’ʼ‘＇"


def _marks() -> str:
    """A class of what Python's \\w leaves out of words: combining marks, soft hyphen, joiners."""
    blocks = (range(0x300, 0x2000), range(0x20D0, 0x2100), range(0xFE20, 0xFE30))
    marks = [
        chr(code)
        for block in blocks
        for code in block
        if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me")
    ]
    return "".join(marks) + "\u00ad\u200c\u200d\u2060"


_MARKS = _marks()

# Chinese and Japanese have no blanks between words: each character is a word.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = f"[^\\W_ʼ{_IDEOGRAPHS}]"
# No possessive quantifiers: Python 3.11.2, which is Debian 12's, gets them wrong. Each mark begins
# a round of its own, so there is one way only to read a run, and none to go back over for long.
_RUN = f"{_LETTER}+(?:[{_MARKS}]{_LETTER}*)*"
_RUN_ENDS = f"(?![{_APOSTROPHES}·{_MARKS}]|{_LETTER})"

_CYRILLIC_APOSTROPHE = f"(?<=[\u0400-\u052f])[{_APOSTROPHES}](?=[\u0400-\u052f])"
_CATALAN_DOT = "(?<=[lL])·(?=[lL])"

# Shortened articles and pronouns of French, Catalan, Italian and Irish are no words of their own.
_ELIDED = (
    "[bcdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu"
    "|dell|all|nell|dall|sull|coll|pell|un|quest|quell|bell|sant|tutt|anch"
)

WORD = re.compile(
    # Only for speed: nothing else begins a match.
    f"(?=[\\w{_APOSTROPHES}])(?:"
    # most words: letters and digits with their marks
    f"{_RUN}{_RUN_ENDS}"
    f"|[{_IDEOGRAPHS}]"
    # an elided article: no word
    f"|(?i:{_ELIDED})[{_APOSTROPHES}](?={_LETTER})"
    # an apostrophe within Cyrillic (здоров'я) and a dot within Catalan (col·lecció) end no word
    f"|{_RUN}(?:(?:{_CYRILLIC_APOSTROPHE}|{_CATALAN_DOT}){_RUN})*"
    # an English or Dutch 's: no word
    f"|(?<=\\w)[{_APOSTROPHES}][sS](?!\\w)"
    ")"
)
"""Matches a word, or one of the two pieces that are none: those hold an apostrophe at an end."""


def is_word(piece: str) -> bool:
    """Whether what `WORD` matched is a word, and so takes a position."""
    return piece[0] not in _APOSTROPHES and piece[-1] not in _APOSTROPHES


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    return [piece for piece in WORD.findall(text) if is_word(piece)]
