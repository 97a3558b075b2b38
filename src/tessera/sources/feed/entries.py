"""The entries of a feed as plain values, whichever of its forms the feed has."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from tessera.sources.delivered import Delivered, Unreadable
from tessera.sources.fetch.urls import host_of
from tessera.sources.formats.text import clean_line, shortened

MAX_TAGS: Final = 50

_STARTS: Final = ("startdate", "start_date", "dtstart", "starttime", "start", "starts")
_ENDS: Final = ("enddate", "end_date", "dtend", "endtime", "end", "ends")
_PLACES: Final = ("location", "venue", "place")


@dataclass(frozen=True, slots=True)
class Feed:
    """values: `title`, `url`, `lang`, `licence`. identity: what tells it from other feeds."""

    values: dict[str, str]
    identity: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """values: `id`, `link`, `title`, `summary`, `content`, `published`, `updated`, `lang`, `tags`,
    `starts`, `ends`, `place`, as the feed words them; those it has."""

    values: dict[str, Any]


def read_feed(delivered: Delivered) -> tuple[Feed, list[Entry]]:
    """A feed and its entries; raises Unreadable."""
    start = delivered.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if not start:
        raise Unreadable("is empty; expected an RSS, Atom or JSON feed")
    return _json_feed(delivered) if start in b"{[" else _xml_feed(delivered)


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _xml_feed(delivered: Delivered) -> tuple[Feed, list[Entry]]:
    headers = {"content-type": delivered.content_type} if delivered.content_type else {}
    if delivered.url:
        headers["content-location"] = delivered.url
    # As a stream: bytes alone could be taken for the name of a file, and that be read.
    try:
        parsed = feedparser.parse(io.BytesIO(delivered.body), response_headers=headers)
    except (ValueError, LookupError) as error:  # the name of its encoding is spoilt, say
        raise Unreadable(f"is no feed that can be read: {shortened(str(error), 120)}") from None
    if not parsed.get("version") and not parsed.entries:
        raise Unreadable("is no feed; expected RSS 2.0, Atom or JSON Feed")
    stated = parsed.feed
    link = str(stated.get("link") or "")
    values = _kept(
        {
            "title": stated.get("title"),
            "url": link or delivered.url,
            "lang": stated.get("language"),
            "licence": stated.get("license"),
        }
    )
    identity = str(stated.get("id") or host_of(link) or host_of(delivered.url) or delivered.name)
    note = ""
    # A feed that is served as text/plain, say, is as good as any.
    if parsed.bozo and not isinstance(parsed.bozo_exception, feedparser.NonXMLContentType):
        told = shortened(str(parsed.bozo_exception), 120)
        note = f"is not well-formed ({told}); the {len(parsed.entries)} entries found are taken"
    base = delivered.url or link
    return Feed(values, identity, note), [_entry(each, base) for each in parsed.entries]


def _entry(each: Mapping[str, Any], base: str) -> Entry:
    contents = [part for part in each.get("content") or [] if part.get("value")]
    link = str(each.get("link") or "")
    return Entry(
        _kept(
            {
                "id": each.get("id"),
                "link": urljoin(base, link) if link else "",
                "title": each.get("title"),
                "summary": each.get("summary"),
                "content": "\n\n".join(str(part["value"]) for part in contents),
                "published": each.get("published"),
                # Not by feedparser's own `get`, which takes one date for another.
                "updated": dict(each).get("updated"),
                "lang": next((part["language"] for part in contents if part.get("language")), "")
                or (each.get("title_detail") or {}).get("language"),
                "licence": each.get("license"),
                "tags": [str(tag.get("label") or tag.get("term") or "")
                         for tag in each.get("tags") or []][:MAX_TAGS],
                **_when_and_where(each),
            }
        )
    )  # fmt: skip


def _when_and_where(each: Mapping[str, Any]) -> dict[str, str]:
    """Dates and place of an event, of whichever of the usual modules the feed uses."""
    found: dict[str, str] = {}
    for name, value in each.items():
        own = name.rpartition("_")[2] if name not in ("start_date", "end_date") else name
        if name.endswith(("_start_date", "_end_date")):
            own = "_".join(name.split("_")[-2:])
        parts = value.items() if isinstance(value, Mapping) else ((own, value),)
        for part, text in parts:
            for field, known in (("starts", _STARTS), ("ends", _ENDS), ("place", _PLACES)):
                is_text = isinstance(text, str) and text.strip()
                if str(part).lower() in known and is_text and field not in found:
                    found[field] = clean_line(text)
    return found if "starts" in found else {}


def _json_feed(delivered: Delivered) -> tuple[Feed, list[Entry]]:
    try:
        parsed = json.loads(delivered.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no JSON: {shortened(str(error), 120)}") from None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("items"), list):
        raise Unreadable('is no JSON Feed; expected {"version": ..., "items": [...]}')
    home = _text(parsed.get("home_page_url"))
    own = _text(parsed.get("feed_url")) or delivered.url
    values = _kept(
        {"title": _text(parsed.get("title")), "url": home or own,
         "lang": _text(parsed.get("language"))}
    )  # fmt: skip
    identity = own or host_of(home) or delivered.name
    entries = [_json_entry(each, own or home) for each in parsed["items"]]
    return Feed(values, identity), entries


def _json_entry(each: object, base: str) -> Entry:
    if not isinstance(each, dict):
        return Entry({})
    link = _text(each.get("url")) or _text(each.get("external_url"))
    tags = each.get("tags")
    return Entry(
        _kept(
            {
                "id": _text(each.get("id")),
                "link": urljoin(base, link) if link else "",
                "title": _text(each.get("title")),
                "summary": _text(each.get("summary")),
                "content": _text(each.get("content_html")) or _text(each.get("content_text")),
                "published": _text(each.get("date_published")),
                "updated": _text(each.get("date_modified")),
                "lang": _text(each.get("language")),
                "tags": [_text(tag) for tag in tags][:MAX_TAGS] if isinstance(tags, list) else [],
                **_when_and_where({name.strip("_"): value for name, value in each.items()}),
            }
        )
    )


def _text(value: object) -> str:
    """A text, or a number as a text: ids are written both ways."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
