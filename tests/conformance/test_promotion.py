"""A new index takes over while people search."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.errors import EngineError
from tessera.engine.query import Query
from tests.conformance.catalogue import SCHEMA
from tests.conformance.conftest import build


def generation(number: int) -> list[Document]:
    """As many documents as the generation says, all of one kind."""
    return [
        Document(
            f"g{number}-{n}",
            n + 1,
            {"text": (Text("shared word"),)},
            {"kind": (f"g{number}",)},
            sort={"date": n},
        )
        for n in range(number)
    ]


def test_the_promoted_one_answers_and_may_not_be_dropped(backend: Backend) -> None:
    old = build(backend, [generation(2)], name="old")
    build(backend, [generation(3)], name="new")
    assert backend.promoted() == "new"
    assert backend.names() == ("new", "old")
    assert len(backend.current(SCHEMA)) == 3
    assert (len(old), old.name) == (2, "old")
    with pytest.raises(EngineError, match="new"):
        backend.drop("new")
    backend.drop("old")
    assert backend.names() == ("new",)
    # Who still has the old one open goes on with it.
    assert old.search(Query("shared"), facets=["kind"]).total == 2
    assert backend.health() is None


def test_a_name_may_be_used_again(backend: Backend) -> None:
    build(backend, [generation(2)], name="a")
    build(backend, [generation(3)], name="b")
    backend.drop("a")
    assert len(build(backend, [generation(4)], name="a")) == 4


@contextmanager
def readers(read: Callable[[], None], threads: int) -> Iterator[None]:
    """Calls `read` again and again meanwhile; its errors are raised at the end."""
    done = threading.Event()

    def reading() -> int:
        times = 0
        while not done.is_set():
            read()
            times += 1
        return times

    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(reading) for _ in range(threads)]
        try:
            yield
        finally:
            done.set()
    assert all(future.result() for future in running)


def check(index: Index, sort: str = "") -> int:
    """That a result is of one generation throughout; returns which."""
    result = index.search(Query("shared", sort=sort), facets=["kind"])
    (kind,) = result.facets["kind"].buckets
    assert (kind.value, kind.count) == (f"g{result.total}", result.total)
    assert {hit.id.split("-")[0] for hit in result.hits} == {kind.value}
    return result.total


def test_readers_see_the_old_or_the_new_and_no_error(backend: Backend) -> None:
    build(backend, [generation(1)], name="n1")
    seen: set[int] = set()
    with readers(lambda: seen.add(check(backend.current(SCHEMA))), threads=3):
        for number in range(2, 13):
            build(backend, [generation(number)], name=f"n{number}")
            backend.drop(f"n{number - 1}")
    assert seen <= set(range(1, 13))
    assert backend.names() == ("n12",)
    assert check(backend.current(SCHEMA)) == 12


def test_readers_never_see_half_a_commit(backend: Backend) -> None:
    index = build(backend, [generation(1)])

    def read() -> None:
        check(index, "oldest")
        check(index, "relevance")

    with readers(read, threads=2), backend.writer(SCHEMA, "first") as writer:
        for number in range(2, 15):
            writer.delete([document.id for document in generation(number - 1)])
            writer.put(generation(number))
            writer.commit()
    assert check(index) == 14
