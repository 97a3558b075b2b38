"""One committed state of an index, with what is read from it once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import tantivy
from numpy.typing import NDArray

from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.places import Addresses
from tessera.engine.fields import MISSING, IndexSchema
from tessera.engine.plan import PlanNode
from tessera.engine.result import FacetResult
from tessera.engine.understanding import Understanding

FACETS_KNOWN = 1_000
"""Facets remembered with a snapshot, those of some sixty searches; a few MB."""
COUNTS_KNOWN = 2
"""Counts remembered whole, of facets with a great many values; some 14 MB each."""
FREQUENCIES_KNOWN = 50_000
"""Frequencies of terms remembered with a snapshot; some 8 MB."""
UNDERSTOOD = 500
"""Texts whose meaning is remembered with a snapshot; at most some 5 MB."""

T = TypeVar("T")


class Remembered(Generic[T]):
    """What was counted last, by all that it depends on. For any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, T] = OrderedDict()
        self._changing = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        with self._changing:
            found = self._known.get(key)
            if found is not None:
                self._known.move_to_end(key)
            return found

    def put(self, key: Hashable, counted: T) -> None:
        with self._changing:
            self._known[key] = counted
            self._known.move_to_end(key)
            if len(self._known) > self._most:
                self._known.popitem(last=False)


class Snapshot:
    """A searcher and facts about its documents. May be used by any number of threads."""

    def __init__(
        self, searcher: tantivy.Searcher, fields: tantivy.Schema, schema: IndexSchema
    ) -> None:
        self.searcher = searcher
        self.fields = fields
        self.schema = schema
        self.large_facets = {facet.name for facet in schema.facets if facet.size}
        """Facets with a great many values: those that are shown in part only, and those found to
        have more than one aggregation returns."""
        self.facets_known: Remembered[FacetResult] = Remembered(FACETS_KNOWN)
        """Facets counted lately: whoever turns a page or changes the order asks for the same."""
        self.counts_known: Remembered[Mapping[str, int]] = Remembered(COUNTS_KNOWN)
        """Counts of a facet with a great many values over much of the index, the same for each
        organisation whose projects one looks at."""
        self.understood: Remembered[Understanding] = Remembered(UNDERSTOOD)
        """What texts meant that were searched for lately."""
        self.members: dict[tuple[PlanNode, ...], NDArray[np.uint8]] = {}
        """Of each place in `addresses` a bit for each group that its document is ranked in."""
        self._frequencies: dict[tuple[str, str], int] = {}
        self._held: dict[str, tuple[tuple[str, int], ...]] = {}
        self._years: dict[str, tuple[int, ...]] = {}

    @cached_property
    def langs(self) -> frozenset[str]:
        """Languages of the texts; one that only deleted documents had may linger a while."""
        return frozenset(lang for lang, _ in self.searcher.terms_with_prefix("lang", ""))

    @cached_property
    def written(self) -> Mapping[str, int]:
        """In how many documents each of them stands."""
        every = tantivy.Query.all_query()
        return dict(self.searcher.terms_with_prefix("lang", "", filter_query=every))

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.searcher, self.fields)

    @cached_property
    def documents(self) -> int:
        """The number of documents as tantivy's BM25 sees it, deleted ones not yet merged too."""
        return self.searcher.doc_freq("all", layout.EVERY)

    def years(self, facet: str) -> tuple[int, ...]:
        """The years that occur in a YEARS facet."""
        found = self._years.get(facet)
        if found is None:
            terms = self.searcher.terms_with_prefix(layout.facet_field(facet), "")
            found = tuple(int(term) for term, _ in terms if term != MISSING)
            self._years[facet] = found
        return found

    def frequency(self, field: str, term: str) -> int:
        """In how many documents a tantivy field holds a term; remembered."""
        known = self._frequencies.get((field, term))
        if known is None:
            if len(self._frequencies) >= FREQUENCIES_KNOWN:
                self._frequencies.clear()
            known = self._frequencies[field, term] = self.searcher.doc_freq(field, term)
        return known

    def held(self, term: str) -> tuple[tuple[str, int], ...]:
        """The text fields that hold a term, each with in how many documents; remembered.

        Most stems that a word may have are those of another language and in no field at all.
        """
        known = self._held.get(term)
        if known is None:
            if len(self._held) >= FREQUENCIES_KNOWN:
                self._held.clear()
            counted = (
                (text.name, self.searcher.doc_freq(layout.text_field(text.name), term))
                for text in self.schema.texts
            )
            known = self._held[term] = tuple(each for each in counted if each[1])
        return known

    def address(self, id_: str) -> tantivy.DocAddress | None:
        """Where the document of an id is; None where there is none."""
        query = tantivy.Query.term_query(self.fields, "id", id_, index_option="basic")
        hits = self.searcher.search(query, 1, count=False).hits
        return hits[0][1] if hits else None

    def keys(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        """The keys of documents of this snapshot."""
        return [int(key or 0) for key in self.searcher.fast_field_values("number", addresses)]

    def count(self, query: tantivy.Query) -> int:
        found = self.searcher.search(query, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # tantivy's stub lacks it
