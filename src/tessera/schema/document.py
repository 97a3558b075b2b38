"""From a record to the document that an index holds. Pure: equal views give equal documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final

from tessera.engine.analysis import folded
from tessera.engine.document import Document, Text
from tessera.schema import initials, vocabularies
from tessera.schema.kinds import kind as kind_of
from tessera.schema.parts import is_record_id
from tessera.schema.people import sought, sought_in_words, spoken
from tessera.schema.timezones import time_zone
from tessera.schema.told import OF_WHOM, TELLING, Telling, principal_date, told
from tessera.schema.visibility import is_restricted

EXCERPT = 320
"""Characters of a card's excerpt, cut at a word; shown where no passage matched."""

MAX_YEARS = 40
"""A span of more years than this is taken for a slip, and only its ends are counted."""

_NEWER: Final = 1.15
"""How much more a record counts than an equal one that is ten years older."""


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """A record at the other end of a link.

    rel: of the link as stated; outgoing: whether this record stated it. data: canonical draft.
    """

    rel: str
    id: str
    kind: str
    outgoing: bool
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordView:
    """What a document is made of.

    data: the canonical draft with editors' corrections applied. first_seen: the day when the
    record first came in; None where that isn't known.
    """

    key: int
    id: str
    kind: str
    data: Mapping[str, Any]
    links: tuple[LinkedRecord, ...] = ()
    source: str = ""
    first_seen: date | None = None

    @property
    def is_restricted(self) -> bool:
        """Whether not all of it is for everyone, be it for what is linked with it."""
        return is_restricted(self.data) or any(is_restricted(link.data) for link in self.links)


def excerpt(text: str, width: int = EXCERPT) -> str:
    """The beginning of a text: whole if it fits, else cut at a word, with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    cut = text[: width + 1].rpartition(" ")[0] or text[:width]
    return cut.rstrip(" ,;:.–-") + "…"


def name_of(data: Mapping[str, Any], lang: str = "en") -> str:
    """What a record is called: its acronym, else its title in `lang`, English or any language."""
    if data.get("acronym"):
        return str(data["acronym"])
    titles: Mapping[str, str] = data.get("title", {})
    return titles.get(lang) or titles.get("en") or next(iter(titles.values()), "")


def boost(day: date | None) -> float:
    """The recency factor, in [1, 2]: 15 % more for every ten years; see docs/reference/ranking.

    Growth by a constant factor makes it independent of today: two records keep their relation.
    An undated record counts as one of 2015.
    """
    years = ((day or date(2015, 1, 1)) - date(2025, 1, 1)).days / 365.25
    factor: float = 1.5 * _NEWER ** (years / 10)
    return min(2.0, max(1.0, factor))


def to_document(view: RecordView) -> Document:
    """The flat form of a record, as `tessera.schema.fields.SCHEMA` declares it.

    Of a view that is the same for all, or that `audiences.seen` gave; ValueError for any other.
    """
    if view.is_restricted:
        raise ValueError(f"record {view.id!r} isn't for everyone alike: see audiences.to_documents")
    data = _inherited(view)
    day = _news_day(view, data)
    zone = data.get("timezone", "")
    # A call ends with its last deadline, and that is what one waits for.
    awaited = data.get("starts") or data.get("deadline")
    starts = moment(awaited, zone, end=not data.get("starts"))
    ends = moment(data.get("ends") or data.get("starts") or data.get("deadline"), zone, end=True)
    facets, years = _facets(view, data)
    sort: dict[str, str | int] = {"title": folded(name_of({"title": data["title"]}))}
    if day:
        sort["date"] = day.toordinal()
    if starts is not None:
        sort["starts"] = starts
    return Document(
        id=view.id,
        key=view.key,
        texts=_texts(view, data),
        facets=facets,
        years=years,
        moments={"when": ends} if kind_of(view.kind).timed and ends is not None else {},
        sort=sort,
        boost=boost(day),
        stored=_stored(view, data),
    )


def _news_day(view: RecordView, data: Mapping[str, Any]) -> date | None:
    """The day since when a record is news: what is to come has been since it was first seen.

    Else the events and deadlines farthest ahead would be the newest of all.
    """
    day = principal_date(data)
    if kind_of(view.kind).timed and day and view.first_seen:
        return min(day, view.first_seen)
    return day


def moment(value: str | None, timezone: str, *, end: bool = False) -> int | None:
    """Seconds since 1970 of an ISO date or time; a mere date begins, or ends, with its day.

    A time without an offset is in `timezone` (IANA), or in UTC where that isn't known.
    """
    if not value:
        return None
    zone = time_zone(timezone) or UTC
    if len(value) == 10:
        at = datetime.combine(date.fromisoformat(value), time(), zone)
        if end:
            at += timedelta(days=1, seconds=-1)
    else:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            at = at.replace(tzinfo=zone)
    return int(at.timestamp())


def _inherited(view: RecordView) -> dict[str, Any]:
    """The data, with programme, period and themes of the project it is about where it has none."""
    data = dict(view.data)
    about = next((link for link in view.links
                  if link.outgoing and link.kind == "project"), None)  # fmt: skip
    if about is not None and view.kind != "person":
        for name in ("programme", "period", "themes"):
            if not data.get(name) and about.data.get(name):
                data[name] = about.data[name]
    return data


def _texts(view: RecordView, data: Mapping[str, Any]) -> dict[str, tuple[Text, ...]]:
    by_lang = {
        name: tuple(Text(text, lang) for lang, text in data.get(name, {}).items())
        for name in ("title", "summary", "text")
    }
    language = data.get("language") or "und"
    pages = tuple(
        Text(page["text"], page.get("language") or language, part_label(page))
        for page in data.get("pages", ())
        if page.get("text")
    )
    texts = {
        "acronym": (Text(data["acronym"]),) if data.get("acronym") else (),
        **by_lang,
        "names": tuple(Text(n["name"], n.get("lang") or "und") for n in data.get("names", ())),
        "keywords": tuple(Text(word, "en") for word in _keywords(data)),
        "related": _related(view, data),
        "initials": tuple(Text(short) for short in dict.fromkeys(_initials(view.kind, data))),
        "told": _told(view),
    }
    texts["text"] += pages
    texts["text"] += tuple(Text(text, lang) for lang, text in data.get("can_offer", {}).items())
    return {name: found for name, found in texts.items() if found}


def part_label(page: Mapping[str, Any]) -> str:
    """How a passage names its page: "37", or with what it is, "12 Slide", "2 Budget"."""
    return f"{page['page']} {page.get('label', '')}".rstrip()


def _keywords(data: Mapping[str, Any]) -> Iterable[str]:
    yield from data.get("themes", ())
    yield from sought_in_words(data)
    programme = data.get("programme", {})
    if programme:
        yield programme.get("name") or programme.get("id", "")
    if data.get("place"):
        yield data["place"]
    for name, vocabulary in (("representing", "organisation_type"), ("type", "organisation_type")):
        if data.get(name):
            yield vocabularies.label(vocabulary, data[name]) or data[name]


def _related(view: RecordView, data: Mapping[str, Any]) -> tuple[Text, ...]:
    """Names of partners, and of the records that this one states links to, each once.

    Not those that are in what is `told` of it.

    Only what it states itself, not what others say of it: else a project would be found by
    every person who once took part. Acronyms are stemmed as English, which most of them are.
    """
    names = [Text(str(partner["name"])) for partner in data.get("organisations", ())]
    if data.get("organisation") and not is_record_id(data["organisation"]):
        names.append(Text(str(data["organisation"])))
    of_whom = view.kind in OF_WHOM
    for link in view.links:
        if link.outgoing and not (of_whom and link.kind in TELLING):
            if link.data.get("acronym"):
                names.append(Text(str(link.data["acronym"]), "en"))
            names += [Text(title, lang) for lang, title in link.data.get("title", {}).items()]
    return tuple({name.text: name for name in names if name.text}.values())


_INITIALS = {"person": initials.of_person, "organisation": initials.of_organisation}


def _initials(kind: str, data: Mapping[str, Any]) -> Iterable[str]:
    of = _INITIALS.get(kind)
    if of is None:
        return
    for name in (*data.get("title", {}).values(), *(n["name"] for n in data.get("names", ()))):
        yield from of(name)


def _told(view: RecordView) -> tuple[Text, ...]:
    if view.kind not in OF_WHOM:
        return ()
    return told(Telling(link.id, link.kind, link.data) for link in view.links)


def _facets(
    view: RecordView, data: Mapping[str, Any]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[int, ...]]]:
    """The values of every facet that means something for this kind."""
    found: dict[str, Iterable[str | None]] = {
        "organiser": [data.get("organiser")],
        "news_source": [data.get("news_source")],
        "interested_in": data.get("interested_in", ()),
        "representing": [data.get("representing")],
        "file_type": [data.get("file_type")],
        "country": _countries(data),
        "region": _regions(data),
        "programme": [programme_value(data)],
        "period": [data.get("period")],
        "theme": [*data.get("themes", ()), *sought(data, "themes")],
        "objective": _objectives(data),
        "status": [data.get("status")],
        "organisation": [link.id for link in view.links
                         if link.outgoing and link.kind == "organisation"],
        "organisation_type": [data.get("type"),
                              *(p.get("type") for p in data.get("organisations", ()))],
    }  # fmt: skip
    facets = {
        name: tuple(dict.fromkeys(value for value in found[name] if value))
        for name in kind_of(view.kind).facets
        if name in found
    }
    facets["kind"] = (view.kind,)
    facets["language"] = tuple(sorted({*languages(data), *spoken(data)}))
    years = {"year": _years(data)} if "year" in kind_of(view.kind).facets else {}
    return facets, years


def languages(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that a record has texts in."""
    langs = {lang for name in ("title", "summary", "text") for lang in data.get(name, {})}
    if data.get("language"):
        langs.add(data["language"])
    langs |= {page["language"] for page in data.get("pages", ()) if page.get("language")}
    return tuple(sorted(langs - {"und"}))


def programme_value(data: Mapping[str, Any]) -> str | None:
    """The value of the programme facet: its id (upper case) or, without one, its name."""
    programme = data.get("programme")
    if not programme:
        return None
    if programme.get("id"):
        return str(programme["id"]).upper()
    known = vocabularies.programme(programme["name"], data.get("period"))
    return known.code if known else str(programme["name"])


def _countries(data: Mapping[str, Any]) -> list[str]:
    stated = [*data.get("countries", ()),
              *(p.get("country") for p in data.get("organisations", ()))]  # fmt: skip
    stated += [vocabularies.country_code(region["nuts"][:2]) for region in data.get("regions", ())]
    return [code for code in stated if code]


def _regions(data: Mapping[str, Any]) -> list[str]:
    codes = [region["nuts"] for region in data.get("regions", ())]
    codes += [p["nuts"] for p in data.get("organisations", ()) if p.get("nuts")]
    return [each for code in codes for each in _region_and_above(code)]


@lru_cache(maxsize=8_192)
def _region_and_above(code: str) -> tuple[str, ...]:
    """The codes from the country down to a region; () where there is none of this code."""
    region = vocabularies.region(code)
    return (*vocabularies.ancestors(region.code), region.code) if region else ()


def _objectives(data: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for code in data.get("objectives", ()):
        known = vocabularies.objective(code)
        if known is not None and known.parent:
            found.append(known.parent)
        found.append(code)
    return found


def _years(data: Mapping[str, Any]) -> tuple[int, ...]:
    """The years in which a record lies; a project or event lies in each from start to end."""
    ends = [int(str(data[name])[:4])
            for pair in (("start", "end"), ("starts", "ends"), ("opens", "deadline"),
                         ("published", "published"))
            for name in pair if data.get(name)][:2]  # fmt: skip
    if not ends:
        return ()
    first, last = min(ends), max(ends)
    if last - first > MAX_YEARS:
        return (first, last)
    return tuple(range(first, last + 1))


_CARD = (
    "acronym", "title", "period", "start", "end", "status", "starts", "ends", "timezone",
    "place", "online", "organiser", "news_source", "interested_in", "representing", "file_type",
    "opens", "deadline", "deadlines", "size", "published", "language", "type", "themes", "notes",
    "url",
)  # fmt: skip


def _stored(view: RecordView, data: Mapping[str, Any]) -> dict[str, object]:
    """What a card shows, so that a page of results needs no other look-up."""
    stored: dict[str, object] = {name: data[name] for name in _CARD if data.get(name)}
    stored["kind"] = view.kind
    stored["source"] = view.source
    programme = data.get("programme")
    if programme:
        stored["programme"] = programme.get("name") or programme.get("id")
    lead = next((p for p in data.get("organisations", ()) if p.get("role") == "lead"), None)
    if lead:
        stored["lead_partner"] = lead["name"]
        stored["lead_country"] = lead.get("country", "")
    countries = list(dict.fromkeys(_countries(data)))
    if countries:
        stored["countries"] = countries
    if data.get("pages"):
        stored["pages"] = len(data["pages"])
    organisation = _employer(view, data)
    if organisation:
        stored["organisation"] = organisation
    about = [link for link in view.links if link.outgoing and link.kind == "project"]
    if about and view.kind != "organisation":
        stored["about"] = [{"id": link.id, "name": name_of(link.data)} for link in about[:3]]
    counts = Counter(link.kind for link in {link.id: link for link in view.links}.values())
    stored["linked"] = dict(sorted(counts.items()))
    opening = data.get("summary") or data.get("text")
    if opening:
        stored["excerpt"] = {lang: excerpt(text) for lang, text in opening.items()}
    elif data.get("pages"):
        first = next((page["text"] for page in data["pages"] if page.get("text")), "")
        stored["excerpt"] = {data.get("language") or "und": excerpt(first)}
    return stored


def _employer(view: RecordView, data: Mapping[str, Any]) -> str:
    """The name of a person's organisation, whole."""
    if view.kind != "person" or not data.get("organisation"):
        return ""
    named = str(data["organisation"])
    linked = next((link for link in view.links if link.id == named), None)
    return name_of(linked.data) if linked else named
