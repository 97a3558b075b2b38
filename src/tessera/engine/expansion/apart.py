"""A typed compound as the words that it is made of, for texts that have them one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from tessera.engine.analysis import compounds, fold
from tessera.engine.expansion.expander import MAX_WORDS, Expansion

APART: Final = "the words of a compound"
"""The `source` of these expansions."""

_WEIGHT: Final = 0.6


def taken_apart(words: Sequence[str], lang: str, into: Collection[str]) -> tuple[Expansion, ...]:
    """Wasserreinigung as Wasser and Reinigung, as in "Reinigung von Wasser".

    lang: of the words; "" where that isn't known, and then it is any of `into`, the languages of
    the index, in which the word comes apart. Both have to stand in a text of that language.
    """
    langs = {lang} if lang in compounds.LANGUAGES else compounds.LANGUAGES if not lang else set()
    found = []
    for word in words[:MAX_WORDS]:
        for each in sorted(langs & set(into)):
            parts = compounds.compound_words(fold.lower(word), each)
            if parts:
                found.append(Expansion((word,), " ".join(parts), each, _WEIGHT, APART))
    return tuple(found)
