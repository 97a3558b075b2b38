"""How much two lists of words agree, slips of the pen included."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

LIKE = 0.8
"""From this similarity on, two words are one word with a slip."""


def word_similarity(one: Sequence[str], other: Sequence[str]) -> tuple[float, tuple[str, ...]]:
    """The share of letters in words that agree (0 to 1), and the words of either without an equal.

    Words are paired off, equal ones first, then the most alike (see `alike`).
    """
    rest, mine = list(other), list(one)
    weight = sum(map(len, mine)) + sum(map(len, rest))
    agreed, left = 0.0, []
    for word in mine:
        if word in rest:
            rest.remove(word)
            agreed += 2 * len(word)
        else:
            left.append(word)
    lost = []
    for word in left:
        best = max(rest, key=lambda each: alike(word, each), default="")
        likeness = alike(word, best) if best else 0.0
        if likeness >= LIKE:
            rest.remove(best)
            agreed += likeness * (len(word) + len(best))
        else:
            lost.append(word)
    return (agreed / weight if weight else 0.0), (*lost, *rest)


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> float:
    """1 less the share of letters to change, leave out, add or swap with the next one.

    Numbers are alike only where they are equal, and so are words of fewer than five letters.
    """
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if min(len(one), len(other)) < 5 or any(char.isdigit() for char in one + other):
        return 0.0
    allowed = int((1 - LIKE) * longest)
    if abs(len(one) - len(other)) > allowed:
        return 0.0
    return 1.0 - _distance(one, other) / longest


def _distance(one: str, other: str) -> int:
    """Optimal string alignment distance."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row, earlier = row, [i], before
        for j, mark in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
