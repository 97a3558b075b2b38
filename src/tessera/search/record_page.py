"""The model of a record's page: its facts, texts, links both ways and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language

from tessera.engine.audience import Audience
from tessera.records.models import Record
from tessera.records.views import current_data
from tessera.schema import vocabularies
from tessera.schema.kinds import kind as kind_of
from tessera.search.facts import Fact, facts_of
from tessera.search.labels import Labels, kind_word
from tessera.search.linked import Group, groups
from tessera.search.links import record_url
from tessera.search.parts import PageOfFile, page_of_file
from tessera.search.people import PersonShown, person_facts, person_shown
from tessera.search.said import Said, choose
from tessera.search.similar import SimilarRecord, similar


@dataclass(frozen=True, slots=True)
class Body:
    """A text in paragraphs."""

    said: Said
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """Another language that the texts are in."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from, and when it was there. key: its id there."""

    source: str
    source_url: str
    licence: str
    first_seen: datetime
    last_seen: datetime | None
    changed: datetime
    derived: bool
    key: str


@dataclass(frozen=True, slots=True)
class RecordPage:
    """All that a record's page shows. address: without a host; cite: its title and kind."""

    uid: str
    kind: str
    kind_word: str
    title: Said
    acronym: str
    summary: Body | None
    text: Body | None
    versions: tuple[Version, ...]
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    similar: tuple[SimilarRecord, ...]
    pages: tuple[PageOfFile, ...]
    pages_lang: Said
    notes: tuple[str, ...]
    provenance: Provenance
    address: str
    url: str
    searchable: bool
    data: Mapping[str, Any]
    person: PersonShown | None = None

    @property
    def name(self) -> str:
        return f"{self.acronym}: {self.title}" if self.acronym else self.title.text


def record_page(
    record: Record, lang: str, audience: Audience = Audience.EVERYONE
) -> RecordPage | None:
    """The page of a record as an audience sees it; None where it isn't for it.

    lang: the reader's language, for its texts.
    """
    page = get_language() or "en"
    lang = lang or page
    data = current_data(record, audience)
    if data is None:
        return None
    labels = Labels(page)
    acronym = str(data.get("acronym") or "")
    title = choose(data.get("title"), lang, page)
    summary, text = _body(data, "summary", lang, page), _body(data, "text", lang, page)
    if summary and text and text.said.text.startswith(summary.said.text.rstrip("…. ")):
        summary = None
    language = str(data.get("language") or "und")
    linked = groups(record, lang, page, audience)
    person = person_shown(record, audience)
    named = {item.uid for group in linked for item in group.items}
    return RecordPage(
        uid=record.uid,
        kind=record.kind,
        kind_word=kind_word(record.kind),
        title=title,
        acronym="" if acronym == title.text else acronym,
        summary=summary,
        text=text,
        versions=_versions(record, data, title.lang),
        facts=(*facts_of(record, data, labels, lang, page), *person_facts(data, labels)),
        groups=linked,
        similar=similar(record.uid, record.kind, data, named, lang, page, audience),
        pages=tuple(
            page_of_file(each, language, page)
            for each in data.get("pages") or ()
            if each.get("text")
        ),
        pages_lang=Said("", language, page),
        notes=tuple(str(note) for note in data.get("notes") or ()),
        provenance=Provenance(
            source=record.source.name,
            source_url=record.source.url,
            licence=str(data.get("licence") or record.source.licence),
            key=record.item.key if record.item else "",
            first_seen=record.first_seen,
            last_seen=record.last_seen,
            changed=record.changed_at,
            derived=record.derived,
        ),
        address=record_url(record.kind, record.uid),
        url=str(data.get("url") or ""),
        searchable=person is None or person.searchable,
        data=data,
        person=person,
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return tuple(block.strip() for block in blocks if block.strip())


def _body(data: Mapping[str, Any], name: str, lang: str, page: str) -> Body | None:
    said = choose(data.get(name), lang, page)
    return Body(said, _paragraphs(said.text)) if said else None


def _versions(record: Record, data: Mapping[str, Any], current: str) -> tuple[Version, ...]:
    langs: dict[str, None] = {}
    for name in ("title", "summary", "text"):
        langs.update(dict.fromkeys(data.get(name) or ()))
    named = [lang for lang in langs if lang != "und"]
    if len(named) < 2:
        return ()
    return tuple(
        Version(
            lang,
            vocabularies.autonym(lang) or lang,
            record_url(record.kind, record.uid, lang=lang),
            lang == current,
        )
        for lang in sorted(named)
    )


def schema_type(kind: str) -> str:
    """The type of a kind in schema.org."""
    return kind_of(kind).schema_type
