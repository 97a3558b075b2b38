"""Suggestions: names that hold what was typed, or nearly that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import DocAddress, Occur
from tantivy import Query as Wanted

from tessera.engine.backends.names import MOST_TYPOS, NameWord, name_words, typed_name
from tessera.engine.backends.request import current_second, filters_in_force
from tessera.engine.backends.tantivy import layout, pages
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.plan import StartsWith
from tessera.engine.query import Query


def suggested(snapshot: Snapshot, text: str, limit: int, filters: Query | None) -> list[DocAddress]:
    """At most `limit` documents, as `Index.suggest` says."""
    words = name_words(text, snapshot.langs)
    return _Names(snapshot, text, filters).suggested(words, limit) if words else []


class _Names:
    """Looks for the names that one text may mean."""

    def __init__(self, snapshot: Snapshot, text: str, filters: Query | None) -> None:
        self._snapshot = snapshot
        names = [field for field in snapshot.schema.texts if field.parts]
        self._translation = Translation(snapshot, names)
        self._parts = [layout.part_field(field.name) for field in names]
        self._exact = Wanted.term_query(
            snapshot.fields, "name", typed_name(text), index_option="basic"
        )
        self._filters = () if filters is None else filters_in_force(filters)

    def suggested(self, words: Sequence[NameWord], limit: int) -> list[DocAddress]:
        typed = self._all(self._holding(word) for word in words)
        found = self._first(typed, limit)
        if len(found) < limit and words[-1].start:
            started = self._all(self._holding(word, starts=True) for word in words)
            rest = Wanted.boolean_query([(Occur.Must, started), (Occur.MustNot, typed)])
            found += self._first(rest, limit - len(found))
        if found or not any(word.typos for word in words):
            return found
        doubted = {word for word in words if not self._occurs(word)} or {*words}
        for typos in range(1, MOST_TYPOS + 1):
            if not found and any(word.typos >= typos for word in doubted):
                near = self._all(
                    self._holding(word, typos=typos if word in doubted else 0) for word in words
                )
                found = self._first(near, limit)
        return found

    def _first(self, matching: tantivy.Query, limit: int) -> list[DocAddress]:
        """Whole names first, then by boost."""
        found: list[DocAddress] = []
        for whole in (Occur.Must, Occur.MustNot):
            if len(found) < limit:
                part = Wanted.boolean_query([(Occur.Must, matching), (whole, self._exact)])
                field = layout.sort_field(layout.BOOST_ORDER)
                hits = pages.ordered(self._snapshot, part, field, 0, limit - len(found)).hits
                found += [address for _, address in hits]
        return found

    def _all(self, queries: Iterable[tantivy.Query]) -> tantivy.Query:
        whole = Wanted.boolean_query([(Occur.Must, query) for query in queries])
        if not self._filters:
            return whole
        return self._translation.filtered(whole, self._filters, current_second(None))

    def _occurs(self, word: NameWord) -> bool:
        return self._snapshot.count(self._holding(word)) > 0

    def _holding(self, word: NameWord, *, starts: bool = False, typos: int = 0) -> tantivy.Query:
        found = [self._translation.matching(word.word)]
        if starts and word.start:
            found.append(self._translation.matching(StartsWith(word.start)))
        most = min(typos, word.typos)
        for field in self._parts if most else ():
            part, fields = word.word.part, self._snapshot.fields
            found.append(
                Wanted.fuzzy_term_query(
                    fields, field, part, distance=most, transposition_cost_one=True
                )
            )
        return Wanted.boolean_query([(Occur.Should, query) for query in found])
