"""From an entry of WordPress or Drupal to a record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.drafting import left_out, needed, warning
from tessera.sources.formats.dates import DateError
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.text import slug
from tessera.sources.formats.webtext import is_web_address, plain_line, plain_text
from tessera.sources.moments import day_of, moments
from tessera.sources.pages.lists import EVENT, NEWS

Entry = Mapping[str, Any]
_START: Final = re.compile(r"(?:^|_)(?:date|dates|when|start|starts|begin|from|daterange)(?:$|_)")
_END: Final = re.compile(r"(?:^|_)(?:end|ends|until|to|finish)(?:$|_)")
_NOT_WHEN: Final = re.compile(r"publi|creat|chang|modif|updat|deadline|regist|expir|archiv", re.I)


def kind_of(entry: Entry) -> str:
    """ "event", "news", or nothing for what is neither."""
    named = str(entry.get("type") or "").removeprefix("node--")
    if EVENT.search(named) or ("start_date" in entry and not named):
        return "event"
    return "news" if not named or NEWS.search(named) else ""


def record(item: Item) -> Iterator[dict[str, Any] | ItemError]:
    """The record of an entry in the shape of the interchange format."""
    entry: Entry = item.raw["entry"]
    drupal = isinstance(entry.get("attributes"), Mapping)
    fields: Entry = entry["attributes"] if drupal else entry
    title = plain_line(_rendered(fields.get("title")))
    if not title:
        yield needed(item, "title", "is empty; it names the entry")
        return
    body = fields.get("body") if drupal else fields.get("content", fields.get("description"))
    text = plain_text(_rendered(body))
    excerpt = body.get("summary") if isinstance(body, Mapping) else None
    summary = plain_text(_rendered(excerpt or fields.get("excerpt")))
    stated = str(fields.get("langcode") or fields.get("lang") or "")
    lang = language_code(stated) or detect_language(f"{title} {text}", words=4) or "und"
    kind = kind_of(entry)
    values: dict[str, Any] = {
        "id": _id(item.key),
        "kind": kind,
        "title": {lang: title},
        "text": {lang: text or summary} if text or summary else {},
        "summary": {lang: summary} if text and summary != text and summary else {},
        "themes": _themes(entry),
        "url": _url(item, entry, fields),
    }
    yield from _published(item, fields, values)
    if kind == "event":
        yield from _event(item, fields, values)
    yield {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _rendered(value: object) -> str:
    if isinstance(value, Mapping):
        value = value.get("rendered") or value.get("processed") or value.get("value")
    return value if isinstance(value, str) else ""


def _id(key: str) -> str:
    own = f"pages:{':'.join(slug(step, 60) for step in key.split('/'))}"
    if len(own) <= 190 and re.fullmatch(r"[^\s?#%\\]+", own):
        return own
    return f"pages:{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:24]}"


def _themes(entry: Entry) -> list[str]:
    """Categories and tags, where the answer holds their names."""
    embedded = entry.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, Mapping) else None
    terms: list[Any] = [t for g in groups or [] if isinstance(g, list) for t in g]
    for name in ("categories", "tags"):
        if isinstance(entry.get(name), list):
            terms += entry[name]
    names = (plain_line(str(term.get("name") or "")) for term in terms if isinstance(term, Mapping))
    return [name for name in dict.fromkeys(names) if name and name.lower() != "uncategorized"]


def _url(item: Item, entry: Entry, fields: Entry) -> str:
    link = str(entry.get("link") or entry.get("url") or "")
    path = fields.get("path")
    alias = path.get("alias") if isinstance(path, Mapping) else ""
    number = fields.get("drupal_internal__nid")
    if not link and (alias or number):
        link = urljoin(item.raw["base"], str(alias or f"/node/{number}"))
    return link if is_web_address(link) else ""


def _published(item: Item, fields: Entry, values: dict[str, Any]) -> Iterator[ItemError]:
    for name in ("date", "created"):
        written = fields.get(name)
        if isinstance(written, str) and written:
            try:
                values["published"] = day_of(written).isoformat()
            except DateError as error:
                yield left_out(item, error, name, written, "date")
            return


def _event(item: Item, fields: Entry, values: dict[str, Any]) -> Iterator[ItemError]:
    starts, ends = _when(fields)
    try:
        values |= moments(starts, ends, str(fields.get("timezone") or ""))
    except DateError as error:
        message = f"{error}; it is in no calendar"
        yield warning(item, message, "date", value=starts, mend=MEND["date"])
    values["online"] = True if fields.get("is_virtual") is True else None
    venue = fields.get("venue", fields.get("location", fields.get("field_location")))
    if isinstance(venue, Mapping):
        parts = (venue.get("venue") or venue.get("value"), venue.get("address"), venue.get("city"))
        values["place"] = ", ".join(line for p in parts if (line := plain_line(str(p or ""))))
        country = vocabularies.country_code(str(venue.get("country") or ""))
        values["countries"] = [country] if country else []
    elif isinstance(venue, str):
        values["place"] = plain_line(venue)


def _when(fields: Entry) -> tuple[str, str]:
    """Start and end as written: of an events calendar, or in a field whose name says so."""
    if isinstance(fields.get("start_date"), str):
        return fields["start_date"], str(fields.get("end_date") or "")
    more: dict[str, Any] = {n: v for n, v in fields.items() if n.startswith("field_")}
    for group in ("acf", "meta"):
        if isinstance(fields.get(group), Mapping):
            more |= fields[group]
    starts = ends = ""
    for name, value in more.items():
        bare = name.lower().removeprefix("field_").lstrip("_")
        if _NOT_WHEN.search(bare):
            continue
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, Mapping):
            ends = ends or str(value.get("end_value") or "")
            value = value.get("value")
        if isinstance(value, str) and value.strip():
            if _END.search(bare):
                ends = ends or value
            elif _START.search(bare):
                starts = starts or value
    return starts, ends
