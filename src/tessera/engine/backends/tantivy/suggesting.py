"""Suggestions: names that hold what was typed, then names that hold nearly that."""

from __future__ import annotations

import tantivy
from tantivy import DocAddress, Occur
from tantivy import Query as Wanted

from tessera.engine.backends.names import MOST_TYPOS, NameWord, name_words, typed_name
from tessera.engine.backends.request import current_second, filters_in_force
from tessera.engine.backends.tantivy import layout, pages
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.plan import Either, StartsWith
from tessera.engine.query import Query


def suggested(snapshot: Snapshot, text: str, limit: int, filters: Query | None) -> list[DocAddress]:
    """At most `limit` documents: exact ones first, then with one edit; with two where there are
    none."""
    words = name_words(text, snapshot.langs)
    names = [field for field in snapshot.schema.texts if field.parts]
    translation = Translation(snapshot, names)
    exact = Wanted.term_query(snapshot.fields, "name", typed_name(text), index_option="basic")
    found: list[DocAddress] = []
    before: list[tantivy.Query] = []
    for typos in range(MOST_TYPOS + 1):
        if not words or len(found) >= limit or (found and typos > 1):
            break
        if typos and not any(word.typos >= typos for word in words):
            break
        fields = [field.name for field in names]
        each = [_holding(translation, snapshot, fields, word, typos) for word in words]
        matching = Wanted.boolean_query(
            [(Occur.Must, query) for query in each] + [(Occur.MustNot, query) for query in before]
        )
        if filters is not None:
            now = current_second(None)
            matching = translation.filtered(matching, filters_in_force(filters), now)
        before.append(matching)
        for whole in (Occur.Must, Occur.MustNot):
            room = limit - len(found)
            if room:
                part = Wanted.boolean_query([(Occur.Must, matching), (whole, exact)])
                field = layout.sort_field(layout.BOOST_ORDER)
                hits = pages.ordered(snapshot, part, field, 0, room).hits
                found += [address for _, address in hits]
    return found


def _holding(
    translation: Translation, snapshot: Snapshot, fields: list[str], word: NameWord, typos: int
) -> tantivy.Query:
    starts = tuple(StartsWith(start) for start in word.starts)
    found = [translation.matching(Either((word.word, *starts)) if starts else word.word)]
    most = min(typos, word.typos)
    for field in fields:
        if word.initial:
            pattern = f"{word.initial}[^:]*"
            text = layout.text_field(field)
            found.append(Wanted.regex_query(snapshot.fields, text, pattern))
        if most:
            found.append(
                Wanted.fuzzy_term_query(
                    snapshot.fields,
                    layout.part_field(field),
                    word.word.part,
                    distance=most,
                    transposition_cost_one=True,
                )
            )
    return Wanted.boolean_query([(Occur.Should, query) for query in found])
