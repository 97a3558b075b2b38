"""Several reading processes side by side, for many documents in their order."""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, Self, TypeVar

from tessera.sources.formats.reading import Limits, Reader

AT_MOST: Final = 4

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class Readers:
    """As many readers as there are processors, at most four; each has a process of its own."""

    def __init__(self, limits: Limits, count: int = 0) -> None:
        self.count = count or min(AT_MOST, os.cpu_count() or 1)
        self._idle: queue.SimpleQueue[Reader] = queue.SimpleQueue()
        self._every = [Reader(limits) for _ in range(self.count)]
        for reader in self._every:
            self._idle.put(reader)
        self._threads = ThreadPoolExecutor(self.count, "reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, also in the middle of a document."""
        for reader in self._every:
            reader.stop()
        self._threads.shutdown(cancel_futures=True)
        for reader in self._every:
            reader.close()

    def each(
        self, tasks: Iterable[Task | None], read: Callable[[Task, Reader], Answer]
    ) -> Iterator[tuple[Task, Answer]]:
        """Each task with what `read` makes of it, in the order of the tasks.

        No more than one task for each reader, and one besides, is held at a time. None among the
        tasks gives those that are done the chance to be handed on. `read` must not raise.
        """
        waiting: deque[tuple[Task, Future[Answer]]] = deque()
        for task in tasks:
            if task is not None:
                waiting.append((task, self._threads.submit(self._read, read, task)))
            while waiting and (len(waiting) > self.count or waiting[0][1].done()):
                first, answer = waiting.popleft()
                yield first, answer.result()
        while waiting:
            first, answer = waiting.popleft()
            yield first, answer.result()

    def one(self, task: Task, read: Callable[[Task, Reader], Answer]) -> Answer:
        """What `read` makes of one task."""
        return self._read(read, task)

    def _read(self, read: Callable[[Task, Reader], Answer], task: Task) -> Answer:
        reader = self._idle.get()
        try:
            return read(task, reader)
        finally:
            self._idle.put(reader)
