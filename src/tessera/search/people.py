"""What pages say of people alone: who publishes them, and what they tell of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tessera.accounts.profiles import publication
from tessera.engine.audience import Audience
from tessera.engine.query import Query
from tessera.engine.result import Hit
from tessera.records.members import is_members
from tessera.records.models import Record, Source
from tessera.schema.people import sought, spoken
from tessera.search.facts import Fact, Value
from tessera.search.labels import Labels, short_label
from tessera.search.links import Link


@dataclass(frozen=True, slots=True)
class PersonShown:
    """What the page of a person has beside that of other records.

    own: whether they publish it themselves, else a source does. origin: the same in words.
    portrait: the address of their photo, or empty. searchable: by search engines.
    """

    own: bool
    origin: str
    portrait: str
    searchable: bool


def person_shown(record: Record, audience: Audience) -> PersonShown | None:
    """None for records of other kinds."""
    if record.kind != "person":
        return None
    if not is_members(record):
        return PersonShown(False, _published_by(record.source.name), "", False)
    profile = publication.profile_behind(record.uid)
    photo = publication.portrait(profile, audience) if profile is not None else ""
    return PersonShown(
        own=True,
        origin=_by_themselves(active=bool(publication.active_now([record.uid]))),
        portrait=reverse("profile_photo", args=[photo]) if photo else "",
        searchable=publication.in_search_engines(record.uid),
    )


def origins(hits: Iterable[Hit]) -> dict[str, str]:
    """By id of those hits that are people, who publishes them, in words."""
    sources = {hit.id: str(hit.stored.get("source", "")) for hit in hits
               if hit.stored.get("kind") == "person"}  # fmt: skip
    own = [uid for uid, slug in sources.items() if slug == Source.MEMBERS]
    active = publication.active_now(own) if own else set()
    slugs = set(sources.values()) - {Source.MEMBERS}
    rows = Source.objects.filter(slug__in=slugs).values_list("slug", "name") if slugs else ()
    names = dict(rows)
    return {
        uid: _by_themselves(active=uid in active)
        if slug == Source.MEMBERS
        else _published_by(names.get(slug, slug))
        for uid, slug in sources.items()
    }


def _by_themselves(*, active: bool) -> str:
    if active:
        return _("Published by this person, who was here this month")
    return _("Published by this person")


def _published_by(source: str) -> str:
    return _("Published by %(source)s") % {"source": source}


def person_facts(data: Mapping[str, Any], labels: Labels) -> Iterator[Fact]:
    """What a person looks for and offers, speaks, and where more is; of other records nothing."""
    calls = tuple(Value(each) for each in sought(data, "calls"))
    if calls:
        yield Fact(_("Looking for calls"), calls)
    for name, facet, label in (
        ("themes", "theme", _("Looking for themes")),
        ("countries", "country", _("Looking for partners from")),
        ("types", "organisation_type", _("Looking for partners that are")),
    ):
        values = tuple(Value(labels.of(facet, each)) for each in sought(data, name))
        if values:
            yield Fact(label, values)
    offered = tuple(
        Value(text, lang="" if lang in ("und", labels.lang) else lang)
        for lang, text in (data.get("can_offer") or {}).items()
    )
    if offered:
        yield Fact(_("Can offer"), offered)
    languages = tuple(
        Value(labels.of("language", each), Link(Query().with_filter("language", each)).href)
        for each in spoken(data)
    )
    if languages:
        yield Fact(short_label("language"), languages)
    websites = tuple(
        Value(each.removeprefix("https://").removeprefix("http://"), each)
        for each in data.get("websites") or ()
    )
    if websites:
        yield Fact(_("Links"), websites)
    if data.get("orcid"):
        orcid = str(data["orcid"])
        yield Fact(_("ORCID iD"), (Value(orcid, f"https://orcid.org/{orcid}"),))
