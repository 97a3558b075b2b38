"""The next batch is mapped in a process of its own, while the one before is stored.

Mapping is pure, so nothing of what comes of it depends on where it is done. Which items have to be
mapped is foreseen by what is stored by then; what turns out otherwise is left aside, or mapped
where it is needed. See `tessera.harvest.mapper` for the process.
"""

from __future__ import annotations

import logging
import os
import pickle
import struct
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Final, Self

from tessera.harvest.mapping import Mapped
from tessera.harvest.report import HarvestError
from tessera.harvest.taking import Taking
from tessera.sources.base import Importer, Taken, is_equipped

WORTH: Final = 250
"""So many items of a batch that have to be mapped are worth a process."""

OURS: Final = "tessera.sources."
"""Importers of these modules are the same in another process."""

Ready = Mapping[int, Mapped]
"""What has been mapped of a batch, by the place in it."""

_LENGTH: Final = struct.Struct(">Q")
_log = logging.getLogger(__name__)


class Ahead:
    """One process at most, which is started when there is enough to do for it."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._importer = _packed(taking.importer)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def over(self, batches: Iterable[list[Taken]]) -> Iterator[tuple[list[Taken], Ready]]:
        """Each batch, in its order, with what has been mapped of it.

        Of the first one nothing is: a delivery that has no more is done before a process starts.
        A batch waits for the next one only while it is being mapped. What breaks the stream comes
        after the batches that were received before.
        """
        held: list[Taken] | None = None
        try:
            for number, batch in enumerate(batches):
                ready = self._answer() if held is not None else {}
                asked = number > 0 and self._ask(batch)
                if held is not None:
                    yield held, ready
                held = batch if asked else None
                if not asked:
                    yield batch, {}
        except HarvestError:
            if held is not None:
                yield held, self._answer()
            raise
        if held is not None:
            yield held, self._answer()

    def _ask(self, batch: Sequence[Taken]) -> bool:
        """Let what has to be mapped of a batch be mapped, if that is worth it."""
        if self._importer is None:
            return False
        items = self._taking.to_map(batch)
        if len(items) < WORTH:
            return False
        try:
            if self._process is None:
                self._process = _started()
                send(_in(self._process), self._importer)
            send(_in(self._process), (self._taking.version, items))
        except OSError as error:
            self._lost(error)
            return False
        return True

    def _answer(self) -> Ready:
        try:
            assert self._process is not None
            assert self._process.stdout is not None
            made = receive(self._process.stdout)
        except (OSError, pickle.UnpicklingError) as error:
            self._lost(error)
            return {}
        if made is None:
            self._lost("it ended")
        return made or {}

    def _lost(self, why: object) -> None:
        """Nothing is lost with the process: the rest is mapped where it is stored."""
        self._end()
        self._importer = None
        _log.warning("The process that maps ahead failed (%s); going on without it.", why)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for each in (process.stdin, process.stdout):
            if each is not None:
                with suppress(BrokenPipeError):  # what it did not read any more
                    each.close()


def _packed(importer: Importer) -> bytes | None:
    """An importer for another process; None where it needs something of this one, or where there
    is no second core."""
    ours = type(importer).__module__.startswith(OURS) and not is_equipped(importer)
    if not ours or len(os.sched_getaffinity(0)) < 2:
        return None
    try:
        return pickle.dumps(importer)
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def _started() -> subprocess.Popen[bytes]:
    """OSError where it can't be started."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        # In a session of its own, so that Ctrl-C is for the run alone to understand.
        [sys.executable, "-m", "tessera.harvest.mapper"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True,
    )  # fmt: skip


def _in(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdin is not None
    return process.stdin


def send(stream: IO[bytes], value: object) -> None:
    """Write a value for `receive`."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value of the other process, which is this same program; None at the end."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    data = stream.read(length)
    return pickle.loads(data) if len(data) == length else None  # noqa: S301 - our own process  # nosec B301
