"""What a search asks for, checked and in the terms that every backend works in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from tessera.engine.document import Document
from tessera.engine.fields import MISSING, Facet, FacetType, IndexSchema
from tessera.engine.query import Filter, Query


def current_second(now: datetime | None) -> int:
    """The first whole second that is not before `now`; ValueError for a naive time."""
    moment = datetime.now(UTC) if now is None else now
    if moment.tzinfo is None:
        raise ValueError("`now` needs a time zone")
    return math.ceil(moment.timestamp())


def facet_named(schema: IndexSchema, name: str) -> Facet:
    facet = schema.facet(name)
    if facet is None:
        known = ", ".join(facet.name for facet in schema.facets)
        raise ValueError(f"{name!r} is not a facet of index schema {schema.name!r}: {known}")
    return facet


def filters_in_force(query: Query, aside: str | None = None) -> tuple[Filter, ...]:
    """The query's filters, without the choices in facet `aside` (its exclusions stay)."""
    return tuple(f for f in query.filters if f.exclude or f.name != aside)


def values_of(document: Document, facets: Iterable[Facet]) -> dict[str, tuple[str, ...]]:
    """Facet values as indexed, by facet: years as text, MISSING where nothing is stated."""
    found: dict[str, tuple[str, ...]] = {}
    for facet in facets:
        if facet.type is FacetType.WHEN:
            continue
        stated: Sequence[str | int] | None
        if facet.type is FacetType.YEARS:
            stated = document.years.get(facet.name)
        else:
            stated = document.facets.get(facet.name)
        if stated is not None:
            found[facet.name] = tuple(dict.fromkeys(map(str, stated))) or (MISSING,)
    return found
