"""Imported vocabularies: how concepts are kept, and how the layers above look them up.

A code of a source (a notation such as `EL30`, or a URI) finds its concept, a concept its labels
in any language, what is below it, and what it is in another vocabulary. Withdrawn concepts answer
too, after those that are there: records go on naming them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db.models import F, Q, QuerySet

from tessera.records.bulk import insert, slices, update
from tessera.records.models import Concept, ConceptLabel, ConceptLink, Vocabulary
from tessera.schema import concepts as schema

MAX_BELOW: Final = 10_000
"""Concepts that `below` gives at most; it says whether there are more."""

_COLUMNS: Final = (
    "vocabulary_id", "uri", "kind", "notation", "title", "data", "geometry", "checksum",
    "withdrawn_at",
)  # fmt: skip


def put(vocabulary: Vocabulary, found: Sequence[schema.Concept], known: Mapping[str, int]) -> None:
    """Store concepts as they are now. known: primary keys by URI of those that are there.

    Belongs into the transaction of the whole delivery.
    """
    fresh = [each for each in found if each.uri not in known]
    insert(Concept, _COLUMNS, (_row(vocabulary, each) for each in fresh))
    changed = [each for each in found if each.uri in known]
    update(Concept, _COLUMNS, ((*_row(vocabulary, each), known[each.uri]) for each in changed))
    keys = dict(known)
    for some in slices(each.uri for each in fresh):
        rows = Concept.objects.filter(vocabulary=vocabulary, uri__in=some)
        keys.update(rows.values_list("uri", "pk"))
    for pks in slices(keys[each.uri] for each in changed):
        ConceptLabel.objects.filter(concept_id__in=pks).delete()
        ConceptLink.objects.filter(concept_id__in=pks).delete()
    insert(
        ConceptLabel,
        ("concept_id", "lang", "role", "text", "key"),
        (
            (keys[each.uri], lang[:35], role, text, schema.label_key(text))
            for each in found
            for lang, role, text in each.all_labels()
        ),
    )
    insert(
        ConceptLink,
        ("concept_id", "rel", "target_uri"),
        ((keys[each.uri], rel, uri) for each in found for rel, uri in _links(each)),
    )


def _row(vocabulary: Vocabulary, each: schema.Concept) -> tuple[object, ...]:
    data = each.canonical()
    geometry = data.pop("geometry", None)
    return (vocabulary.pk, each.uri, each.kind, each.notation, each.label(), data,
            "null" if geometry is None else geometry, each.checksum(), None)  # fmt: skip


def _links(each: schema.Concept) -> Iterator[tuple[str, str]]:
    yield from (("broader", uri) for uri in each.broader)
    yield from (("related", uri) for uri in each.related)
    yield from (("replaced_by", uri) for uri in each.replaced_by)
    yield from ((rel, uri) for rel in schema.MATCHES for uri in each.matches.get(rel, ()))


def withdraw(pks: Iterable[int], at: datetime) -> None:
    """Mark concepts that a delivery lacks."""
    for some in slices(pks):
        Concept.objects.filter(pk__in=some, withdrawn_at=None).update(withdrawn_at=at)


def concept(vocabulary: str, code: str) -> schema.Concept | None:
    """The concept of a vocabulary (by the name of its source) with this URI or notation.

    None where there is none, or where several that are there share the notation.
    """
    return _found(vocabulary, (code,)).get(code)


def concepts(vocabulary: str, codes: Iterable[str]) -> dict[str, schema.Concept]:
    """The concepts of many codes in one look-up, as `concept` finds one; what isn't known isn't
    in it."""
    return _found(vocabulary, codes)


def find(text: str, vocabulary: str = "", lang: str = "") -> list[schema.Concept]:
    """Concepts that bear this label in any language, or in one; preferred labels first.

    Case, accents and punctuation don't count.
    """
    rows = ConceptLabel.objects.filter(key=schema.label_key(text), concept__kind="concept")
    if vocabulary:
        rows = rows.filter(concept__vocabulary__source__slug=vocabulary)
    if lang:
        rows = rows.filter(lang=lang.lower())
    ordered = sorted(
        rows.select_related("concept"),
        key=lambda row: (row.concept.withdrawn_at is not None, row.role != "pref", row.pk),
    )
    unique = {row.concept_id: row.concept for row in ordered}
    return [schema.Concept.from_json(row.data) for row in unique.values()]


def below(uri: str, vocabulary: str = "", limit: int = MAX_BELOW) -> tuple[list[str], bool]:
    """URIs of all concepts below one, nearest first, and whether there are more than `limit`.

    Circles, which a vocabulary may hold by mistake, are gone through once.
    """
    seen, level = {uri: None}, [uri]
    while level and len(seen) <= limit:
        rows = _there(vocabulary).filter(links__rel="broader")
        level = [
            found
            for some in slices(level)
            for found in rows.filter(links__target_uri__in=some)
            .order_by("uri").values_list("uri", flat=True)
            if found not in seen
        ]  # fmt: skip
        level = list(dict.fromkeys(level))
        seen.update(dict.fromkeys(level))
    ordered = list(seen)[1:]
    return ordered[:limit], len(ordered) > limit


def matching(uri: str, rels: Sequence[str] = ("exact", "close")) -> list[str]:
    """URIs that a concept is said to be in other vocabularies, or that are said to be it."""
    own = ConceptLink.objects.filter(concept__uri=uri, rel__in=rels)
    others = ConceptLink.objects.filter(target_uri=uri, rel__in=rels)
    found = [
        *own.values_list("target_uri", flat=True),
        *others.values_list("concept__uri", flat=True),
    ]
    return [each for each in dict.fromkeys(found) if each != uri]


def _there(vocabulary: str) -> QuerySet[Concept]:
    rows = Concept.objects.filter(withdrawn_at=None)
    return rows.filter(vocabulary__source__slug=vocabulary) if vocabulary else rows


def _found(vocabulary: str, codes: Iterable[str]) -> dict[str, schema.Concept]:
    found: dict[str, schema.Concept] = {}
    rows = Concept.objects.filter(vocabulary__source__slug=vocabulary).defer("geometry")
    for some in slices({code for code in codes if code}):
        here = list(
            rows.filter(Q(uri__in=some) | Q(notation__in=some, kind="concept"))
            .order_by(F("withdrawn_at").desc(nulls_first=True), "pk")
        )  # fmt: skip
        for code in some:
            named = [row for row in here if code in (row.uri, row.notation)]
            live = [row for row in named if row.withdrawn_at is None]
            if named and len(live) < 2:
                found[code] = schema.Concept.from_json(named[0].data)
    return found
