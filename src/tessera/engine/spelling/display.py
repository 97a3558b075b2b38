"""Folded words as they are written in the documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from tessera.engine.analysis import word_terms
from tessera.engine.backend import Index
from tessera.engine.query import Query

_READ = 5
_MARKED = re.compile(r"<mark>([^<]*)</mark>")


def as_written(index: Index, typed: str, words: Sequence[str]) -> tuple[str, ...]:
    """The words as the documents have them, where what was typed has letters beyond a to z.

    Who types plain letters gets plain letters: they find the same.
    """
    if typed.isascii():
        return tuple(words)
    return tuple(_written(index, word) for word in words)


def _written(index: Index, word: str) -> str:
    seen = Counter[str]()
    for hit in index.search(Query(word, size=_READ)).hits:
        texts = [*(passage.html for passage in hit.highlights)]
        texts += [f"<mark>{each}</mark>" for each in _stored_words(hit.stored)]
        for text in texts:
            for marked in _MARKED.findall(text):
                form = unescape(marked)
                if any(word in terms for terms in word_terms(form, ())):
                    seen[form.lower()] += 1
    return min(seen, key=lambda form: (-seen[form], form), default=word)


def _stored_words(stored: object) -> list[str]:
    """All words of the texts that are handed back with a hit: not each field gives passages."""
    match stored:
        case str():
            return stored.split()
        case list() | tuple():
            return [word for each in stored for word in _stored_words(each)]
        case dict():
            return [word for each in stored.values() for word in _stored_words(each)]
        case _:
            return []
