"""From a page or an entry of a site to records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import organisation_type
from tessera.sources.drafting import left_out, warning
from tessera.sources.formats.dates import DateError, parse_date, parse_date_range, parse_time
from tessera.sources.formats.documents import title_of_name
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.markdown import markdown_text
from tessera.sources.formats.text import clean_line, slug
from tessera.sources.site.prose import composed, page_texts, plain

Problem = ItemError
Values = dict[str, Any]

PERSON: Final = frozenset({"name", "title", "affiliation", "organisation", "organization",
                           "institution", "role", "position", "orcid", "orchid", "language",
                           "lang", "kind", "layout", "type"})  # fmt: skip
"""All that is taken of a person: no e-mail address, no telephone, no picture, no account."""

_EMAIL: Final = re.compile(r"[\w.+-]+(?:@|\s?\[at\]\s?|\s?\(at\)\s?)[\w-]+(?:\.[\w-]+)+")
_ORCID: Final = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?$")
_ROR: Final = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})/?$")
_EU_VAT: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{6,12}")
_FILE_DATE: Final = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})(?=[-_ ])")
_ONLINE: Final = re.compile(r"\b(?:online|virtual|webinar|zoom|teams|on-line|digital)\b", re.I)
_BOTH: Final = re.compile(r"[,+&/]|\band\b|hybrid", re.I)
_DATES: Final = ("date", "data", "published", "publish_date", "publishdate", "pubdate", "datum")
_STARTS: Final = ("start_date", "startDate", "start", "starts", "begin", "date_start", "from")
_ENDS: Final = ("end_date", "endDate", "end", "ends", "date_end", "until", "to")
_PLACES: Final = ("location", "place", "venue", "city", "where")
_TITLE_IN: Final = re.compile(r"^title[_-]([a-z]{2})$", re.IGNORECASE)


def person_only(meta: Mapping[str, Any], body: str) -> tuple[dict[str, Any], str]:
    """A person without what isn't taken of people, before anything is stored."""
    kept = {key: value for key, value in meta.items() if key.lower() in PERSON}
    return kept, _EMAIL.sub("", body)


def records(item: Item) -> Iterator[Values | Problem]:
    """The records of an item in the shape of the interchange format, and what was left out."""
    raw = item.raw
    makers: dict[str, Callable[[Item], Iterator[Values | Problem]]] = {
        "news": _news, "event": _event, "person": _person, "organisation": _organisations,
    }  # fmt: skip
    for found in makers.get(raw["kind"], _web_page)(item):
        if isinstance(found, ItemError):
            yield found
            continue
        site = raw["site"]
        if site.get("licence"):
            found.setdefault("licence", site["licence"])
        if site.get("project") and found["kind"] != "organisation":
            found["links"] = [*found.get("links", []), {"rel": "about", "id": site["project"]}]
        yield {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _id(item: Item, more: str = "") -> str:
    steps = [slug(step, 60) for step in re.split(r"[/#]", item.key)]
    return ":".join(["site", *(step for step in steps if step), *([more] if more else [])])[:200]


def _first(meta: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((clean_line(str(meta[n])) for n in names if meta.get(n) not in (None, "")), "")


def _base(item: Item, kind: str) -> Values:
    """What all pages have: title, text and language."""
    pages = item.raw["pages"]
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    summaries: dict[str, str] = {}
    for page in pages:
        meta = page["meta"]
        found = page_texts(page)
        sample = f"{_first(meta, ('title', 'name'))} {' '.join(found.values())}"
        lang = page["lang"] or detect_language(sample, words=4) or "und"
        for part, text in found.items():
            texts.setdefault(part or lang, text)
        for name, value in meta.items():
            within = _TITLE_IN.match(name)
            if within and isinstance(value, str) and language_code(within[1]):
                titles[language_code(within[1])] = plain(value)
        title = _page_title(page, lang, alone=len(pages) == 1)
        if title and (lang not in titles or meta.get("title")):
            titles[lang] = title
        summary = _first(meta, ("summary", "excerpt", "subtitle"))
        if summary:
            summaries[lang] = plain(summary)
    texts = texts or _described(item)
    path = PurePosixPath(pages[0]["path"])
    if not titles:
        titles["und"] = title_of_name(path.name)
    if list(titles) == ["und"] and len(texts) == 1:
        titles = {next(iter(texts)): titles["und"]}
    return {
        "id": _id(item),
        "kind": kind,
        "title": titles,
        "text": texts,
        "summary": summaries,
        "language": pages[0]["lang"] if len(pages) == 1 and len(texts) < 2 else "",
        "themes": _themes(pages[0]["meta"]),
        "url": _url(pages[0]["meta"]),
    }


def _page_title(page: Mapping[str, Any], lang: str, *, alone: bool) -> str:
    meta = page["meta"]
    title = _first(meta, ("title", "name"))
    if title:
        return plain(title)
    if any(_TITLE_IN.match(name) for name in meta):
        return ""  # stated by language
    named = str(meta.get("page") or "")
    if named and named.lower() not in ("index", "home") and (alone or lang == "en"):
        return plain(named).capitalize()
    posts = meta.get("posts")
    if isinstance(posts, list) and posts and isinstance(posts[0], dict):
        return plain(_first(posts[0], ("title", "name")))
    return ""


def _themes(meta: Mapping[str, Any]) -> list[str]:
    found = meta.get("tags") or meta.get("categories") or []
    if isinstance(found, str):
        found = found.split(",")
    return [clean_line(str(each)) for each in found if isinstance(each, str) and each.strip()]


def _url(meta: Mapping[str, Any]) -> str:
    for name in ("external_url", "link", "url", "permalink", "site-address", "website"):
        value = clean_line(str(meta.get(name) or ""))
        if re.fullmatch(r"https?://\S+", value):
            return value
    return ""


def _published(item: Item, values: Values) -> Iterator[Problem]:
    """Date of publication: as stated, else that in the name of the file."""
    page = item.raw["pages"][0]
    written = next((w for each in item.raw["pages"] if (w := _first(each["meta"], _DATES))), "")
    if not written or written.lower() in ("true", "false"):
        named = _FILE_DATE.match(PurePosixPath(page["path"]).name)
        written = named[1] if named else ""
    if not written:
        yield warning(item, "has no date", "date")
        return
    try:
        found = parse_date(written, lang=page["lang"])
    except DateError as error:
        values.setdefault("stated", {})["published"] = written
        yield left_out(item, error, "date", written, "date")
        return
    values["published"] = found.day.isoformat()
    if found.note:
        values["notes"] = [f"Date of publication as stated: {written}"]
        yield warning(item, f"{found.note}; taken as {found.day}", "date", value=written)


def _news(item: Item) -> Iterator[Values | Problem]:
    values = _base(item, "news")
    values["news_source"] = item.raw["site"].get("party", "project")
    yield from _published(item, values)
    yield values


def _described(item: Item) -> dict[str, str]:
    """The text of an entry that has it in a field."""
    page = item.raw["pages"][0]
    text = markdown_text(str(page["meta"].get("description") or page["meta"].get("text") or ""))
    if not text:
        return {}
    sample = f"{_first(page['meta'], ('title', 'name'))} {text}"
    return {page["lang"] or detect_language(sample, words=4) or "und": text}


def _event(item: Item) -> Iterator[Values | Problem]:
    values = _base(item, "event")
    values["organiser"] = item.raw["site"].get("party", "project")
    meta = item.raw["pages"][0]["meta"]
    place = markdown_text(_first(meta, _PLACES))
    values["place"] = place
    if _ONLINE.search(place):
        values["online"] = True
        if not _BOTH.search(place):
            values["place"] = ""
    try:
        values |= _when(meta, item.raw["pages"][0]["lang"])
    except DateError as error:
        yield left_out(item, error, "date", _first(meta, _DATES), "date")
    if "starts" not in values:
        yield warning(item, "has no date that can be read; it is in no calendar", "date")
    yield values


def _when(meta: Mapping[str, Any], lang: str) -> Values:
    """Start, end and time zone of an event; raises DateError."""
    first, last = _first(meta, _STARTS), _first(meta, _ENDS)
    whole = parse_date_range(first or _first(meta, _DATES), lang=lang)
    starts: date | datetime = whole.start
    ends: date | datetime = whole.end
    zone = whole.timezone
    if last:
        end = parse_date(last, lang=lang)
        ends, zone = end.value, zone or end.timezone
    starts, zone = _at(starts, _first(meta, ("startTime", "start_time", "time")), zone)
    ends, zone = _at(ends, _first(meta, ("endTime", "end_time")), zone)
    if isinstance(starts, datetime) and not isinstance(ends, datetime) and ends == starts.date():
        ends = starts
    if _comparable(ends) < _comparable(starts):
        raise DateError(f"the end, {ends}, lies before the start, {starts}")
    stated = clean_line(str(meta.get("timezone") or "")) or zone
    found = {"starts": starts.isoformat(), "ends": ends.isoformat()}
    return found | ({"timezone": stated} if stated else {})


def _at(day: date | datetime, written: str, zone: str) -> tuple[date | datetime, str]:
    if not written or isinstance(day, datetime):
        return day, zone
    at, own = parse_time(written)
    return datetime.combine(day, at), zone or own


def _comparable(value: date | datetime) -> str:
    return value.isoformat()[:10]


def _person(item: Item) -> Iterator[Values | Problem]:
    page = item.raw["pages"][0]
    meta = page["meta"]
    name = _first(meta, ("name", "title")) or title_of_name(PurePosixPath(page["path"]).name)
    orcid = _ORCID.search(_first(meta, ("orcid", "orchid")))
    if _first(meta, ("orcid", "orchid")) and orcid is None:
        message = "is no ORCID iD such as 0000-0003-1219-2137"
        yield left_out(item, message, "orcid", _first(meta, ("orcid", "orchid")))
    values: Values = {
        "id": _id(item),
        "kind": "person",
        "title": {"und": name},
        "organisation": _first(meta, ("affiliation", "organisation", "organization",
                                      "institution")).replace(":", " –"),
        "role": _first(meta, ("role", "position")),
        "orcid": orcid[1] if orcid else "",
        "url": f"https://orcid.org/{orcid[1]}" if orcid else "",
        "text": page_texts(page) and {
            (lang or page["lang"] or detect_language(text) or "und"): text
            for lang, text in page_texts(page).items()
        },
    }  # fmt: skip
    yield values


def _organisations(item: Item) -> Iterator[Values | Problem]:
    """One for an entry or a page; one for each of a page's `posts`, its languages put together.

    Lists of partners have projects in them too: these say so.
    """
    by_place: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}
    for page in item.raw["pages"]:
        posts = page["meta"].get("posts")
        entries = posts if isinstance(posts, list) else [page["meta"] | {"body": page["body"]}]
        for place, entry in enumerate(entries):
            if isinstance(entry, dict):
                by_place.setdefault(place, []).append((page["lang"], entry))
    counts = {len(page["meta"].get("posts") or ()) for page in item.raw["pages"]}
    if len(counts) > 1:
        yield warning(item, "its languages list different numbers of organisations", "posts")
    several = len(by_place) > 1
    for variants in by_place.values():
        yield from _organisation(item, variants, several=several)


def _organisation(
    item: Item, variants: list[tuple[str, Mapping[str, Any]]], *, several: bool
) -> Iterator[Values | Problem]:
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    kinds: dict[str, str] = {}
    country = ""
    for lang, entry in variants:
        name = plain(_first(entry, ("name", "title")))
        if name:
            titles.setdefault(lang or "und", name)
        text = composed({"description": entry.get("description"), "body": entry.get("body")})
        if text:
            texts.setdefault(lang or detect_language(text) or "und", text)
        if not kinds.get("type"):
            kinds = _type(entry) if lang == "en" or not kinds else kinds | _mapped(entry)
        last = plain(str(entry.get("address") or entry.get("country") or "")).split(",")[-1]
        country = country or vocabularies.country_code(last) or ""
    if not titles:
        yield warning(item, "an organisation has no name; left out")
        return
    meta = next((entry for lang, entry in variants if lang == "en"), variants[0][1])
    own = slug(titles.get("en") or next(iter(titles.values())), 60)
    yield {
        "id": _identifier(meta) or _id(item, own if several else ""),
        "kind": "project" if meta.get("type") == "project" else "organisation",
        "title": titles,
        "text": texts,
        "countries": [country] if country else [],
        "url": _url(meta),
        "identifiers": _identifiers(meta),
        **kinds,
    }


def _type(entry: Mapping[str, Any]) -> dict[str, str]:
    """The type of an organisation; what a site calls `type` may be its part in the project."""
    return organisation_type(plain(_first(entry, ("institution-type",))), {}) or _mapped(entry)


def _mapped(entry: Mapping[str, Any]) -> dict[str, str]:
    found = organisation_type(plain(_first(entry, ("institution-type", "type"))), {})
    return found if "type" in found else {}


def _identifier(meta: Mapping[str, Any]) -> str:
    ror = _ROR.search(_first(meta, ("pid", "ror")))
    if ror:
        return f"ror:{ror[1]}"
    vat = _first(meta, ("eu-tax-number", "vat"))
    return f"vat:{vat}" if _EU_VAT.fullmatch(vat) else ""


def _identifiers(meta: Mapping[str, Any]) -> dict[str, str]:
    names = {"tax": "tax-number", "register": "register-number", "vat": "eu-tax-number"}
    return {name: found for name, key in names.items() if (found := _first(meta, (key,)))}


def _web_page(item: Item) -> Iterator[Values | Problem]:
    """Any other page: a file of type "web"."""
    values = _base(item, "file")
    values["file_type"] = "web"
    if not values["text"] and not values["summary"]:
        yield warning(item, "has no text in it")
    meta = item.raw["pages"][0]["meta"]
    if _first(meta, _DATES):
        yield from _published(item, values)
    yield values
