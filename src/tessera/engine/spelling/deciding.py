"""Whether a search is corrected, and to what. Works through the port alone.

A correction is a function of the typed text and the index, never of filters, order or page: so
the set of a text, and every number taken from it, is the same on each page of a search.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tessera.engine.backend import Index
from tessera.engine.query import AS_TYPED, WORDS, Query
from tessera.engine.spelling.correction import Correction
from tessera.engine.spelling.display import as_written
from tessera.engine.spelling.doubts import FEW, RARER, SHORT, Doubt, count, doubts, occurs, sure
from tessera.engine.spelling.ordinary import in_doubt
from tessera.engine.spelling.speller import RATE, Candidate, Speller, weight
from tessera.engine.spelling.spellers import spellers
from tessera.engine.spelling.typed import is_grouped, replaced, words_to_correct, written_like

TRIES = 8
"""Combinations of candidates that are counted."""
ALTERNATIVES = 3
"""Words offered for one, where it can't be told which of them was meant."""
ALIKE = 0.5
"""Edits by which alternatives may be further than the likeliest word."""
_ENDINGS = 8
"""How many times more documents a word finds by its other endings than by itself, at most."""
_OCCURS = RATE
"""What speaks against taking a word that occurs for another one."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """One candidate, or none, for each doubt."""

    text: str
    taken: tuple[tuple[Doubt, Candidate], ...]
    total: int = 0

    @property
    def against(self) -> float:
        return sum(c.against + (_OCCURS if doubt.frequency else 0) for doubt, c in self.taken)

    @property
    def is_sure(self) -> bool:
        return all(d.bound or c.frequency >= RARER * d.frequency for d, c in self.taken)

    def score(self, total: float) -> float:
        return weight(total) - self.against

    @property
    def most(self) -> float:
        """What its score may be at most."""
        rarest = min(candidate.frequency for _, candidate in self.taken)
        return self.score(_ENDINGS * rarest)


def correction(
    index: Index, query: Query, *, found: int | None = None, wait: bool = False
) -> Correction | None:
    """What is offered for a search, or applied to it; None for nothing.

    Nothing is offered for a search that finds more than FEW documents. A correction is applied
    where the words as typed find nothing and the corrected ones do, unless they are wanted as they
    were typed (`AS_TYPED`). found: how many documents hold all the words as typed, perhaps only of
    those that pass the query's filters, where that is known already. wait: for the speller of a
    large index, which takes seconds.
    """
    if not query.text or query.match == WORDS:
        return None
    speller = spellers.of(index, wait=wait)
    if speller is None or (found is not None and found > FEW):
        return None
    if found is None or query.filters:
        found = count(index, query.text)
    if found > FEW:
        return None
    choice = _chosen(index, speller, query.text, found)
    if choice is None:
        return None
    applied = query.spelling != AS_TYPED and choice.is_sure
    if found:
        return _beside(index, query.text, choice, found, applied)
    if not choice.total:
        # No document holds all words, however spelt: those that are near may be shown for it.
        applied = (
            applied
            and all(occurs(index, candidate.words) for _, candidate in choice.taken)
            and index.count(Query(choice.text)) > 0
        )
        return _correction(index, query.text, choice, applied) if applied else None
    return _correction(index, query.text, choice, applied)


def sentence(index: Index, text: str) -> str:
    """A sentence of which any words will do, with the words corrected that occur nowhere.

    No document need hold all of its words, so each is judged alone.
    """
    speller = spellers.of(index, wait=True)
    if speller is None:
        return text
    offered = {}
    for word in in_doubt(words_to_correct(text, plain=True)):
        if speller.frequency(word.text) or index.frequency(word.text):
            continue
        candidates = sure(speller.candidates(word.text, far=not word.is_name))
        if candidates:
            offered[word.start, word.end] = written_like(word.text, candidates[0].words)
    return replaced(text, offered)


def _chosen(index: Index, speller: Speller, text: str, found: int) -> _Choice | None:
    doubted = [*doubts(index, speller, text, found)]
    choice = _best(index, text, doubted, found)
    if found or (choice and choice.total) or len(words_to_correct(text)) > SHORT:
        return choice
    occurring = [*doubts(index, speller, text, found, occurring=True)]
    return (_best(index, text, doubted + occurring, found) if occurring else None) or choice


def _best(index: Index, text: str, doubted: Sequence[Doubt], found: int) -> _Choice | None:
    """The likeliest choice with which all words stand together in some document.

    Where none does, the one that is likeliest word by word, for words that find nothing.
    """
    best: _Choice | None = None
    first: _Choice | None = None
    for choice in _choices(text, doubted):
        if first is None and any(not doubt.found for doubt, _ in choice.taken):
            first = choice
        if best and choice.most <= best.score(best.total):
            continue
        total = count(index, choice.text)
        if total and (best is None or choice.score(total) > best.score(best.total)):
            best = _Choice(choice.text, choice.taken, total)
    if best is None and not found and len(doubted) == 1:
        best = _by_context(index, text, doubted[0])
    return best or (None if found else first)


def _by_context(index: Index, text: str, doubt: Doubt) -> _Choice | None:
    """The likeliest of the many candidates for a short word that stands with the others."""
    rest = [each for each in doubt.candidates[TRIES:] if len(each.words) == 1]
    either = " OR ".join(each.words[0] for each in rest)
    if not rest or is_grouped(text):
        return None
    if not count(index, replaced(text, {(doubt.start, doubt.end): f"({either})"})):
        return None
    for candidate in rest:
        taken = ((doubt, candidate),)
        total = count(index, _with(text, taken))
        if total:
            return _Choice(_with(text, taken), taken, total)
    return None


def _beside(
    index: Index, text: str, choice: _Choice, found: int, applied: bool
) -> Correction | None:
    """What is offered for a search that finds a few documents.

    Words that occur are only offered, in their stead. Where what is typed is no word of any
    document, and finds something as the beginning of a name or by its ending alone, the other word
    is looked for, too.
    """
    if any(doubt.frequency for doubt, _ in choice.taken):
        enough = choice.total >= RARER * found
        return _correction(index, text, choice, applied=False) if enough else None
    made = _correction(index, text, choice, applied, besides=True)
    return made if count(index, made.corrected) > found else None


def _choices(text: str, doubted: Sequence[Doubt]) -> Iterator[_Choice]:
    """Those with the best sums of scores first, at most TRIES."""
    options: list[list[tuple[float, Candidate | None]]] = []
    for doubt in doubted:
        rated: list[tuple[float, Candidate | None]] = [
            (candidate.score, candidate) for candidate in doubt.candidates
        ]
        if doubt.found or " " in doubt.typed:
            rated.insert(0, (max(0.0, rated[0][0]), None))
        options.append(rated)
    if not options:
        return
    first = (0,) * len(options)
    heap = [(-sum(rated[0][0] for rated in options), first)]
    seen, made = {first}, 0
    while heap and made < TRIES:
        worth, at = heapq.heappop(heap)
        taken = tuple(
            (doubt, candidate)
            for doubt, rated, n in zip(doubted, options, at, strict=True)
            if (candidate := rated[n][1]) is not None
        )
        if taken and not _overlap(taken):
            made += 1
            yield _Choice(_with(text, taken), taken)
        for number, n in enumerate(at):
            following = (*at[:number], n + 1, *at[number + 1 :])
            if n + 1 < len(options[number]) and following not in seen:
                seen.add(following)
                change = options[number][n][0] - options[number][n + 1][0]
                heapq.heappush(heap, (worth + change, following))


def _overlap(taken: Sequence[tuple[Doubt, Candidate]]) -> bool:
    places = sorted((doubt.start, doubt.end) for doubt, _ in taken)
    return any(end > start for (_, end), (start, _) in pairwise(places))


def _with(text: str, taken: Sequence[tuple[Doubt, Candidate]]) -> str:
    offered = {(d.start, d.end): written_like(d.typed, c.words) for d, c in taken}
    return replaced(text, offered)


def _correction(
    index: Index, text: str, choice: _Choice, applied: bool, *, besides: bool = False
) -> Correction:
    """besides: what was typed is looked for, too."""
    offered, words = {}, []
    for doubt, candidate in sorted(choice.taken, key=lambda each: each[0].start):
        meant = [candidate]
        if len(choice.taken) == 1:
            meant += _alike(index, text, doubt, candidate)
        written = [
            written_like(doubt.typed, as_written(index, doubt.typed, each.words)) for each in meant
        ]
        written = [*dict.fromkeys(written)]
        words.append((doubt.typed, " / ".join(written)))
        offered[doubt.start, doubt.end] = _either(text, doubt, written, besides=besides)
    return Correction(text, replaced(text, offered), tuple(words), applied)


def _either(text: str, doubt: Doubt, written: Sequence[str], *, besides: bool) -> str:
    """What stands in the text for what was typed."""
    if len(written) == 1 and not besides:
        return written[0]
    quoted = [f'"{words}"' if " " in words else words for words in written]
    either = " OR ".join([doubt.typed, *quoted] if besides else quoted)
    alone = not text[: doubt.start].strip() and not text[doubt.end :].strip()
    return either if alone else f"({either})"


def _alike(index: Index, text: str, doubt: Doubt, chosen: Candidate) -> list[Candidate]:
    """Other words that may have been meant as well as the one chosen.

    One that is far rarer is likelier an error in a document, unless it is a name; and one that
    doesn't stand with the other words of the text isn't meant.
    """
    if len(chosen.words) > 1 or is_grouped(text):
        return []
    others = [
        each
        for each in doubt.candidates
        if each.words != chosen.words
        and len(each.words) == 1
        and each.cost <= chosen.cost + ALIKE
        and (each.is_name or RARER * each.frequency >= chosen.frequency)
    ]
    likeliest = others[: ALTERNATIVES - 1]
    if doubt.typed == text.strip():
        return [each for each in likeliest if occurs(index, each.words)]
    return [each for each in likeliest if count(index, _with(text, ((doubt, each),)))]
