"""Folding: a word as lower-case Latin letters and digits, without marks.

A word has one narrow form (ö is o, å is a, đ is d) and, where it has such letters, a wide one
(oe, aa, dj), because people write both. Collapsing brings a typed `oe` back to `o`.
"""

from __future__ import annotations

import re
import unicodedata

from tessera.engine.analysis import transliterate

MAX_TERM = 100
"""Characters of a folded word that count; longer ones are runs of data, not words."""

_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ł": "l", "ħ": "h", "ı": "i",
    "ŋ": "n", "ĸ": "k", "ŧ": "t", "đ": "d", "ø": "o", "ə": "e", "ſ": "s", "ƒ": "f",
    "ʼ": "",
}  # fmt: skip


def _unmarked() -> dict[str, str]:
    """The Latin letters with marks, each by its bare letter (é is e): saves taking them apart."""
    found = {}
    for code in (*range(0xDF, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0]
        if letter.islower() and base != letter and base.isascii():
            found[letter] = base
    return found


_NARROW = str.maketrans(_unmarked() | _LETTERS)
_WIDE = _NARROW | str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"})
_HAS_WIDE = re.compile("[äöüåøđ]")

_COLLAPSED = re.compile("ae|oe(?!u)|(?<![aeq])ue(?!$|[srd]$)|^aa")
_MIN_COLLAPSED = 5


def lower(word: str) -> str:
    """Lower case in composed form; the same for any case and normal form of a word."""
    if word.isascii():
        return word[:MAX_TERM].lower()
    composed = unicodedata.normalize("NFKC", word[: 4 * MAX_TERM]).lower()
    # "İ".lower() is an i with a dot above it; "ẞ" and "ß" agree already.
    return unicodedata.normalize("NFC", composed.replace("i\u0307", "i"))[:MAX_TERM]


def _bare(latin: str) -> str:
    """Letters and digits of a word that is in Latin letters already, without marks."""
    if latin.isascii() and latin.isalnum():
        return latin[:MAX_TERM]
    apart = unicodedata.normalize("NFKD", latin)
    kept = "".join(c for c in apart if not unicodedata.combining(c) and _counts(c))
    return kept.lower().translate(_NARROW)[:MAX_TERM]


def _counts(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mc", "Mn", "Me")


def _latin(lowered: str, lang: str | None) -> tuple[str, ...]:
    if lowered.isascii():
        return (lowered,)
    if transliterate.has_greek(lowered):
        return transliterate.greek(lowered)
    if transliterate.has_cyrillic(lowered):
        return transliterate.cyrillic(lowered, lang)
    return (lowered,)


def narrow(lowered: str) -> str:
    """The first folded form of a lower-case word; empty where no letter or digit is left."""
    return _bare(_latin(lowered, "bg")[0].translate(_NARROW))


def unmarked(lowered: str) -> str:
    """A lower-case word with its Latin letters bare; letters of other scripts stay."""
    return lowered if lowered.isascii() else lowered.translate(_NARROW)


def collapse(folded: str) -> str:
    """`oesterreich` -> `osterreich`; the word itself where the rule does not apply.

    Short words stay (poet is not pot), and so do endings and sequences in which `ue` is
    no umlaut (statues, neue, question).
    """
    if len(folded) <= _MIN_COLLAPSED:
        return folded
    collapsed = _COLLAPSED.sub(lambda match: match[0][0], folded)
    return collapsed if len(collapsed) >= _MIN_COLLAPSED else folded


def surfaces(lowered: str, lang: str | None, *, wide: bool = True) -> tuple[str, ...]:
    """All folded forms of a lower-case word, the narrow one first; () where nothing is left.

    lang: the language of the text; None, as for a typed word, gives the forms of all languages.
    wide: with the wide forms.
    """
    if lowered.isascii():
        folded = _bare(lowered)
        found = [folded, collapse(folded)]
    else:
        found = []
        for latin in _latin(lowered, lang):
            found.append(_bare(latin.translate(_NARROW)))
            if wide and _HAS_WIDE.search(latin):
                found.append(_bare(latin.translate(_WIDE)))
        if not transliterate.has_greek(lowered) and not transliterate.has_cyrillic(lowered):
            found.append(collapse(found[0]))
    return tuple(form for form in dict.fromkeys(found) if form)
