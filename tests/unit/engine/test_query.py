"""A search as a value: read from parameters, written as a URL."""

from dataclasses import replace
from random import Random
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.fields import MISSING, Facet, FacetType, IndexSchema, SortOrder, TextField
from tessera.engine.query import (
    AS_TYPED,
    MAX_PAGE,
    MAX_SIZE,
    MAX_TEXT,
    MAX_VALUES,
    WORDS,
    Filter,
    Query,
    YearRange,
    clean_text,
)
from tessera.engine.syntax import MAX_WORDS


def _code(value: str) -> str | None:
    """As a country facet would: upper case, EL for Greece accepted, two letters."""
    code = {"EL": "GR"}.get(value.upper(), value.upper())
    return code if code.isascii() and code.isalpha() and len(code) == 2 else None


SCHEMA = IndexSchema(
    name="test",
    version=1,
    texts=(TextField("text"),),
    facets=(
        Facet("theme"),
        Facet("country", normalise=_code),
        Facet("region", FacetType.TREE),
        Facet("year", FacetType.YEARS),
        Facet("when", FacetType.WHEN, single=True),
    ),
    sorts=(SortOrder("newest", "date", descending=True), SortOrder("title", "title")),
    default_sort="newest",
)
ANY = st.text(st.characters(), max_size=30)  # lone surrogates, too
NAMES = st.sampled_from(
    [*("q", "sort", "page", "size", "lang", "theme", "-theme", "country", "-country", "region"),
     *("year", "-year", "when", "-when", "other", "", "-", "--theme", "spelling", "match"),
     "without"]
)  # fmt: skip
VALUES = st.one_of(
    ANY,
    st.sampled_from(
        [*("2014..2020", "..2020", "2014", "2020..2014", "..", "upcoming", "past", "none", "LT"),
         *("lt", "el", "relevance", "newest", "title", "-1", "0", "7", "10" * 40, "en", "el-GR"),
         *("as-typed", "words")]
    ),
)  # fmt: skip
PARAMS = st.lists(st.tuples(NAMES, VALUES), max_size=12)


def read(*params: tuple[str, str]) -> Query:
    return Query.from_params(params, SCHEMA)[0]


def problems(*params: tuple[str, str]) -> list[str]:
    return [problem.parameter for problem in Query.from_params(params, SCHEMA)[1]]


YEARS = st.one_of(
    st.builds(YearRange, st.integers(0, 4999), st.integers(5000, 9999)),
    st.builds(YearRange, st.none(), st.integers(0, 9999)),
    st.builds(YearRange, st.integers(0, 9999), st.none()),
    st.integers(0, 9999).map(lambda year: YearRange(year, year)),
).map(str)
CLEAN = ANY.map(clean_text).filter(bool)


def _values(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(values, min_size=1, max_size=5).map(lambda chosen: tuple(sorted(chosen)))


@st.composite
def queries(draw: st.DrawFn) -> Query:
    values = {
        "country": _values(st.sampled_from(["LT", "GR", "SI", MISSING])),
        "region": _values(CLEAN),
        "theme": _values(CLEAN),
        "when": st.sampled_from([("upcoming",), ("past",)]),
        "year": _values(st.one_of(YEARS, st.just(MISSING))),
    }
    sides = [(name, exclude) for name in values for exclude in (False, True)]
    chosen = draw(st.sets(st.sampled_from(sides)))
    return Query(
        text=draw(ANY.map(clean_text)),
        filters=tuple(Filter(n, draw(values[n]), exclude) for n, exclude in sorted(chosen)),
        sort=draw(st.sampled_from(["", "relevance", "newest", "title"])),
        page=draw(st.integers(1, MAX_PAGE)),
        size=draw(st.integers(1, MAX_SIZE)),
        lang=draw(st.sampled_from(["", "en", "el"])),
        spelling=draw(st.sampled_from(["", AS_TYPED])),
        match=draw(st.sampled_from(["", WORDS])),
        without=draw(st.one_of(st.just(()), _values(CLEAN))),
    )


@given(queries())
def test_a_query_survives_its_url(query: Query) -> None:
    pairs = parse_qsl(query.to_params(), keep_blank_values=True, strict_parsing=bool(query.pairs()))
    assert Query.from_params(pairs, SCHEMA) == (query, ())


@given(queries(), st.randoms())
def test_the_url_is_the_same_in_any_order(query: Query, random: Random) -> None:
    pairs = query.pairs()
    random.shuffle(pairs)
    assert read(*pairs).to_params() == query.to_params()


@given(PARAMS)
def test_any_parameters_are_read(params: list[tuple[str, str]]) -> None:
    query, found = Query.from_params(params, SCHEMA)
    again, none = Query.from_params(parse_qsl(query.to_params()), SCHEMA)
    assert (again, none) == (query, ())
    assert all(problem.message for problem in found)
    assert 1 <= query.page <= MAX_PAGE
    assert 1 <= query.size <= MAX_SIZE
    assert len(query.text) <= MAX_TEXT


@given(queries(), CLEAN)
def test_a_choice_is_taken_back(query: Query, value: str) -> None:
    first = replace(query, page=1)
    if value not in query.selected("theme"):
        chosen = first.with_filter("theme", value)
        assert chosen.without_filter("theme", value, exclude=False) == first
    chosen = query.with_filter("theme", value)
    assert value in chosen.selected("theme")
    assert chosen.page == 1


def test_the_url_is_written_as_documented() -> None:
    query = read(
        ("year", "2014..2020"), ("country", "lt"), ("country", "el"), ("-theme", "A & B"),
        ("q", "  wind   park "), ("page", "2"),
    )  # fmt: skip
    assert query.to_params() == (
        "q=wind%20park&country=GR&country=LT&-theme=A%20%26%20B&year=2014..2020&page=2"
    )


def test_the_empty_query_has_no_parameters() -> None:
    assert read().to_params() == ""
    assert read(("q", " "), ("theme", ""), ("sort", ""), ("page", "1")).to_params() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("color", "red"),
        ("country", "Lithuania"),
        ("year", "soon"),
        ("year", "2020..2014"),
        ("when", "today"),
        ("when", "none"),
        ("sort", "best"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1.5"),
        ("page", "1" * 5000),
        ("size", "101"),
        ("lang", "english!"),
        ("spelling", "right"),
        ("match", "any"),
    ],
)
def test_a_wrong_value_is_reported(name: str, value: str) -> None:
    assert problems((name, value)) == [name]


def test_the_rest_is_used_where_one_value_is_wrong() -> None:
    assert read(("q", "wind"), ("year", "soon"), ("country", "LT")) == Query(
        "wind", (Filter("country", ("LT",)),)
    )


def test_a_single_choice_replaces_the_one_before() -> None:
    assert read(("when", "past"), ("when", "upcoming")).selected("when") == ("upcoming",)


def test_other_words_are_spelt_and_expanded_anew() -> None:
    query = read(("q", "most"), ("spelling", AS_TYPED), ("without", "pont"), ("match", WORDS))
    other = query.with_text("bridge")
    assert (other.spelling, other.without, other.match) == ("", (), WORDS)
    assert query.with_without("ponte", "pont").without == ("pont", "ponte")
    assert query.with_without("ponte").with_page(3).with_again("ponte") == query


def test_too_much_text_is_reported_and_cut_at_a_word() -> None:
    text = "a-rather-long-word " * 120
    assert problems(("q", text)) == ["q"]
    assert read(("q", text)).text.endswith("long-word")


def test_too_many_words_are_reported() -> None:
    assert problems(("q", "a " * (MAX_WORDS + 1))) == ["q"]
    assert problems(("q", "a " * MAX_WORDS)) == []


def test_too_many_choices_are_reported() -> None:
    params = [("theme", str(number)) for number in range(MAX_VALUES + 1)]
    assert problems(*params) == ["theme"]
    assert len(read(*params).selected("theme")) == MAX_VALUES


def test_control_characters_are_blanks() -> None:
    assert read(("q", "wind\x00\x1bpark\ud800!")).text == "wind park !"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2014..2020", YearRange(2014, 2020)),
        ("..2020", YearRange(None, 2020)),
        ("2014..", YearRange(2014, None)),
        ("2014", YearRange(2014, 2014)),
        (" 2014 .. 2020 ", YearRange(2014, 2020)),
        ("2014..2014", YearRange(2014, 2014)),
        ("20142020", None),
        ("..", None),
        ("", None),
        ("14", None),
    ],
)
def test_years_are_read(text: str, years: YearRange | None) -> None:
    assert YearRange.parse(text) == years


def test_years_hold_their_ends() -> None:
    assert 2014 in YearRange(2014, 2020)
    assert 2020 in YearRange(2014, 2020)
    assert 2021 not in YearRange(2014, 2020)
    assert 1 in YearRange(None, 2020)


def test_relevance_is_the_order_where_text_was_typed() -> None:
    assert read(("q", "wind")).effective_sort(SCHEMA) == "relevance"
    assert read().effective_sort(SCHEMA) == "newest"
    assert read(("q", "wind"), ("sort", "title")).effective_sort(SCHEMA) == "title"


def test_a_choice_may_bring_its_order_unless_words_or_another_order_are_given() -> None:
    schema = IndexSchema(
        "t", 1, (), (Facet("when", FacetType.WHEN, single=True),),
        (SortOrder("newest", "date"), SortOrder("soonest", "at", default_for=("when", "upcoming"))),
        "newest",
    )  # fmt: skip
    upcoming = Query().with_filter("when", "upcoming")
    assert upcoming.effective_sort(schema) == "soonest"
    assert upcoming.with_sort("newest").effective_sort(schema) == "newest"
    assert upcoming.with_text("fair").effective_sort(schema) == "relevance"
    assert Query().with_filter("when", "past").effective_sort(schema) == "newest"
