"""Building a new index beside the live one, and putting it in its place in one step."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from tessera.engine.audience import Audience
from tessera.engine.backend import Backend
from tessera.engine.errors import EngineError
from tessera.indexing import position
from tessera.indexing.current import backend
from tessera.indexing.filling import fill
from tessera.indexing.lock import WAIT, locked
from tessera.indexing.sync import apply
from tessera.records.changes import writing
from tessera.records.models import Record
from tessera.records.views import hidden
from tessera.schema.fields import SCHEMA

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """previous: the index that answered until then and is kept; empty where there was none."""

    index: str
    documents: int
    previous: str
    seconds: float


def rebuild(
    wait: float = WAIT, progress: Progress | None = None, processes: int | None = None
) -> RebuildReport:
    """Build a new index of all records, promote it, keep the one before and drop older ones.

    processes: how many share the work; None for as many as there are cores and is worth it.
    Searches are answered by the old one until then. Killed at any point, it leaves the old one in
    place, and an unfinished one that the next rebuild drops.
    """
    with locked(wait):
        return build(backend(), progress, processes)


def build(
    engine: Backend, progress: Progress | None = None, processes: int | None = None
) -> RebuildReport:
    """What `rebuild` does, for a caller that holds the lock."""
    began = time.monotonic()
    previous = engine.promoted()
    _keep(engine, previous)
    name = f"tessera-{timezone.now():%Y%m%d%H%M%S}-{secrets.token_hex(2)}"
    cursor = position.last_change()
    engine.create(SCHEMA, name)
    fill(engine, name, processes, progress)
    with engine.writer(SCHEMA, name) as writer:
        position.write(engine, name, cursor)
        while True:
            while (step := apply(engine, name, writer, cursor)) is not None:
                cursor = step.cursor
            with writing():
                shown = Record.objects.filter(withdrawn_at=None, answers_as="").count()
                expected = {audience: shown - len(hidden(audience)) for audience in Audience}
                caught_up = position.last_change() == cursor
            if caught_up:
                break
    documents = {each: len(engine.index(SCHEMA, name, each)) for each in Audience}
    for audience, count in expected.items():
        if documents[audience] != count:
            raise EngineError(
                f"The new index has {documents[audience]:,} documents for {count:,} records that "
                f"are for {audience}, so it was not put in place; the one before still answers. "
                "Please report this."
            )
    engine.promote(name)
    _keep(engine, name, previous)
    return RebuildReport(
        name, documents[Audience.EVERYONE], previous or "", time.monotonic() - began
    )


def _keep(engine: Backend, *kept: str | None) -> None:
    """Drop all indexes but these, with their cursors."""
    for name in set(engine.names()) - set(kept):
        engine.drop(name)
    position.forget(engine, tuple(name for name in kept if name))
