"""Work on all cores at once, for what needs no lock of Python's: searches of tantivy, encoding."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

T = TypeVar("T")


def begun(work: Callable[[], T]) -> Future[T]:
    """Work that goes on while the caller does something else. It must not begin any itself: it
    might wait for a thread that waits for it."""
    return _threads().submit(work)


def side_by_side(works: Iterable[Callable[[], T]]) -> list[T]:
    """What comes of each, in their order; raises what the first one that fails raises."""
    return [each.result() for each in [begun(work) for work in works]]


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1, "tessera-engine")


# A forked process has none of its parent's threads, and makes its own.
os.register_at_fork(after_in_child=_threads.cache_clear)
