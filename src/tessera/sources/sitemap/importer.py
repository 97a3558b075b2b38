"""`tessera import sitemap FILE...`: what pages say of themselves in JSON-LD.

Over the network a sitemap leads to the pages; from files it is saved pages, or JSON-LD alone. An
item is a page with all that it describes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Importer, Item, ItemError, SourceInfo
from tessera.sources.delivered import Delivered, Unreadable, read_files
from tessera.sources.drafting import all_drafted
from tessera.sources.fetch.errors import BudgetSpent, FetchError, HttpError, Unusable
from tessera.sources.fetch.urls import UrlError, host_of, parts_of
from tessera.sources.formats.text import storable
from tessera.sources.sitemap.jsonld import own_address, page_nodes, same_page
from tessera.sources.sitemap.records import records
from tessera.sources.sitemap.sitemaps import read_sitemap

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

ENDINGS: Final = frozenset({".html", ".htm", ".xhtml", ".json", ".jsonld"})


class SitemapImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """The pages of each file or folder."""
        bare = _Bare()
        yield from read_files(paths, ENDINGS, lambda delivered: _saved(delivered, bare))
        yield from bare.told()

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """The pages that each sitemap leads to."""
        listed: dict[str, None] = {}
        for url in urls:
            yield from _listed(url, fetcher, listed)
        bare = _Bare()
        for address in listed:
            yield from _fetched(address, fetcher, listed, bare)
        yield from bare.told()

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The records of a page."""
        yield from all_drafted(records(item), item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return SitemapImporter(info)


@dataclass(slots=True)
class _Bare:
    """Pages that describe nothing: most of a site, told in one warning."""

    names: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.names) < 5:
            self.names.append(name)

    def told(self) -> Iterator[ItemError]:
        if self.count:
            more = " and others" if self.count > len(self.names) else ""
            message = (
                f"{self.count:,} pages describe no event, news, organisation, project, document "
                "or dataset in JSON-LD; left out"
            )
            yield ItemError("gather", f"{', '.join(self.names)}{more}", message, warning=True)


def _saved(delivered: Delivered, bare: _Bare) -> Iterator[Found]:
    if not delivered.name.endswith((".xml", ".xml.gz", ".txt")):
        yield from _page(page_nodes(delivered.body), delivered.name, delivered.name, bare)
        return
    pages, sitemaps = read_sitemap(delivered.body)
    raise Unreadable(
        f"is a sitemap of {len(pages) + len(sitemaps):,} addresses, which are asked for over the "
        "network only; put its own address in tessera.toml, or give the saved pages"
    )


def _listed(url: str, fetcher: Fetcher, listed: dict[str, None]) -> Iterator[Found]:
    """Collect the pages of a sitemap and of those that it leads to."""
    host = host_of(url)
    waiting = [(url, 0)]
    read: set[str] = set()
    while waiting:
        place, depth = waiting.pop(0)
        if place in read:
            continue
        read.add(place)
        answer = fetcher.get(place, accept="application/xml, text/xml;q=0.9, */*;q=0.5")
        try:
            pages, sitemaps = read_sitemap(answer.body)
        except Unreadable as error:
            raise Unusable(place, str(error)) from error
        if sitemaps and depth >= fetcher.limits.depth:
            raise Unusable(place, f"leads to sitemaps deeper than {fetcher.limits.depth} levels")
        waiting += [(each, depth + 1) for each in sitemaps]
        foreign = 0
        for page in pages:
            try:
                address = parts_of(page).url
            except UrlError as error:
                yield ItemError("gather", place, f"{page[:200]}: {error}", warning=True)
                continue
            if host_of(address) == host:
                listed.setdefault(address)
            else:
                foreign += 1
        if foreign:
            message = (
                f"names {foreign:,} pages of other sites, for which it doesn't speak; left out"
            )
            yield ItemError("gather", place, message, warning=True)


def _fetched(
    address: str, fetcher: Fetcher, listed: dict[str, None], bare: _Bare
) -> Iterator[Found]:
    def essence(body: bytes) -> bytes:
        return json.dumps(page_nodes(body, address), ensure_ascii=False).encode("utf-8", "replace")

    try:
        answer = fetcher.get(address, accept="text/html, */*;q=0.5", essence=essence)
    except BudgetSpent:
        raise
    except HttpError as error:
        if error.gone:
            message = f"{error.message}, though the sitemap names it"
            yield ItemError("gather", address, message, warning=True)
        else:
            yield ItemError("gather", address, error.message, address)
        return
    except FetchError as error:
        yield ItemError("gather", address, error.message, address)
        return
    page: dict[str, Any] = json.loads(answer.body)
    # What a list of events repeats of them is left to their own pages.
    page["nodes"] = [
        node for node in page["nodes"]
        if not (home := own_address(node, address))
        or same_page(home, address) or home not in listed
    ]  # fmt: skip
    yield from _page(page, address, address, bare)


def _page(page: dict[str, Any], key: str, where: str, bare: _Bare) -> Iterator[Found]:
    problems: list[str] = page.pop("problems")
    for problem in problems:
        # Where nothing else is said on the page, what was said before stays.
        lost = not page["nodes"]
        yield ItemError("gather", where, problem, key if lost else "", warning=not lost)
    if page["nodes"]:
        yield Item(key, storable(page), where)
    elif not problems:
        bare.add(where)
