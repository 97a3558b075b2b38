"""The index brought in step at once, by whoever changed a little that must not wait."""

from __future__ import annotations

import logging
from typing import Final

from django.db import DatabaseError

from tessera.engine.errors import EngineError
from tessera.indexing import position
from tessera.indexing.current import backend
from tessera.indexing.sync import sync, usable

log = logging.getLogger(__name__)

MOST: Final = 500
"""Changes that a page may take upon itself; more are the worker's."""

WAIT: Final = 5.0
"""Seconds to wait for another process that is writing."""


def catch_up() -> bool:
    """Apply the newest changes now, where they are few; whether the index holds all of them.

    What can't be done now is said in the log, and done by the worker's next look.
    """
    try:
        engine = backend()
        if not engine.capabilities.persistent:
            return True  # It follows with each question.
        name, reason = usable(engine)
        waiting = position.last_change() - (position.read(engine, name) or 0)
        if reason or waiting > MOST:
            log.info("A change waits for the worker: %s.", reason or f"{waiting} others do")
            return False
        sync(wait=WAIT)
    except (EngineError, DatabaseError) as error:
        log.warning("A change waits for the worker: %s", error)
        return False
    return True
