"""Ways out of an empty result: what each word or filter costs."""

from __future__ import annotations

from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.search.labels import Labels
from tessera.search.page import Offer


def offers(index: Index, query: Query, labels: Labels) -> tuple[Offer, ...]:
    return ()
