"""What a record states of others: its links, and the face that it shows in their documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tessera.records.bulk import insert, slices, update
from tessera.records.models import Link
from tessera.schema.identity import organisation_id
from tessera.schema.parts import OrganisationRef, is_record_id
from tessera.schema.told import DATES, TELLING, dated, opening
from tessera.schema.visibility import FIELD, is_restricted

LINKING = 1
"""Raise it when equal drafts give other links, so that every item is mapped anew."""

PARTNER = "partner"
MEMBER_OF = "member_of"

_FACE = ("acronym", "title", "programme", "period", "themes")
"""With who may see what of them, where a record says that."""
_NAME = ("acronym", "title")
_TOLD = ("summary", *DATES)


@dataclass(frozen=True, slots=True)
class Stated:
    """One link as a record states it; `data` as in `Link`."""

    rel: str
    role: str
    target: str
    data: Mapping[str, Any]


def face(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the documents of linked records show of a record: its names, and what they inherit.

    Of kinds that tell of people also how they begin, and their date (see `tessera.schema.told`).
    `tessera.schema.document` may read nothing else of `LinkedRecord.data`; a test holds it.
    """
    found = {name: data[name] for name in _FACE if data.get(name)}
    if data.get("kind") in TELLING:
        if begins := opening(data):
            found["summary"] = begins
        if day := dated(data):
            found[day] = data[day]
    if is_restricted(data):
        found[FIELD] = data[FIELD]
    return found


def same_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two faces bear the same name."""
    return all(one.get(name) == other.get(name) for name in _NAME)


def inherited_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two faces show the same to records of all kinds."""
    return all(one.get(name) == other.get(name) for name in (*_FACE, FIELD))


def tells_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two faces show the same of what is told of people alone."""
    return all(one.get(name) == other.get(name) for name in _TOLD)


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What others' documents depend on in a record that is not withdrawn.

    targets: ids that it links to. mentions: (id, what is said) of the organisations that it
    names as partners; see `mention`.
    """

    kind: str
    face: Mapping[str, Any]
    targets: frozenset[str]
    mentions: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, kind: str, shown_face: Mapping[str, Any], stated: Sequence[Stated]) -> Shown:
        return cls(
            kind,
            shown_face,
            frozenset(link.target for link in stated),
            tuple(
                (link.target, mention(said))
                for link in stated
                if link.rel == PARTNER
                for said in (link.data, *link.data.get("more", ()))
            ),
        )


MENTIONED = ("name", "country", "type", "nuts", "town", "vat", "national_id")


def mention(said: Mapping[str, Any]) -> str:
    """What one mention says of an organisation itself, as a JSON list of the MENTIONED."""
    values = (said.get(name, "") for name in MENTIONED)
    return _listed(tuple(str(each) if isinstance(each, str | int) else "" for each in values))


@lru_cache(maxsize=50_000)
def _listed(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)


LINK_COLUMNS = ("record_id", "rel", "role", "target_uid", "position", "data")


def rows(record_pk: int, stated: Sequence[Stated]) -> Iterator[tuple[object, ...]]:
    """The rows of a record's links, as LINK_COLUMNS."""
    for position, link in enumerate(stated):
        yield (record_pk, link.rel, link.role, link.target, position, link.data)


def settle(stated: Mapping[int, Sequence[Stated]]) -> None:
    """Make the stored links of records (by primary key) those that they state."""
    present: dict[tuple[object, ...], tuple[int, int, Mapping[str, Any]]] = {}
    for pks in slices(stated):
        there = Link.objects.filter(record_id__among=pks).order_by()
        for pk, *row in there.values_list("pk", *LINK_COLUMNS):
            present[tuple(row[:4])] = (pk, row[4], row[5])
    new, moved = [], []
    for record_pk, links in stated.items():
        for wanted in rows(record_pk, links):
            found = present.pop(wanted[:4], None)
            if found is None:
                new.append(wanted)
            elif found[1:] != wanted[4:]:
                moved.append((*wanted[4:], found[0]))
    for pks in slices(pk for pk, *_ in present.values()):
        Link.objects.filter(pk__among=pks).delete()
    insert(Link, LINK_COLUMNS, new)
    update(Link, LINK_COLUMNS[4:], moved)
