"""`tessera import pages FILE...`: posts and events as WordPress and Drupal give them in JSON.

Over the network an address may be that of a list (`.../wp-json/wp/v2/posts`,
`.../jsonapi/node/event`) or that of the site, whose interface then says which lists it has.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Importer, Item, ItemError, SourceInfo
from tessera.sources.delivered import Unreadable, read_files
from tessera.sources.drafting import all_drafted
from tessera.sources.fetch.errors import HttpError, Unusable
from tessera.sources.fetch.urls import host_of
from tessera.sources.formats.text import shortened, storable
from tessera.sources.pages.lists import PER_PAGE, asked, drupal_lists, wordpress_lists
from tessera.sources.pages.records import kind_of, record
from tessera.sources.where import Where

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

ENDINGS: Final = frozenset({".json"})
ACCEPT: Final = "application/vnd.api+json, application/json;q=0.9, */*;q=0.1"

_LEFT_OUT: Final = frozenset(
    {"author", "_links", "yoast_head", "yoast_head_json", "organizer", "relationships", "guid",
     "modified", "modified_gmt", "author_info", "jetpack_sharing_enabled"}
)  # fmt: skip
"""Persons, and what changes though the entry doesn't."""


class PagesImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """The entries of each saved answer."""
        seen: set[str] = set()
        yield from read_files(
            paths, ENDINGS, lambda each: _items(_read(each.body), each.name, "", seen)
        )

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """The entries of each list, page by page, or of all lists of a site."""
        seen: set[str] = set()
        for url in urls:
            for place in _lists(url, fetcher):
                yield from _listed(place, fetcher, seen)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The news or event of an entry."""
        yield from all_drafted(record(item), item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return PagesImporter(info)


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is no JSON: {shortened(str(error), 120)}") from None


def _entries(answer: Any) -> list[Any]:
    """The entries of an answer, in whichever form; raises Unreadable."""
    if isinstance(answer, Mapping):
        for name in ("events", "data"):
            if isinstance(answer.get(name), list):
                return list(answer[name])
        if isinstance(answer.get("data"), Mapping):
            return [answer["data"]]
        if "title" in answer and "id" in answer:
            return [answer]
    if isinstance(answer, list):
        return answer
    raise Unreadable("is no list of entries as WordPress or Drupal give it")


def _lists(url: str, fetcher: Fetcher) -> list[str]:
    """The lists at an address: itself, or those that the site's interface names."""
    if any(part in url for part in ("/wp-json/", "rest_route=", "/jsonapi/")):
        return [url]
    site = url if url.endswith("/") else f"{url}/"
    for index, lists in ((urljoin(site, "wp-json/"), wordpress_lists),
                         (urljoin(site, "jsonapi"), drupal_lists)):  # fmt: skip
        try:
            found = lists(_read(fetcher.get(index, accept=ACCEPT).body), site)
        except HttpError as error:
            if not error.gone:
                raise
        except Unreadable:
            continue  # A page for people stands there.
        else:
            if found:
                return found
    message = "the site shows no interface of WordPress (wp-json) or Drupal (jsonapi) with entries"
    raise Unusable(url, message)


def _listed(url: str, fetcher: Fetcher, seen: set[str]) -> Iterator[Found]:
    place, number = asked(url, 1), 1
    visited: set[str] = set()
    while place:
        if place in visited:
            raise Unusable(place, "its list leads in a circle")
        visited.add(place)
        try:
            answer = _read(fetcher.get(place, accept=ACCEPT).body)
            entries = _entries(answer)
        except HttpError as error:
            if number > 1 and error.status == 400:
                return  # WordPress's answer to the page after the last.
            raise
        except Unreadable as error:
            raise Unusable(place, str(error)) from error
        yield from _items(answer, place, host_of(url), seen)
        number += 1
        following = ""
        if isinstance(answer, Mapping):
            links = answer.get("links")
            after = links.get("next") if isinstance(links, Mapping) else None
            after = after.get("href") if isinstance(after, Mapping) else after
            after = after or answer.get("next_rest_url")
            following = urljoin(place, after) if isinstance(after, str) else ""
        elif len(entries) >= PER_PAGE:
            following = asked(url, number)
        place = following


def _items(answer: Any, name: str, host: str, seen: set[str]) -> Iterator[Found]:
    links = answer.get("links") if isinstance(answer, Mapping) else None
    own = links.get("self") if isinstance(links, Mapping) else ""
    base = str(own.get("href") if isinstance(own, Mapping) else own or "")
    other: Counter[str] = Counter()
    for number, entry in enumerate(_entries(answer), start=1):
        where = Where.at(name, number, unit="entry")
        if not isinstance(entry, Mapping) or entry.get("id") in (None, ""):
            yield ItemError("gather", where, "has no id; that tells entries apart")
            continue
        kind = kind_of(entry)
        link = str(entry.get("link") or entry.get("url") or base)
        key = _key(entry, kind, host or host_of(link))
        if not kind:
            other[str(entry.get("type") or "untyped")] += 1
        elif key in seen:
            yield ItemError("gather", where, "came before; the first is taken", warning=True)
        else:
            seen.add(key)
            kept = {part: value for part, value in entry.items() if part not in _LEFT_OUT}
            yield Item(key, storable({"base": base, "entry": kept}), where)
    for kind, count in other.items():
        message = f"{count:,} entries of the type {kind!r} are neither news nor events; left out"
        yield ItemError("gather", name, message, warning=True)


def _key(entry: Mapping[str, Any], kind: str, host: str) -> str:
    """Drupal's ids are unique in the world; WordPress's in a site, or one of its lists."""
    own = shortened(str(entry["id"]), 100)
    if isinstance(entry.get("attributes"), Mapping):
        return own
    # The events of a calendar have no "type"; they are posts with ids of their own all the same.
    return f"{host}/{shortened(str(entry.get('type') or kind), 60)}/{own}"
