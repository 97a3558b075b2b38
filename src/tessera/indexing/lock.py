"""One process at a time writes to the index."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from tessera.engine.errors import BackendUnavailable, IndexLocked

WAIT = 60.0
"""Seconds to wait for another process before giving up."""

_INDEXING = 0x7E55E7B
"""The advisory lock on PostgreSQL."""


@contextmanager
def locked(wait: float = WAIT) -> Iterator[None]:
    """Hold the index's lock; raises IndexLocked where another holds it for longer than `wait`.

    A lock on a file in home excludes the processes and threads of this machine; on PostgreSQL an
    advisory lock of the connection excludes those of other machines, too. Both end with their
    process, however it ends.
    """
    until = time.monotonic() + wait
    path = settings.HOME / "indexing.lock"
    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise BackendUnavailable(f"{path} can't be written: {error.strerror}") from error
    with file:
        while not _taken(file.fileno()):
            _wait(until)
        while not _advisory("pg_try_advisory_lock"):
            _wait(until)
        try:
            yield
        finally:
            _advisory("pg_advisory_unlock")


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _advisory(function: str) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_INDEXING])
        (held,) = cursor.fetchone()
    return bool(held)


def _wait(until: float) -> None:
    if time.monotonic() >= until:
        raise IndexLocked(
            "Another process is writing to the index (a rebuild, perhaps); what changed will be "
            "found as soon as `tessera index sync` runs after it."
        )
    time.sleep(0.1)
