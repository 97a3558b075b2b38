"""Folded words as they are written in the documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import unescape

from tessera.engine.analysis import word_terms
from tessera.engine.analysis.words import words
from tessera.engine.backend import Index
from tessera.engine.query import Query

_READ = 5
"""Results in which a word is looked up."""
_MARKED = re.compile(r"<mark>([^<]*)</mark>")


def as_written(index: Index, typed: str, offered: Sequence[str]) -> tuple[str, ...]:
    """The words as the documents have them, where what was typed has letters beyond a to z.

    Who types plain letters gets plain letters: they find the same.
    """
    if typed.isascii():
        return tuple(offered)
    return tuple(_written(index, word) for word in offered)


def _written(index: Index, word: str) -> str:
    seen = Counter[str]()
    for hit in index.search(Query(word, size=_READ)).hits:
        marked = [unescape(m) for p in hit.highlights for m in _MARKED.findall(p.html)]
        for form in (
            form for text in (*marked, *_stored_texts(hit.stored)) for form in words(text)
        ):
            if any(word in terms for terms in word_terms(form, ())):
                seen[form.lower()] += 1
    return min(seen, key=lambda form: (-seen[form], form), default=word)


def _stored_texts(stored: object) -> Iterator[str]:
    """The texts that are handed back with a hit: not each field gives passages."""
    match stored:
        case str():
            yield stored
        case Mapping():
            for each in stored.values():
                yield from _stored_texts(each)
        case list() | tuple():
            for each in stored:
                yield from _stored_texts(each)
