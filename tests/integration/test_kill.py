"""Kill -9 at random points of an import and of indexing: nothing is lost, nothing needs repair.

Real processes in homes of their own; the points are seeded fractions of an undisturbed run.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.deliveries import project, write
from tests.integration.killing import Home
from tests.livesite import environment, tessera

KILLS = 6
"""Twice so many in imports, three times so many in indexing."""


def deliveries(folder: Path) -> tuple[Path, Path]:
    """One delivery, and the next one: some projects gone, some changed, some new."""
    folder.mkdir(exist_ok=True)
    first = write(folder / "first.jsonl", (project(n) for n in range(400)))
    second = write(
        folder / "second.jsonl",
        (project(n, **({"status": "closed", "acronym": f"NEW{n}"} if n % 3 == 0 else {}))
         for n in range(520) if n % 7),
    )  # fmt: skip
    return first, second


@pytest.mark.django_db
def test_at_random_points(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> None:
    pick = random.Random(20261122)
    first, second = deliveries(tmp_path / "in")

    undisturbed = Home(tmp_path / "undisturbed", own_database())
    undisturbed.run("migrate")
    durations = {
        name: undisturbed.run(action, *paths)
        for name, action, paths in (
            ("first", "import", [first]), ("build", "sync", []), ("second", "import", [second]),
            ("sync", "sync", []), ("rebuild", "rebuild", []),
        )
    }  # fmt: skip
    expected = undisturbed.state()
    undisturbed.close()
    assert expected["problem"] == ""
    assert expected["unlogged"] == 0
    assert expected["documents_equal"]

    home = Home(tmp_path / "killed", own_database())
    home.run("migrate")
    caught = []

    def kill(name: str, action: str, *paths: Path) -> None:
        if home.killed(pick.uniform(0.02, 0.7) * durations[name], action, *paths):
            caught.append(action)

    for n in range(2 * KILLS):  # In turn, so that there is always something left to do.
        kill("second" if n % 2 else "first", "import", second if n % 2 else first)
    home.run("import", first)
    for _ in range(KILLS):
        kill("build", "sync")
    home.run("sync")
    for n in range(KILLS):
        home.run("import", first if n % 2 else second)
        kill("sync", "sync")
    home.run("import", second)
    for _ in range(KILLS):
        kill("rebuild", "rebuild")
    home.run("sync")
    # Half of them at least; the others came when the work was done.
    assert caught.count("import") >= KILLS
    assert caught.count("sync") >= KILLS
    assert caught.count("rebuild") >= KILLS // 2
    state = home.state()
    home.close()
    assert "interrupted" in state["outcomes"]
    for part in ("records", "links", "mentions"):
        assert state[part] == expected[part]
    assert state["unlogged"] == 0
    assert state["problem"] == ""
    assert state["documents_equal"]
    names = [path.name for path in (home.path / "index").iterdir() if path.is_dir()]
    assert len(names) <= 2


def test_the_command_line_goes_on_after_a_kill(tmp_path: Path) -> None:
    first, _ = deliveries(tmp_path / "in")
    command = [sys.executable, "-m", "tessera.cli", "import", "jsonl", str(first)]
    child = subprocess.Popen(
        command, env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    database = tmp_path / "tessera.sqlite3"
    until = time.monotonic() + 60
    while not database.exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(random.Random(7).uniform(0.1, 1.0))
    child.kill()
    child.wait()
    done = tessera(tmp_path, "import", "jsonl", str(first), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["received"], told["added"] + told["unchanged"]) == (400, 400)
    status = json.loads(tessera(tmp_path, "index", "status", "--json").stdout)
    assert status["ok"] and status["records"] == status["documents"]


def test_what_is_mapped_ahead_ends_with_its_run(tmp_path: Path) -> None:
    """The process beside a killed run goes with it, and the next run makes the same of it all."""
    delivery = write(tmp_path / "in.jsonl", (project(n) for n in range(2_500)))
    home, other = tmp_path / "killed", tmp_path / "undisturbed"
    for each in (home, other):
        each.mkdir()
    command = [sys.executable, "-m", "tessera.cli", "import", "jsonl", str(delivery), "--no-index"]
    child = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    beside: list[int] = []
    until = time.monotonic() + 60
    while not beside and child.poll() is None and time.monotonic() < until:
        beside = mappers(child.pid)
        time.sleep(0.01)
    time.sleep(random.Random(11).uniform(0.0, 0.5))
    child.kill()
    child.wait()
    assert beside or len(os.sched_getaffinity(0)) < 2
    while any(command_of(pid) for pid in beside):
        assert time.monotonic() < until
        time.sleep(0.05)
    for each in (home, other):
        done = tessera(each, *command[3:])
        assert done.returncode == 0, done.stderr
    assert stored(home) == stored(other)


def mappers(pid: int) -> list[int]:
    """The processes that map ahead for a run."""
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(each) for each in below
            if "tessera.harvest.mapper" in command_of(int(each))]  # fmt: skip


def command_of(pid: int) -> str:
    """The command of a process; "" for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def stored(home: Path) -> list[tuple[object, ...]]:
    """All records, and what of items and links doesn't depend on when they came."""
    with sqlite3.connect(home / "tessera.sqlite3") as database:
        found = [
            *database.execute("SELECT uid, data, checksum FROM records_record ORDER BY uid"),
            *database.execute("SELECT key, place, problem FROM records_sourcerecord ORDER BY key"),
            *database.execute(
                "SELECT uid, rel, target_uid, position, l.data FROM records_link l"
                " JOIN records_record r ON r.id = record_id ORDER BY uid, rel, target_uid"
            ),
        ]
    database.close()
    return found
