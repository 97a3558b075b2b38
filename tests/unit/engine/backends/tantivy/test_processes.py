"""What other processes do to an index: write, read, die."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.document import Document, Text
from tessera.engine.errors import IndexLocked
from tessera.engine.fields import Facet, IndexSchema, SortOrder, TextField
from tessera.engine.query import Query

SCHEMA = IndexSchema(
    "processes", 1, (TextField("text"),), (Facet("batch"),), (SortOrder("n", "n"),), "n"
)
BATCH = 50

_PRELUDE = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.unit.engine.backends.tantivy.test_processes import *
backend = TantivyBackend(Path({folder!r}))
"""


def batch(number: int) -> list[Document]:
    return [
        Document(
            f"{number}-{n}",
            number * BATCH + n + 1,
            {"text": (Text("words of a document"),)},
            {"batch": (str(number),)},
            sort={"n": n},
        )
        for n in range(BATCH)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    backend = TantivyBackend(tmp_path / "index")
    backend.create(SCHEMA, "one")
    backend.promote("one")
    return tmp_path / "index"


@contextmanager
def process(folder: Path, code: str) -> Iterator[subprocess.Popen[str]]:
    """Python that runs `code` beside this process, ended with the context."""
    program = _PRELUDE.format(path=sys.path, folder=str(folder)) + textwrap.dedent(code)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def said(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


_WRITE_FOR_EVER = """
from itertools import count
index = backend.current(SCHEMA)
first = len(index) // BATCH
with backend.writer(SCHEMA, "one") as writer:
    for number in count(first):
        writer.put(batch(number))
        writer.commit()
        print(number, flush=True)
"""


def test_a_killed_writer_leaves_the_last_commit_and_no_lock(folder: Path) -> None:
    dice = random.Random(7)
    index = TantivyBackend(folder).current(SCHEMA)
    for _ in range(4):
        with process(folder, _WRITE_FOR_EVER) as writer:
            committed = int(said(writer))
            # Some moment of a later batch: while analysing, adding, committing or merging.
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(timeout=dice.uniform(0.0, 0.3))
            os.kill(writer.pid, signal.SIGKILL)
            rest = writer.stdout.read().split() if writer.stdout else []
        committed = max([committed, *map(int, rest)])
        total = len(index)
        # All that was reported committed; and the one after it, if its commit was just done.
        assert total in ((committed + 1) * BATCH, (committed + 2) * BATCH)
        fresh = TantivyBackend(folder).current(SCHEMA)
        result = fresh.search(Query("document"), facets=["batch"])
        assert result.total == total == len(fresh) == len(list(fresh.ids()))
        assert {bucket.count for bucket in result.facets["batch"].buckets} == {BATCH}
    with TantivyBackend(folder).writer(SCHEMA, "one") as mine:
        mine.put(batch(10**6))
    assert len(index) == total + BATCH


def test_another_process_may_not_write_at_the_same_time(folder: Path) -> None:
    backend = TantivyBackend(folder)
    hold = """
    with backend.writer(SCHEMA, "one") as writer:
        print("open", flush=True)
        sys.stdin.readline()
        writer.put(batch(1))
    print("closed", flush=True)
    """
    with process(folder, hold) as other:
        assert said(other) == "open"
        with pytest.raises(IndexLocked, match="one"):
            backend.writer(SCHEMA, "one")
        assert other.stdin is not None
        other.stdin.write("go on\n")
        other.stdin.flush()
        assert said(other) == "closed"
        with backend.writer(SCHEMA, "one") as mine:
            mine.put(batch(2))
    assert len(backend.current(SCHEMA)) == 2 * BATCH


def test_readers_in_other_processes_see_commits_and_promotions(folder: Path) -> None:
    backend = TantivyBackend(folder)
    read = """
    for line in sys.stdin:
        print(backend.current(SCHEMA).search(Query("document")).total, flush=True)
    """
    with process(folder, read) as reader:

        def total() -> int:
            assert reader.stdin is not None
            reader.stdin.write("?\n")
            reader.stdin.flush()
            return int(said(reader))

        assert total() == 0
        with backend.writer(SCHEMA, "one") as writer:
            writer.put(batch(1))
            assert total() == 0
            writer.commit()
            assert total() == BATCH
        backend.create(SCHEMA, "two")
        with backend.writer(SCHEMA, "two") as writer:
            writer.put([*batch(1), *batch(2)])
        assert total() == BATCH
        backend.promote("two")
        assert total() == 2 * BATCH
        backend.drop("one")
        assert total() == 2 * BATCH
