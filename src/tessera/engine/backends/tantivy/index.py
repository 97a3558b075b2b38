"""Searching one tantivy index."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import tantivy
from tantivy import Occur
from tantivy import Query as Wanted

from tessera.engine import ranking
from tessera.engine.aids import Aids, GetAids
from tessera.engine.audience import Audience
from tessera.engine.backends.buckets import WHEN_VALUES, facet_result
from tessera.engine.backends.request import current_second, facet_named, filters_in_force
from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.facets import value_counts
from tessera.engine.backends.tantivy.reading import TantivyReading
from tessera.engine.backends.tantivy.sections import Place, sectioned
from tessera.engine.backends.tantivy.segments import META
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.suggesting import suggested
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.backends.tantivy.words import words
from tessera.engine.errors import BackendUnavailable
from tessera.engine.fields import Facet, FacetType, IndexSchema
from tessera.engine.highlight import highlight as highlights
from tessera.engine.plan import PlanNode, plan_word
from tessera.engine.query import Query
from tessera.engine.result import FacetResult, Highlight, Hit, Result, Suggestion
from tessera.engine.understanding import Understanding, understood

_MANY = 30_000
"""Values of a facet from which on to count them takes longer than all else for a page."""


class TantivyIndex:
    """See `tessera.engine.backend.Index`. path: of the files with just the audience's documents.

    Each call works on one snapshot. Whether there is a newer one is seen by the state of one
    file (some microseconds), so commits of other processes are seen at once. An index that was
    dropped goes on answering from its last snapshot for those who hold it.
    """

    def __init__(
        self,
        path: Path,
        schema: IndexSchema,
        name: str,
        audience: Audience = Audience.EVERYONE,
        aids: GetAids = Aids,
    ) -> None:
        self._meta = path / META
        self._schema = schema
        self._name = name
        self._audience = audience
        self._aids = aids
        self._loading = threading.Lock()
        self._seen = self._meta_state()
        try:
            self._index = layout.opened(path)
            self._index.reload()
        except ValueError as error:
            raise BackendUnavailable(f"index {name!r} can't be opened: {error}") from error
        self._current = Snapshot(self._index.searcher(), self._index.schema, schema)

    @property
    def name(self) -> str:
        return self._name

    @property
    def audience(self) -> Audience:
        return self._audience

    @property
    def schema(self) -> IndexSchema:
        return self._schema

    def _meta_state(self) -> tuple[int, int, int] | None:
        try:
            status = self._meta.stat()
        except FileNotFoundError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _snapshot(self) -> Snapshot:
        state = self._meta_state()
        if state is None or state == self._seen:
            return self._current
        with self._loading:
            state = self._meta_state()
            if state is not None and state != self._seen:
                try:
                    self._index.reload()
                except ValueError as error:
                    if self._meta_state() is None:
                        return self._current
                    message = f"index {self._name!r} can't be read: {error}"
                    raise BackendUnavailable(message) from error
                self._current = Snapshot(self._index.searcher(), self._index.schema, self._schema)
                self._seen = state
            return self._current

    def search(
        self,
        query: Query,
        *,
        facets: Sequence[str] = (),
        now: datetime | None = None,
        highlight: bool = True,
    ) -> Result:
        started = time.perf_counter()
        snapshot, second = self._snapshot(), current_second(now)
        meant = self._meant(snapshot, query)
        translation = Translation(snapshot)
        sections, page = sectioned(translation, snapshot, meant, query, second)
        marked = meant.marked if highlight else None
        hits = tuple(self._hit(snapshot, place, marked, query.lang) for place in page)
        counted = self._facets(translation, snapshot, meant.whole, query, facets, second)
        took = (time.perf_counter() - started) * 1000
        total = sum(section.total for section in sections)
        return Result(total, hits, counted, took, sections, meant.expansions)

    def _meant(self, snapshot: Snapshot, query: Query) -> Understanding:
        """What the query's text means; remembered, since pages, facets and counts ask again."""
        aids = self._aids()
        asked = (query.text, query.match, query.without, aids)
        meant = snapshot.understood.get(asked)
        if meant is None:
            meant = understood(TantivyReading(snapshot, self._audience), query, aids)
            snapshot.understood.put(asked, meant)
        return meant

    def _hit(
        self,
        snapshot: Snapshot,
        place: Place,
        marked: PlanNode | None,
        lang: str,
    ) -> Hit:
        found = snapshot.searcher.doc(place.address)
        stored = layout.read_stored(found)
        passages: tuple[Highlight, ...] = ()
        if marked is not None and ranking.scoring_words(marked):
            texts, others = layout.read_texts(found), place.way != "words"
            passages = highlights(marked, texts, self._schema, lang, others=others)
        points = stored.boost if place.score is None else place.score
        return Hit(stored.id, stored.key, points, stored.values, passages, place.way)

    def _facets(
        self,
        translation: Translation,
        snapshot: Snapshot,
        planned: PlanNode,
        query: Query,
        names: Sequence[str],
        now: int,
    ) -> dict[str, FacetResult]:
        """The facets named; what was counted lately is remembered with the snapshot.

        Upcoming and past aren't, nor what is counted of one of these: they change by the second.
        """
        facets = {name: facet_named(self._schema, name) for name in names}
        chosen = (facet_named(self._schema, wanted.name) for wanted in query.filters)
        lasting = {
            name: (planned, query.filters, name)
            for name, facet in facets.items()
            if facet.type is not FacetType.WHEN
        }
        if any(facet.type is FacetType.WHEN for facet in chosen):
            lasting = {}
        known = {name: snapshot.facets_known.get(key) for name, key in lasting.items()}
        made = {name: facet for name, facet in known.items() if facet is not None}
        rest = {name: facet for name, facet in facets.items() if name not in made}
        if rest:
            counts = self._counts(
                translation, snapshot, planned, query, rest, now, lasting=bool(lasting)
            )
            for name, facet in rest.items():
                made[name] = facet_result(facet, counts[name], query.selected(name))
                if name in lasting:
                    snapshot.facets_known.put(lasting[name], made[name])
        return {name: made[name] for name in facets}

    def _counts(
        self,
        translation: Translation,
        snapshot: Snapshot,
        planned: PlanNode,
        query: Query,
        facets: Mapping[str, Facet],
        now: int,
        *,
        lasting: bool,
    ) -> dict[str, Mapping[str, int]]:
        """One count for all facets without a choice, and one for each with its own set aside."""
        matching = translation.matching(planned)
        together: list[str] = []
        counts: dict[str, Mapping[str, int]] = {}
        whole = translation.filtered(matching, filters_in_force(query), now)
        for name, facet in facets.items():
            aside = filters_in_force(query, aside=name)
            chosen = bool(query.selected(name))
            if facet.type is FacetType.WHEN:
                base = translation.filtered(matching, aside, now) if chosen else whole
                counts[name] = {
                    value: snapshot.count(_within(base, translation.when(name, value, now)))
                    for value in WHEN_VALUES
                }
            elif chosen:
                key = (planned, aside, name) if lasting else None
                known = snapshot.counts_known.get(key)
                if known is None:
                    base = translation.filtered(matching, aside, now)
                    known = value_counts(snapshot, base, [name])[name]
                    if key and len(known) > _MANY:
                        snapshot.counts_known.put(key, known)
                counts[name] = known
            else:
                together.append(name)
        counts.update(value_counts(snapshot, whole, together))
        return counts

    def count(self, query: Query, *, now: datetime | None = None) -> int:
        snapshot = self._snapshot()
        translation = Translation(snapshot)
        matching = translation.matching(self._meant(snapshot, query).whole)
        second = current_second(now)
        return snapshot.count(translation.filtered(matching, filters_in_force(query), second))

    def suggest(
        self, text: str, *, limit: int = 8, filters: Query | None = None
    ) -> tuple[Suggestion, ...]:
        snapshot = self._snapshot()
        addresses = suggested(snapshot, text, limit, filters)
        documents = (snapshot.searcher.doc(address) for address in addresses)
        stored = (layout.read_stored(document) for document in documents)
        return tuple(Suggestion(document.id, document.values) for document in stored)

    def frequency(self, word: str) -> int:
        snapshot = self._snapshot()
        return snapshot.count(Translation(snapshot).matching(plan_word(word, snapshot.langs)))

    def words(self) -> Iterator[tuple[str, int]]:
        return words(self._snapshot())

    def state(self) -> object:
        return self._snapshot()

    def get(self, ids: Sequence[str]) -> dict[str, dict[str, object]]:
        snapshot = self._snapshot()
        found: dict[str, dict[str, object]] = {}
        for id_ in dict.fromkeys(ids):
            address = snapshot.address(id_)
            if address is not None:
                found[id_] = layout.read_stored(snapshot.searcher.doc(address)).values
        return found

    def present(self, ids: Iterable[str]) -> set[str]:
        snapshot = self._snapshot()
        return {id_ for id_ in ids if snapshot.address(id_) is not None}

    def ids(self) -> Iterator[str]:
        snapshot = self._snapshot()
        every = Wanted.all_query()
        found = snapshot.searcher.terms_with_prefix("id", "", filter_query=every)
        return (id_ for id_, _ in found)

    def __len__(self) -> int:
        return self._snapshot().searcher.num_docs


def _within(query: tantivy.Query, other: tantivy.Query) -> tantivy.Query:
    return Wanted.boolean_query([(Occur.Must, query), (Occur.Must, other)])
