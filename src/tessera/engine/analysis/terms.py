"""The terms of a word: under what it can be found."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tessera.engine.analysis import compounds, fold, transliterate
from tessera.engine.analysis.stem import CYRILLIC, LANGUAGES, stem
from tessera.engine.analysis.words import WORD, is_word, words

CACHED_WORDS = 1 << 16
"""Words whose terms are remembered, over all languages (about 25 MB)."""

IN_COMPOUND = "+:"
"""Stands in the term of a word that is a part of a compound, after the language."""

_MIN_PART = 3

# Languages in which ö is a letter of its own that nobody writes as oe: spares their indexes
# a second form of nearly every word. A typed oe still collapses to o.
_NO_DIGRAPHS = frozenset({"et", "fi", "hu", "sk", "tr"})

_MALTESE_ARTICLES = frozenset({"il", "l", "għall", "għal", "tal", "mill", "fil", "bil", "lill"})


class Token(NamedTuple):
    """A word of a text. (A named tuple because millions are made and nothing is made faster.)

    start, end: in characters of the text; the end is not included.
    position: counts the words of the text from 0.
    terms: see `tessera.engine.analysis`; never empty, the surface first.
    """

    start: int
    end: int
    position: int
    terms: tuple[str, ...]


def tokens(text: str, lang: str = "und") -> list[Token]:
    """The words of a text in order. lang: BCP 47 primary tag of the text, or "und"."""
    found: list[Token] = []
    position = 0
    for match in WORD.finditer(text):
        terms = index_terms(match[0], lang)
        if terms:
            found.append(Token(match.start(), match.end(), position, terms))
            position += 1
    return found


def terms_by_position(text: str, lang: str = "und") -> list[tuple[str, ...]]:
    """The terms of each word of a text, in order: `tokens` without the places, and faster."""
    found = [index_terms(piece, lang) for piece in WORD.findall(text)]
    return [terms for terms in found if terms]


@lru_cache(CACHED_WORDS)
def index_terms(word: str, lang: str) -> tuple[str, ...]:
    """The terms of a piece that `WORD` found in a text of that language; () for no word."""
    if not is_word(word):
        return ()
    lowered = fold.lower(word)
    forms = fold.surfaces(lowered, lang, wide=lang not in _NO_DIGRAPHS)
    if not forms:
        return ()
    found = [*forms, *stems(lowered, forms, lang)]
    for part in parts(word):
        lowered_part = fold.lower(part)
        part_forms = fold.surfaces(lowered_part, lang)
        found += [*part_forms, *stems(lowered_part, part_forms, lang)]
    for part in compounds.compound_parts(lowered, lang):
        found += (_within(term) for term in stems(part, (), lang))
    return tuple(dict.fromkeys(found))


def _within(tagged_stem: str) -> str:
    """The term of a word within a compound, from its stem: `de:wass` -> `de+:wass`."""
    return tagged_stem.replace(":", IN_COMPOUND, 1)


def word_terms(
    word: str, langs: Collection[str], *, within: bool = True
) -> tuple[tuple[str, ...], ...]:
    """The terms that a typed word stands for, by position.

    One tuple for each word that the typed one splits into (`e-mail` and `2.0` give two), each
    holding all alternatives; () where there is no letter or digit. langs: those of the index.
    within: also as a part of compounds, which a word in a phrase is not.
    """
    chosen = tuple(sorted(set(langs)))
    pieces = words(word)
    if len(pieces) > 1 and pieces[0].lower() in _MALTESE_ARTICLES and "-" in word:
        pieces = pieces[1:]
    found = (_query_terms(piece, chosen, within) for piece in pieces)
    return tuple(terms for terms in found if terms)


@lru_cache(1 << 12)
def _query_terms(word: str, langs: tuple[str, ...], within: bool) -> tuple[str, ...]:
    lowered = fold.lower(word)
    forms = fold.surfaces(lowered, None)
    if not forms:
        return ()
    found = [*forms]
    for lang in langs:
        stemmed = stems(lowered, forms, lang)
        found += stemmed
        if within and lang in compounds.LANGUAGES and len(lowered) >= _MIN_PART:
            found += map(_within, stemmed)
    return tuple(dict.fromkeys(found))


def stems(lowered: str, forms: tuple[str, ...], lang: str) -> list[str]:
    """The tagged stems of a lower-case word and of its folded forms, for a text in `lang`.

    The word as written serves the stemmer best; the folded forms serve those who type without
    accents, or with oe for ö.
    """
    if lowered.isdecimal():
        return []
    lang = _stemmer_for(lowered, lang)
    if not lang:
        return []
    found = [stem(lowered, lang)]
    if not (transliterate.has_greek(lowered) or transliterate.has_cyrillic(lowered)):
        found += [stem(form, lang) for form in forms if form != lowered]
    return [f"{lang}:{folded}" for folded in map(_folded, dict.fromkeys(found)) if folded]


def _folded(stemmed: str) -> str:
    return stemmed if stemmed.isascii() else fold.narrow(unicodedata.normalize("NFC", stemmed))


def _stemmer_for(lowered: str, lang: str) -> str:
    """The language to stem in; English for a Latin word among Greek or Cyrillic ones."""
    if lang not in LANGUAGES:
        return ""
    if lang == "el":
        return "el" if transliterate.has_greek(lowered) else _foreign(lowered)
    if transliterate.has_cyrillic(lowered):
        return lang if lang in CYRILLIC or lang == "sr" else ""
    if transliterate.has_greek(lowered):
        return ""
    return "en" if lang in CYRILLIC else lang


def _foreign(lowered: str) -> str:
    return "" if transliterate.has_cyrillic(lowered) else "en"


def parts(word: str) -> list[str]:
    """Parts of three letters or more at camel case and between letters and digits.

    ClusterFY -> Cluster; CLUSTERS3 -> CLUSTERS; none for a word of one piece.
    """
    if word.isalpha() and (word.islower() or word.isupper() or word[1:].islower()):
        return []
    composed = unicodedata.normalize("NFC", word)
    cuts = [0, *(at for at in range(1, len(composed)) if _cut(composed, at)), len(composed)]
    if len(cuts) == 2:
        return []
    pieces = [composed[a:b] for a, b in pairwise(cuts)]
    return [piece for piece in pieces if len(piece) >= _MIN_PART and piece.isalpha()]


def _cut(word: str, at: int) -> bool:
    before, after = word[at - 1], word[at]
    if before.isalpha() != after.isalpha():
        return before.isdecimal() or after.isdecimal()
    if before.islower() and after.isupper():
        return True
    # XMLParser is XML and Parser, but NGOs stays whole.
    return (
        before.isupper()
        and after.isupper()
        and word[at + 1 : at + 3].islower()
        and (len(word) > at + 2)
    )
