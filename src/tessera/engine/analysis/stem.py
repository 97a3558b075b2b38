"""Stems by language: Snowball's stemmers, and siblings where a language has none."""

from __future__ import annotations

import re
import threading

import Stemmer

_ALGORITHMS = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "tr": "turkish",
    # Siblings of languages that Snowball lacks. Maltese has none: it is not stemmed.
    "bg": "russian", "bs": "serbian", "hr": "serbian", "lv": "lithuanian", "sk": "czech",
    "sl": "serbian",
}  # fmt: skip

CYRILLIC = frozenset({"bg", "ru"})
"""Stemmed languages that are written in Cyrillic letters only."""

LANGUAGES = frozenset(_ALGORITHMS)
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
    stemmer = _stemmers.by_lang.get(lang)
    if stemmer is None:
        # The terms of a word are cached as a whole, so the stemmer need not cache again.
        stemmer = _stemmers.by_lang[lang] = Stemmer.Stemmer(_ALGORITHMS[lang], 0)
    if lang == "de":
        lowered = _GERMAN_PAIRS.sub(_APART, lowered)
    stemmed: str = stemmer.stemWord(lowered)
    return stemmed
