from datetime import UTC, datetime

import pytest

from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.backends.memory.backend import MemoryIndex
from tessera.engine.document import Document, Text
from tessera.engine.fields import Facet, FacetType, IndexSchema, SortOrder, TextField
from tessera.engine.query import WORDS, Query
from tessera.engine.relax import relaxations

SCHEMA = IndexSchema(
    "relax",
    1,
    (TextField("title", parts=True),),
    (Facet("kind"), Facet("country"), Facet("when", FacetType.WHEN)),
    (SortOrder("title", "title"),),
    "title",
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def document(id_: str, title: str, kind: str, country: str, moment: int = 0) -> Document:
    facets = {"kind": (kind,), "country": (country,)}
    return Document(id_, 1, {"title": (Text(title, "en"),)}, facets, {}, {"when": moment})


@pytest.fixture(scope="module")
def index() -> MemoryIndex:
    backend = MemoryBackend()
    backend.create(SCHEMA, "relax")
    with backend.writer(SCHEMA, "relax") as writer:
        writer.put(
            [
                document("a", "green cluster", "project", "LT"),
                document("b", "blue cluster", "project", "SI"),
                document("c", "green harbour", "news", "LT"),
            ]
        )
    return backend.index(SCHEMA, "relax")


def offered(index: MemoryIndex, query: Query) -> list[tuple[str, int]]:
    """The canonical parameters of each offer with its total, which is checked."""
    found = relaxations(index, query, NOW)
    assert all(r.total == index.count(r.query, now=NOW) for r in found)
    return [(r.query.to_params(), r.total) for r in found]


def test_nothing_is_offered_where_all_is_well(index: MemoryIndex) -> None:
    assert offered(index, Query("green cluster")) == []
    assert offered(index, Query("")) == []


def test_a_word_that_is_nowhere_may_be_left_out(index: MemoryIndex) -> None:
    assert offered(index, Query("green zebra cluster")) == [("q=green%20cluster", 1)]
    (relaxation,) = relaxations(index, Query("green zebra cluster"), NOW)
    assert (relaxation.words, relaxation.missing, relaxation.filter) == (("zebra",), True, None)


def test_several_missing_words_are_left_out_together_and_one_by_one(index: MemoryIndex) -> None:
    assert offered(index, Query("zebra cluster yak")) == [
        ("q=cluster", 2),
        ("q=cluster%20yak", 0),
        ("q=zebra%20cluster", 0),
    ]


def test_a_missing_word_in_a_phrase(index: MemoryIndex) -> None:
    assert offered(index, Query('"green zebra" cluster'))[0][1] == 1


def test_words_that_occur_but_never_together(index: MemoryIndex) -> None:
    assert offered(index, Query("blue harbour")) == [("q=harbour", 1), ("q=blue", 1)]


def test_a_prefix_occurs_where_words_begin_so(index: MemoryIndex) -> None:
    assert offered(index, Query("clus* zeb*")) == [("q=clus%2A", 2)]


def test_words_that_are_excluded_alternatives_or_signs_are_not_missing(index: MemoryIndex) -> None:
    assert offered(index, Query("cluster -zebra")) == []
    assert offered(index, Query("cluster OR zebra")) == []
    assert offered(index, Query("cluster &")) == []


def test_each_filter_in_force_may_be_left_out(index: MemoryIndex) -> None:
    query = Query("cluster").with_filter("kind", "news").with_filter("country", "LT")
    assert offered(index, query) == [
        ("q=cluster&kind=news", 0),
        ("q=cluster&country=LT", 1),
    ]
    query = Query("harbour").with_filter("kind", "news", exclude=True)
    assert offered(index, query) == [("q=harbour", 1)]


def test_a_search_for_nothing_at_all_is_not_offered(index: MemoryIndex) -> None:
    assert offered(index, Query("zebra")) == []
    assert offered(index, Query().with_filter("kind", "event")) == []
    assert offered(index, Query("zebra").with_filter("kind", "news")) == [
        ("kind=news", 1),
        ("q=zebra", 0),
    ]


def test_now_decides_as_in_the_search(index: MemoryIndex) -> None:
    query = Query("cluster").with_filter("when", "upcoming")
    assert offered(index, query) == [("q=cluster", 2)]


def test_of_a_long_text_only_filters_are_left_out(index: MemoryIndex) -> None:
    text = "green cluster zebra yak okapi gnu lynx ibex marten"
    query = Query(text).with_filter("kind", "event")
    assert [r.words for r in relaxations(index, query, NOW)] == [()]
    assert [r.filter for r in relaxations(index, query, NOW)] == list(query.filters)


def test_what_remains_of_some_words_is_meant_as_typed(index: MemoryIndex) -> None:
    query = Query("blue cluster green harbour").with_filter("kind", "event")
    assert index.count(query.without_filters()) > 0
    assert offered(index, query.without_filters()) == []
    assert [(r.words, r.query.match) for r in relaxations(index, query, NOW)] == [((), "")]
    query = Query("blue cluster zebra yak").with_filter("country", "SI").with_filter("kind", "news")
    found = relaxations(index, query, NOW)
    assert [r.query.match for r in found] == [WORDS] * 3 + [""] * 2
