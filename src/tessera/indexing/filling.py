"""Filling a new index with the documents of all records: here, or in one process for each core.

Each process makes an index of its own of a part of the records, and the new index takes their files
over. Nothing passes between them but how far they are. So all of the work, which is mostly the
analysis of texts in Python, is shared.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Substr

from tessera.engine.backend import Backend, Writer
from tessera.engine.errors import EngineError
from tessera.indexing.sync import documents_of
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA

BATCH = 500
"""Records whose documents are made at once."""

LANGUAGE = 7
"""Characters of the titles by language, as JSON, in which the first language stands."""

COMMIT = 50_000
"""Documents between two commits, each of which leaves a part of the index that every search has to
look into: with five times as many a question took a quarter longer."""

SHARE = 10_000
"""So many records are worth a process of their own, which takes a second to start."""

MOST = 8
"""Processes at most: each needs some 300 MB."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Share:
    """Part `number` of `of` parts of the records up to the primary key `last`.

    Which part a record is in depends on its key alone, as others may change meanwhile.
    """

    last: int
    number: int = 0
    of: int = 1

    def batches(self) -> Iterator[list[Record]]:
        """The records that are shown, those with a title in the same language one after the other.

        So what a question reads of an index within one language lies together, and the rest is
        passed over.
        """
        shown = Record.objects.filter(withdrawn_at=None, answers_as="", pk__lte=self.last)
        language = Substr(KeyTextTransform("title", "face"), 1, LANGUAGE)
        ordered = shown.order_by(language, "pk").values_list("pk", flat=True)
        own = array("q", (pk for pk in ordered.iterator() if pk // BATCH % self.of == self.number))
        for start in range(0, len(own), BATCH):
            yield list(Record.objects.filter(pk__among=own[start : start + BATCH].tolist()))


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def fill(
    engine: Backend, name: str, processes: int | None = None, progress: Progress | None = None
) -> None:
    """Put the documents of all records into a new, empty index.

    processes: how many share the work; None for as many as there are cores and is worth it.
    Records that change meanwhile must be put in again by their Changes. Raises EngineError where
    a process failed.
    """
    last = Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if processes is None:
        processes = min(cores(), MOST, last // SHARE)
    # Other processes see neither an index in memory nor what a transaction has still to commit.
    if processes < 2 or not engine.capabilities.persistent or connection.in_atomic_block:
        with engine.writer(SCHEMA, name) as writer:
            write(writer, Share(last), progress or (lambda count: None))
        return
    parts = [f"{name}-part{number}" for number in range(processes)]
    for part in parts:
        engine.create(SCHEMA, part)
    shares = [Share(last, number, processes) for number in range(processes)]
    _together(list(zip(parts, shares, strict=True)), progress)
    engine.join(SCHEMA, name, parts)


def write(writer: Writer, share: Share, progress: Progress) -> None:
    """Put the documents of a share; progress is told how many, with every batch."""
    put = committed = 0
    for records in share.batches():
        put += writer.put(documents_of(records))
        if put - committed >= COMMIT:
            writer.commit()
            committed = put
        progress(put)


class _Filler:
    """A process that makes one part; see `tessera.indexing.filler`."""

    def __init__(self, part: str, share: Share, log: IO[bytes]) -> None:
        self.part = part
        self.put = 0
        self._log = log
        self._unread = b""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "TESSERA_HOME": str(settings.HOME),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tessera.indexing.filler",
             json.dumps([part, share.last, share.number, share.of])],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment,
        )  # fmt: skip

    @property
    def out(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def read(self) -> bool:
        """Take in how far it is; False at its end."""
        received = os.read(self.out.fileno(), 1 << 16)
        *lines, self._unread = (self._unread + received).split(b"\n")
        if lines:
            self.put = int(lines[-1])
        return bool(received)

    def check(self) -> None:
        """Wait for its end; EngineError where it failed."""
        code = self.process.wait()
        if code == 0:
            return
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else f"it ended with status {code}"
        raise EngineError(
            f"One of the processes that build the new index failed: {reason} "
            "The index before, if there was one, still answers."
        )

    def close(self) -> None:
        """End it, at once."""
        self.process.kill()
        self.process.wait()
        self.out.close()


def _together(shares: list[tuple[str, Share]], progress: Progress | None) -> None:
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        fillers = []
        for part, share in shares:
            log = stack.enter_context(tempfile.TemporaryFile())
            filler = _Filler(part, share, log)
            stack.callback(filler.close)
            selector.register(filler.out, selectors.EVENT_READ, filler)
            fillers.append(filler)
        while selector.get_map():
            for key, _ in selector.select():
                if not key.data.read():
                    selector.unregister(key.fileobj)
                    key.data.check()
            if progress is not None:
                progress(sum(filler.put for filler in fillers))
