"""Kill -9 at random points of an import and of indexing: nothing is lost, nothing needs repair.

Real processes in homes of their own; the points are seeded fractions of an undisturbed run.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.deliveries import project, write
from tests.livesite import environment, tessera

NURSERY = """
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.db.models import Q
from tessera.harvest import gathering
from tessera.harvest.models import Run
from tessera.harvest.run import harvest
from tessera.indexing import filling, rebuild, sync
from tessera.indexing.current import current
from tessera.indexing.verify import verify
from tessera.records.models import Change, Link, Mention, Record
from tests.integration.deliveries import Lines

gathering.BATCH, sync.BATCH, filling.BATCH, filling.COMMIT = 40, 60, 40, 80

def state():
    made = {d.id: d.stored for d in sync.documents_of(Record.objects.filter(withdrawn_at=None))}
    return {
        "records": sorted(map(list, Record.objects.annotate(
            gone=Q(withdrawn_at__isnull=False)
        ).values_list("uid", "kind", "checksum", "derived", "title", "gone"))),
        "links": sorted(map(list, Link.objects.values_list(
            "record__uid", "rel", "role", "target_uid", "position"))),
        "mentions": sorted(map(list, Mention.objects.values_list("target_uid", "said", "times"))),
        "unlogged": Record.objects.filter(changes=None).count(),
        "problem": verify().problem,
        "documents_equal": current().get(list(made)) == json.loads(json.dumps(made)),
        "outcomes": list(Run.objects.order_by("pk").values_list("outcome", flat=True)),
    }

def work(action, paths):
    if action == "migrate":
        call_command("migrate", verbosity=0)
    elif action == "import":
        harvest(Lines(), [Path(path) for path in paths])
    elif action == "sync":
        sync.sync()
    elif action == "rebuild":
        rebuild.rebuild()
    elif action == "state":
        Path(paths[0]).write_text(json.dumps(state()))

for line in sys.stdin:
    action, *paths = json.loads(line)
    pid = os.fork()
    if pid == 0:
        try:
            work(action, paths)
        except BaseException as error:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""

KILLS = 6
"""Twice so many in imports, three times so many in indexing."""


class Home:
    """A home with a database of its own, worked on by processes that can be killed.

    They are forks of one process that has loaded everything and touched neither database nor
    index: so a point in time is one of the work, not of Python's start.
    """

    def __init__(self, path: Path, more: dict[str, str]) -> None:
        path.mkdir()
        self.path = path
        variables = environment(path, DJANGO_SETTINGS_MODULE="tests.settings", **more)
        variables["PYTHONPATH"] += os.pathsep + str(Path(__file__).resolve().parents[2])
        self.errors = (path / "stderr").open("w+")
        self.nursery = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", NURSERY],
            env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            text=True,
        )  # fmt: skip

    def close(self) -> None:
        self.nursery.communicate(timeout=60)
        self.errors.close()

    def start(self, action: str, *paths: Path) -> int:
        """Begin to work; the process's id."""
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(json.dumps([action, *map(str, paths)]) + "\n")
        self.nursery.stdin.flush()
        return self._told()

    def _told(self) -> int:
        assert self.nursery.stdout is not None
        line = self.nursery.stdout.readline()
        assert line, (self.path / "stderr").read_text()
        return int(line)

    def run(self, action: str, *paths: Path) -> float:
        """Work undisturbed; seconds that it took."""
        began = time.monotonic()
        self.start(action, *paths)
        assert self._told() == 0, (self.path / "stderr").read_text()
        return time.monotonic() - began

    def killed(self, after: float, action: str, *paths: Path) -> bool:
        """Kill work so many seconds after its beginning; whether it was still going on then."""
        pid = self.start(action, *paths)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):  # It was done before.
            os.kill(pid, signal.SIGKILL)
        status = self._told()
        assert status in (0, -signal.SIGKILL), (self.path / "stderr").read_text()
        return status != 0

    def state(self) -> dict[str, Any]:
        path = self.path / "state.json"
        self.run("state", path)
        read: dict[str, Any] = json.loads(path.read_text())
        return read


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
