"""Runs as an operator meets them: one at a time, stopped by hand, told of afterwards."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.deliveries import project, write
from tests.livesite import environment, tessera

SLOW = """
import sys
import django
django.setup()
from tessera.harvest.run import harvest
from tessera.sources.base import Item
from tessera.sources.registry import importer

def stream():
    yield Item("p:1", {"id": "p:1", "kind": "project", "title": {"en": "One"}}, "here")
    print("going", flush=True)
    sys.stdin.readline()

report = harvest(importer("jsonl"), stream)
print(report.sentence(), flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def more(own_database: Callable[[], dict[str, str]]) -> dict[str, str]:
    return own_database()


def test_two_processes_never_run_one_source_at_once(
    home: Path, tmp_path: Path, more: dict[str, str]
) -> None:
    assert tessera(home, "init", **more).returncode == 0
    one = write(tmp_path / "one.jsonl", [project(1)])
    slow = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        env=environment(home, DJANGO_SETTINGS_MODULE="tessera.site.settings", **more),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert slow.stdin is not None and slow.stdout is not None
    try:
        assert slow.stdout.readline() == "going\n"
        second = tessera(home, "import", "jsonl", str(one), "--no-index", **more)
        assert second.returncode == 1
        assert f"process {slow.pid} on" in second.stderr and "try again" in second.stderr
        nine = write(tmp_path / "nine.jsonl", [project(9)])
        other = tessera(home, "import", "jsonl", str(nine), "--as", "o", "--no-index", **more)
        assert other.returncode == 0, "another source isn't kept waiting"
    finally:
        told, _ = slow.communicate("\n", timeout=60)
    assert told.startswith("1 received: 1 added")
    two = write(tmp_path / "two.jsonl", [project(2), {**project(3), "id": "p:3"}])
    done = tessera(home, "import", "jsonl", str(two), "--accept-loss", "--no-index", **more)
    assert done.returncode == 0


def _until(terminal: int, words: str, seen: str = "") -> str:
    """What a terminal shows, read until these words are in it."""
    until = time.monotonic() + 120
    while words not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0, until - time.monotonic()))
        assert ready, f"{words!r} did not come; there was: {seen[-2000:]}"
        seen += os.read(terminal, 4096).decode(errors="replace")
    return seen


def test_a_person_can_stop_a_run_and_complete_it(
    home: Path, tmp_path: Path, more: dict[str, str]
) -> None:
    many = write(tmp_path / "many.jsonl", [project(n) for n in range(4_000)])
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "tessera.cli", "import", "jsonl", str(many), "--no-index"],
        env=environment(home, **more), stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True, preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(theirs)
    seen = _until(ours, "items a second")
    assert "\r" in seen and "0 errors (0:00:" in seen
    os.write(ours, b"\x03")
    seen = _until(ours, "What was stored stays", seen)
    seen = _until(ours, "Stopped.", seen)
    assert child.wait(60) == 1
    os.close(ours)
    assert "Stopping after this batch" in seen and "Traceback" not in seen
    (run,) = json.loads(tessera(home, "runs", "list", "--json", **more).stdout)
    assert run["outcome"] == "interrupted"
    assert 0 < run["added"] < 4_000 and run["added"] % 500 == 0
    done = tessera(home, "import", "jsonl", str(many), "--no-index", "--json", **more)
    told = json.loads(done.stdout)
    assert told["added"] + run["added"] == 4_000
    assert told["stages"]["map"]["skipped"] == run["added"]


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_reports_can_be_had_again(home: Path, tmp_path: Path, more: dict[str, str]) -> None:
    wrong = {**project(2), "start": "=soon"}
    path = write(tmp_path / "in.jsonl", [project(1), wrong, "{"])
    done = tessera(home, "import", "jsonl", str(path), "--no-index", "--json", **more)
    told = json.loads(done.stdout)
    shown = json.loads(tessera(home, "runs", "show", "1", "--json", **more).stdout)
    assert {name: shown[name] for name in ("errors", "warnings", "stages", "promises")} == {
        name: told[name] for name in ("errors", "warnings", "stages", "promises")
    }
    assert shown["stages"]["gather"]["files"] == 1 and shown["promises"]["broken"] == ""
    table = tessera(home, "runs", "show", "1", "--csv", **more).stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["stage"] for row in rows] == ["map", "gather"]
    assert (rows[0]["row"], rows[0]["column"], rows[0]["value"]) == ("2", "start", "'=soon")
    plain = tessera(home, "runs", "show", "1", **more).stdout
    assert "in.jsonl, line 2: start:" in plain and "  store   added 1" in plain
    listed = tessera(home, "runs", "list", "--source", "jsonl", "--last", "1", **more).stdout
    assert "done" in listed and "3 received" in listed and "2 in error" in listed
    for arguments, message in (
        (("show", "9"), "There was no run 9"),
        (("list", "--source", "x"), "There is no source 'x'"),
    ):
        wrong_use = tessera(home, "runs", *arguments, **more)
        assert wrong_use.returncode == 2 and message in wrong_use.stderr
