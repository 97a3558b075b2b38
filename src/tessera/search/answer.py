"""A search as JSON values: the shape of the API, of `tessera search --json` and of their docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

from tessera.engine.audience import Audience
from tessera.engine.expansion import Expansion
from tessera.engine.query import Problem, Query
from tessera.engine.result import FacetResult, Hit, Result
from tessera.engine.spelling.correction import Correction
from tessera.records.groups import ids_of
from tessera.records.models import Record
from tessera.records.views import record_view
from tessera.schema.document import name_of
from tessera.schema.kinds import KIND_NAMES
from tessera.search.labels import Labels, facet_label
from tessera.search.links import record_url
from tessera.search.said import choose
from tessera.search.similar import similar_values

SEARCH = "/api/v1/search"

_NOT_FIELDS = frozenset({"kind", "title", "excerpt", "linked", "about"})


def answer(
    query: Query,
    result: Result,
    labels: Labels,
    problems: Sequence[Problem] = (),
    *,
    facets: Sequence[str] = (),
    asked: Sequence[str] = (),
) -> dict[str, Any]:
    """One page of hits with total, counts per kind, and the facets named.

    asked: the facets that the request named, so that the next page's address names them, too.
    """
    last = -(-result.total // query.size)
    more = query.page < last
    return {
        "query": {"q": query.text, "params": query.to_params()},
        "correction": correction_values(result.correction),
        "expansions": [expansion_values(each) for each in result.expansions],
        "total": result.total,
        "sections": [{"way": each.way, "total": each.total} for each in result.sections],
        "kinds": kind_counts(result),
        "hits": [hit_values(hit, query.lang or labels.lang) for hit in result.hits],
        "facets": {
            name: facet_values(result.facets[name], labels)
            for name in facets
            if name in result.facets
        },
        "problems": [
            {"parameter": problem.parameter, "message": problem.message} for problem in problems
        ],
        "page": {
            "size": query.size,
            "number": query.page,
            "last": max(1, last),
            "next": _address(query, query.page + 1, asked) if more else None,
        },
        "took_ms": round(result.took_ms, 2),
    }


def correction_values(correction: Correction | None) -> dict[str, Any] | None:
    """What is offered for the words typed."""
    if correction is None:
        return None
    return {
        "typed": correction.typed,
        "corrected": correction.corrected,
        "words": [{"typed": typed, "offered": offered} for typed, offered in correction.words],
        "applied": correction.applied,
    }


def expansion_values(expansion: Expansion) -> dict[str, Any]:
    """What was looked for in the stead of words, or beside them."""
    return {
        "words": list(expansion.words),
        "alternative": expansion.alternative,
        "lang": expansion.lang,
        "weight": round(expansion.weight, 3),
        "source": expansion.source,
    }


def kind_counts(result: Result) -> dict[str, int]:
    """The total that choosing each kind gives; all kinds, in their order."""
    found = result.facets.get("kind")
    counts = {bucket.value: bucket.count for bucket in found.buckets} if found else {}
    return {kind: counts.get(kind, 0) for kind in KIND_NAMES}


def facet_values(facet: FacetResult, labels: Labels) -> dict[str, Any]:
    """One facet with its buckets."""
    labels.prepare(facet.name, [bucket.value for bucket in facet.buckets])
    return {
        "label": facet_label(facet.name),
        "type": facet.type.value,
        "buckets": [
            {
                "value": bucket.value,
                "label": labels.of(facet.name, bucket.value),
                "count": bucket.count,
                "selected": bucket.selected,
            }
            for bucket in facet.buckets
        ],
        "other": facet.other,
    }


def hit_values(hit: Hit, lang: str) -> dict[str, Any]:
    """One hit. lang: the reader's language, in which the title is given where there is one."""
    stored: Mapping[str, Any] = hit.stored
    title = choose(stored.get("title"), lang, lang)
    kind = str(stored.get("kind", ""))
    fields = {name: value for name, value in stored.items() if name not in _NOT_FIELDS}
    excerpt = choose(stored.get("excerpt"), lang, lang)
    if excerpt:
        fields["excerpt"] = excerpt.text
    return {
        "id": hit.id,
        "kind": kind,
        "title": title.text,
        "lang": title.lang,
        "url": record_url(kind, hit.id),
        "score": round(hit.score, 4),
        "way": hit.way,
        "highlights": [
            {
                "field": highlight.field,
                "html": highlight.html,
                "lang": highlight.lang,
                "label": highlight.label,
            }
            for highlight in hit.highlights
        ],
        "fields": fields,
        "linked": stored.get("linked") or {},
    }


def _address(query: Query, page: int, asked: Sequence[str]) -> str:
    pairs = [*replace(query, page=page).pairs(), *(("facet", name) for name in asked)]
    return f"{SEARCH}?{urlencode(pairs, quote_via=quote, safe=':.,/')}"


def record_values(
    record: Record, lang: str, audience: Audience = Audience.EVERYONE
) -> dict[str, Any] | None:
    """One record with its links both ways, others like it, and where it comes from.

    As an audience sees it; None where it isn't for it.
    """
    view = record_view(record, audience)
    if view is None:
        return None
    title = choose(view.data.get("title"), lang or "en", lang or "en")
    last_seen = record.last_seen
    return {
        "id": view.id,
        "kind": view.kind,
        "title": title.text,
        "lang": title.lang,
        "url": record_url(view.kind, view.id),
        "data": dict(view.data),
        "aliases": list(ids_of(record.uid)[1:]),
        "links": [
            {
                "rel": link.rel,
                "id": link.id,
                "kind": link.kind,
                "name": name_of(link.data, lang or "en"),
                "url": record_url(link.kind, link.id),
                "outgoing": link.outgoing,
            }
            for link in view.links
        ],
        "similar": similar_values(view, lang, audience),
        "provenance": {
            "source": view.source,
            "source_name": record.source.name,
            "source_url": record.source.url,
            "licence": str(view.data.get("licence") or record.source.licence),
            "licence_of": "record" if view.data.get("licence") else "source",
            "key": record.item.key if record.item else "",
            "url": str(view.data.get("url") or ""),
            "first_seen": record.first_seen.isoformat(),
            "last_seen": last_seen.isoformat() if last_seen else None,
            "changed": record.changed_at.isoformat(),
        },
    }
