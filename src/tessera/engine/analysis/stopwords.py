"""Words that say little: the, und, della.

They are searched for like all others; only a question of several words is understood without
them, and they are no keywords. The commonest words of each language stand in `wordlists`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

from tessera.engine.analysis.fold import lower, narrow

_SIBLINGS = {"hr": "sh", "bs": "sh", "sr": "sh", "no": "nb", "nn": "nb"}
_OWN = {
    "et": "ja on ei see ta et oli ma kui mis ka aga siis oma ning või selle seda mida kes nii"
    " välja oma veel kus kuidas miks millal nagu üle alla ees järel kas",
    "ga": "an na agus ar i le do go a is tá bhí sé sí siad mé tú ag ó de den don as ach mar seo"
    " sin cad cé conas nuair níl ní ná atá gur faoi um",
    "mt": "u il l li ta tal f fil fi b bil bi ma mill minn għal għall dan din dawn dak dik hu hi"
    " huma kien kienet x biex meta kif fejn jew iżda lil lill",
}
"""Of the languages that the word frequencies lack, by hand."""


@cache
def _common() -> dict[str, str]:
    text = files("tessera.engine.analysis").joinpath("wordlists/stopwords.txt").read_text("utf-8")
    return dict(line.split(" ", 1) for line in text.splitlines()) | _OWN


def known_languages() -> frozenset[str]:
    """The languages whose stop words are known."""
    return frozenset(_common())


def listed_as(lang: str) -> str:
    """The code under which the word lists have a language, which may be that of a sibling."""
    return _SIBLINGS.get(lang, lang)


@cache
def stop_words(lang: str) -> frozenset[str]:
    """The stop words of a language, folded; none where they aren't known."""
    words = _common().get(listed_as(lang), "")
    return frozenset(narrow(lower(word)) for word in words.split())


def is_stop_word(surface: str, lang: str) -> bool:
    """Whether a folded word is a stop word in a text of this language (und: in English)."""
    return surface in stop_words("en" if lang == "und" else lang)


def likely_language(surfaces: Sequence[str], langs: Collection[str]) -> str:
    """The language of which a question has most stop words; "" where it has none of any.

    surfaces: its folded words. langs: those that it may be in; among equals the first by name.
    """
    return next(iter(likely_languages(surfaces, langs)), "")


def likely_languages(surfaces: Sequence[str], langs: Collection[str]) -> list[str]:
    """All languages of which a question has equally many stop words, and most, by name."""
    counts = {lang: sum(word in stop_words(lang) for word in surfaces) for lang in langs}
    most = max(counts.values(), default=0)
    return sorted(lang for lang in counts if counts[lang] == most) if most else []
