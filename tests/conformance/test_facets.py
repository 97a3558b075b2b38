"""Filters and the numbers beside them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.engine.result import Bucket
from tests.conformance.catalogue import NOW, SCHEMA


def found(index: Index, params: str, now: datetime = NOW) -> set[str]:
    pairs = [tuple(part.split("=")) for part in params.split("&")]
    query, problems = Query.from_params(pairs, SCHEMA)  # type: ignore[arg-type]
    assert not problems
    result = index.search(query, now=now)
    assert result.total == index.count(query, now=now)
    return {hit.id for hit in result.hits}


def counts(index: Index, query: Query, facet: str) -> dict[str, int]:
    buckets = index.search(query, facets=[facet], now=NOW).facets[facet].buckets
    return {bucket.value: bucket.count for bucket in buckets}


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ("kind=news", {"n1", "n2"}),
        ("kind=news&kind=project", {"n1", "n2", "p1", "p2", "p3"}),
        ("kind=news&theme=research", {"n2"}),
        ("kind=unheard", set()),
        ("theme=none", {"p3"}),
        ("theme=none&theme=health", {"p2", "p3"}),
        ("-theme=none", {"p1", "p2", "n1", "n2", "e1", "e2", "e3"}),
        ("-kind=event&-theme=innovation", {"p2", "p3"}),
        ("region=AT", {"p2", "p3"}),
        ("region=LT0", {"p1"}),
        ("year=2015..2017", {"p1", "p2"}),
        ("year=..2014", {"p2"}),
        ("year=2021..", {"p1", "n1", "n2"}),
        ("year=2014&year=2021", {"p1", "p2", "n1", "n2"}),
        ("year=none", {"p3"}),
        ("year=none&year=2014", {"p2", "p3"}),
        ("-year=2021&kind=project", {"p2", "p3"}),
        ("year=1900..1950", set()),
        ("when=upcoming", {"e1", "e3"}),
        ("when=past", {"e2"}),
        ("-when=past&kind=event", {"e1", "e3"}),
        ("-when=upcoming&kind=news", {"n1", "n2"}),
        ("q=cluster&kind=event&theme=regions", {"e1", "e2"}),
    ],
)
def test_filters(catalogue: Index, params: str, ids: set[str]) -> None:
    assert found(catalogue, params) == ids


def test_a_moment_passes(catalogue: Index) -> None:
    assert found(catalogue, "when=upcoming", NOW + timedelta(microseconds=1)) == {"e1"}
    assert found(catalogue, "when=past", NOW + timedelta(hours=1, seconds=1)) == {"e1", "e2", "e3"}


def test_a_time_without_zone_is_refused(catalogue: Index) -> None:
    with pytest.raises(ValueError, match="time zone"):
        catalogue.count(Query(), now=NOW.replace(tzinfo=None))


def test_buckets_by_count_then_value_missing_last(catalogue: Index) -> None:
    facet = catalogue.search(Query(), facets=["kind", "region"]).facets
    assert facet["kind"].buckets == (Bucket("event", 3), Bucket("project", 3), Bucket("news", 2))
    assert [b.value for b in facet["region"].buckets] == [
        "AT",
        "HU",
        "LT",
        "LT0",
        "LT01",
        "SI",
        "SK",
    ]


def test_a_cut_facet_says_how_many_more_and_keeps_what_is_chosen(catalogue: Index) -> None:
    theme = catalogue.search(Query(), facets=["theme"]).facets["theme"]
    assert theme.buckets == (Bucket("innovation", 3), Bucket("regions", 3), Bucket("none", 1))
    assert theme.other == 3
    query = Query().with_filter("theme", "health", "unheard")
    theme = catalogue.search(query, facets=["theme"]).facets["theme"]
    assert theme.buckets == (
        Bucket("innovation", 3),
        Bucket("regions", 3),
        Bucket("health", 1, selected=True),
        Bucket("unheard", 0, selected=True),
        Bucket("none", 1),
    )
    assert theme.other == 2


def test_own_choices_are_set_aside_and_others_are_not(catalogue: Index) -> None:
    query = Query("cluster").with_filter("kind", "project")
    assert counts(catalogue, query, "kind") == {"event": 2, "project": 2}
    assert counts(catalogue, query, "theme") == {"health": 1, "innovation": 1}


def test_exclusions_count_for_their_own_facet_too(catalogue: Index) -> None:
    query = Query().with_filter("kind", "event", exclude=True)
    assert counts(catalogue, query, "kind") == {"project": 3, "news": 2}
    query = query.with_filter("kind", "news")
    assert counts(catalogue, query, "kind") == {"project": 3, "news": 2}


def test_years_are_single_and_in_order(catalogue: Index) -> None:
    query = Query().with_filter("year", "2014..2017", "1999", "none")
    years = catalogue.search(query, facets=["year"]).facets["year"].buckets
    assert years == (
        Bucket("1999", 0, selected=True),
        Bucket("2014", 1, selected=True),
        Bucket("2015", 1, selected=True),
        Bucket("2017", 1, selected=True),
        Bucket("2018", 1),
        Bucket("2019", 1),
        Bucket("2020", 1),
        Bucket("2021", 3),
        Bucket("none", 1, selected=True),
    )


def test_upcoming_and_past_are_always_both_there(catalogue: Index) -> None:
    query = Query().with_filter("when", "past")
    when = catalogue.search(query, facets=["when"], now=NOW).facets["when"].buckets
    assert when == (Bucket("upcoming", 2), Bucket("past", 1, selected=True))
    assert counts(catalogue, Query("Danube"), "when") == {"upcoming": 0, "past": 0}


def test_only_the_facets_asked_for_are_counted(catalogue: Index) -> None:
    assert set(catalogue.search(Query(), facets=["kind"]).facets) == {"kind"}
    assert catalogue.search(Query()).facets == {}


def test_names_that_the_schema_lacks_are_the_callers_mistake(catalogue: Index) -> None:
    with pytest.raises(ValueError, match="colour"):
        catalogue.search(Query(), facets=["colour"])
    with pytest.raises(ValueError, match="colour"):
        catalogue.count(Query().with_filter("colour", "red"))
    with pytest.raises(ValueError, match="colour"):
        catalogue.search(Query(sort="colour"))
