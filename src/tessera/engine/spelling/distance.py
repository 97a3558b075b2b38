"""How far a typed word is from a word of the index: edits, each by how easily it happens.

Words here are folded (`tessera.engine.analysis`): accents and capitals cost nothing. Only letters
are edited, never digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from string import ascii_lowercase

SWAPPED = 0.7
"""Two neighbours in the wrong order."""
DOUBLED = 0.6
"""A letter once instead of twice, or twice instead of once."""
NEAR = 0.8
"""A letter instead of one beside it on the keyboard, or of one that sounds alike."""
EDIT = 1.0
"""Any other letter too many, too few or instead of another."""
FIRST = 0.5
"""What an edit of the first letter costs beside: people seldom get that one wrong."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SOUNDS = ("aeiouy", "ckq", "sz", "vw", "fv", "bp", "dt", "gj", "mn", "ij")


def _near() -> frozenset[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for number, row in enumerate(_ROWS):
        found.update(pairwise(row))
        if number:
            above = _ROWS[number - 1]
            found.update(zip(row, above, strict=False))
            found.update(zip(row, above[1:], strict=False))
    found.update((a, b) for sounds in _SOUNDS for a in sounds for b in sounds if a != b)
    # On German and French keyboards.
    found.update([("z", "u"), ("z", "t"), ("a", "z"), ("q", "s")])
    return frozenset(found | {(b, a) for a, b in found})


_NEAR = _near()


def edited(word: str) -> Iterator[str]:
    """All words one edit away, some of them more than once: about 54 for each letter."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        for letter in ascii_lowercase:
            yield before + letter + after
        if not after or not after[0].isalpha():
            continue
        rest = after[1:]
        yield before + rest
        for letter in ascii_lowercase:
            yield before + letter + rest
        if rest and rest[0].isalpha():
            yield before + rest[0] + after[0] + rest[1:]


def edits(one: str, other: str, most: int) -> int:
    """How many edits apart; `most` + 1 where it is more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        further, before, row = before, row, [i]
        least = i
        for j, wanted in enumerate(other, 1):
            cost = before[j - 1] if char == wanted else 1 + min(before[j - 1], before[j], row[-1])
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, further[j - 2] + 1)
            row.append(cost)
            least = min(least, cost)
        if least > most:
            return most + 1
    return min(row[-1], most + 1)


def cost(typed: str, meant: str) -> float:
    """What it takes to have typed the one and meant the other; 0.0 for the same word."""
    before: list[float] = []
    row = [0.0]
    for j in range(len(meant)):
        row.append(row[-1] + _alone(meant, j))
    for i, char in enumerate(typed):
        further, before, row = before, row, [row[0] + _alone(typed, i)]
        first = FIRST if i == 0 else 0.0
        for j, wanted in enumerate(meant):
            instead = 0.0 if char == wanted else _instead(char, wanted)
            at_first = FIRST if instead and (i == 0 or j == 0) else 0.0
            found = min(
                before[j] + instead + at_first,
                before[j + 1] + _alone(typed, i),
                row[-1] + _alone(meant, j),
            )
            if i and j and char == meant[j - 1] and typed[i - 1] == wanted:
                swapped = SWAPPED + (first or (FIRST if i == 1 or j == 1 else 0.0))
                found = min(found, further[j - 1] + swapped)
            row.append(found)
    return row[-1]


def _instead(char: str, wanted: str) -> float:
    return NEAR if (char, wanted) in _NEAR else EDIT


def _alone(word: str, at: int) -> float:
    """A letter that the other word lacks."""
    if at and word[at] == word[at - 1]:
        return DOUBLED
    return EDIT + (FIRST if at == 0 else 0.0)
