"""From exact counts to the buckets that are shown; the same for every backend."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tessera.engine.fields import MISSING, Facet, FacetType
from tessera.engine.query import YearRange
from tessera.engine.result import Bucket, FacetResult

WHEN_VALUES = ("upcoming", "past")


def facet_result(facet: Facet, counts: Mapping[str, int], selected: Collection[str]) -> FacetResult:
    """The buckets of a facet, in order and cut to its size.

    counts: by value, of every value that matches, with the facet's own choices set aside.
    selected: the values in force. For YEARS a bucket is a single year or MISSING, and is
        selected where a chosen range holds it; a chosen single year is always among them.
    """
    if facet.type is FacetType.WHEN:
        shown = {value: counts.get(value, 0) for value in WHEN_VALUES}
        return FacetResult(facet.name, facet.type, _buckets(shown, set(selected)))
    years = facet.type is FacetType.YEARS
    chosen = _chosen_years(counts, selected) if years else set(selected)
    found = {value: count for value, count in counts.items() if count}
    ranked = sorted(found, key=lambda value: (-found[value], value))
    free = [value for value in ranked if value != MISSING and value not in chosen]
    kept = free[: facet.size] if facet.size else free
    shown = {value: found.get(value, 0) for value in (*kept, *chosen)}
    if MISSING in found:
        shown[MISSING] = found[MISSING]
    order = sorted(shown, key=_by_year if years else lambda v: (v == MISSING, -shown[v], v))
    in_order = {value: shown[value] for value in order}
    return FacetResult(facet.name, facet.type, _buckets(in_order, chosen), len(free) - len(kept))


def _buckets(counts: Mapping[str, int], chosen: Collection[str]) -> tuple[Bucket, ...]:
    return tuple(Bucket(value, count, value in chosen) for value, count in counts.items())


def _by_year(value: str) -> tuple[bool, int]:
    return (True, 0) if value == MISSING else (False, int(value))


def _chosen_years(counts: Mapping[str, int], selected: Collection[str]) -> set[str]:
    ranges = year_ranges(selected)
    chosen = {value for value in counts if value != MISSING and in_ranges(int(value), ranges)}
    chosen.update(str(years.first) for years in ranges if years.first == years.last)
    if MISSING in selected:
        chosen.add(MISSING)
    return chosen


def year_ranges(values: Collection[str]) -> tuple[YearRange, ...]:
    """The ranges among the chosen values of a YEARS facet; ValueError for what is none."""
    ranges = []
    for value in values:
        if value == MISSING:
            continue
        years = YearRange.parse(value)
        if years is None:
            raise ValueError(f"{value!r} is not a range of years such as 2014..2020")
        ranges.append(years)
    return tuple(ranges)


def in_ranges(year: int, ranges: Collection[YearRange]) -> bool:
    return any(year in years for years in ranges)
