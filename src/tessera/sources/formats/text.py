"""Hygiene of text: NFC, no control characters, whitespace in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls, but tab, line and page breaks
    "\xad\u200b\u2060\ufeff"  # invisible: soft hyphen, zero width blanks, byte order mark
    "\u202a-\u202e\u2066-\u2069"  # direction overrides, which can make a text read otherwise
    "\ue000-\uf8ff"  # private use: bullets of some font, without meaning elsewhere
    "\ufdd0-\ufdef\ufffe\uffff]"  # non-characters
)
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_BLANKS = re.compile(r"[^\S\n]{2,}|[^\S\n ]")
"""Runs of blanks that are not one blank already; a text has many of those."""
_MANY_BREAKS = re.compile(r"\n{3,}")
_WHITESPACE = re.compile(r"\s{2,}|[^\S ]")
_NO_WORD = re.compile("[^a-z0-9]+")


def clean(text: str) -> str:
    """A text of several lines: single blanks, at most one empty line in a row."""
    if is_clean(text):
        return text.strip()
    if not text.isascii():
        text = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text).translate(_LIGATURES))
    for each in _BREAKS:
        text = text.replace(each, "\n")
    if "  " in text or not text.replace("\n", "").isprintable():
        text = _BLANKS.sub(" ", _UNWANTED.sub("", text))
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    return _MANY_BREAKS.sub("\n\n", text).strip()


def is_clean(text: str) -> bool:
    """Whether there is nothing to do but at its ends, as for most cells: it costs a tenth."""
    return text.isascii() and text.isprintable() and "  " not in text


def clean_line(text: str) -> str:
    """A text of one line: every run of whitespace is one blank."""
    if is_clean(text):
        return text.strip()
    return _WHITESPACE.sub(" ", clean(text)).strip()


def storable(value: Any) -> Any:
    """JSON values without what no database takes: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        if value.isprintable():  # neither is, and most texts are
            return value
        return _SURROGATE.sub("\ufffd", value.replace("\x00", ""))
    if isinstance(value, dict):
        # Written out for texts: a table has millions of cells.
        return {
            key if key.isprintable() else storable(key): each
            if isinstance(each, str) and each.isprintable()
            else storable(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [storable(each) for each in value]
    return value


def slug(text: str, width: int = 80) -> str:
    """Words of a text as a part of an id: folded to a-z and 0-9 where that is possible.

    Letters of other scripts stay as they are; `slug("Övre Norrland!") == "ovre-norrland"`.
    """
    if text.isascii():  # as most are
        return _NO_WORD.sub("-", text.lower()).strip("-")[:width].strip("-")
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        char if char.isalnum() else " " for char in folded if not unicodedata.combining(char)
    )
    return unicodedata.normalize("NFC", "-".join(kept.split()))[:width].strip("-")


def words(text: str) -> frozenset[str]:
    """A list of words that is written as a text, for tables in the code."""
    return frozenset(text.split())


def shortened(text: str, width: int = 80) -> str:
    """A value as shown in a message."""
    text = clean_line(text)
    return text if len(text) <= width else text[: width - 1] + "…"


def in_a_row(names: Iterable[str], most: int = 60) -> str:
    """Names in a row, for a message: long ones shortened, and how many there are beyond so many."""
    every = list(names)
    shown = ", ".join(shortened(name) for name in every[:most])
    return f"{shown} and {len(every) - most:,} more" if len(every) > most else shown
