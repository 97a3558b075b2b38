"""Which word of one language stands for which of another: IBM's first alignment model.

Each word of a text is taken to come from one word of its translation, or from none; which, is
estimated from all pairs together by expectation and maximisation. Words that merely keep company
(`heating` with `oil`) are explained away by those that really correspond. Both directions are
estimated, and a correspondence is as likely as the geometric mean of the two.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from typing import Final

MAX_LINKS: Final = 3_000_000
"""Pairs of words that may correspond, over all texts of two languages: bounds memory and time."""

ROUNDS: Final = 5
LEAST_WEIGHT: Final = 0.1
LEAST_TIMES: Final = 0.5
"""How often two words are to correspond, as far as can be estimated: half a time will do, since
labels of one word say it clearly; guesses among many words come to less."""


class Corpus:
    """The texts of two languages, as numbers of words (from 1; 0 is the word that isn't there)."""

    def __init__(self) -> None:
        self.texts: list[tuple[array[int], array[int]]] = []
        self.links = 0

    def add(self, words: set[int], others: set[int]) -> bool:
        """Take a pair in; False where there is no room for it."""
        if self.links + len(words) * len(others) > MAX_LINKS:
            return False
        self.links += len(words) * len(others)
        self.texts.append((array("I", sorted(words)), array("I", sorted(others))))
        return True

    def correspondences(self) -> Iterator[tuple[int, int, float]]:
        """(word, other word, weight in (0, 1]) in a fixed order."""
        there = _estimate(self.texts)
        back = _estimate([(others, words) for words, others in self.texts])
        for (word, other), (chance, times) in sorted(there.items()):
            back_chance, back_times = back.get((other, word), (0.0, 0.0))
            weight = math.sqrt(chance * back_chance)
            if weight >= LEAST_WEIGHT and min(times, back_times) >= LEAST_TIMES:
                yield word, other, min(weight, 1.0)


def _estimate(
    texts: list[tuple[array[int], array[int]]],
) -> dict[tuple[int, int], tuple[float, float]]:
    """By (word, other word): the probability that the word becomes the other one, and how often
    it does; only what is likely enough to matter."""
    numbers: dict[tuple[int, int], int] = {}
    rows: list[array[int]] = []
    for words, others in texts:
        # A row for each word of the translation: the links from every word that it may come from.
        for other in others:
            row = [numbers.setdefault((0, other), len(numbers))]
            row += [numbers.setdefault((word, other), len(numbers)) for word in words]
            rows.append(array("I", row))
    words_of = array("I", (word for word, _ in numbers))
    chances = array("d", [1.0]) * len(numbers)
    times = chances
    for _ in range(ROUNDS):
        times = _expected(rows, chances)
        totals: dict[int, float] = {}
        for word, expected in zip(words_of, times, strict=True):
            totals[word] = totals.get(word, 0.0) + expected
        chances = array(
            "d", (each / totals[word] for word, each in zip(words_of, times, strict=True))
        )
    return {
        link: (chance, expected)
        for link, chance, expected in zip(numbers, chances, times, strict=True)
        if link[0] and chance >= LEAST_WEIGHT * LEAST_WEIGHT
    }


def _expected(rows: list[array[int]], chances: array[float]) -> array[float]:
    """How often each link is used, as far as the chances so far tell."""
    times = array("d", bytes(8 * len(chances)))
    for row in rows:
        whole = 0.0
        for link in row:
            whole += chances[link]
        if whole:
            for link in row:
                times[link] += chances[link] / whole
    return times
