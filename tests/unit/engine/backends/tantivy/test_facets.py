"""Counts stay exact with very many values, over many segments."""

from collections import Counter
from pathlib import Path

import pytest

from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.backends.tantivy.index import TantivyIndex
from tessera.engine.document import Document
from tessera.engine.fields import Facet, IndexSchema
from tessera.engine.query import Query

SCHEMA = IndexSchema(
    "many", 1, (), (Facet("few"), Facet("many"), Facet("top", size=3)), (), "relevance"
)
_DOCUMENTS = 700
_EACH = 100


def values(number: int) -> dict[str, tuple[str, ...]]:
    many = tuple(f"v{(number * _EACH + n) % 69_000}" for n in range(_EACH))
    few = tuple(f"f{n}" for n in range(number % 40))
    return {"many": many, "few": few, "top": many}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> TantivyIndex:
    backend = TantivyBackend(Path(tmp_path_factory.mktemp("many")))
    backend.create(SCHEMA, "many")
    with backend.writer(SCHEMA, "many") as writer:
        for start in range(0, _DOCUMENTS, 100):
            numbers = range(start, start + 100)
            writer.put(Document(f"d{n}", n + 1, facets=values(n)) for n in numbers)
            writer.commit()
    return backend.index(SCHEMA, "many")


@pytest.mark.parametrize("facets", [["few", "many"], ["many"], ["many", "few"], ["few"]])
def test_more_values_than_one_aggregation_returns(index: TantivyIndex, facets: list[str]) -> None:
    result = index.search(Query(), facets=facets, highlight=False).facets
    for name in facets:
        expected = Counter(value for n in range(_DOCUMENTS) for value in set(values(n)[name]))
        if name == "few":
            expected["none"] = sum(1 for n in range(_DOCUMENTS) if n % 40 == 0)
        assert {b.value: b.count for b in result[name].buckets} == dict(expected)


def test_the_rest_of_a_cut_facet_is_counted_exactly(index: TantivyIndex) -> None:
    query = Query().with_filter("top", "v5")
    top = index.search(query, facets=["top"]).facets["top"]
    assert [bucket.value for bucket in top.buckets] == ["v0", "v1", "v10", "v5"]
    assert top.other == 69_000 - 4


def test_counts_remembered_are_those_of_the_same_search(index: TantivyIndex) -> None:
    chosen = Query().with_filter("top", "v5")
    found = [index.search(chosen, facets=["top"]).facets["top"] for _ in range(2)]
    assert found[0] == found[1]
    # Another choice in the facet: the same counts, but other buckets.
    other = index.search(Query().with_filter("top", "v7"), facets=["top"]).facets["top"]
    assert [bucket.value for bucket in other.buckets] == ["v0", "v1", "v10", "v7"]
    narrowed = index.search(chosen.with_filter("few", "f38"), facets=["top", "few"]).facets
    assert {b.value: b.count for b in narrowed["top"].buckets}["v5"] == 0
    assert sum(bucket.count for bucket in narrowed["few"].buckets) > 0


def test_a_facet_of_many_values_is_exact_for_few_matches(index: TantivyIndex) -> None:
    index.search(Query(), facets=["many"])  # now it is known to have too many values
    query = Query().with_filter("few", "f38")
    found = index.search(query, facets=["many"]).facets["many"]
    expected = Counter(v for n in range(39, _DOCUMENTS, 40) for v in set(values(n)["many"]))
    assert {bucket.value: bucket.count for bucket in found.buckets} == dict(expected)


def test_a_commit_is_counted_at_once(tmp_path: Path) -> None:
    backend = TantivyBackend(tmp_path)
    backend.create(SCHEMA, "one")
    index = backend.index(SCHEMA, "one")
    for number in (1, 2):
        with backend.writer(SCHEMA, "one") as writer:
            writer.put([Document(f"d{number}", number, facets={"few": ("a",)})])
        found = index.search(Query(), facets=["few"]).facets["few"]
        assert {bucket.value: bucket.count for bucket in found.buckets} == {"a": number}
