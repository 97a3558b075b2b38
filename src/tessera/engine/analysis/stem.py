"""Stems by language: by Snowball's stemmers, and by `suffixes` where Snowball has none."""

from __future__ import annotations

import re
import threading

import Stemmer

from tessera.engine.analysis import suffixes

_ALGORITHMS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip

CYRILLIC = frozenset({"bg", "mk", "ru", "uk"})
"""Stemmed languages that are written in Cyrillic letters only."""

LANGUAGES = frozenset(_ALGORITHMS) | suffixes.LANGUAGES
"""Languages whose words are stemmed."""


# Snowball's German reads every ae, oe, ue as an umlaut (poet would be pot). Which of them are
# umlauts is for `fold.collapse` to say, so they are kept apart here by a character that is no
# letter.
_GERMAN_PAIRS = re.compile("(?<=[aou])e")
_APART = "\u200de"


class _Stemmers(threading.local):
    """A stemmer keeps state while it works, so that each thread has its own."""

    def __init__(self) -> None:
        self.by_lang: dict[str, Stemmer.Stemmer] = {}


_stemmers = _Stemmers()


def stem(lowered: str, lang: str) -> str:
    """The stem of a lower-case word; `lang` is one of LANGUAGES."""
    if lang in suffixes.LANGUAGES:
        return suffixes.stem(lowered, lang)
    stemmer = _stemmers.by_lang.get(lang)
    if stemmer is None:
        # The terms of a word are cached as a whole, so the stemmer need not cache again.
        stemmer = _stemmers.by_lang[lang] = Stemmer.Stemmer(_ALGORITHMS[lang], 0)
    if lang == "de":
        lowered = _GERMAN_PAIRS.sub(_APART, lowered)
    stemmed: str = stemmer.stemWord(lowered)
    return stemmed
