"""Sync, rebuild and verify on the embedded backend."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from tessera.engine.document import Document
from tessera.engine.errors import EngineError, IndexLocked
from tessera.engine.fields import IndexSchema
from tessera.indexing import position
from tessera.indexing.current import _opened, backend, current
from tessera.indexing.lock import locked
from tessera.indexing.models import IndexState
from tessera.indexing.rebuild import rebuild
from tessera.indexing.sync import sync, verify_batch
from tessera.indexing.verify import verify
from tessera.records.models import Change, Record
from tessera.schema.fields import SCHEMA
from tests.integration.conftest import Deliver
from tests.integration.deliveries import project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]


def test_the_first_sync_builds_the_index(deliver: Deliver) -> None:
    assert "No index" in verify().problem or "no index" in verify().problem
    deliver([project(n) for n in range(3)])
    report = sync()
    assert report.rebuilt == "there was no index yet"
    assert report.written == Record.objects.count() == len(current())
    assert sync().changes == 0


def test_sync_applies_what_changed(deliver: Deliver) -> None:
    deliver([project(n) for n in range(4)])
    sync()
    deliver([project(0), project(1, acronym="RENAMED"), project(2)])
    waiting = verify()
    assert waiting.waiting == Change.objects.count() - waiting_cursor()
    assert (waiting.missing, waiting.surplus) == (0, 0) and "are waiting" in waiting.problem
    report = sync()
    assert not report.rebuilt and report.deleted >= 1
    held = current().get(["p:1", "p:3"])
    assert list(held) == ["p:1"] and held["p:1"]["acronym"] == "RENAMED"
    assert verify().problem == ""


def waiting_cursor() -> int:
    name = backend().promoted()
    assert name is not None
    cursor = position.read(backend(), name)
    assert cursor is not None
    return Change.objects.filter(sequence__lte=cursor).count()


def test_rebuild_keeps_the_one_before_and_drops_older_ones(deliver: Deliver) -> None:
    deliver([project(1)])
    names = [rebuild().index for _ in range(3)]
    backend().create(SCHEMA, "left-over")
    last = rebuild()
    assert last.previous == names[-1]
    assert set(backend().names()) == {names[-1], last.index}
    assert set(IndexState.objects.values_list("name", flat=True)) == {names[-1], last.index}
    assert backend().promoted() == last.index


def test_verify_finds_what_is_missing_and_what_is_too_much(deliver: Deliver) -> None:
    deliver([project(1)])
    name = sync().index
    with backend().writer(SCHEMA, name) as writer:
        writer.delete(["p:1"])
        writer.put([Document("p:stray", 10**6)])
    status = verify()
    assert (status.missing_ids, status.surplus_ids) == (("p:1",), ("p:stray",))
    assert "rebuild" in status.problem and status.as_json()["ok"] is False
    rebuild()
    assert verify().problem == ""


def test_an_index_of_another_database_is_built_anew(deliver: Deliver) -> None:
    deliver([project(1)])
    first = sync().index
    IndexState.objects.all().delete()
    assert "another state" in verify().problem
    report = sync()
    assert report.rebuilt == "the index was made from another database"
    assert report.index != first
    IndexState.objects.update(cursor=10**9)
    assert "ahead of the database" in sync().rebuilt


def test_an_outdated_index_is_built_anew(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver([project(1)])
    sync()
    monkeypatch.setattr(IndexSchema, "checksum", lambda schema: "another")
    _opened.cache_clear()  # As in a process of the later version.
    assert "rebuild" in verify().problem
    assert "another version" in sync().rebuilt
    assert verify().problem == ""


def test_one_at_a_time(deliver: Deliver) -> None:
    deliver([project(1)])
    with held_elsewhere(), pytest.raises(IndexLocked, match="Another process"):
        sync(wait=0.3)
    assert sync(wait=0.3).written


@contextmanager
def held_elsewhere() -> Iterator[None]:
    """The lock, held by another thread with a connection of its own."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(1):
            taken.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert taken.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_what_is_not_given_back_is_an_error(deliver: Deliver) -> None:
    deliver([project(1)])
    name = sync().index
    with pytest.raises(EngineError, match="does not give back"):
        verify_batch(backend(), name, [Document("p:1", 1, stored={"title": "else"})], [])
    with pytest.raises(EngineError, match="does not give back"):
        verify_batch(backend(), name, [], ["p:1"])


def test_memory_follows_the_records(deliver: Deliver, memory_index: Any) -> None:
    deliver([project(1)])
    assert list(current().get(["p:1", "p:2"])) == ["p:1"]
    deliver([project(1), project(2)])
    assert list(current().get(["p:1", "p:2"])) == ["p:1", "p:2"]
    assert verify().problem == ""
    assert not IndexState.objects.exists()
