"""The documents that come closest to a question, by words, letters and meaning together.

They are ranked within each language and then put together: scores of different languages can't be
compared, since one language has more documents, longer words or more names that all share.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from tessera.engine import fusion
from tessera.engine.aids import Aids, Line
from tessera.engine.cores import begun
from tessera.engine.feedback import DOCUMENTS, fed_back
from tessera.engine.fusion import Ranked
from tessera.engine.plan import Either, Everything, PlanNode, Written
from tessera.engine.question import Question, most_of, weights
from tessera.engine.reading import Reading

LANGUAGES: Final = 5
"""Languages with the most documents that are ranked each by itself; all others are together."""
MOST: Final = 0.6
"""Share of a question's words, by weight, that are most of them."""
NEAR: Final = 0.2
"""Share of a question's words, by weight, of a document that may be among the closest by words."""
NEAR_GRAMS: Final = 0.2
"""Share of its grams of one that may be among the closest by letters."""
ALIKE_GRAMS: Final = 0.6
"""Share of the grams of each word of a short text that nothing holds all words of."""
CLOSEST: Final = 100
"""Closest documents that are taken in at most."""
BY_WORDS, BY_LETTERS, BY_MEANING, BY_FEEDBACK = 1.0, 1.5, 4.0, 1.0
"""Weights of the lists."""
BY_NAMES = 0.5
"""Weight of how much names are like a line that names an organisation, where all else is 1."""

_Lists = list[tuple[float, Ranked]]


def closest(reading: Reading, question: Question, aids: Aids) -> list[tuple[int, float]]:
    """The closest documents by key, the best first."""
    groups = list(_groups(reading))
    often = question.often() if question.several else {}
    weighted = weights(reading, often)
    share = NEAR if question.long else MOST
    near = most_of(weighted, share, often) if weighted else None
    letters: PlanNode | None = None
    if "letters" not in aids.off:
        letters = question.grams(NEAR_GRAMS) if question.long else question.alike(ALIKE_GRAMS)
    meaning = begun(lambda: _by_meaning(reading, question, aids))
    lists = _best(reading, groups, [(BY_WORDS, near), (BY_LETTERS, letters)])
    nearest = meaning.result()
    for group, found in zip(groups, lists, strict=True):
        if _knows(aids, group):
            found.append((BY_MEANING, nearest))
    ranked = _together(lists)
    if question.long and weighted and len(ranked.keys) and "feedback" not in aids.off:
        words = {node: often[node] for node in weighted}
        more, alike = fed_back(reading, words, ranked.best(DOCUMENTS).pairs())
        fed = _best(reading, groups, [(BY_FEEDBACK, more), (BY_FEEDBACK, alike)])
        ranked = _together([own + further for own, further in zip(lists, fed, strict=True)])
    ranked = ranked.best(CLOSEST)
    if len(ranked.keys) and "neighbours" not in aids.off:
        keywords = reading.keywords(ranked.keys.tolist())
        ranked = fusion.smoothed(ranked, fusion.keyword_closeness(keywords))
    if question.line is not None and len(ranked.keys):
        ranked = _by_names(reading, question.line, ranked)
    return ranked.pairs()


def _by_names(reading: Reading, line: Line, ranked: Ranked) -> Ranked:
    """The same documents; what a line names comes before what is only said alike."""
    alike = line.likeness(reading.texts(ranked.keys.tolist()))
    named = Ranked(ranked.keys, np.array(alike, np.float64))
    found = fusion.fused([(1.0, ranked), (BY_NAMES, named)])
    return found.best(len(found.keys))


def _groups(reading: Reading) -> Iterator[PlanNode]:
    """Documents that are ranked together: those of a language."""
    numbers = reading.written
    by_number = sorted(filter(numbers.get, numbers), key=lambda lang: (-numbers[lang], lang))
    if len(by_number) < 2:
        yield Everything()
        return
    for lang in by_number[:LANGUAGES]:
        yield Written(lang)
    if len(by_number) > LANGUAGES:
        yield Either(tuple(Written(lang) for lang in by_number[LANGUAGES:]))


def _best(
    reading: Reading, groups: Sequence[PlanNode], asked: Sequence[tuple[float, PlanNode | None]]
) -> list[_Lists]:
    """By group a list of each node that there is, with its weight."""
    wanted = [(weight, node) for weight, node in asked if node is not None]
    found = reading.best_in_each([node for _, node in wanted], groups, fusion.DEPTH)
    return [
        [(weight, lists[number]) for (weight, _), lists in zip(wanted, found, strict=True)]
        for number in range(len(groups))
    ]


def _by_meaning(reading: Reading, question: Question, aids: Aids) -> Ranked:
    if aids.meaning is None:
        return Ranked.of(())
    found = aids.meaning.nearest(
        question.text, question.lang, fusion.DEPTH, audience=reading.audience
    )
    keys = reading.keys([id_ for id_, _ in found])
    return Ranked.of([(keys[id_], similarity) for id_, similarity in found if id_ in keys])


def _knows(aids: Aids, group: PlanNode) -> bool:
    known = aids.meaning.languages if aids.meaning else frozenset[str]()
    return isinstance(group, Everything) or (isinstance(group, Written) and group.lang in known)


def _together(lists: Sequence[_Lists]) -> Ranked:
    """The documents of all groups by their scores within their own; of several, the best."""
    return fusion.best_of_each([fusion.fused(found) for found in lists])
