"""A home whose work is done in processes that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.livesite import environment


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
            [sys.executable, "-W", "ignore", "-m", "tests.integration.nursery"],
            env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            text=True,
        )  # fmt: skip

    def close(self) -> None:
        self.nursery.communicate(timeout=60)
        self.errors.close()

    def start(self, action: str, *paths: Path, point: Sequence[object] = ()) -> int:
        """Begin to work; the process's id. point: at which it ends itself, see `nursery`."""
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(json.dumps([action, list(point), *map(str, paths)]) + "\n")
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

    def killed_at(self, point: Sequence[object], action: str, *paths: Path) -> bool:
        """Work that ends itself at a point; whether it came there."""
        self.start(action, *paths, point=point)
        status = self._told()
        assert status in (0, -signal.SIGKILL), (self.path / "stderr").read_text()
        return status != 0

    def state(self) -> dict[str, Any]:
        """What database and index hold."""
        return self._read("state")

    def answers(self) -> dict[str, str]:
        """What the API gives, by address."""
        return self._read("answers")

    def _read(self, what: str) -> dict[str, Any]:
        path = self.path / f"{what}.json"
        self.run(what, path)
        read: dict[str, Any] = json.loads(path.read_text())
        return read
