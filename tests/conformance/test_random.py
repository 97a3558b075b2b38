"""Random catalogues: what holds for every search, and what the memory backend answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tessera.engine.backend import Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.document import Document
from tessera.engine.query import Query
from tessera.engine.result import Hit
from tests.conformance import strategies as some
from tests.conformance.catalogue import NOW, SCHEMA
from tests.conformance.conftest import MakeBackend, build

FACETS = tuple(facet.name for facet in SCHEMA.facets)
UNCUT = replace(SCHEMA, facets=tuple(replace(facet, size=0) for facet in SCHEMA.facets))
A_FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Batches = Sequence[Sequence[Document]]


def everything(index: Index, query: Query, size: int = 100) -> list[Hit]:
    """All pages of a search, one after the other."""
    hits: list[Hit] = []
    for page in range(1, 1000):
        result = index.search(replace(query, page=page, size=size), now=NOW, highlight=False)
        if not result.hits:
            break
        hits.extend(result.hits)
    return hits


@A_FEW
@given(batches=some.batches, queries=st.lists(some.queries(), min_size=1, max_size=8))
def test_the_number_beside_a_choice_is_what_choosing_it_gives(
    make_backend: MakeBackend, batches: Batches, queries: list[Query]
) -> None:
    index = build(make_backend(), batches, UNCUT)
    for query in queries:
        result = index.search(query, facets=FACETS, now=NOW)
        assert result.total == index.count(query, now=NOW)
        for name, facet in result.facets.items():
            assert facet.other == 0
            aside = query.without_filter(name, exclude=False)
            for bucket in facet.buckets:
                chosen = aside.with_filter(name, bucket.value)
                assert bucket.count == index.count(chosen, now=NOW), (query, bucket)
            listed = {bucket.value for bucket in facet.buckets}
            assert all(value in listed or ".." in value for value in query.selected(name))


@A_FEW
@given(
    batches=some.batches,
    queries=st.lists(some.queries(), min_size=1, max_size=5),
    size=st.integers(1, 7),
)
def test_pages_together_are_the_total_without_doubles(
    make_backend: MakeBackend, batches: Batches, queries: list[Query], size: int
) -> None:
    index = build(make_backend(), batches)
    for query in queries:
        hits = everything(index, query, size)
        ids = [hit.id for hit in hits]
        assert len(set(ids)) == len(ids) == index.count(query, now=NOW)
        assert ids == [hit.id for hit in everything(index, query)]


@A_FEW
@given(
    batches=some.batches,
    gone=st.sets(st.integers(0, 40).map(lambda n: f"d{n}"), max_size=5),
    queries=st.lists(some.queries(), min_size=1, max_size=8),
    moment=some.moments,
)
def test_sets_counts_and_orders_are_those_of_memory(
    make_backend: MakeBackend,
    batches: Batches,
    gone: set[str],
    queries: list[Query],
    moment: object,
) -> None:
    mine, memory = make_backend(), MemoryBackend()
    indexes = [build(backend, batches) for backend in (mine, memory)]
    for backend in (mine, memory):
        with backend.writer(SCHEMA, "first") as writer:
            writer.delete(gone)
    for query in queries:
        got, expected = (
            index.search(query, facets=FACETS, now=moment, highlight=False)  # type: ignore[arg-type]
            for index in indexes
        )
        assert got.total == expected.total, query
        assert got.facets == expected.facets, query
        ordered = query.effective_sort(SCHEMA) != "relevance"
        got_ids, expected_ids = ([hit.id for hit in r.hits] for r in (got, expected))
        assert set(got_ids) == set(expected_ids), query
        if ordered:
            assert got_ids == expected_ids, query
        stored = {hit.id: (hit.key, dict(hit.stored)) for hit in expected.hits}
        assert {hit.id: (hit.key, dict(hit.stored)) for hit in got.hits} == stored


@A_FEW
@given(
    batches=some.batches, words=st.lists(some.words, min_size=1, max_size=5), cut=st.integers(1, 6)
)
def test_suggestions_and_frequencies_are_those_of_memory(
    make_backend: MakeBackend, batches: Batches, words: list[str], cut: int
) -> None:
    mine, memory = (build(b, batches) for b in (make_backend(), MemoryBackend()))
    assert sorted(mine.ids()) == sorted(memory.ids())
    assert len(mine) == len(memory)
    project = Query().with_filter("kind", "project")
    for word, after in zip(words, [*words[1:], ""], strict=True):
        assert mine.frequency(word) == memory.frequency(word)
        for text in (word, word[:cut], f"{word} {after[:cut]}"):
            for limit in (1, 3, 8):
                for filters in (None, project):
                    assert mine.suggest(text, limit=limit, filters=filters) == memory.suggest(
                        text, limit=limit, filters=filters
                    ), text


@A_FEW
@given(batches=some.batches, texts=st.lists(some.typed, min_size=1, max_size=8))
def test_scores_of_a_fresh_index_are_those_of_memory(
    make_backend: MakeBackend, batches: Batches, texts: list[str]
) -> None:
    """Fresh: nothing replaced or deleted since it was built."""
    last = {document.id: document for batch in batches for document in batch}
    fresh = list(last.values())
    half = len(fresh) // 2
    mine, memory = (
        build(b, [fresh[:half], fresh[half:]]) for b in (make_backend(), MemoryBackend())
    )
    assume(fresh)
    for text in (*texts, " ".join(texts)):
        query = Query(text, sort="relevance", size=100)
        found, expected = mine.search(query), memory.search(query)
        assert found.sections == expected.sections, text
        got = {hit.id: hit.score for hit in found.hits}
        assert got.keys() == {hit.id for hit in expected.hits}
        for hit in expected.hits:
            assert abs(got[hit.id] - hit.score) <= 1e-3 * abs(hit.score) + 1e-3, (text, hit.id)
