"""Orders of results, and pages of them."""

from __future__ import annotations

import pytest

from tessera.engine.backend import Index
from tessera.engine.document import Document, Text
from tessera.engine.query import Query
from tests.conformance.conftest import MakeBackend, build


def order(index: Index, query: Query) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        # Equal keys by id in both directions; documents without the key come last in both.
        ("title", ["e1", "p1", "p3", "p2", "n2", "n1", "e2", "e3"]),
        ("title_back", ["n1", "n2", "p2", "p3", "e1", "p1", "e2", "e3"]),
        ("newest", ["e1", "e2", "n2", "n1", "p1", "p2", "p3", "e3"]),
        ("oldest", ["p2", "p3", "p1", "n1", "n2", "e1", "e2", "e3"]),
        ("", ["e1", "e2", "n2", "n1", "p1", "p2", "p3", "e3"]),
        ("relevance", ["n1", "e1", "e2", "e3", "n2", "p1", "p2", "p3"]),
    ],
)
def test_orders(catalogue: Index, sort: str, ids: list[str]) -> None:
    assert order(catalogue, Query(sort=sort)) == ids


def test_names_before_texts_and_exact_before_parts(catalogue: Index) -> None:
    ids = order(catalogue, Query("cluster"))
    assert ids[0] in ("p1", "e1")
    assert ids[-1] == "e2"
    assert order(catalogue, Query("summit")) == ["e1", "e2"]


def test_scores_are_given_for_relevance_only(catalogue: Index) -> None:
    by_score = catalogue.search(Query("cluster")).hits
    assert [hit.score for hit in by_score] == sorted((h.score for h in by_score), reverse=True)
    assert by_score[-1].score > 0
    assert {hit.score for hit in catalogue.search(Query("cluster", sort="title")).hits} == {0.0}


def test_a_page_beyond_the_last_keeps_the_numbers(catalogue: Index) -> None:
    result = catalogue.search(Query("cluster", page=10**9, size=100), facets=["kind"])
    assert (result.hits, result.total) == ((), 4)
    assert sum(bucket.count for bucket in result.facets["kind"].buckets) == 4


@pytest.mark.parametrize("text", ["", "common", "shared*"])
@pytest.mark.parametrize("sort", ["relevance", "title", "title_back", "newest", "oldest"])
def test_pages_of_many_alike_together_give_each_once(
    many: tuple[Index, dict[str, list[str]]], text: str, sort: str
) -> None:
    index, orders = many
    pages = [order(index, Query(text, sort=sort, page=page, size=97)) for page in range(1, 18)]
    assert pages[-1] == []
    expected = orders["common" if sort == "relevance" and text == "common" else sort]
    assert [id_ for page in pages for id_ in page] == expected


@pytest.fixture(scope="module")
def many(make_backend: MakeBackend) -> tuple[Index, dict[str, list[str]]]:
    """1,500 documents, alike but for few keys, long ids that differ late."""
    documents = [
        Document(
            f"a-source-with-a-long-name:and-kind:{n % 7}:{n}",
            n + 1,
            {"text": (Text("common shared words" + " of one length" * (n % 2), "en"),)},
            sort={"title": f"the same long beginning of all titles {n % 5}", "date": n % 3}
            if n % 11
            else {},
            boost=1.5 if n % 4 == 0 else 1.0,
        )
        for n in range(1500)
    ]
    index = build(make_backend(), [documents[:700], documents[700:]])
    by_id = sorted(documents, key=lambda d: d.id)
    keyed = [d for d in by_id if d.sort]
    rest = [d.id for d in by_id if not d.sort]

    def ids(key: str, *, reverse: bool) -> list[str]:
        return [d.id for d in sorted(keyed, key=lambda d: str(d.sort[key]), reverse=reverse)] + rest

    # Boosted ones are short; among the others the short ones score higher.
    number = {d.id: d.key - 1 for d in by_id}
    orders = {
        "relevance": sorted(number, key=lambda i: (number[i] % 4 > 0, i)),
        "common": sorted(number, key=lambda i: (number[i] % 4 > 0, number[i] % 2, i)),
        "title": ids("title", reverse=False),
        "title_back": ids("title", reverse=True),
        "newest": ids("date", reverse=True),
        "oldest": ids("date", reverse=False),
    }
    return index, orders
