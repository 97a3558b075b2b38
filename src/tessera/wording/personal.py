"""Which typed texts may be kept: none that look as if they were about somebody."""

from __future__ import annotations

import re
from typing import Final

from tessera.engine.query import clean_text

MAX_WORDS: Final = 12
"""Words of a text that is kept; longer ones are rather a letter or somebody's own idea."""
MAX_TEXT: Final = 200
"""Characters of it."""
MAX_DIGITS: Final = 5
"""Digits of a number, or of numbers in a row; with more it may be a telephone's or a card's."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DATE = re.compile(
    r"(?<!\d)\d{1,2}\s*[./-]\s*\d{1,2}\s*[./-]\s*(?:\d{4}|\d{2})(?!\d)"
    r"|(?<!\d)\d{4}[./-]\d{1,2}[./-]\d{1,2}(?!\d)"
)
_NUMBERS = re.compile(r"\d(?:[\s./()+–-]*\d)*")


def kept_form(text: str) -> str:
    """A text in small letters as it may be kept; empty where it may not.

    Left out are e-mail addresses and names on networks (anything with @), web addresses, days,
    numbers of more than MAX_DIGITS digits (years aside), and texts of more than MAX_WORDS words
    or MAX_TEXT characters.
    """
    text = clean_text(text).lower()
    if len(text) > MAX_TEXT or len(text.split()) > MAX_WORDS:
        return ""
    if "@" in text or "＠" in text or "://" in text or "www." in text or _DATE.search(text):
        return ""
    rest = _YEAR.sub(" ", text)
    for run in _NUMBERS.findall(rest):
        if sum(char.isdigit() for char in run) > MAX_DIGITS:
            return ""
    return text
