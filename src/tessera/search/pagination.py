"""Numbered pages: the first, the last, and those around the one shown."""

from __future__ import annotations

from dataclasses import dataclass

from tessera.engine.query import MAX_PAGE, Query
from tessera.search.links import Link

AROUND = 2
"""Pages shown on either side of the current one."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number; `gap` stands for numbers left out before it."""

    number: int
    link: Link
    current: bool
    gap: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a result.

    number: as asked for, which may lie beyond the last. first, last_hit: positions of the hits
    shown, counted from 1; 0 where there are none.
    """

    number: int
    last: int
    first_hit: int
    last_hit: int
    total: int
    links: tuple[PageLink, ...]
    previous: Link | None
    next: Link | None

    @property
    def beyond(self) -> bool:
        return self.number > self.last

    @property
    def back(self) -> Link:
        """To the last page that there is."""
        return self.links[-1].link


def pages(query: Query, total: int) -> Pages:
    """The pages of a result of so many hits."""
    last = min(MAX_PAGE, max(1, -(-total // query.size)))
    number = query.page
    centre = min(number, last)
    wanted = {1, last, *range(max(1, centre - AROUND), min(last, centre + AROUND) + 1)}
    for edge, between in ((centre - AROUND, 2), (centre + AROUND, last - 1)):
        if abs(edge - between) == 1 and 1 <= between <= last:
            wanted.add(between)
    links: list[PageLink] = []
    before = 0
    for each in sorted(wanted):
        link = Link(query.with_page(each))
        links.append(PageLink(each, link, each == number, each != before + 1))
        before = each
    shown = number <= last and total > 0
    return Pages(
        number=number,
        last=last,
        first_hit=(number - 1) * query.size + 1 if shown else 0,
        last_hit=min(number * query.size, total) if shown else 0,
        total=total,
        links=tuple(links),
        previous=Link(query.with_page(min(number - 1, last))) if number > 1 else None,
        next=Link(query.with_page(number + 1)) if number < last else None,
    )
