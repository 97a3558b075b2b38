"""Which words of the index a typed word may have been meant to be."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tessera.engine.analysis import word_terms
from tessera.engine.spelling.distance import cost
from tessera.engine.spelling.vocabulary import SHORTEST, Vocabulary, is_correctable

RATE = 4.0
"""What an edit weighs against frequency: a word with one more is likelier only where it is e^8
(3,000) times as frequent."""
NAME = RATE
"""What it weighs to be a record's whole name."""
DIVIDED = 0.5
"""What a blank too many or too few costs, in edits."""
MOST = 40
"""Candidates for a word."""
_ENOUGH = 1.3
"""Where a word is found at this cost or below, two edits aren't thought of."""
_PART_OFTEN = 2
"""Documents in which each half of a word must occur."""
_DIVISIONS = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may have been meant: folded words, with what it cost to mistype them so.

    frequency: documents in which it occurs; of two words the rarer one's. is_name: known to be a
    record's whole name.
    """

    words: tuple[str, ...]
    cost: float
    frequency: int
    is_name: bool = False

    @property
    def score(self) -> float:
        """The higher, the likelier: the logarithm of a probability, but for a constant."""
        return weight(self.frequency) - self.against

    @property
    def against(self) -> float:
        """What speaks against it, however many documents hold it."""
        return RATE * self.cost - (NAME if self.is_name else 0.0)


def weight(documents: float) -> float:
    """What speaks for words that so many documents hold."""
    return 0.5 * math.log(max(documents, 1))


class Speller:
    """Candidates from the vocabulary of one state of an index."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def frequency(self, typed: str) -> int:
        """In how many documents a typed word occurs as it stands, whatever its endings may find."""
        return max((self._vocabulary.frequency(form) for form in forms(typed)), default=0)

    def candidates(self, typed: str, *, far: bool = True) -> list[Candidate]:
        """The likeliest first, at most MOST; none for what can't be misspelt.

        far: two edits are thought of, in long words.
        """
        found: dict[tuple[str, ...], Candidate] = {}
        for form in forms(typed):
            for candidate in self._near(form, far):
                known = found.get(candidate.words)
                if known is None or candidate.score > known.score:
                    found[candidate.words] = candidate
        return sorted(found.values(), key=lambda c: (-c.score, c.words))[:MOST]

    def divided(self, typed: str) -> list[Candidate]:
        """The typed word as two words of the index, in the likeliest ways."""
        found = []
        for form in filter(str.isalpha, forms(typed)):
            for at in range(SHORTEST, len(form) - SHORTEST + 1):
                parts = form[:at], form[at:]
                frequency = min(map(self._vocabulary.frequency, parts))
                if frequency >= _PART_OFTEN:
                    found.append(Candidate(parts, DIVIDED, frequency))
        return sorted(found, key=lambda c: (-c.score, c.words))[:_DIVISIONS]

    def joined(self, one: str, other: str) -> Candidate | None:
        """Two typed words as the one that they are in the index."""
        for word in (a + b for a in forms(one) for b in forms(other)):
            frequency = self._vocabulary.frequency(word)
            if frequency:
                return Candidate((word,), DIVIDED, frequency)
        return None

    def _near(self, form: str, far: bool) -> list[Candidate]:
        near = [
            Candidate((word,), cost(form, word), frequency)
            for word, frequency in self._vocabulary.one_edit(form)
        ]
        if far and not any(candidate.cost <= _ENOUGH for candidate in near):
            near += [
                Candidate((word,), cost(form, word), frequency)
                for word, frequency in self._vocabulary.two_edits(form)
            ]
        return near


def forms(typed: str) -> tuple[str, ...]:
    """The folded forms of a typed word that can be looked up; none where it can't be misspelt."""
    positions = word_terms(typed, ())
    if len(positions) != 1:
        return ()
    return tuple(form for form in positions[0] if is_correctable(form))
