"""Where the words of a text are."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = "'’ʼ‘＇"


def _marks() -> str:
    """Combining marks (Python's \\w leaves them out), soft hyphen and joiners, as a class."""
    blocks = (range(0x300, 0x2000), range(0x20D0, 0x2100), range(0xFE20, 0xFE30))
    marks = [
        chr(code)
        for block in blocks
        for code in block
        if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me")
    ]
    return "".join(marks) + "\u00ad\u200c\u200d\u2060"


# Chinese and Japanese have no blanks between words: each character is a word.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = f"[^\\W_ʼ{_IDEOGRAPHS}]"
_RUN = f"{_LETTER}++(?:[{_marks()}]++{_LETTER}*+)*+"

# Shortened articles and pronouns of French, Catalan, Italian and Irish are no words of their own.
_ELIDED = (
    "[bcdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu"
    "|dell|all|nell|dall|sull|coll|pell|un|quest|quell|bell|sant|tutt|anch"
)

WORD = re.compile(
    # an elided article, left out
    f"(?:(?i:{_ELIDED})[{_APOSTROPHES}](?={_LETTER}))?"
    # the word: an ideograph, or letters and digits with their marks; an apostrophe within
    # Cyrillic (здоров'я) and a dot within Catalan (col·lecció) do not end it
    f"([{_IDEOGRAPHS}]|{_RUN}"
    f"(?:(?:(?<=[\u0400-\u052f])[{_APOSTROPHES}](?=[\u0400-\u052f])|(?<=[lL])·(?=[lL])){_RUN})*+)"
    # an English or Dutch 's, left out
    f"(?:[{_APOSTROPHES}][sS](?!\\w))?"
)
"""Matches one word; group 1 is what counts of it."""
