"""Filters as the page shows them: choices with counts, each knowing the search it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings

from tessera.engine.analysis import folded
from tessera.engine.fields import MISSING, FacetType, IndexSchema
from tessera.engine.query import Query, YearRange
from tessera.engine.result import Bucket, FacetResult
from tessera.schema import vocabularies
from tessera.schema.kinds import KIND_NAMES, facets_of
from tessera.search.choices import Bar, Choice, FacetView, Years
from tessera.search.labels import FROM_DATA, Labels, facet_label
from tessera.search.links import Link
from tessera.search.state import State

SHOWN = 7
"""Choices shown before "more"."""
MAX_MORE = 60
"""Choices listed under "more"; further ones are found by typing a part of their name."""
OPEN = ("kind", "when", "country", "theme", "programme", "year")
"""Filters that are unfolded from the start; with one kind chosen, its own are, too."""

ORDER = (
    "kind", "when", "interested_in", "representing", "organiser", "news_source", "file_type",
    "country", "region", "theme", "programme", "period", "year", "status", "objective",
    "organisation", "organisation_type", "language",
)  # fmt: skip


def in_order() -> tuple[str, ...]:
    """The filters from top to bottom: those that tessera.toml names, then the others."""
    first: tuple[str, ...] = settings.SITE.facets
    return (*first, *(name for name in ORDER if name not in first))


@dataclass(slots=True)
class Facets:
    """Makes the filters of one page."""

    query: Query
    schema: IndexSchema
    labels: Labels
    state: State = field(default_factory=State)
    found: Mapping[str, Sequence[Bucket]] = field(default_factory=dict)

    def views(self, results: Mapping[str, FacetResult]) -> tuple[FacetView, ...]:
        """The filters that mean something for the chosen kinds, or that are in force."""
        made = (self.view(results[name]) for name in in_order() if name in results)
        chosen = bool(self.query.selected("kind"))
        return tuple(
            view for view in made if not view.empty or (chosen and view.name in self._applying())
        )

    def view(self, result: FacetResult) -> FacetView:
        """One filter."""
        match result.type:
            case FacetType.YEARS:
                return self._years(result)
            case FacetType.TREE:
                return self._tree(result)
        return self._terms(result)

    def _applying(self) -> frozenset[str]:
        return facets_of(self.query.selected("kind"))

    def _in_force(self, name: str) -> int:
        excluded = self.query.selected(name, exclude=True)
        return len(self.query.selected(name)) + len(excluded)

    def _open(self, name: str) -> bool:
        if self._in_force(name) or self.state.find.get(name) or name in OPEN:
            return True
        kinds = self.query.selected("kind")
        return len(kinds) == 1 and name in (
            "interested_in", "representing", "organiser", "news_source", "file_type",
        )  # fmt: skip

    def _choice(
        self,
        name: str,
        bucket: Bucket,
        level: int = 0,
        unfold: Link | None = None,
        unfolded: bool = False,
        children: tuple[Choice, ...] = (),
    ) -> Choice:
        facet = self.schema.facet(name)
        return Choice(
            query=self.query,
            name=name,
            value=bucket.value,
            label=self.labels.of(name, bucket.value),
            count=bucket.count,
            selected=bucket.value in self.query.selected(name),
            excluded=bucket.value in self.query.selected(name, exclude=True),
            single=bool(facet and facet.single),
            level=level,
            unfold=unfold,
            unfolded=unfolded,
            children=children,
        )

    def _terms(self, result: FacetResult) -> FacetView:
        name = result.name
        buckets = [bucket for bucket in result.buckets if bucket.value != MISSING]
        if name == "kind":
            buckets = _all_kinds(buckets)
        elif name == "period":
            buckets.sort(key=lambda bucket: bucket.value, reverse=True)
        in_force = set(self.query.selected(name)) | set(self.query.selected(name, exclude=True))
        chosen = [bucket for bucket in buckets if bucket.value in in_force]
        listed = {bucket.value for bucket in buckets}
        chosen += [Bucket(value, 0, True) for value in sorted(in_force - listed - {MISSING})]
        rest = [bucket for bucket in buckets if bucket.value not in in_force]
        if name == "kind":
            chosen, rest = [], buckets
        find = self.state.find.get(name, "")
        findable = len(rest) + result.other > SHOWN and name != "kind"
        if find and findable:
            rest = self._matching(name, find, rest)
            shown, more, hidden = rest[:MAX_MORE], [], max(0, len(rest) - MAX_MORE)
        else:
            # All kinds are always in sight; "more" isn't worth it for a single choice.
            few = len(rest) if name == "kind" or len(rest) == SHOWN + 1 else SHOWN
            shown, more = rest[:few], rest[few : few + MAX_MORE]
            hidden = max(0, len(rest) - few - MAX_MORE) + result.other
        self.labels.prepare(name, [bucket.value for bucket in (*chosen, *shown, *more)])
        facet = self.schema.facet(name)
        return FacetView(
            name=name,
            label=facet_label(name),
            type=result.type,
            choices=tuple(self._choice(name, bucket) for bucket in (*chosen, *shown)),
            more=tuple(self._choice(name, bucket) for bucket in more),
            missing=self._missing(result),
            hidden=hidden,
            find=find,
            findable=findable,
            open=self._open(name),
            in_force=self._in_force(name),
            single=bool(facet and facet.single),
        )

    def _matching(self, name: str, find: str, buckets: list[Bucket]) -> list[Bucket]:
        if name in self.found:
            return [bucket for bucket in self.found[name] if not bucket.selected]
        if name in FROM_DATA:
            self.labels.prepare(name, [bucket.value for bucket in buckets])
        wanted = folded(find)
        return [
            bucket
            for bucket in buckets
            if wanted in folded(self.labels.of(name, bucket.value))
            or wanted == folded(bucket.value)
        ]

    def _missing(self, result: FacetResult) -> Choice | None:
        for bucket in result.buckets:
            if bucket.value == MISSING:
                return self._choice(result.name, bucket)
        if MISSING in self.query.selected(result.name):
            return self._choice(result.name, Bucket(MISSING, 0, True))
        return None

    def _tree(self, result: FacetResult) -> FacetView:
        name = result.name
        by_parent: dict[str, list[Bucket]] = {}
        known = {bucket.value for bucket in result.buckets}
        for bucket in result.buckets:
            if bucket.value == MISSING:
                continue
            parent = parent_of(name, bucket.value)
            by_parent.setdefault(parent if parent in known else "", []).append(bucket)
        find = self.state.find.get(name, "")
        if find:
            hits = self._matching(name, find, [b for b in result.buckets if b.value != MISSING])
            choices = tuple(self._choice(name, bucket) for bucket in hits[:MAX_MORE])
            more: tuple[Choice, ...] = ()
            hidden = max(0, len(hits) - MAX_MORE)
        else:
            every = self._branch(name, "", by_parent, 0, frozenset(self._unfolded(name)))
            first = [c for c in every if _holds_choice(c)] + [
                c for c in every if not _holds_choice(c)
            ]
            choices, more, hidden = tuple(first[:SHOWN]), tuple(first[SHOWN:]), 0
        return FacetView(
            name=name,
            label=facet_label(name),
            type=result.type,
            choices=choices,
            more=more,
            missing=self._missing(result),
            hidden=hidden,
            find=find,
            findable=len(known) > SHOWN,
            open=self._open(name) or any(value.startswith(f"{name}:") for value in self.state.open),
            in_force=self._in_force(name),
        )

    def _unfolded(self, name: str) -> set[str]:
        """Nodes on the way to a choice, and those that the reader has unfolded."""
        wanted = {
            value.partition(":")[2] for value in self.state.open if value.startswith(f"{name}:")
        }
        in_force = (*self.query.selected(name), *self.query.selected(name, exclude=True))
        for value in in_force:
            parent = parent_of(name, value)
            while parent:
                wanted.add(parent)
                parent = parent_of(name, parent)
        return wanted

    def _branch(
        self,
        name: str,
        parent: str,
        by_parent: Mapping[str, list[Bucket]],
        level: int,
        unfolded: frozenset[str],
    ) -> list[Choice]:
        choices: list[Choice] = []
        for bucket in by_parent.get(parent, ()):
            below = bucket.value in by_parent
            is_open = below and bucket.value in unfolded
            children = (
                self._branch(name, bucket.value, by_parent, level + 1, unfolded) if is_open else ()
            )
            choices.append(
                self._choice(
                    name,
                    bucket,
                    level=level,
                    unfold=self._unfold(name, bucket.value) if below else None,
                    unfolded=is_open,
                    children=tuple(children),
                )
            )
        return choices

    def _unfold(self, name: str, value: str) -> Link:
        state = self.state.toggled(f"{name}:{value}")
        return Link(self.query, f"facet-{name}", state.pairs())

    def _years(self, result: FacetResult) -> FacetView:
        name = result.name
        counts = {
            int(bucket.value): bucket.count for bucket in result.buckets if bucket.value.isdigit()
        }
        chosen = [
            parsed
            for value in self.query.selected(name)
            if (parsed := YearRange.parse(value)) is not None
        ]
        years: Years | None = None
        if counts or chosen:
            only = chosen[0] if len(chosen) == 1 else YearRange(None, None)
            years = Years(
                first=str(only.first or ""),
                last=str(only.last or ""),
                others=tuple(str(each) for each in chosen) if len(chosen) > 1 else (),
                bars=self._bars(name, counts, chosen),
                least=min(counts, default=0),
                most=max(counts, default=0),
            )
        return FacetView(
            name=name,
            label=facet_label(name),
            type=result.type,
            missing=self._missing(result),
            open=self._open(name),
            in_force=self._in_force(name),
            years=years,
        )

    def _bars(
        self, name: str, counts: Mapping[int, int], chosen: Sequence[YearRange]
    ) -> tuple[Bar, ...]:
        if not counts:
            return ()
        fullest = max(counts.values()) or 1
        first = min(counts)
        bars = []
        for year, count in sorted(counts.items()):
            link = Link(self.query.with_filter(name, str(year), single=True))
            bars.append(
                Bar(
                    year=year,
                    count=count,
                    height=max(3, round(100 * count / fullest)) if count else 0,
                    place=year - first,
                    selected=any(year in years for years in chosen),
                    link=link,
                    href=link.href,
                )
            )
        return tuple(bars)


def _all_kinds(buckets: Sequence[Bucket]) -> list[Bucket]:
    counts = {bucket.value: bucket for bucket in buckets}
    return [counts.get(name, Bucket(name, 0)) for name in KIND_NAMES]


def _holds_choice(choice: Choice) -> bool:
    return choice.selected or choice.excluded or any(_holds_choice(c) for c in choice.children)


@lru_cache(maxsize=8192)
def parent_of(name: str, value: str) -> str:
    """The value above one of a tree; empty for the topmost."""
    if name == "objective":
        found = vocabularies.objective(value)
        return (found.parent or "") if found else ""
    above = vocabularies.ancestors(value)
    return above[-1] if above else ""
