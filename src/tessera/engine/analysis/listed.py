"""Whether a word is one of a language, whatever a catalogue holds: the lists in `wordlists`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from tessera.engine.analysis.stopwords import listed_as

_LISTS = files("tessera.engine.analysis") / "wordlists"


def is_listed(lowered: str, lang: str) -> bool:
    """Whether a lower-case word stands in the list of a language; False where there is none."""
    known = _hashes(listed_as(lang))
    wanted = hash(lowered.replace("ß", "ss"))  # as in the lists
    at = int(np.searchsorted(known, wanted))
    return at < len(known) and int(known[at]) == wanted


@cache
def _hashes(lang: str) -> NDArray[np.int64]:
    """The hash of each word, in order: a tenth of the memory of the words."""
    path = _LISTS / f"{lang}.txt"
    listed = path.read_text(encoding="utf-8").split() if path.is_file() else []
    return np.sort(np.array([hash(word) for word in listed if word.isalpha()], np.int64))
