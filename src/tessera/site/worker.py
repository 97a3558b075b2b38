"""Scheduled work: what `tessera worker` does until it is told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from django.db import DatabaseError, close_old_connections

from tessera.engine.errors import EngineError

log = logging.getLogger(__name__)


def work(every: int, *, once: bool = False) -> int:
    """Keep the index in step with the records, looking every so many seconds.

    A look that fails is said and tried again at the next one; with `once` it is the exit status.
    """
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    log.info("Looking for changes every %d seconds.", every)
    while True:
        done = _look()
        if once:
            return 0 if done else 1
        if stop.wait(every):
            log.info("Stopped.")
            return 0


def _look() -> bool:
    from tessera.indexing.sync import sync

    close_old_connections()
    try:
        report = sync()
    except (EngineError, DatabaseError) as error:
        log.error("The index was not brought in step, and will be tried again: %s", error)
        return False
    log.debug("%s", report)
    return True
