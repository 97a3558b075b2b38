"""Which words of a typed text are in doubt, and what each of them may have been meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tessera.engine.analysis import folded
from tessera.engine.backend import Index
from tessera.engine.query import WORDS, Query
from tessera.engine.spelling.distance import EDIT
from tessera.engine.spelling.ordinary import in_doubt
from tessera.engine.spelling.speller import Candidate, Speller
from tessera.engine.spelling.typed import Word, is_grouped, words_to_correct
from tessera.engine.spelling.vocabulary import LONGEST

FEW = 20
"""Documents; a search that finds more is left as it is."""
RARER = 50
"""How many times as frequent a word must be to be offered for one that occurs, too."""
RARER_APART = 5
"""The same where the words as typed stand together in no document."""
SURE = 2.0
"""Edits beyond which nothing is offered for a word."""
SHORT = 4
"""Words of a text in which those that occur are doubted, too, where they don't occur together."""
_RECORDS = 20
"""Results that are looked at for names."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place in the text with what may be meant there, the likeliest first.

    frequency: documents in which what is typed occurs as it stands. found: documents that it
    finds, by its endings, too, and as the beginning of a name. bound: it is part of a compound such
    as CURA-ALP, whose words are only found next to each other, which leaves little doubt.
    """

    start: int
    end: int
    typed: str
    candidates: Sequence[Candidate]
    frequency: int
    found: int
    bound: bool = False


def doubts(
    index: Index, speller: Speller, text: str, found: int, *, occurring: bool = False
) -> Iterator[Doubt]:
    """found: documents that hold all the words as typed; at most FEW.

    Where there are none, words that occur are left out; `occurring` brings these alone.
    """
    words = in_doubt(words_to_correct(text))
    grouped = is_grouped(text)
    often = {word.text: _often(index, speller, word.text) for word in words}
    for word in words:
        frequency = often[word.text]
        if (frequency > (FEW if found else 0)) != occurring:
            continue
        candidates = _near(speller, word, frequency, found)
        divide = word.alone and not grouped and not frequency
        if divide and not any(each.cost <= EDIT for each in candidates):
            candidates += divided(index, speller, word.text)
        if len(words) == 1 and not frequency:
            candidates = _named(index, candidates)
        if candidates:
            candidates.sort(key=lambda each: (-each.score, each.words))
            alone = frequency or index.frequency(word.text)
            yield Doubt(
                word.start, word.end, word.text, candidates, frequency, alone, not word.alone
            )
    if not (found or grouped or occurring):
        yield from _joined(speller, text, words, often)


def occurs(index: Index, words: Sequence[str]) -> bool:
    """Whether the index has all of these words now: a speller may know what was withdrawn since."""
    return all(map(index.frequency, words))


def _often(index: Index, speller: Speller, typed: str) -> int:
    frequency = speller.frequency(typed)
    return frequency if frequency and occurs(index, [typed]) else 0


def count(index: Index, text: str) -> int:
    """In how many documents all words of a text stand, with nothing corrected or added."""
    return index.count(Query(text, match=WORDS))


def divided(index: Index, speller: Speller, typed: str) -> list[Candidate]:
    """A typed word as two that stand next to each other in documents."""
    found = []
    for each in speller.divided(typed):
        together = count(index, f'"{" ".join(each.words)}"')
        if together:
            found.append(replace(each, frequency=together))
    return found


def sure(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [candidate for candidate in candidates if candidate.cost <= SURE]


def _near(speller: Speller, word: Word, frequency: int, found: int) -> list[Candidate]:
    far = not frequency and not word.is_name
    candidates = sure(speller.candidates(word.text, far=far))
    if not frequency:
        return candidates
    rarer = RARER if found else RARER_APART if word.alone else 0
    return [each for each in candidates if each.frequency >= rarer * frequency]


def _named(index: Index, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The same, with it said which of the rare ones are whole names of records, for those are
    likelier to be meant; of frequent words it says little."""
    rare = {
        each.words[0]
        for each in candidates
        if len(each.words) == 1 and each.frequency <= FEW
    }  # fmt: skip
    if not rare:
        return [*candidates]
    either = Query(" OR ".join(sorted(rare)), match=WORDS, size=_RECORDS)
    names = {
        folded(text)
        for hit in index.search(either, highlight=False).hits
        for text in _texts(hit.stored)
    }
    return [replace(c, is_name=c.words[0] in rare & names) for c in candidates]


def _joined(
    speller: Speller, text: str, words: Sequence[Word], often: dict[str, int]
) -> Iterator[Doubt]:
    """Neighbours that are one word in the index."""
    for one, other in pairwise(words):
        if not (one.alone and other.alone) or text[one.end : other.start].strip():
            continue
        joined = speller.joined(one.text, other.text)
        if joined:
            rarer = min(often[one.text], often[other.text])
            typed = text[one.start : other.end]
            yield Doubt(one.start, other.end, typed, [joined], rarer, rarer)


def _texts(stored: Mapping[str, object]) -> Iterator[str]:
    """The short texts among what is shown of a record: its acronym, and its title by language."""
    for value in stored.values():
        for text in value.values() if isinstance(value, Mapping) else (value,):
            if isinstance(text, str) and len(text) <= LONGEST:
                yield text
