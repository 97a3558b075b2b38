"""Suggestions: names that hold what was typed, then names that hold nearly that."""

from __future__ import annotations

from tessera.engine.backends.memory.state import State
from tessera.engine.backends.names import MOST_TYPOS, NameWord, name_words, typed_name
from tessera.engine.backends.request import current_second, filters_in_force
from tessera.engine.plan import StartsWith
from tessera.engine.query import Query
from tessera.engine.spelling.distance import edits


def suggested(state: State, text: str, limit: int, filters: Query | None) -> list[str]:
    """At most `limit` ids: exact ones first, then with one edit; with two where there are none."""
    words = name_words(text, state.langs)
    typed = typed_name(text)

    def rank(id_: str) -> tuple[bool, float, str]:
        entry = state.entries[id_]
        return typed not in entry.names, -entry.boost, id_

    found: list[str] = []
    for typos in range(MOST_TYPOS + 1):
        if not words or len(found) >= limit or (found and typos > 1):
            break
        if typos and not any(word.typos >= typos for word in words):
            break
        matching = state.ids.intersection(*(_holding(state, word, typos) for word in words))
        if filters is not None:
            matching = state.filtered(matching, filters_in_force(filters), current_second(None))
        found += sorted(matching - set(found), key=rank)
    return found[:limit]


def _holding(state: State, word: NameWord, typos: int) -> frozenset[str]:
    fields = [field.name for field in state.schema.texts if field.parts]
    found = set(state.matching(word.word, fields))
    for field in fields:
        if word.initial:
            found |= state.starting_words(StartsWith(word.initial), field)
        for start in word.starts:
            found |= state.starting(StartsWith(start), field)
        most = min(typos, word.typos)
        if most:
            for part, ids in state.parts[field].items():
                if edits(word.word.part, part, most) <= most:
                    found |= ids
    return frozenset(found)
