"""The page model of Explore: one thing of which the template, and later feeds, are renderings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tessera.engine.fields import RELEVANCE, IndexSchema
from tessera.engine.query import Problem, Query
from tessera.engine.result import Bucket, FacetResult, Result
from tessera.schema.kinds import KIND_NAMES, TIMED, facets_of
from tessera.search.added import Added, added
from tessera.search.cards import Card, card
from tessera.search.chips import Chip, chips
from tessera.search.choices import FacetView
from tessera.search.dates import number
from tessera.search.facets import Facets
from tessera.search.labels import Labels, counted, kind_words, short_label
from tessera.search.links import Link
from tessera.search.pagination import Pages, pages
from tessera.search.sentence import sentence
from tessera.search.spelled import Spelled, asked
from tessera.search.state import TYPED, State, stamp
from tessera.search.ways import Exact, Run, account, comes_close, runs


@dataclass(frozen=True, slots=True)
class Tab:
    """A kind with its count: the total that choosing it alone gives. kind "" is all of them."""

    kind: str
    label: str
    count: int
    current: bool
    link: Link

    @property
    def number(self) -> str:
        return number(self.count)


@dataclass(frozen=True, slots=True)
class Switch:
    """Upcoming, past or all events, each with its count (None where it isn't known)."""

    value: str
    label: str
    count: int | None
    current: bool
    link: Link

    @property
    def number(self) -> str:
        return "" if self.count is None else number(self.count)


@dataclass(frozen=True, slots=True)
class Sort:
    name: str
    label: str
    current: bool
    link: Link


@dataclass(frozen=True, slots=True)
class Offer:
    """A way out of an empty result: what to do without, and how much that gives."""

    label: str
    count: int
    link: Link

    @property
    def results(self) -> str:
        return counted("", self.count, number(self.count))


@dataclass(frozen=True, slots=True)
class Trouble:
    """A parameter that wasn't used as sent."""

    heading: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that Explore shows.

    sentence: heading and title. kept: (name, value) pairs that the form must carry along beside
    what it shows as fields. nothing_typed: neither words nor filters. runs: the cards by the way in
    which they were found, with `account` of how many came by which; `exact` is the way back to the
    words as typed. answered: whether anything was found by the words, or what stands for them.
    """

    query: Query
    sentence: str
    total: int
    tabs: tuple[Tab, ...]
    switches: tuple[Switch, ...]
    chips: tuple[Chip, ...]
    facets: tuple[FacetView, ...]
    sorts: tuple[Sort, ...]
    runs: tuple[Run, ...]
    account: str
    exact: Exact | None
    added: Added | None
    pages: Pages
    troubles: tuple[Trouble, ...]
    offers: tuple[Offer, ...]
    spelling: Spelled | None
    clear: Link
    kept: tuple[tuple[str, str], ...]
    address: Link
    took_ms: float = 0.0
    answered: bool = True

    @property
    def number(self) -> str:
        return number(self.total)

    @property
    def cards(self) -> tuple[Card, ...]:
        """Those of all runs."""
        return tuple(card for run in self.runs for card in run.cards)

    @property
    def nothing_typed(self) -> bool:
        return not self.query.text and not self.query.filters

    @property
    def switch_label(self) -> str:
        """What the switch between upcoming and past is about."""
        timed = [kind for kind in self.query.selected("kind") if kind in TIMED]
        if timed == ["event"]:
            return _("Events:")
        return _("Deadlines:") if timed == ["call"] else _("Events and deadlines:")

    @property
    def button(self) -> str:
        """What the form's button does."""
        kinds = self.query.selected("kind")
        found = counted(kinds[0] if len(kinds) == 1 else "", self.total, self.number)
        return _("Show %(results)s") % {"results": found}

    @property
    def in_force(self) -> int:
        """How many filters are in force, kinds and words aside."""
        return sum(len(f.values) for f in self.query.filters if f.name != "kind" or f.exclude)


def wanted_facets(query: Query, schema: IndexSchema) -> tuple[str, ...]:
    """The facets to count for a page: those that mean something here, and those in force.

    Organisations only with a kind chosen: there may be a hundred thousand of them, and counting
    them costs as much as everything else together.
    """
    kinds = query.selected("kind")
    names = set(facets_of(kinds)) | {"kind"}
    if not kinds:
        names.discard("organisation")
    names |= {wanted.name for wanted in query.filters}
    if not kinds or any(kind in TIMED for kind in kinds):
        names.add("when")
    return tuple(facet.name for facet in schema.facets if facet.name in names)


def explore_page(
    query: Query,
    result: Result,
    schema: IndexSchema,
    labels: Labels,
    *,
    problems: Sequence[Problem] = (),
    state: State | None = None,
    found: Mapping[str, Sequence[Bucket]] | None = None,
    offers: Sequence[Offer] = (),
    spelling: Spelled | None = None,
    exact: Exact | None = None,
    origins: Mapping[str, str] | None = None,
) -> Page:
    """The page of one search. result: with the facets of `wanted_facets`.

    found: for filters that were searched in by what was typed, the buckets to show. origins: of
    people, by id, who publishes them.
    """
    told = origins or {}
    ui = get_language() or "en"
    lang = query.lang or ui
    answered = asked(query, result)
    views = Facets(query, schema, labels, state or State(), found or {}).views(result.facets)
    return Page(
        query=query,
        sentence=sentence(answered, result.total, labels, close=comes_close(result.sections)),
        total=result.total,
        tabs=_tabs(query, result),
        switches=_switches(query, result.facets.get("when")),
        chips=chips(query, labels),
        facets=tuple(view for view in views if view.name != "when"),
        sorts=_sorts(query, schema),
        runs=tuple(
            runs(
                answered,
                result,
                [card(hit, labels, lang, ui, told.get(hit.id, "")) for hit in result.hits],
            )
        ),
        account=account(answered, result.sections),
        exact=exact,
        added=added(query, result.expansions, labels),
        pages=pages(query, result.total),
        troubles=tuple(_trouble(problem) for problem in problems),
        offers=tuple(offers),
        spelling=spelling,
        clear=Link(query.without_filters()),
        kept=_kept(query, views),
        address=Link(query),
        took_ms=result.took_ms,
    )


def _tabs(query: Query, result: Result) -> tuple[Tab, ...]:
    """All kinds, always; "All" is the sum, which the kinds share out among them."""
    counts = {}
    if "kind" in result.facets:
        counts = {bucket.value: bucket.count for bucket in result.facets["kind"].buckets}
    chosen = query.selected("kind")
    every = query.without_filter("kind", exclude=False)
    total = sum(counts.get(kind, 0) for kind in KIND_NAMES)
    tabs = [Tab("", _("All"), total, not chosen, Link(every))]
    tabs += [
        Tab(
            kind,
            kind_words(kind),
            counts.get(kind, 0),
            kind in chosen,
            Link(query.with_filter("kind", kind, single=True)),
        )
        for kind in KIND_NAMES
    ]
    return tuple(tabs)


def _switches(query: Query, when: FacetResult | None) -> tuple[Switch, ...]:
    if when is None:
        return ()
    counts = {bucket.value: bucket.count for bucket in when.buckets}
    chosen = query.selected("when")
    if not chosen and not any(counts.values()):
        return ()
    switches = [
        Switch("", _("Any time"), None, not chosen, Link(query.without_filter("when"))),
    ]
    for value, label in (("upcoming", _("Upcoming")), ("past", _("Past"))):
        link = Link(query.with_filter("when", value, single=True))
        switches.append(Switch(value, label, counts.get(value, 0), value in chosen, link))
    return tuple(switches)


def _sorts(query: Query, schema: IndexSchema) -> tuple[Sort, ...]:
    labels = {
        RELEVANCE: _("Best match first"),
        "newest": _("Newest first"),
        "oldest": _("Oldest first"),
        "title": _("By title, A to Z"),
        "soonest": _("Soonest first"),
    }
    current = query.effective_sort(schema)
    names = [RELEVANCE] if query.text or query.sort == RELEVANCE else []
    names += [order.name for order in schema.sorts]
    if (
        current != "soonest"
        and query.selected("kind")
        and not (set(query.selected("kind")) <= set(TIMED))
    ):
        names.remove("soonest")
    default = replace(query, sort="").effective_sort(schema)
    return tuple(
        Sort(
            "" if name == default else name,
            labels.get(name, name),
            name == current,
            Link(query.with_sort("" if name == default else name)),
        )
        for name in names
    )


def _trouble(problem: Problem) -> Trouble:
    name = problem.parameter.removeprefix("-")
    known = {"q": _("Words"), "sort": _("Order"), "page": _("Page"), "size": _("Page size")}
    return Trouble(known.get(name) or short_label(name) or problem.parameter, problem.message)


def _kept(query: Query, views: Sequence[FacetView]) -> tuple[tuple[str, str], ...]:
    """What the form doesn't show as a field: exclusions, page size, language, unlisted choices."""
    fields: set[tuple[str, str]] = set()
    for view in views:
        if view.name == "when":
            continue
        if view.years is not None and not view.years.others:
            fields.update((view.name, value) for value in query.selected(view.name))
        elif view.years is None:
            fields.update(_fields(view))
    kept = [
        (name, value)
        for name, value in query.pairs()
        if name not in ("q", "sort", "page") and (name, value) not in fields
    ]
    if query.spelling or query.without:
        kept.append((TYPED, stamp(query.text)))
    return tuple(kept)


def _fields(view: FacetView) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    stack = [*view.choices, *view.more, *([view.missing] if view.missing else [])]
    while stack:
        choice = stack.pop()
        found.add((view.name, choice.value))
        stack.extend(choice.children)
    return found
