"""What the page shows of one filter: choices, years, and how they are laid out."""

from __future__ import annotations

from dataclasses import dataclass

from tessera.engine.fields import FacetType
from tessera.engine.query import Query
from tessera.search.dates import number
from tessera.search.links import Link


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter. count: the total that choosing it gives.

    query: the search of the page; single: this choice replaces the one before. excluded: it is
    in force as "not". level: depth in a tree, from 0. unfold: shows or hides what lies below.
    """

    query: Query
    name: str
    value: str
    label: str
    count: int
    selected: bool
    excluded: bool
    single: bool = False
    level: int = 0
    unfold: Link | None = None
    unfolded: bool = False
    children: tuple[Choice, ...] = ()

    @property
    def link(self) -> Link:
        """The search with the choice made, or, where it is in force, without it."""
        if self.selected or self.excluded:
            return Link(self.query.without_filter(self.name, self.value))
        return Link(self.query.with_filter(self.name, self.value, single=self.single))

    @property
    def number(self) -> str:
        return number(self.count)


@dataclass(frozen=True, slots=True)
class Bar:
    """One year of the histogram. height: 0 to 100, of the fullest year. place: from 0."""

    year: int
    count: int
    height: int
    place: int
    selected: bool
    link: Link
    href: str

    @property
    def left(self) -> int:
        return 10 * self.place

    @property
    def top(self) -> int:
        return 100 - self.height

    @property
    def number(self) -> str:
        return number(self.count)


@dataclass(frozen=True, slots=True)
class Years:
    """The year filter. first, last: of the fields; others: ranges that the fields can't show."""

    first: str
    last: str
    others: tuple[str, ...]
    bars: tuple[Bar, ...]
    least: int
    most: int

    @property
    def width(self) -> int:
        """Of the histogram, ten for each year."""
        return 10 * (self.most - self.least + 1)


@dataclass(frozen=True, slots=True)
class FacetView:
    """One filter as shown.

    choices: those in force first, then by count. more: what "more" unfolds. missing: "not
    stated". hidden: how many further values there are. find: what was typed to search in it.
    in_force: how many choices are made. single: a choice replaces the one before.
    """

    name: str
    label: str
    type: FacetType
    choices: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()
    missing: Choice | None = None
    hidden: int = 0
    find: str = ""
    findable: bool = False
    open: bool = False
    in_force: int = 0
    single: bool = False
    years: Years | None = None

    @property
    def empty(self) -> bool:
        """There is nothing to choose, and nothing is chosen."""
        return not (self.choices or self.in_force or self.missing or self.years)

    @property
    def missing_list(self) -> tuple[Choice, ...]:
        return (self.missing,) if self.missing else ()

    @property
    def hidden_number(self) -> str:
        return number(self.hidden)
