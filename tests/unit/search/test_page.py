"""The page model: what it says and where each of its links leads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.schema.fields import SCHEMA
from tessera.schema.kinds import KIND_NAMES
from tessera.search.choices import Choice
from tessera.search.links import Link
from tessera.search.page import Page
from tessera.search.state import State
from tessera.site.sitefile import SiteFile
from tests.unit.search.pages import NOW, PLACES, index_of, page_of, query_of, read_back, record


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(PLACES)


def facet(page: Page, name: str):
    return next(view for view in page.facets if view.name == name)


def choices(page: Page) -> Iterator[Choice]:
    stack = [c for v in page.facets for c in (*v.choices, *v.more, *v.missing_list)]
    while stack:
        choice = stack.pop()
        yield choice
        stack.extend(choice.children)


def links(page: Page) -> Iterator[Link]:
    yield page.address
    yield page.clear
    for some in (page.tabs, page.switches, page.chips, page.sorts, page.pages.links):
        yield from (each.link for each in some)
    for choice in choices(page):
        yield choice.link
        if choice.unfold:
            yield choice.unfold
    for view in page.facets:
        if view.years:
            yield from (bar.link for bar in view.years.bars)
    yield from (link for link in (page.pages.previous, page.pages.next) if link)


values = st.one_of(
    st.tuples(st.just("kind"), st.sampled_from(KIND_NAMES)),
    st.tuples(st.just("country"), st.sampled_from(["LT", "SI", "AT", "MT", "none"])),
    st.tuples(st.just("-country"), st.sampled_from(["LT", "AT"])),
    st.tuples(st.just("region"), st.sampled_from(["LT", "SI0", "LT011", "none"])),
    st.tuples(st.just("theme"), st.sampled_from(["Clusters", "Water", "No such theme", "a&b=ü"])),
    st.tuples(st.just("year"), st.sampled_from(["2014..2020", "..2018", "2021", "none"])),
    st.tuples(st.just("when"), st.sampled_from(["upcoming", "past"])),
    st.tuples(st.just("objective"), st.sampled_from(["TO1", "none"])),
    st.tuples(st.just("interested_in"), st.sampled_from(["leading", "joining"])),
    st.tuples(st.just("organisation"), st.just("t:org")),
    st.tuples(st.just("sort"), st.sampled_from(["relevance", "newest", "title"])),
    st.tuples(st.just("page"), st.sampled_from(["1", "2", "999999999"])),
    st.tuples(st.just("size"), st.sampled_from(["1", "2", "20"])),
    st.tuples(st.just("lang"), st.sampled_from(["en", "el"])),
)
texts = st.one_of(st.just(""), st.sampled_from(["cluster", "nothing here"]), st.text(max_size=12))
queries = st.builds(
    lambda text, pairs: Query.from_params([("q", text), *pairs], SCHEMA)[0],
    texts,
    st.lists(values, max_size=6),
)
states = st.builds(
    State,
    st.dictionaries(st.sampled_from(["theme", "country", "region"]), st.just("l"), max_size=2),
    st.lists(st.sampled_from(["region:LT", "region:LT0", "objective:TO1"]), max_size=3, unique=True)
    .map(tuple),
)  # fmt: skip


@given(queries, states)
def test_each_link_reads_back_as_the_search_that_it_stands_for(query: Query, state: State) -> None:
    page = page_of(_INDEX, query, state)
    for link in links(page):
        assert read_back(link.href) == link.query


@given(queries)
def test_each_count_is_the_total_of_the_list_that_it_leads_to(query: Query) -> None:
    page = page_of(_INDEX, query)
    for tab in page.tabs:
        assert _INDEX.count(tab.link.query, now=NOW) == tab.count, tab
    for switch in page.switches:
        if switch.count is not None:
            assert _INDEX.count(switch.link.query, now=NOW) == switch.count, switch
    for view in page.facets:
        others = query.without_filter(view.name, exclude=False)
        for choice in (*view.choices, *view.more, *view.missing_list):
            if not choice.excluded:
                alone = others.with_filter(view.name, choice.value)
                assert _INDEX.count(alone, now=NOW) == choice.count, (view.name, choice)


@given(queries)
def test_every_choice_in_force_stands_on_the_page_and_can_be_taken_back(query: Query) -> None:
    page = page_of(_INDEX, query)
    chips = {(chip.name, chip.exclude, chip.link.query) for chip in page.chips}
    for wanted in query.filters:
        for value in wanted.values:
            without = query.without_filter(wanted.name, value, exclude=wanted.exclude)
            assert (wanted.name, wanted.exclude, without) in chips
    shown = {(view.name, c.value) for view in page.facets for c in _all(view) if c.selected}
    for wanted in query.filters:
        if not wanted.exclude and wanted.name not in ("year", "when"):
            assert {(wanted.name, value) for value in wanted.values} <= shown


@given(queries)
def test_sending_the_form_as_it_stands_gives_the_same_search(query: Query) -> None:
    page = page_of(_INDEX, query)
    sent = [("q", query.text), *page.kept]
    for view in page.facets:
        sent += [(view.name, choice.value) for choice in _all(view) if choice.selected]
        if view.years:
            sent += [("year.from", view.years.first), ("year.to", view.years.last)]
    sent += [("sort", sort.name) for sort in page.sorts if sort.current]
    from tessera.search.state import split

    rest, _state, _sent = split(sent)
    again, problems = Query.from_params(rest, SCHEMA)
    assert not problems
    assert again.with_sort("").with_page(1) == query.with_sort("").with_page(1)
    assert again.effective_sort(SCHEMA) == query.effective_sort(SCHEMA)


def _all(view) -> Iterator[Choice]:
    stack = [*view.choices, *view.more, *view.missing_list]
    while stack:
        choice = stack.pop()
        yield choice
        stack.extend(choice.children)


_INDEX = index_of(PLACES)


def test_kinds_are_all_counted_even_those_without_a_result(index: Index) -> None:
    page = page_of(index, "q=cluster")
    assert [tab.kind for tab in page.tabs] == ["", *KIND_NAMES]
    assert {tab.kind: tab.count for tab in page.tabs} == {
        "": 5, "project": 3, "person": 0, "event": 1, "news": 1, "file": 0,
        "organisation": 0, "good_practice": 0, "call": 0,
    }  # fmt: skip


def test_a_choice_without_results_stays_first_and_can_be_removed(index: Index) -> None:
    country = facet(page_of(index, "q=cluster&country=MT"), "country")
    assert [(c.label, c.count, c.selected) for c in country.choices[:1]] == [("Malta", 0, True)]
    assert country.choices[0].link.query == query_of("q=cluster")


def test_not_stated_comes_last_with_its_number(index: Index) -> None:
    country = facet(page_of(index, "kind=project"), "country")
    assert country.missing is not None
    assert (country.missing.label, country.missing.count) == ("Not stated", 1)
    assert country.missing not in country.choices


def test_only_filters_that_mean_something_for_the_chosen_kinds_are_there(index: Index) -> None:
    names = {view.name for view in page_of(index, "kind=person").facets}
    assert {"kind", "interested_in", "representing", "country"} <= names
    assert not names & {"programme", "period", "status", "file_type", "news_source", "year"}
    assert "file_type" in {view.name for view in page_of(index, "kind=person&file_type=pdf").facets}


def test_upcoming_and_past_show_both_counts(index: Index) -> None:
    page = page_of(index, "kind=event&when=upcoming")
    assert [(s.value, s.count, s.current) for s in page.switches] == [
        ("", None, False), ("upcoming", 1, True), ("past", 1, False),
    ]  # fmt: skip
    assert page_of(index, "kind=person").switches == ()


@pytest.mark.parametrize(
    ("params", "label", "counts"),
    [
        ("kind=event", "Events:", (1, 1)),
        ("kind=call", "Deadlines:", (1, 0)),
        ("", "Events and deadlines:", (2, 1)),
    ],
)
def test_the_switch_says_what_is_upcoming(
    index: Index, params: str, label: str, counts: tuple[int, int]
) -> None:
    page = page_of(index, params)
    assert page.switch_label == label
    assert tuple(switch.count for switch in page.switches[1:]) == counts


def test_calls_can_be_had_with_the_soonest_deadline_first(index: Index) -> None:
    assert "soonest" in {sort.name for sort in page_of(index, "kind=call").sorts}
    assert "soonest" not in {sort.name for sort in page_of(index, "kind=person").sorts}


def test_regions_are_a_tree_that_unfolds_by_links(index: Index) -> None:
    folded = facet(page_of(index, ""), "region")
    assert [c.value for c in folded.choices] == ["LT", "SI"]
    assert folded.choices[0].unfold is not None and not folded.choices[0].children
    open_page = page_of(index, "", State(open=("region:LT",)))
    lithuania = facet(open_page, "region").choices[0]
    assert [c.value for c in lithuania.children] == ["LT0"]
    assert "open=" not in (lithuania.unfold.href if lithuania.unfold else "open=")


def test_the_way_to_a_chosen_region_is_unfolded(index: Index) -> None:
    region = facet(page_of(index, "region=LT011"), "region")
    lithuania = region.choices[0]
    assert lithuania.children[0].children[0].value == "LT01"
    assert lithuania.children[0].children[0].children[0].selected


def test_the_filters_that_the_site_names_come_first(index: Index, settings: Settings) -> None:
    settings.SITE = SiteFile(facets=("language", "theme"))
    names = [facet.name for facet in page_of(index, query_of("")).facets]
    assert names[:2] == ["language", "theme"]
    assert names[2] == "kind"
    assert len(set(names)) == len(names)


def test_years_are_two_fields_and_bars(index: Index) -> None:
    years = facet(page_of(index, "year=2014..2020"), "year").years
    assert years is not None
    assert (years.first, years.last, years.others) == ("2014", "2020", ())
    assert {bar.year: bar.count for bar in years.bars}[2020] == 2
    assert all(bar.selected == (2014 <= bar.year <= 2020) for bar in years.bars)
    assert max(bar.height for bar in years.bars) == 100


def test_a_long_filter_shows_seven_and_unfolds_the_rest() -> None:
    many = index_of([record(f"t:{n}", themes=[f"Theme {n:02}"]) for n in range(90)])
    theme = facet(page_of(many, ""), "theme")
    assert (len(theme.choices), len(theme.more), theme.hidden) == (7, 60, 23)
    found = facet(page_of(many, "", State({"theme": "theme 8"})), "theme")
    assert [c.value for c in found.choices] == [f"Theme {n}" for n in range(80, 90)]
    chosen = facet(page_of(many, "theme=Theme 89"), "theme")
    assert chosen.choices[0].value == "Theme 89"


def test_a_page_beyond_the_last_says_so_and_leads_back(index: Index) -> None:
    pages = page_of(index, "size=2&page=900").pages
    assert pages.beyond and pages.last == 5 and pages.back.query.page == 5
    assert (pages.first_hit, pages.last_hit) == (0, 0)


def test_pages_are_numbered_with_first_and_last() -> None:
    many = index_of([record(f"t:{n}") for n in range(45)])
    pages = page_of(many, "size=2&page=11").pages
    assert [link.number for link in pages.links] == [1, 9, 10, 11, 12, 13, 23]
    assert [link.number for link in pages.links if link.gap] == [9, 23]
    assert (pages.first_hit, pages.last_hit) == (21, 22)


def test_soonest_is_an_order_of_events_alone(index: Index) -> None:
    def names(params: str) -> list[str]:
        return [sort.link.query.effective_sort(SCHEMA) for sort in page_of(index, params).sorts]

    assert "soonest" in names("kind=event")
    assert "soonest" not in names("kind=project")
    assert names("q=x")[0] == "relevance" and "relevance" not in names("")


def test_what_was_not_used_is_reported(index: Index) -> None:
    query, problems = Query.from_params([("year", "soon"), ("colour", "red")], SCHEMA)
    troubles = page_of(index, query, problems=problems).troubles
    assert [trouble.heading for trouble in troubles] == ["Year", "colour"]


def test_every_kind_is_in_sight_chosen_or_not(index: Index) -> None:
    for chosen in ("", *(f"kind={name}" for name in KIND_NAMES)):
        kinds = facet(page_of(index, chosen), "kind")
        assert [choice.value for choice in kinds.choices] == list(KIND_NAMES)
        assert not kinds.more
