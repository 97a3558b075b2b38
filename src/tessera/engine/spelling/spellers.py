"""The speller of each index, made anew when its documents have changed, off the way of searches."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass

from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.spelling.speller import Speller
from tessera.engine.spelling.vocabulary import Vocabulary

SMALL = 5_000
"""Documents up to which a speller is made while a search waits: it takes some 50 ms."""
RENEWED = 300.0
"""Seconds for which the speller of a larger index is kept, whatever has changed."""
KEPT = 4
"""Indexes whose spellers are kept."""
_BREATH = 2_000


_Whose = tuple[str, Audience]
"""An index by its name, and who may see its words."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A speller, the state of the index that it was made from, and when."""

    speller: Speller
    state: weakref.ref[object]
    at: float


class Spellers:
    """For any number of threads."""

    def __init__(self) -> None:
        self._made: dict[_Whose, _Made] = {}
        self._making: dict[_Whose, threading.Thread] = {}
        self._lock = threading.Lock()

    def of(self, index: Index, *, wait: bool = False) -> Speller | None:
        """The speller of an index; of a large one perhaps that of some minutes ago.

        None while the first one of a large index is being made, which takes seconds; `wait` waits
        for it.
        """
        whose = index.name, index.audience
        made = self._made.get(whose)
        state = index.state()
        if made is not None and made.state() is state:
            return made.speller
        if len(index) <= SMALL:
            return self._make(index, state, gently=False)
        if made is not None and (time.monotonic() - made.at < RENEWED):
            return made.speller
        if made is None and wait:
            return self._make(index, state, gently=False)
        with self._lock:
            if whose not in self._making:
                thread = threading.Thread(
                    target=self._make_beside, args=(index, state), name="speller", daemon=True
                )
                self._making[whose] = thread
                thread.start()
        return made.speller if made else None

    def _make_beside(self, index: Index, state: object) -> None:
        try:
            self._make(index, state, gently=True)
        finally:
            with self._lock:
                del self._making[index.name, index.audience]

    def _make(self, index: Index, state: object, *, gently: bool) -> Speller:
        words = index.words()
        speller = Speller(Vocabulary(_gently(words) if gently else words))
        made = _Made(speller, weakref.ref(state), time.monotonic())
        with self._lock:
            self._made.pop((index.name, index.audience), None)
            self._made[index.name, index.audience] = made
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
        return speller


def _gently(words: Iterator[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The same, with breaks for the threads that answer searches."""
    for number, word in enumerate(words):
        if not number % _BREATH:
            time.sleep(0.001)
        yield word


spellers = Spellers()
"""Those of this process."""
