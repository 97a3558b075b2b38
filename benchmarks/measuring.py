"""What a `tessera` command takes: time, computing and memory, all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.livesite import environment

EVERY: float = 0.2
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True)
class Measured:
    """seconds: of the clock. computing: seconds of processor time. megabytes: at most at one time.

    said: what the command printed on stdout.
    """

    seconds: float
    computing: float
    megabytes: float
    said: str


def measured(home: Path, *arguments: str, limit: float = 3600) -> Measured:
    """Run one command in a home to its end; RuntimeError where it fails or takes too long."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tessera.cli", *arguments],
            env=environment(home), cwd=home, stdout=out, stderr=errors,
        )  # fmt: skip
        most = 0.0
        while True:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - start > limit:
                process.kill()
                process.wait()
                raise RuntimeError(f"tessera {' '.join(arguments)} took more than {limit:.0f} s")
            most = max(most, memory(process.pid))
            time.sleep(EVERY)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        if process.returncode:
            said = errors.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"tessera {' '.join(arguments)}: {said}")
        return Measured(seconds, used.ru_utime + used.ru_stime, most, out.read().decode())


def memory(pid: int) -> float:
    """Megabytes of a process and all below it: their proportional set sizes added up."""
    total = 0
    due = [pid]
    while due:
        each = due.pop()
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
            due += children(each)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        total += sum(int(line.split()[1]) for line in rollup.splitlines() if line[:4] == "Pss:")
    return total / 1024


def computing(pid: int) -> float:
    """Seconds of processor time of a process and its children, so far."""
    total = 0
    for each in (pid, *children(pid)):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are there."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text(encoding="ascii").split()
    ]
