"""Kill -9 at random points of an import and of indexing: nothing is lost, nothing needs repair.

Real processes in homes of their own; the points are seeded fractions of an undisturbed run.
"""

from __future__ import annotations

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

CHILD = """
import sys, json
from pathlib import Path
import django
from django.db.models import Q
django.setup()
from django.core.management import call_command
from tessera.harvest import run
from tessera.harvest.run import harvest
from tessera.indexing import rebuild, sync
from tests.integration.deliveries import Lines
action, *paths = sys.argv[1:]
run.BATCH, sync.BATCH, rebuild.BATCH, rebuild.COMMIT = 40, 60, 40, 80
if action == "migrate":
    call_command("migrate", verbosity=0)
elif action == "import":
    print("begun", flush=True)
    harvest(Lines(), [Path(path) for path in paths])
elif action == "sync":
    print("begun", flush=True)
    sync.sync()
elif action == "rebuild":
    print("begun", flush=True)
    rebuild.rebuild()
elif action == "state":
    from tessera.indexing.verify import verify
    from tessera.indexing.current import current
    from tessera.indexing.sync import documents_of
    from tessera.records.models import Change, Link, Mention, Record
    from tessera.harvest.models import Run
    held = current()
    made = {d.id: d.stored for d in documents_of(Record.objects.filter(withdrawn_at=None))}
    print(json.dumps({
        "records": sorted(map(list, Record.objects.annotate(gone=Q(withdrawn_at__isnull=False)).values_list(
            "uid", "kind", "checksum", "derived", "title", "gone"))),
        "links": sorted(map(list, Link.objects.values_list(
            "record__uid", "rel", "role", "target_uid", "position"))),
        "mentions": sorted(map(list, Mention.objects.values_list("target_uid", "said", "times"))),
        "unlogged": Record.objects.filter(changes=None).count(),
        "problem": verify().problem,
        "documents_equal": held.get(list(made)) == json.loads(json.dumps(made)),
        "outcomes": list(Run.objects.order_by("pk").values_list("outcome", flat=True)),
    }))
"""


class Home:
    """A home with a database of its own, worked on by child processes."""

    def __init__(self, path: Path, more: dict[str, str]) -> None:
        path.mkdir()
        self.path = path
        self.environment = environment(path, DJANGO_SETTINGS_MODULE="tests.settings", **more)
        self.environment["PYTHONPATH"] += os.pathsep + str(Path(__file__).resolve().parents[2])

    def start(self, action: str, *paths: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CHILD, action, *map(str, paths)],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, action: str, *paths: Path) -> str:
        child = self.start(action, *paths)
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        return out

    def timed(self, action: str, *paths: Path) -> float:
        """Seconds that an undisturbed run takes, from its beginning to its end."""
        child = self.start(action, *paths)
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        began = time.monotonic()
        _, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        return time.monotonic() - began

    def killed(self, after: float, action: str, *paths: Path) -> bool:
        """Kill a run so many seconds after its beginning; whether it was still running then."""
        child = self.start(action, *paths)
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(after)
        alive = child.poll() is None
        child.send_signal(signal.SIGKILL)
        child.communicate(timeout=30)
        return alive

    def state(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.run("state"))
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
    durations = {"first": undisturbed.timed("import", first)}
    durations["build"] = undisturbed.timed("sync")
    durations["second"] = undisturbed.timed("import", second)
    durations["sync"] = undisturbed.timed("sync")
    durations["rebuild"] = undisturbed.timed("rebuild")
    expected = undisturbed.state()
    assert expected["problem"] == ""
    assert expected["unlogged"] == 0
    assert expected["documents_equal"]

    home = Home(tmp_path / "killed", own_database())
    home.run("migrate")
    caught = 0
    steps = (("first", "import", first), ("build", "sync", None), ("second", "import", second),
             ("sync", "sync", None), ("rebuild", "rebuild", None))  # fmt: skip
    for name, action, path in steps:
        paths = [path] if path else []
        for _ in range(6):
            after = pick.uniform(0.02, 0.95) * durations[name]
            caught += home.killed(after, action, *paths)
        home.run(action, *paths)
    assert caught >= 12
    state = home.state()
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
