"""One run of a source at a time, also where an earlier one was killed."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from tessera.harvest.models import Run
from tessera.harvest.report import HarvestError
from tessera.records.changes import writing
from tessera.records.models import Source

STALE = timedelta(minutes=15)
"""A run on another machine that gave no sign of life for so long is taken for dead."""

_GOING: set[int] = set()
"""Runs of this process."""


@contextmanager
def turn(source: Source) -> Iterator[Run]:
    """A new run of a source; HarvestError where another one is going on.

    On leaving by an error that nobody noted on the run, it is marked as failed, or as interrupted
    where a person stopped it. A killed process can't do that: the next run finds it dead, by its
    process where it ran on this machine, by `alive_at` elsewhere, and marks it as interrupted.
    """
    run = _begin(source)
    _GOING.add(run.pk)
    try:
        yield run
    except BaseException as error:
        stopped = not isinstance(error, Exception)
        outcome = Run.Outcome.INTERRUPTED if stopped else Run.Outcome.FAILED
        close(run, outcome, "It was stopped." if stopped else str(error))
        raise
    finally:
        _GOING.discard(run.pk)


def close(run: Run, outcome: Run.Outcome, message: str) -> None:
    """Note how a run ended, unless that is noted already."""
    Run.objects.filter(pk=run.pk, outcome=Run.Outcome.RUNNING).update(
        outcome=outcome, message=message, finished_at=timezone.now(), alive_at=timezone.now()
    )
    run.refresh_from_db()


def _begin(source: Source) -> Run:
    with writing():
        for other in Run.objects.filter(source=source, outcome=Run.Outcome.RUNNING):
            if not dead(other):
                raise HarvestError(
                    f"A run of {source.slug!r} is going on since "
                    f"{other.started_at:%Y-%m-%d %H:%M} UTC (process {other.pid} on "
                    f"{other.host}); try again when it is done."
                )
            close(other, Run.Outcome.INTERRUPTED, "Its process ended before it was done.")
        return Run.objects.create(
            source=source,
            host=socket.gethostname(),
            pid=os.getpid(),
            process_start=process_start(os.getpid()),
        )


def dead(run: Run) -> bool:
    """Whether the process of a run that counts as running is gone."""
    if run.host != socket.gethostname():
        return timezone.now() - run.alive_at > STALE
    if run.pid == os.getpid() and run.process_start == process_start(run.pid):
        return run.pk not in _GOING
    try:
        os.kill(run.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # It is there, and another user's.
    return run.process_start != process_start(run.pid)


def process_start(pid: int) -> str:
    """When a process began, to tell it from a later one of the same number; empty if unknown."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()[:8]}-{fields[19]}"
    except OSError:
        return ""
