"""From an entry of a feed to a record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.drafting import drafted, left_out, warning
from tessera.sources.fetch.urls import host_of
from tessera.sources.formats.dates import DateError
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.text import clean, slug
from tessera.sources.formats.webtext import is_web_address, plain_line, plain_text
from tessera.sources.moments import day_of, moments


def record(item: Item) -> Iterator[RecordDraft | ItemError]:
    """The news or the event of an entry, and what was left out of it."""
    feed: dict[str, Any] = item.raw["feed"]
    entry: dict[str, Any] = item.raw["entry"]
    summary = plain_text(entry.get("summary", ""))
    content = plain_text(entry.get("content", ""))
    text = content if len(content) >= len(summary) else summary
    title = plain_line(entry.get("title", ""))
    if not title and text:
        title = _beginning(text)
        yield warning(item, "has no title; it is called by the beginning of its text", "title")
    if not title:
        yield ItemError("map", item.at(), "has neither a title nor a text", item.key)
        return
    lang = (
        language_code(entry.get("lang", ""))
        or language_code(feed.get("lang", ""))
        or detect_language(f"{title} {text}", words=4)
        or "und"
    )
    values: dict[str, Any] = {
        "id": record_id(item, feed, entry),
        "kind": "news",
        "title": {lang: title},
        "text": {lang: text} if text else {},
        "summary": {lang: summary} if summary and content and summary != content else {},
        "themes": list(dict.fromkeys(t for tag in entry.get("tags", []) if (t := plain_line(tag)))),
        "licence": plain_line(entry.get("licence") or feed.get("licence") or ""),
    }
    if feed.get("title"):
        values["feed"] = plain_line(feed["title"])
    link = entry.get("link", "").strip()
    if is_web_address(link):
        values["url"] = link
    elif link:
        message = f"{link[:80]!r} is no address of the web"
        yield left_out(item, message, "link", link, "url")
    yield from _dated(item, entry, values)
    yield from drafted(_kept(values), item)


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _dated(item: Item, entry: dict[str, Any], values: dict[str, Any]) -> Iterator[ItemError]:
    written = entry.get("published") or entry.get("updated") or ""
    if written:
        try:
            values["published"] = day_of(written).isoformat()
        except DateError as error:
            yield left_out(item, error, "published", written, "date")
    if "starts" not in entry:
        return
    try:
        values |= moments(entry["starts"], entry.get("ends", ""))
    except DateError as error:
        message = f"{error}; the entry is taken as news"
        yield warning(item, message, "starts", value=entry["starts"], mend=MEND["date"])
        return
    values["kind"] = "event"
    values["place"] = plain_line(entry.get("place", ""))


def record_id(item: Item, feed: dict[str, Any], entry: dict[str, Any]) -> str:
    """Of the site's name, and of what tells the entry from all others."""
    site = host_of(entry.get("link", "")) or host_of(feed.get("url", "")) or "file"
    digest = hashlib.sha256(item.key.encode()).hexdigest()[:16]
    return f"feed:{slug(site, 60) or 'file'}:{digest}"


def _beginning(text: str) -> str:
    """Some ten words."""
    words = clean(text).split()
    return " ".join(words[:10]) + (" …" if len(words) > 10 else "")
