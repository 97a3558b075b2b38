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
