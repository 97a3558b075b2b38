"""Result rows: what a card says of a hit, from its stored values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.result import Highlight, Hit
from tessera.schema.kinds import KIND_NAMES
from tessera.search import dates
from tessera.search.labels import (
    Labels,
    counted,
    kind_word,
    listed,
    period_label,
    programme_label,
)
from tessera.search.links import record_url
from tessera.search.parts import passage_part
from tessera.search.said import Said, choose

MAX_COUNTRIES = 4
"""Countries that a card names; of more, their number."""

_NAMES = ("title", "acronym")


@dataclass(frozen=True, slots=True)
class Passage:
    """Why a record is here. where: the part of the record ("p. 37"); empty for running text."""

    said: Said
    where: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A result row. stored: as in the document, for what only one kind's template shows.

    origin: of a person, who publishes it.
    """

    id: str
    kind: str
    kind_word: str
    url: str
    title: Said
    acronym: str
    acronym_html: SafeString | None
    stored: Mapping[str, Any]
    labels: Labels
    passage: Passage | None
    linked: str
    origin: str = ""

    @property
    def acronym_shown(self) -> str:
        return self.acronym_html if self.acronym_html is not None else self.acronym

    def _text(self, name: str) -> str:
        return str(self.stored.get(name) or "")

    @property
    def lead_partner(self) -> str:
        return self._text("lead_partner")

    @property
    def lead_country(self) -> str:
        code = self._text("lead_country")
        return self.labels.of("country", code) if code else ""

    @property
    def programme(self) -> str:
        return programme_label(self._text("programme"), self.labels.lang)

    @property
    def years(self) -> str:
        return dates.years(self.stored.get("start"), self.stored.get("end"))

    @property
    def period(self) -> str:
        period = self._text("period")
        if not period:
            return ""
        return _("period %(years)s") % {"years": period_label(period, self._text("programme"))}

    @property
    def when(self) -> str:
        found = self.stored
        return dates.occasion(found.get("starts"), found.get("ends"), self._text("timezone"))

    @property
    def deadline(self) -> str:
        """A call's last deadline: "Deadline: 23 September 2026"."""
        day = dates.occasion(self.stored.get("deadline"), timezone=self._text("timezone"))
        if not day:
            return ""
        pattern = (
            _("Last deadline: %(day)s") if self.stored.get("deadlines") else _("Deadline: %(day)s")
        )
        return pattern % {"day": day}

    @property
    def published(self) -> str:
        day = dates.read_day(self.stored.get("published"))
        return dates.day(day) if day else ""

    @property
    def place(self) -> str:
        return dates.place(self._text("place"), online=bool(self.stored.get("online")))

    @property
    def countries(self) -> str:
        codes: Sequence[str] = self.stored.get("countries") or ()
        names = [self.labels.of("country", code) for code in codes[:MAX_COUNTRIES]]
        rest = len(codes) - len(names)
        if rest == 1:
            names.append(self.labels.of("country", codes[-1]))
        elif rest:
            names.append(ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest})
        return listed(names)

    @property
    def interests(self) -> str:
        values: Sequence[str] = self.stored.get("interested_in") or ()
        return ", ".join(self.labels.of("interested_in", value) for value in values)

    @property
    def representing(self) -> str:
        value = self._text("representing")
        return self.labels.of("representing", value) if value else ""

    @property
    def organisation(self) -> str:
        return self._text("organisation")

    @property
    def type(self) -> str:
        value = self._text("type")
        return self.labels.of("organisation_type", value) if value else ""

    @property
    def status(self) -> str:
        value = self._text("status")
        return self.labels.of("status", value) if value else ""

    @property
    def party(self) -> str:
        """Whose event or news it is."""
        organiser, source = self._text("organiser"), self._text("news_source")
        if organiser == "programme":
            return _("Organised by the programme")
        if organiser == "project":
            return _("Organised by a project")
        if source == "programme":
            return _("News of the programme")
        return _("News of a project") if source == "project" else ""

    @property
    def about(self) -> str:
        """The projects it belongs to."""
        found: Sequence[Mapping[str, str]] = self.stored.get("about") or ()
        return listed(str(each.get("name") or each.get("id", "")) for each in found)

    @property
    def file_type(self) -> str:
        value = self._text("file_type")
        return self.labels.of("file_type", value) if value else ""

    @property
    def language(self) -> str:
        value = self._text("language")
        return self.labels.of("language", value) if value and value != "und" else ""

    @property
    def size(self) -> str:
        value = self.stored.get("size")
        return dates.size(int(value)) if value else ""

    @property
    def pages(self) -> str:
        value = int(self.stored.get("pages") or 0)
        match self.stored.get("file_type"):
            case "ppt":
                pattern = ngettext("%(count)s slide", "%(count)s slides", value)
            case "xls":
                pattern = ngettext("%(count)s sheet", "%(count)s sheets", value)
            case _:
                pattern = ngettext("%(count)s page", "%(count)s pages", value)
        return pattern % {"count": dates.number(value)} if value else ""

    @property
    def notes(self) -> str:
        return "; ".join(str(note) for note in self.stored.get("notes") or ())


def card(hit: Hit, labels: Labels, lang: str, page: str, origin: str = "") -> Card:
    """The card of a hit. lang: the reader's language; page: the language of the page."""
    stored = hit.stored
    kind = str(stored.get("kind", ""))
    title = choose(stored.get("title"), lang, page)
    acronym_html = None
    for highlight in hit.highlights:
        if highlight.field == "title" and highlight.lang == title.lang and title.html is None:
            title = Said(title.text, title.lang, page, _safe(highlight))
        elif highlight.field == "acronym":
            acronym_html = _safe(highlight)
    chosen = _passage(hit.highlights, title)
    url = record_url(kind, hit.id, lang=lang if lang != page else "")
    return Card(
        id=hit.id,
        kind=kind,
        kind_word=kind_word(kind),
        url=url,
        title=title,
        acronym=str(stored.get("acronym") or ""),
        acronym_html=acronym_html,
        stored=stored,
        labels=labels,
        passage=_shown(chosen, hit, url, page) or _excerpt(stored, lang, page),
        linked=_linked(stored),
        origin=origin,
    )


def _safe(highlight: Highlight) -> SafeString:
    """Highlights are escaped by the engine; only its own <mark> is in them."""
    return mark_safe(highlight.html)  # noqa: S308 - escaped by tessera.engine.highlight  # nosec B308


def _passage(highlights: Sequence[Highlight], title: Said) -> Highlight | None:
    """The best passage that the title doesn't show already."""
    for highlight in highlights:
        if highlight.field not in _NAMES:
            return highlight
    for highlight in highlights:
        if highlight.field == "title" and highlight.lang != title.lang:
            return highlight
    return None


def _shown(highlight: Highlight | None, hit: Hit, url: str, page: str) -> Passage | None:
    if highlight is None:
        return None
    said = Said("", highlight.lang, page, _safe(highlight))
    where, target = "", ""
    match highlight.field:
        case "text" if highlight.label:
            where, number = passage_part(highlight.label)
            target = f"{url}#p-{number}"
        case "names":
            where = _("Also known as")
        case "keywords":
            where = _("Keywords")
        case "related":
            where = _("Linked with")
        case "title":
            where = _("Title")
        case "initials":
            where = _("In short")
        case "told":
            where, target = _teller(highlight.label)
    return Passage(said, where, target)


def _teller(label: str) -> tuple[str, str]:
    """Which record tells it of one, in words, and its address; see `tessera.schema.told`."""
    kind, uid, *acronym = label.split(" ", 2)
    match kind:
        case "project":
            where = _("In their project %(name)s")
        case "news":
            where = _("In news of theirs %(name)s")
        case "event":
            where = _("In their event %(name)s")
        case _:
            where = _("In their file %(name)s")
    return (where % {"name": "".join(acronym)}).rstrip(), record_url(kind, uid)


def _excerpt(stored: Mapping[str, Any], lang: str, page: str) -> Passage | None:
    said = choose(stored.get("excerpt"), lang, page)
    return Passage(said) if said else None


def _linked(stored: Mapping[str, Any]) -> str:
    """What belongs to it: "3 events, 5 files"."""
    counts: Mapping[str, int] = stored.get("linked") or {}
    return ", ".join(
        counted(kind, counts[kind], dates.number(counts[kind]))
        for kind in KIND_NAMES
        if counts.get(kind)
    )
