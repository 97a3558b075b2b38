"""Exact counts of facet values."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import tantivy

from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.snapshot import Snapshot

_MAX_BUCKETS = 60_000
"""Below tantivy's limit of 65,000 buckets in one aggregation, over all its facets."""
_FEW = 30_000
"""Matches up to which the values of a facet with a great many are aggregated from them; of more
matches, reading the whole dictionary takes less."""


def value_counts(
    snapshot: Snapshot, query: tantivy.Query, facets: Collection[str]
) -> Mapping[str, Mapping[str, int]]:
    """By facet (TERMS, TREE, YEARS), how many of the matching documents hold each value."""
    counted: dict[str, Mapping[str, int]] = {}
    common = [name for name in facets if name not in snapshot.large_facets]
    large = [name for name in facets if name in snapshot.large_facets]
    if common:
        counted.update(_aggregated(snapshot, query, common))
    if large and snapshot.count(query) <= _FEW:
        for name in large:
            counted.update(_aggregated(snapshot, query, [name]))
    for name in facets:
        if name not in counted:
            counted[name] = _from_dictionary(snapshot, query, name)
    return counted


def _aggregated(
    snapshot: Snapshot, query: tantivy.Query, facets: Collection[str]
) -> dict[str, Mapping[str, int]]:
    """The counts in one pass, but for facets with too many values for that."""
    limits = {"size": _MAX_BUCKETS, "segment_size": _MAX_BUCKETS}
    wanted = {f: {"terms": {"field": layout.facet_field(f), **limits}} for f in facets}
    try:
        found = snapshot.searcher.aggregate(query, wanted)
    except ValueError as error:
        if "bucket limit" not in str(error):
            raise
        if len(facets) == 1:
            snapshot.large_facets.update(facets)
            return {}
        apart = (_aggregated(snapshot, query, [facet]) for facet in facets)
        return {name: counts for result in apart for name, counts in result.items()}
    counted: dict[str, Mapping[str, int]] = {}
    for name in facets:
        if found[name]["sum_other_doc_count"]:
            snapshot.large_facets.add(name)
        else:
            buckets = found[name]["buckets"]
            counted[name] = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    return counted


def _from_dictionary(snapshot: Snapshot, query: tantivy.Query, facet: str) -> Mapping[str, int]:
    field = layout.facet_field(facet)
    return dict(snapshot.searcher.terms_with_prefix(field, "", filter_query=query))
