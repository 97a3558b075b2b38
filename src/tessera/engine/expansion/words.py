"""The words of a text as a dictionary knows them: by stem, with the form that people read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tessera.engine.analysis import tokens


def keyed_words(text: str, lang: str) -> Iterator[tuple[str, str]]:
    """(key, word as written) of each word of a text in a language.

    The key is the stem tagged with the language (`it:energ`), or the folded word where the
    language has no stemmer.
    """
    for token in tokens(text, lang):
        surface = token.terms[0]
        stem = next((term for term in token.terms if ":" in term), surface)
        yield f"{lang}:{stem.partition(':')[2] or stem}", text[token.start : token.end]


@lru_cache(1 << 15)
def stems(word: str, lang: str) -> tuple[str, ...]:
    """What a typed word's keys are without their language; a hyphen in it makes several."""
    return tuple(key.partition(":")[2] for key, _ in keyed_words(word, lang))


def phrase_key(text: str, lang: str) -> str:
    """One key of all words of a text together (`it:energ rinnov`); empty where it has none."""
    stems = [key.partition(":")[2] for key, _ in keyed_words(text, lang)]
    return f"{lang}:{' '.join(stems)}" if stems else ""
