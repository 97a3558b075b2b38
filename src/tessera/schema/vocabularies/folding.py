"""Folding of labels for look-up: case, accents, punctuation and blanks do not count."""

import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h", "ı": "i"}
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Return `text` as a key for comparing labels.

    Lower case, without accents, with every run of other characters as one blank:
    `fold("  Övre  NORRLAND* ") == "ovre norrland"`. Greek and Cyrillic stay in their script.
    """
    if text.isascii():
        kept = (char if char.isalnum() else " " for char in text.lower() if char not in "'`")
        return " ".join("".join(kept).split())
    folded = unicodedata.normalize("NFKD", text.casefold()).casefold().translate(_LETTERS)
    rest = (
        "" if unicodedata.combining(char) or char in "'’ʼ`´" else char if char.isalnum() else " "
        for char in folded
    )
    return " ".join("".join(rest).split())
