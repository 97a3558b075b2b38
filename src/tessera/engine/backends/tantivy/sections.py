"""One page of all sections of what a text means, one section after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import tantivy
from tantivy import DocAddress

from tessera.engine import ranking
from tessera.engine.backends.request import filters_in_force
from tessera.engine.backends.tantivy import layout, pages
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.fields import RELEVANCE
from tessera.engine.plan import Among, Both, PlanNode, Without
from tessera.engine.query import Filter, Query
from tessera.engine.result import Section, Way
from tessera.engine.understanding import Part, Understanding


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is. score: None is the document's boost."""

    score: float | None
    address: DocAddress
    way: Way


def sectioned(
    translation: Translation, snapshot: Snapshot, meant: Understanding, query: Query, now: int
) -> tuple[tuple[Section, ...], list[Place]]:
    """The sections with their totals under the query's filters, and the page's hits.

    Raises ValueError for an order that the schema hasn't.
    """
    order = query.effective_sort(snapshot.schema)
    if order != RELEVANCE and snapshot.schema.sort(order) is None:
        raise ValueError(f"{order!r} is not an order of index schema {snapshot.schema.name!r}")
    sections: list[Section] = []
    found: list[Place] = []
    offset = (query.page - 1) * query.size
    for number, part in enumerate(meant.parts):
        reading = _PartReading(translation, snapshot, meant.section(number), query, order, now)
        total, places = reading.page(part, offset, query.size - len(found))
        sections.append(Section(part.way, total))
        found += [Place(score, address, part.way) for score, address in places]
        offset = max(0, offset - total)
    return tuple(sections), found


_Places = list[tuple[float | None, DocAddress]]


@dataclass(frozen=True, slots=True)
class _PartReading:
    """Pages of one section. node: its documents."""

    translation: Translation
    snapshot: Snapshot
    node: PlanNode
    query: Query
    order: str
    now: int

    def page(self, part: Part, offset: int, size: int) -> tuple[int, _Places]:
        """The total, and the hits from `offset` on."""
        if size < 1:
            return self._total(), []
        if self.order != RELEVANCE:
            return self._by_key(self.node, offset, size)
        if not part.first:
            return self._by_relevance(self.node, offset, size)
        total = self._total()
        first = self._passing(part.first)
        head = first[offset : offset + size]
        places = self._placed(head)
        if len(places) < size and offset + len(places) < total:
            keys = Among(tuple(key for key, _ in part.first))
            rest = Both((self.node, Without(keys)))
            further = max(0, offset - len(first)), size - len(places)
            places += self._by_relevance(rest, *further)[1]
        return total, places

    @property
    def _filters(self) -> tuple[Filter, ...]:
        return filters_in_force(self.query)

    def _filtered(self, query: tantivy.Query) -> tantivy.Query:
        return self.translation.filtered(query, self._filters, self.now)

    def _total(self) -> int:
        return self.snapshot.count(self._filtered(self.translation.matching(self.node)))

    def _by_relevance(self, node: PlanNode, offset: int, size: int) -> tuple[int, _Places]:
        if not ranking.scoring_words(node):
            return self._by_key(node, offset, size)
        scored = self._filtered(self.translation.scored(node))
        page = pages.by_score(self.snapshot, scored, offset, size)
        return page.total, [*page.hits]

    def _by_key(self, node: PlanNode, offset: int, size: int) -> tuple[int, _Places]:
        relevance = self.order == RELEVANCE
        field = layout.sort_field(layout.BOOST_ORDER if relevance else self.order)
        matching = self._filtered(self.translation.matching(node))
        page = pages.ordered(self.snapshot, matching, field, offset, size)
        return page.total, [(None if relevance else 0.0, address) for _, address in page.hits]

    def _passing(self, first: tuple[tuple[int, float], ...]) -> list[tuple[int, float]]:
        """Those that the filters leave."""
        if not self._filters:
            return list(first)
        kept = self._found(key for key, _ in first)
        return [(key, score) for key, score in first if key in kept]

    def _placed(self, head: list[tuple[int, float]]) -> _Places:
        found = self._found(key for key, _ in head)
        return [(score, found[key]) for key, score in head]

    def _found(self, keys: Iterable[int]) -> dict[int, DocAddress]:
        """The documents of these keys that pass the filters."""
        among = Among(tuple(keys))
        if not among.keys:
            return {}
        query = self._filtered(self.translation.matching(among))
        hits = self.snapshot.searcher.search(query, len(among.keys), count=False).hits
        addresses = [address for _, address in hits]
        return dict(zip(self.snapshot.keys(addresses), addresses, strict=True))
