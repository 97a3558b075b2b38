"""What a record states of others: its links, and the face that it shows in their documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tessera.records.bulk import insert, slices
from tessera.records.models import Link
from tessera.schema.draft import OrganisationRef, is_record_id
from tessera.schema.identity import organisation_id

LINKING = 1
"""Raise it when equal drafts give other links, so that every item is mapped anew."""

PARTNER = "partner"
MEMBER_OF = "member_of"

_FACE = ("acronym", "title", "programme", "period", "themes")
_NAME = ("acronym", "title")


@dataclass(frozen=True, slots=True)
class Stated:
    """One link as a record states it; `data` as in `Link`."""

    rel: str
    role: str
    target: str
    data: Mapping[str, Any]


def face(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the documents of linked records show of a record: its names, and what they inherit.

    `tessera.schema.document` may read nothing else of `LinkedRecord.data`; a test holds it.
    """
    return {name: data[name] for name in _FACE if data.get(name)}


def same_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two faces bear the same name."""
    return all(one.get(name) == other.get(name) for name in _NAME)


@lru_cache(maxsize=50_000)
def _organisation_id(given: str, name: str, country: str | None) -> str:
    return organisation_id(OrganisationRef.model_construct(id=given, name=name, country=country))


def links_of(uid: str, data: Mapping[str, Any]) -> tuple[Stated, ...]:
    """The links in a canonical draft, in the order stated, each (rel, role, target) once.

    Organisations are `partner` in their role, `links` as stated, and the organisation of a person
    is `member_of` where it is an id. A link of a record to itself says nothing and is left out.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for partner in data.get("organisations", ()):
        target = _organisation_id(partner.get("id", ""), partner["name"], partner.get("country"))
        said = {name: value for name, value in partner.items()
                if name not in ("id", "role") and value not in ("", None)}  # fmt: skip
        place = (PARTNER, partner.get("role", "partner"), target)
        if place in found:
            found[place].setdefault("more", []).append(said)
        else:
            found[place] = said
    for link in data.get("links", ()):
        said = {name: value for name, value in link.items() if name not in ("rel", "id", "role")}
        found.setdefault((link["rel"], str(link.get("role", ""))[:20], link["id"]), said)
    employer = data.get("organisation", "")
    if is_record_id(employer):
        found.setdefault((MEMBER_OF, "", employer), {})
    return tuple(
        Stated(rel, role, target, said)
        for (rel, role, target), said in found.items()
        if target != uid
    )


def mentions(link_data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What one `partner` link says of its organisation: each mention by itself."""
    return [link_data, *link_data.get("more", ())]


def settle(stated: Mapping[int, Sequence[Stated]]) -> None:
    """Make the stored links of records (by primary key) those that they state."""
    present: dict[int, dict[tuple[str, str, str], Link]] = {pk: {} for pk in stated}
    for pks in slices(stated):
        for row in Link.objects.filter(record_id__in=pks):
            present[row.record_id][row.rel, row.role, row.target_uid] = row
    new: list[Link] = []
    for pk, links in stated.items():
        for wanted in rows(pk, links):
            row = present[pk].pop((wanted.rel, wanted.role, wanted.target_uid), None)
            if row is None:
                new.append(wanted)
            elif (row.position, row.data) != (wanted.position, wanted.data):
                row.position, row.data = wanted.position, wanted.data
                row.save(update_fields=("position", "data"))
    gone = [row.pk for left in present.values() for row in left.values()]
    for pks in slices(gone):
        Link.objects.filter(pk__in=pks).delete()
    insert(Link, new)


def rows(record_pk: int, stated: Sequence[Stated]) -> Iterable[Link]:
    """The rows of a record's links, not yet saved."""
    for position, link in enumerate(stated):
        yield Link(
            record_id=record_pk,
            rel=link.rel,
            role=link.role,
            target_uid=link.target,
            position=position,
            data=dict(link.data),
        )
