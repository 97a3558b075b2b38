"""Words of a sentence that are taken as they are typed, though no document holds them.

A small catalogue lacks many a word of its languages, and has another one near nearly each of
them: to "save" energy is not the "same" energy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tessera.engine.analysis import prefix_key
from tessera.engine.analysis.fold import lower
from tessera.engine.analysis.listed import is_listed
from tessera.engine.analysis.stopwords import known_languages, likely_languages, stop_words
from tessera.engine.spelling.typed import Word

SENTENCE: Final = 5
"""Words from which on a text is one, as nobody's name or topic is."""
LEAST: Final = 5
"""Letters of a word in a sentence that may be misspelt; most shorter ones have words beside them
that are as likely."""


def in_doubt(words: Sequence[Word]) -> list[Word]:
    """Those of a typed text that may be misspelt: of less than a sentence, all."""
    if len(words) < SENTENCE:
        return list(words)
    langs = likely_languages([prefix_key(word.text) for word in words], known_languages())
    return [
        word
        for word in words
        if len(word.text) >= LEAST and not any(_is_ordinary(word.text, lang) for lang in langs)
    ]


def _is_ordinary(word: str, lang: str) -> bool:
    return prefix_key(word) in stop_words(lang) or is_listed(lower(word), lang)
