"""Words that say little: the, und, della. From stopwords-iso (MIT), all languages of the EU but mt.

They are searched for like all others; only a whole question is understood without them, and they
are no keywords.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

import stopwordsiso

from tessera.engine.analysis.fold import lower, narrow


@cache
def stop_words(lang: str) -> frozenset[str]:
    """The stop words of a language, folded; none where it has no list."""
    if not stopwordsiso.has_lang(lang):
        return frozenset()
    return frozenset(narrow(lower(word)) for word in stopwordsiso.stopwords(lang)) - {""}


def is_stop_word(surface: str, lang: str) -> bool:
    """Whether a folded word is a stop word in a text of this language (und: in English)."""
    return surface in stop_words("en" if lang == "und" else lang)


def likely_language(surfaces: Sequence[str], langs: Collection[str]) -> str:
    """The language of which a question has most stop words; "" where it has none of any.

    surfaces: its folded words. langs: those that it may be in; among equals the first by name.
    """
    counts = Counter({lang: sum(word in stop_words(lang) for word in surfaces) for lang in langs})
    best = max(counts.values(), default=0)
    return min(lang for lang in counts if counts[lang] == best) if best else ""
