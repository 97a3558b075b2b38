"""Suggestions: names that hold what was typed, or nearly that."""

from __future__ import annotations

from collections.abc import Iterable

from tessera.engine.backends.memory.state import State
from tessera.engine.backends.names import MOST_TYPOS, NameWord, name_words, typed_name
from tessera.engine.backends.request import current_second, filters_in_force
from tessera.engine.plan import StartsWith
from tessera.engine.query import Query
from tessera.engine.spelling.distance import edits


def suggested(state: State, text: str, limit: int, filters: Query | None) -> list[str]:
    """At most `limit` ids, as `Index.suggest` says."""
    words = name_words(text, state.langs)
    typed = typed_name(text)

    def rank(id_: str) -> tuple[bool, float, str]:
        entry = state.entries[id_]
        return typed not in entry.names, -entry.boost, id_

    def matching(holding: Iterable[frozenset[str]]) -> list[str]:
        ids = state.ids.intersection(*holding)
        if filters is not None:
            ids = state.filtered(ids, filters_in_force(filters), current_second(None))
        return sorted(ids, key=rank)

    if not words:
        return []
    found = matching(_holding(state, word) for word in words)
    if len(found) < limit and words[-1].start:
        started = matching(_holding(state, word, starts=True) for word in words)
        found += [id_ for id_ in started if id_ not in found]
    doubted = {word for word in words if not _holding(state, word)} or {*words}
    for typos in range(1, MOST_TYPOS + 1):
        if not found:
            found = matching(
                _holding(state, word, typos=typos if word in doubted else 0) for word in words
            )
    return found[:limit]


def _holding(
    state: State, word: NameWord, *, starts: bool = False, typos: int = 0
) -> frozenset[str]:
    fields = [field.name for field in state.schema.texts if field.parts]
    found = set(state.matching(word.word, fields))
    most = min(typos, word.typos)
    for field in fields:
        if starts and word.start:
            found |= state.starting(StartsWith(word.start), field)
        if most:
            for part, ids in state.parts[field].items():
                if edits(word.word.part, part, most) <= most:
                    found |= ids
    return frozenset(found)
