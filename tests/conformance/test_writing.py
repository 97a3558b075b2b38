"""Changes to an index: all of a commit or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.errors import EngineError, IndexLocked, IndexMissing, IndexOutdated
from tessera.engine.fields import FacetType
from tessera.engine.query import Query
from tests.conformance.catalogue import CATALOGUE, SCHEMA
from tests.conformance.conftest import build


def ids(index: Index, text: str = "") -> list[str]:
    return sorted(hit.id for hit in index.search(Query(text, size=100)).hits)


def note(id_: str, text: str, lang: str = "en") -> Document:
    return Document(id_, 1, {"text": (Text(text, lang),)}, {"kind": ("note",)})


def test_nothing_is_seen_before_the_commit_and_all_of_it_after(backend: Backend) -> None:
    index = build(backend, [])
    with backend.writer(SCHEMA, "first") as writer:
        assert writer.put(CATALOGUE) == len(CATALOGUE)
        assert ids(index) == []
        writer.commit()
        assert len(ids(index)) == len(CATALOGUE) == len(index)
        writer.delete(["p1", "p9"])
        assert len(index) == len(CATALOGUE)
    assert ids(index) == sorted(d.id for d in CATALOGUE if d.id != "p1")


def test_put_replaces_by_id_within_a_batch_and_across_commits(backend: Backend) -> None:
    index = build(backend, [[note("a", "first"), note("a", "second"), note("b", "other")]])
    assert (ids(index, "first"), ids(index, "second"), len(index)) == ([], ["a"], 2)
    with backend.writer(SCHEMA, "first") as writer:
        writer.put([note("a", "third")])
    assert (ids(index, "second"), ids(index, "third"), len(index)) == ([], ["a"], 2)
    assert index.frequency("second") == 0
    kinds = index.search(Query(), facets=["kind"]).facets["kind"].buckets
    assert [(bucket.value, bucket.count) for bucket in kinds] == [("note", 2)]
    assert sorted(index.ids()) == ["a", "b"]


def test_put_after_delete_in_one_commit_counts(backend: Backend) -> None:
    index = build(backend, [[note("a", "old")]])
    with backend.writer(SCHEMA, "first") as writer:
        writer.delete(["a"])
        writer.put([note("a", "new")])
        writer.put([note("b", "gone")])
        writer.delete(["b"])
    assert ids(index) == ["a"]
    assert ids(index, "new") == ["a"]


def test_a_rollback_leaves_the_last_commit(backend: Backend) -> None:
    index = build(backend, [[note("a", "kept")]])
    with backend.writer(SCHEMA, "first") as writer:
        writer.put([note("b", "lost")])
        writer.delete(["a"])
        writer.rollback()
        writer.put([note("c", "kept")])
    assert ids(index) == ["a", "c"]


def test_an_error_rolls_back_what_was_not_committed(backend: Backend) -> None:
    index = build(backend, [])

    def documents() -> Iterator[Document]:
        yield note("b", "lost")
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="broke off"), backend.writer(SCHEMA, "first") as writer:
        writer.put([note("a", "kept")])
        writer.commit()
        writer.put(documents())
    assert ids(index) == ["a"]


def test_a_second_writer_is_refused_until_the_first_is_done(backend: Backend) -> None:
    build(backend, [])
    assert backend.capabilities.concurrent_writers is False
    with backend.writer(SCHEMA, "first"), pytest.raises(IndexLocked, match="first"):
        backend.writer(SCHEMA, "first")
    with backend.writer(SCHEMA, "first") as writer:
        writer.put(CATALOGUE)


def test_a_writer_that_failed_leaves_no_lock(backend: Backend) -> None:
    build(backend, [])
    with pytest.raises(RuntimeError), backend.writer(SCHEMA, "first"):
        raise RuntimeError
    with backend.writer(SCHEMA, "first"):
        pass


def test_languages_follow_updates(backend: Backend) -> None:
    index = build(backend, [[note("a", "Häuser und Schiffe", "de")]])
    assert ids(index, "Haus") == ["a"]
    assert ids(index, "klasteris") == []
    with backend.writer(SCHEMA, "first") as writer:
        writer.put([note("b", "Klasterių suvažiavimas", "lt")])
    assert ids(index, "klasteris") == ["b"]


@pytest.mark.parametrize(
    "document",
    [
        replace(note("a", "x"), boost=0.0),
        replace(note("a", "x"), boost=float("nan")),
    ],
)
def test_a_document_that_cannot_be_indexed_is_refused(backend: Backend, document: Document) -> None:
    index = build(backend, [])
    with pytest.raises(ValueError, match="boost"), backend.writer(SCHEMA, "first") as writer:
        writer.put([document])
    assert len(index) == 0


def test_an_index_of_another_schema_is_outdated(backend: Backend) -> None:
    build(backend, [CATALOGUE])
    newer = replace(SCHEMA, version=2)
    for refused in (
        lambda: backend.current(newer),
        lambda: backend.index(newer, "first"),
        lambda: backend.writer(newer, "first"),
    ):
        with pytest.raises(IndexOutdated, match="tessera index rebuild"):
            refused()
    assert len(backend.current(SCHEMA)) == len(CATALOGUE)


def test_what_needs_no_rebuild_holds_at_once(backend: Backend) -> None:
    """Such as how many buckets a facet shows, and the order where nothing is typed."""
    build(backend, [CATALOGUE])
    facets = tuple(replace(facet, size=1) for facet in SCHEMA.facets)
    other = replace(SCHEMA, facets=facets, default_sort="oldest")
    for schema, buckets, first in ((SCHEMA, 3, "e1"), (other, 2, "p2"), (SCHEMA, 3, "e1")):
        index = backend.current(schema)
        assert index.schema == schema
        result = index.search(Query(), facets=["theme"])
        assert len(result.facets["theme"].buckets) == buckets
        assert result.hits[0].id == first


@pytest.mark.parametrize("change", ["descending", "weight", "parts", "facet", "key"])
def test_what_needs_a_rebuild_is_outdated(backend: Backend, change: str) -> None:
    build(backend, [CATALOGUE])
    text, facet, order = SCHEMA.texts[0], SCHEMA.facets[0], SCHEMA.sorts[0]
    changed = {
        "descending": {"sorts": (replace(order, descending=True), *SCHEMA.sorts[1:])},
        "key": {"sorts": (replace(order, key="date"), *SCHEMA.sorts[1:])},
        "weight": {"texts": (replace(text, weight=3.0), *SCHEMA.texts[1:])},
        "parts": {"texts": (replace(text, parts=False), *SCHEMA.texts[1:])},
        "facet": {"facets": (replace(facet, type=FacetType.TREE), *SCHEMA.facets[1:])},
    }
    with pytest.raises(IndexOutdated):
        backend.current(replace(SCHEMA, **changed[change]))  # type: ignore[arg-type]


def test_indexes_that_are_not_there(backend: Backend) -> None:
    with pytest.raises(IndexMissing, match="tessera index rebuild"):
        backend.current(SCHEMA)
    for refused in (
        lambda: backend.index(SCHEMA, "ghost"),
        lambda: backend.writer(SCHEMA, "ghost"),
        lambda: backend.promote("ghost"),
        lambda: backend.drop("ghost"),
    ):
        with pytest.raises(IndexMissing, match="ghost"):
            refused()
    assert (backend.names(), backend.promoted()) == ((), None)


def test_an_index_is_made_once(backend: Backend) -> None:
    backend.create(SCHEMA, "first")
    with pytest.raises(EngineError, match="exists"):
        backend.create(SCHEMA, "first")
    assert backend.names() == ("first",)


def test_joined_indexes_are_one_and_can_be_written_to(backend: Backend) -> None:
    backend.create(SCHEMA, "whole")
    for name, documents in (("one", CATALOGUE[:3]), ("two", CATALOGUE[3:]), ("none", ())):
        backend.create(SCHEMA, name)
        with backend.writer(SCHEMA, name) as writer:
            for document in documents:
                writer.put([document])
                writer.commit()
    backend.join(SCHEMA, "whole", ["one", "two", "none"])
    assert backend.names() == ("whole",)
    backend.promote("whole")
    index, at_once = backend.current(SCHEMA), build(backend, [CATALOGUE])
    facets = [facet.name for facet in SCHEMA.facets]
    for query in (Query(), Query("cluster"), Query(sort="title")):
        joined, built = (each.search(query, facets=facets) for each in (index, at_once))
        assert [hit.id for hit in joined.hits] == [hit.id for hit in built.hits]
        assert (joined.total, joined.facets) == (built.total, built.facets)
    with backend.writer(SCHEMA, "whole") as writer:
        writer.put([replace(CATALOGUE[0], stored={"changed": True})])
        writer.delete([CATALOGUE[-1].id])
    changed = backend.index(SCHEMA, "whole")
    assert len(changed) == len(CATALOGUE) - 1
    assert changed.get([CATALOGUE[0].id]) == {CATALOGUE[0].id: {"changed": True}}
    assert changed.present([CATALOGUE[0].id, CATALOGUE[-1].id]) == {CATALOGUE[0].id}


def test_nothing_is_joined_to_an_index_that_holds_documents(backend: Backend) -> None:
    build(backend, [CATALOGUE[:1]])
    backend.create(SCHEMA, "other")
    with pytest.raises(EngineError, match="not empty"):
        backend.join(SCHEMA, "first", ["other"])
    assert backend.names() == ("first", "other")
