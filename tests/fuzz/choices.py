"""Decisions read from bytes, so that a fuzzer that changes the bytes changes the case."""

from __future__ import annotations

import random
from collections.abc import MutableSequence, Sequence
from typing import TypeVar

T = TypeVar("T")


class Choices:
    """The same bytes give the same decisions; where they end, their digest goes on."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._beyond = random.Random(data)

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1; 0 for a bound of 0."""
        if bound <= 1:
            return 0
        width = (bound.bit_length() + 7) // 8
        taken = self._data[self._at : self._at + width]
        self._at += width
        if len(taken) < width:
            return self._beyond.randrange(bound)
        return int.from_bytes(taken, "big") % bound

    def once_in(self, times: int) -> bool:
        """Whether something that happens once in so many times does."""
        return self.below(times) == 0

    def one(self, of: Sequence[T]) -> T:
        """One of several."""
        return of[self.below(len(of))]

    def shuffle(self, values: MutableSequence[T]) -> None:
        """In another order."""
        for last in range(len(values) - 1, 0, -1):
            at = self.below(last + 1)
            values[last], values[at] = values[at], values[last]

    def rest(self) -> bytes:
        """All bytes that are left."""
        taken, self._at = self._data[self._at :], len(self._data)
        return taken
