"""Where in a text a plan matches, with the same terms as in the index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from tessera.engine import plan as plans
from tessera.engine.analysis.terms import index_terms
from tessera.engine.analysis.words import WORD

MAX_SEEN = 5_000
"""Words remembered for one plan and language; with 16 plans some 10 MB for a language."""
NO_WORD = -1
"""Instead of bits, for what `WORD` found but is no word."""


class Match(NamedTuple):
    """A stretch of a text that matched. wanted: bits of the wanted things that it answers."""

    start: int
    end: int
    wanted: int


@dataclass(slots=True)
class Wanted:
    """What the plan asks for (not what it excludes), numbered by bits.

    terms: bits by term; sequences: for each phrase its bit and the bits of its positions.
    """

    terms: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    prefixes: list[tuple[str, int]] = field(default_factory=list)
    sequences: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    positions: int = 0
    bits: int = 0
    seen: dict[str, dict[str, int]] = field(default_factory=dict)

    def new_bit(self) -> int:
        self.bits += 1
        return 1 << (self.bits - 1)

    def take(self, node: plans.PlanNode, positive: bool = True) -> None:
        match node:
            case plans.Both(nodes) | plans.Either(nodes):
                for part in nodes:
                    self.take(part, positive)
            case plans.Best(parts) | plans.Most(parts):
                for _, part in parts:
                    self.take(part, positive)
            case plans.Own(inner):
                self.take(inner, positive)
            case plans.Without(inner):
                self.take(inner, not positive)
            case plans.AnyTerm() if positive:
                bit = self.new_bit()
                self._take_terms(node, bit)
                if node.part:
                    self.parts[node.part] = self.parts.get(node.part, 0) | bit
            case plans.StartsWith(key) if positive:
                self.prefixes.append((key, self.new_bit()))
            case plans.Sequence(positions) if positive:
                whole = self.new_bit()
                steps = []
                for position in positions:
                    bit = self.new_bit()
                    self.positions |= bit
                    self._take_terms(position, bit)
                    steps.append(bit)
                self.sequences.append((whole, tuple(steps)))

    def _take_terms(self, position: plans.AnyTerm, bit: int) -> None:
        for term in position.terms:
            self.terms[term] = self.terms.get(term, 0) | bit

    @property
    def all(self) -> int:
        """The bits that can be answered; those of single positions in phrases only help."""
        return ((1 << self.bits) - 1) & ~self.positions

    def of_word(self, word: str, lang: str) -> int:
        """The bits that a word of a text answers; -1 for what has no terms, and so no position."""
        terms = index_terms(word, lang)
        if not terms:
            return NO_WORD
        bits = 0
        for term in terms:
            bits |= self.terms.get(term, 0)
            if self.prefixes and ":" not in term:
                for key, bit in self.prefixes:
                    if term.startswith(key):
                        bits |= bit
        return bits

    def of_name(self, keys: frozenset[str]) -> int:
        """The bits that name keys answer."""
        bits = 0
        for key, bit in self.parts.items():
            if key in keys:
                bits |= bit
        for key, bit in self.prefixes:
            if any(name.startswith(key) for name in keys):
                bits |= bit
        return bits

    def words_seen(self, lang: str) -> dict[str, int]:
        """The memory of `of_word` for a language; starts afresh when it has grown large."""
        seen = self.seen.get(lang)
        if seen is None or len(seen) > MAX_SEEN:
            seen = self.seen[lang] = {}
        return seen


@lru_cache(16)
def wanted_by(plan: plans.PlanNode) -> Wanted:
    """What a plan asks for, remembered for the plans in use."""
    wanted = Wanted()
    wanted.take(plan)
    return wanted


def matches_in(
    wanted: Wanted, text: str, lang: str, start: int = 0, end: int | None = None
) -> Iterator[Match]:
    """The matches in a text in order of their ends; those of phrases span the whole phrase."""
    seen = wanted.words_seen(lang)
    positions = wanted.positions
    reading = _Phrases(wanted.sequences)
    number = 0
    for found in WORD.finditer(text, start, len(text) if end is None else end):
        word = found[0]
        bits = seen.get(word)
        if bits is None:
            bits = seen[word] = wanted.of_word(word, lang)
        if bits == NO_WORD:
            continue
        number += 1
        if not bits:
            continue
        if bits & ~positions:
            yield Match(found.start(), found.end(), bits & ~positions)
        if bits & positions:
            yield from reading.take(number, found.start(), found.end(), bits)


class _Phrases:
    """Follows phrases word by word."""

    def __init__(self, sequences: list[tuple[int, tuple[int, ...]]]) -> None:
        self.sequences = sequences
        # For each phrase, where the readings began that wait for its step 1, 2, ...
        self.open: list[dict[int, int]] = [{} for _ in sequences]
        self.number = 0

    def take(self, number: int, start: int, end: int, bits: int) -> Iterator[Match]:
        follows = number == self.number + 1
        self.number = number
        for at, (whole, steps) in enumerate(self.sequences):
            begun = self.open[at] if follows else {}
            going = {step + 1: begin for step, begin in begun.items() if bits & steps[step]}
            if bits & steps[0]:
                going[1] = start
            complete = going.pop(len(steps), None)
            if complete is not None:
                yield Match(complete, end, whole)
            self.open[at] = going
