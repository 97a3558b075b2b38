"""What to leave out of a search that finds nothing, each with the number that this would give.

Works through the port alone, so it is the same for every backend.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tessera.engine.analysis import word_terms
from tessera.engine.backend import Index
from tessera.engine.query import WORDS, Filter, Query
from tessera.engine.syntax import And, Node, Phrase, Prefix, Term, parse, without_word

LONG: Final = 8
"""Words of a text up to which it says something to leave one out."""
SHORT: Final = 3
"""Words of a text up to which what remains of it is asked with all that comes close. Of a longer
one that has come close already, as part of the whole, so what remains is asked as typed."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A search without some words or without one filter.

    total: how many documents `query` finds. words: those left out. filter: the one left out.
    missing: whether the words left out occur in no document at all.
    """

    query: Query
    total: int
    words: tuple[str, ...] = ()
    filter: Filter | None = None
    missing: bool = False


def relaxations(index: Index, query: Query, now: datetime | None = None) -> tuple[Relaxation, ...]:
    """What to leave out, words before filters.

    Each word that occurs nowhere, and all of these at once where there are several. Where the
    search finds nothing, also each other word without which it finds something, and each filter.
    Of a long text no words. A query that would ask for nothing at all is not offered.
    """
    words = dict(_asked(parse(query.text)))
    if len(words) > LONG:
        words = {}
    remaining = query if len(words) <= SHORT else query.with_match(WORDS)
    missing = [word for word, node in words.items() if not _occurs(index, node)]
    tries: list[tuple[str, ...]] = [(word,) for word in missing]
    if len(missing) > 1:
        tries.insert(0, tuple(missing))
    found = [r for lost in tries for r in _without(index, remaining, lost, now, missing=True)]
    if index.count(query, now=now):
        return tuple(found)
    if not missing and len(words) > 1:
        others = (r for word in words for r in _without(index, remaining, (word,), now))
        found += [relaxation for relaxation in others if relaxation.total]
    for wanted in query.filters:
        rest = query.without_filter(wanted.name, exclude=wanted.exclude)
        if rest.text or rest.filters:
            found.append(Relaxation(rest, index.count(rest, now=now), filter=wanted))
    return tuple(found)


def _asked(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The words that each match must hold, with how each was asked for."""
    match node:
        case Term(word) | Prefix(word):
            if word_terms(word, ()):
                yield word, node
        case Phrase(words):
            yield from ((word, Term(word)) for word in words if word_terms(word, ()))
        case And(nodes):
            for part in nodes:
                yield from _asked(part)


def _occurs(index: Index, node: Node) -> bool:
    match node:
        case Term(word):
            return index.frequency(word) > 0
        case Prefix(word):
            return index.count(Query(f"{word}*")) > 0
        case _:
            return True


def _without(
    index: Index,
    query: Query,
    words: Iterable[str],
    now: datetime | None,
    *,
    missing: bool = False,
) -> Iterator[Relaxation]:
    text, lost = query.text, tuple(words)
    for word in lost:
        text = without_word(text, word)
    rest = query.with_text(text)
    if text or rest.filters:
        yield Relaxation(rest, index.count(rest, now=now), words=lost, missing=missing)
