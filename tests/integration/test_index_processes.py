"""An index that several processes built: the same answers, and an honest end where one dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus import Corpus
from benchmarks.measuring import children
from tests.livesite import environment, tessera

RECORDS = 1_200
SEARCHES = (
    ("",), ("cluster",), ("water region", "--kind", "project"), ("", "--filter", "country=DE"),
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with records and without an index; some records are withdrawn, so keys have gaps."""
    home = tmp_path_factory.mktemp("filled")
    lines = [json.dumps(record, ensure_ascii=False) for record in Corpus(RECORDS)]
    path = home / "records.jsonl"
    for some in (lines, lines[:-100]):
        path.write_text("\n".join(some) + "\n", encoding="utf-8")
        done = tessera(home, "import", "jsonl", str(path), "--no-index")
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "home"))


def answers(home: Path) -> list[Any]:
    found = []
    for words in SEARCHES:
        done = tessera(home, "search", *words, "--limit", "50", "--json")
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        hits = [(hit["id"], round(hit.pop("score", 0), 3)) for hit in answer["hits"]]
        found.append((answer["total"], answer["kinds"], hits))
    return found


def rebuild(home: Path, processes: int) -> dict[str, Any]:
    done = tessera(home, "index", "rebuild", "--processes", str(processes), "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_however_many_processes_build_it_the_index_answers_the_same(home: Path) -> None:
    alone = rebuild(home, 1)
    by_one = answers(home)
    together = rebuild(home, 3)
    assert alone["documents"] == together["documents"]
    assert answers(home) == by_one
    assert {path.name for path in (home / "index").iterdir() if path.is_dir()} == {
        alone["index"], together["index"],
    }  # fmt: skip
    # It can be written to as any other.
    kept = (home / "records.jsonl").read_text(encoding="utf-8").splitlines()[:-3]
    (home / "records.jsonl").write_text("\n".join(kept) + "\n", encoding="utf-8")
    done = tessera(home, "import", "jsonl", str(home / "records.jsonl"))
    assert done.returncode == 0, done.stderr
    status = json.loads(tessera(home, "index", "status", "--json").stdout)
    assert (status["ok"], status["documents"]) == (True, together["documents"] - 3)


def test_a_killed_process_ends_the_rebuild_and_the_old_index_stays(home: Path) -> None:
    before = rebuild(home, 1)
    command = [sys.executable, "-m", "tessera.cli", "index", "rebuild", "--processes", "2"]
    with subprocess.Popen(
        command, env=environment(home), cwd=home, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 60
        while not (found := children(process.pid)) and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(found[0], signal.SIGKILL)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "One of the processes that build the new index failed" in said
    assert "status -9" in said
    assert (home / "index" / "current").read_text().strip() == before["index"]
    after = rebuild(home, 2)
    assert after["documents"] == before["documents"]
    assert len([path for path in (home / "index").iterdir() if path.is_dir()]) == 2


def test_no_processes_are_refused(tmp_path: Path) -> None:
    done = tessera(tmp_path, "index", "rebuild", "--processes", "0")
    assert done.returncode == 2
    assert "from 1 to 64" in done.stderr
