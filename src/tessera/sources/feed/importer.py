"""`tessera import feed FILE...`: the entries of RSS 2.0, Atom and JSON feeds.

A feed shows the newest entries alone, so that what it no longer has stays. An entry with dates of
an event is an event, any other one is news. Authors aren't taken: they are persons.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Importer, Item, ItemError, SourceInfo
from tessera.sources.delivered import Delivered, bounded_key, read_files, read_urls
from tessera.sources.feed.entries import Entry, Feed, read_feed
from tessera.sources.feed.records import record
from tessera.sources.formats.text import storable
from tessera.sources.where import Where

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

ENDINGS: Final = frozenset({".xml", ".rss", ".atom", ".json", ".rdf"})
ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.8, */*;q=0.5"
)


class FeedImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """The entries of each file."""
        seen: set[str] = set()
        yield from read_files(paths, ENDINGS, lambda delivered: _items(delivered, seen))

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """The entries of the feed at each address."""
        seen: set[str] = set()
        yield from read_urls(urls, fetcher, ACCEPT, lambda delivered: _items(delivered, seen))

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The news or the event of an entry."""
        yield from record(item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return FeedImporter(info)


def _items(delivered: Delivered, seen: set[str]) -> Iterator[Found]:
    feed, entries = read_feed(delivered)
    if feed.note:
        yield ItemError("gather", delivered.name, feed.note, warning=True)
    for number, entry in enumerate(entries, start=1):
        where = Where.at(delivered.name, number, unit="entry")
        key = _key(feed, entry)
        if not key:
            yield ItemError("gather", where, "has neither an id nor a link nor a title")
        elif key in seen:
            message = "an entry of the same id came before; the first one is taken"
            yield ItemError("gather", where, message, warning=True)
        else:
            seen.add(key)
            yield Item(key, storable({"feed": feed.values, "entry": entry.values}), where)


def _key(feed: Feed, entry: Entry) -> str:
    """The entry's id; one that means something in its feed alone, with the feed's."""
    values: dict[str, Any] = entry.values
    own = str(values.get("id") or values.get("link") or "").strip()
    if not own:
        told = f"{values.get('title', '')}\n{values.get('published', '')}".strip()
        own = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24] if told else ""
    if not own:
        return ""
    whole = own if ":" in own else f"{feed.identity}#{own}"
    return bounded_key(whole)
