"""The model of the home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language

from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.engine.result import Hit
from tessera.indexing.models import IndexState
from tessera.schema.kinds import KIND_NAMES
from tessera.search.cards import Card, card
from tessera.search.dates import number
from tessera.search.labels import Labels, kind_words
from tessera.search.links import Link
from tessera.search.names import Names
from tessera.search.people import origins

NEW = 6
COMING = 5
NEW_KINDS = ("news", "good_practice", "file")
"""What "new" shows; projects and events are dated ahead of time."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many records of a kind there are."""

    kind: str
    label: str
    count: int
    link: Link

    @property
    def number(self) -> str:
        return number(self.count)


@dataclass(frozen=True, slots=True)
class HomePage:
    """as_of: when the index last took in changes; None where that isn't known."""

    total: int
    kinds: tuple[KindCount, ...]
    new: tuple[Card, ...]
    coming: tuple[Card, ...]
    coming_count: int
    past_count: int
    all_new: Link
    all_coming: Link
    past: Link
    as_of: datetime | None

    @property
    def number(self) -> str:
        return number(self.total)


def homepage(index: Index, lang: str) -> HomePage:
    """What is in the index now. lang: the reader's language."""
    page = get_language() or "en"
    asked = lang if lang != page else ""
    labels = Labels(page, Names(index, lang or page))
    counted = index.search(Query(size=1), facets=("kind",), highlight=False)
    counts = {bucket.value: bucket.count for bucket in counted.facets["kind"].buckets}
    start = Query(lang=asked)
    events = start.with_filter("kind", "event")
    dated = index.search(replace(events, size=1), facets=("when",), highlight=False)
    moments = {bucket.value: bucket.count for bucket in dated.facets["when"].buckets}
    new = start.with_filter("kind", *NEW_KINDS).with_sort("newest")
    coming = events.with_filter("when", "upcoming").with_sort("soonest")
    return HomePage(
        total=counted.total,
        kinds=tuple(
            KindCount(
                kind,
                kind_words(kind),
                counts.get(kind, 0),
                Link(start.with_filter("kind", kind)),
            )
            for kind in KIND_NAMES
        ),
        new=_cards(index, new, NEW, labels, lang, page),
        coming=_cards(index, coming, COMING, labels, lang, page),
        coming_count=moments.get("upcoming", 0),
        past_count=moments.get("past", 0),
        all_new=Link(new),
        all_coming=Link(coming),
        past=Link(events.with_filter("when", "past")),
        as_of=_as_of(index.name),
    )


def _cards(
    index: Index, query: Query, size: int, labels: Labels, lang: str, page: str
) -> tuple[Card, ...]:
    found: Sequence[Hit] = index.search(replace(query, size=size), highlight=False).hits
    told = origins(found)
    return tuple(card(hit, labels, lang or page, page, told.get(hit.id, "")) for hit in found)


def _as_of(name: str) -> datetime | None:
    state = IndexState.objects.filter(name=name).first()
    return (state.synced_at or state.built_at) if state else None
