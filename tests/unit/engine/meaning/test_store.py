"""The store of vectors: what is committed is there, whatever happens, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tessera.engine.meaning import store
from tessera.engine.meaning.errors import BuildLocked
from tessera.engine.meaning.store import VectorReader, VectorWriter

SIZE = 8
RNG = np.random.default_rng(2)


def vectors(*keys: str) -> dict[bytes, np.ndarray]:
    return {key.encode().ljust(16): RNG.standard_normal(SIZE).astype(np.float32) for key in keys}


def test_a_reader_sees_each_commit_and_nothing_before_it(tmp_path: Path) -> None:
    reader = VectorReader(tmp_path, SIZE)
    assert reader.refresh().table.rows == {}
    some = vectors("one", "two", "three")
    with VectorWriter(tmp_path, SIZE) as writer:
        writer.add(some)
        assert len(reader.refresh().vectors) == 0
        writer.commit({"a": [0, 1], "b": [1]})
        assert reader.refresh().table.rows == {"a": (0, 1), "b": (1,)}
        assert np.allclose(reader.vectors, list(some.values())[:2], atol=1e-2)
        assert reader.table.owners(1) == ("a", "b")
        writer.commit({"a": [], "b": [2]})
    assert reader.refresh().table.rows == {"b": (2,)}
    assert reader.table.owners(0) == reader.table.owners(1) == ()
    assert len(reader.vectors) == 3


def test_a_writer_knows_what_was_encoded(tmp_path: Path) -> None:
    with VectorWriter(tmp_path, SIZE) as writer:
        writer.add(vectors("one", "two"))
        writer.commit({"a": [1]})
    with VectorWriter(tmp_path, SIZE) as writer:
        assert writer.row(b"two".ljust(16)) == 1
        assert writer.row(b"three".ljust(16)) is None
        size = (writer.generation / "log").stat().st_size
        writer.commit({"a": [1]})
        assert (writer.generation / "log").stat().st_size == size, "nothing changed"


def test_only_one_writes(tmp_path: Path) -> None:
    with (
        VectorWriter(tmp_path, SIZE),
        pytest.raises(BuildLocked, match="Another process is encoding"),
    ):
        VectorWriter(tmp_path, SIZE)
    VectorWriter(tmp_path, SIZE).close()


@pytest.mark.parametrize("name", ["vectors", "keys", "log"])
def test_what_was_left_unfinished_is_cut_off(tmp_path: Path, name: str) -> None:
    with VectorWriter(tmp_path, SIZE) as writer:
        writer.add(vectors("one"))
        writer.commit({"a": [0]})
        path = writer.generation / name
    reader = VectorReader(tmp_path, SIZE).refresh()
    with path.open("ab") as file:
        file.write(b'{"id":"b","ro')
    assert reader.refresh().table.rows == {"a": (0,)}
    with VectorWriter(tmp_path, SIZE) as writer:
        writer.add(vectors("two"))
        writer.commit({"b": [1]})
    assert reader.refresh().table.rows == {"a": (0,), "b": (1,)}
    assert np.isfinite(reader.vectors).all()


def test_rows_of_no_document_are_left_out_when_they_are_the_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "FEW", 4)
    some = vectors(*map(str, range(10)))
    reader = VectorReader(tmp_path, SIZE)
    with VectorWriter(tmp_path, SIZE) as writer:
        writer.add(some)
        writer.commit({str(number): [number] for number in range(10)})
        assert not writer.compact()
        old = reader.refresh().vectors
        writer.commit({str(number): [] for number in (0, 1, 2, 4, 6, 8)})
        assert writer.compact()
        assert writer.row_count == 4
        assert writer.row(b"3".ljust(16)) == 0
    assert np.isfinite(old).all(), "who read the old generation goes on"
    reader.refresh()
    assert set(reader.table.rows) == {"3", "5", "7", "9"}
    for id_, (row,) in reader.table.rows.items():
        assert np.allclose(reader.vectors[row], some[id_.encode().ljust(16)], atol=1e-2)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


WRITING = """
import sys
from pathlib import Path
import numpy as np
from tessera.engine.meaning.store import VectorWriter

with VectorWriter(Path(sys.argv[1]), 8) as writer:
    while True:
        done = len(writer.table.rows)
        keys = [str(50 * done + at).encode().ljust(16) for at in range(50)]
        new = [key for key in keys if writer.row(key) is None]
        writer.add({key: np.full(8, int(key) % 1000, np.float32) for key in new})
        writer.commit({str(done): [writer.row(key) for key in keys]})
        print(done + 1, flush=True)
"""


def test_killed_at_any_point_it_loses_one_batch_at_most(tmp_path: Path) -> None:
    reader = VectorReader(tmp_path, SIZE)
    done = 0
    for turn in range(4):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITING, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(20 + 7 * turn):
            done = int(child.stdout.readline())
            assert len(reader.refresh().table.rows) >= done
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        table = reader.refresh().table
        with VectorWriter(tmp_path, SIZE) as writer:
            assert 0 <= writer.row_count - 50 * len(table.rows) <= 50
        for number, rows in table.rows.items():
            assert [row // 50 for row in rows] == [int(number)] * 50
            assert (reader.vectors[list(rows), 0] == [row % 1000 for row in rows]).all()
