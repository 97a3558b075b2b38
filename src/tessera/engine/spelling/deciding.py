"""Whether a search is corrected, and to what. Works through the port alone.

A correction is a function of the typed text and the index, never of filters, order or page: so
the set of a text, and every number taken from it, is the same on each page of a search.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tessera.engine.backend import Index
from tessera.engine.query import AS_TYPED, WORDS, Query
from tessera.engine.spelling.correction import Correction
from tessera.engine.spelling.display import as_written
from tessera.engine.spelling.distance import EDIT
from tessera.engine.spelling.speller import RATE, Candidate, Speller
from tessera.engine.spelling.spellers import spellers
from tessera.engine.spelling.typed import (
    Word,
    is_grouped,
    replaced,
    words_to_correct,
    written_like,
)

FEW = 20
"""Documents; a search that finds more is left as it is, and so is a word that occurs in more."""
RARER = 50
"""A word that occurs is doubted where another one, an edit away, is so many times as frequent."""
SURE = 2.0
"""Edits beyond which nothing is offered for a word."""
_ENDINGS = 8
"""How many times more documents a word finds by its other endings than by itself, at most."""
TRIES = 8
"""Combinations of candidates that are counted."""


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A place in the text with what may be meant there. missing: what is typed occurs nowhere."""

    start: int
    end: int
    typed: str
    candidates: Sequence[Candidate]
    missing: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """One candidate, or none, for each doubt."""

    text: str
    taken: tuple[tuple[_Doubt, Candidate], ...]

    @property
    def cost(self) -> float:
        return sum(candidate.cost for _, candidate in self.taken)

    @property
    def most(self) -> float:
        """What its score may be at most: a word finds some times the documents that it is in."""
        rarest = min(candidate.frequency for _, candidate in self.taken)
        return math.log(_ENDINGS * rarest) - RATE * self.cost


def correction(
    index: Index, query: Query, *, found: int | None = None, wait: bool = False
) -> Correction | None:
    """What is offered for a search, or applied to it; None for nothing.

    Nothing is offered for a search that finds more than FEW documents. A correction is applied
    where the words as typed find nothing and the corrected ones do, unless they are wanted as they
    were typed (`AS_TYPED`). found: how many documents hold all the words as typed, perhaps only of
    those that pass the query's filters, where that is known already. wait: for the speller of a large index, which takes seconds.
    """
    if not query.text or query.match == WORDS:
        return None
    speller = spellers.of(index, wait=wait)
    if speller is None or (found is not None and found > FEW):
        return None
    if found is None or query.filters:
        found = _count(index, query.text)
    if found > FEW:
        return None
    doubts = list(_doubts(index, speller, query.text, found))
    choice, total = _best(index, query.text, doubts)
    if choice is None or (found and total < RARER * found):
        return None
    applied = not found and query.spelling != AS_TYPED
    if not total:
        # No document holds all words, however spelt: those that are near may be shown for it.
        applied = applied and index.count(Query(choice.text)) > 0
        if not applied:
            return None
    return _correction(index, query.text, choice, applied)


def sentence(index: Index, text: str, *, wait: bool = True) -> str:
    """A sentence of which any words will do, with the words corrected that occur nowhere.

    No document need hold all of its words, so each is judged alone.
    """
    speller = spellers.of(index, wait=wait)
    if speller is None:
        return text
    offered = {}
    for word in words_to_correct(text, plain=True):
        if index.frequency(word.text):
            continue
        candidates = _sure(speller.candidates(word.text, far=not word.is_name))
        if candidates:
            offered[word.start, word.end] = written_like(word.text, candidates[0].words)
    return replaced(text, offered)


def _count(index: Index, text: str) -> int:
    return index.count(Query(text, match=WORDS))


def _sure(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.cost <= SURE]


def _doubts(index: Index, speller: Speller, text: str, found: int) -> Iterator[_Doubt]:
    words = words_to_correct(text)
    often = {word.text: _frequency(index, speller, word.text) for word in words}
    grouped = is_grouped(text)
    for word in words:
        frequency = often[word.text]
        if frequency <= FEW:
            divided = word.alone and not grouped
            candidates = _candidates(index, speller, word, frequency, divided)
            if candidates:
                yield _Doubt(word.start, word.end, word.text, candidates, not frequency)
    if found or grouped:
        return
    for one, other in zip(words, words[1:], strict=False):
        between = text[one.end : other.start]
        if one.alone and other.alone and not between.strip():
            joined = speller.joined(one.text, other.text)
            if joined:
                typed = text[one.start : other.end]
                missing = not (often[one.text] and often[other.text])
                yield _Doubt(one.start, other.end, typed, [joined], missing)


def _frequency(index: Index, speller: Speller, word: str) -> int:
    """In how many documents a typed word occurs; what is above FEW need not be exact."""
    alone = speller.frequency(word)
    return alone if alone > FEW else index.frequency(word)


def _candidates(
    index: Index, speller: Speller, word: Word, frequency: int, divided: bool
) -> list[Candidate]:
    far = not (frequency or word.is_name)
    candidates = _sure(speller.candidates(word.text, far=far))
    if divided and not any(candidate.cost <= EDIT for candidate in candidates):
        candidates += _divided(index, speller, word.text)
    if frequency:
        return [each for each in candidates if each.frequency >= RARER * frequency]
    if word.is_name:
        names = [each for each in candidates if index.suggest(" ".join(each.words), limit=1)]
        return names or candidates
    return candidates


def _divided(index: Index, speller: Speller, typed: str) -> Iterator[Candidate]:
    """The typed word as two that stand next to each other in documents."""
    for each in speller.divided(typed):
        together = _count(index, f'"{" ".join(each.words)}"')
        if together:
            yield replace(each, frequency=together)


def _best(index: Index, text: str, doubts: Sequence[_Doubt]) -> tuple[_Choice | None, int]:
    """The likeliest choice, and in how many documents all of its words stand together.

    Where no choice finds any, the one that is likeliest word by word.
    """
    choices = list(_choices(text, doubts))
    best: tuple[float, _Choice, int] | None = None
    for choice in choices:
        if best and choice.most <= best[0]:
            continue
        total = _count(index, choice.text)
        score = math.log(total) - RATE * choice.cost if total else -math.inf
        if total and (best is None or score > best[0]):
            best = score, choice, total
    if best:
        return best[1], best[2]
    missing = [each for each in choices if any(doubt.missing for doubt, _ in each.taken)]
    return (missing[0], 0) if missing else (None, 0)


def _choices(text: str, doubts: Sequence[_Doubt]) -> Iterator[_Choice]:
    """Those with the best sums of scores first, at most TRIES."""
    options: list[list[tuple[float, Candidate | None]]] = []
    for doubt in doubts:
        rated: list[tuple[float, Candidate | None]] = [
            (candidate.score, candidate) for candidate in doubt.candidates
        ]
        if not doubt.missing or " " in doubt.typed:
            rated.append((0.0, None))
        options.append(sorted(rated, key=lambda each: -each[0]))
    if not options:
        return
    first = (0,) * len(options)
    heap = [(-sum(rated[0][0] for rated in options), first)]
    seen, made = {first}, 0
    while heap and made < TRIES:
        worth, at = heapq.heappop(heap)
        taken = tuple(
            (doubt, candidate)
            for doubt, rated, n in zip(doubts, options, at, strict=True)
            if (candidate := rated[n][1]) is not None
        )
        if taken and not _overlap(taken):
            made += 1
            yield _Choice(_with(text, taken), taken)
        for number, n in enumerate(at):
            if n + 1 < len(options[number]):
                following = (*at[:number], n + 1, *at[number + 1 :])
                if following not in seen:
                    seen.add(following)
                    change = options[number][n][0] - options[number][n + 1][0]
                    heapq.heappush(heap, (worth + change, following))


def _overlap(taken: Sequence[tuple[_Doubt, Candidate]]) -> bool:
    places = Counter(at for doubt, _ in taken for at in range(doubt.start, doubt.end))
    return any(times > 1 for times in places.values())


def _with(text: str, taken: Sequence[tuple[_Doubt, Candidate]]) -> str:
    return replaced(
        text,
        {(doubt.start, doubt.end): written_like(doubt.typed, c.words) for doubt, c in taken},
    )


def _correction(index: Index, text: str, choice: _Choice, applied: bool) -> Correction:
    offered, words = {}, []
    for doubt, candidate in sorted(choice.taken, key=lambda each: each[0].start):
        written = written_like(doubt.typed, as_written(index, doubt.typed, candidate.words))
        offered[doubt.start, doubt.end] = written
        words.append((doubt.typed, written))
    return Correction(text, replaced(text, offered), tuple(words), applied)
