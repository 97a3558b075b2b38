"""One order from several: by words, by sequences of letters, by meaning.

Scores of different kinds can't be added up; how far each stands out from the best of its own kind
can. And what stands close to much that fits, fits better than its own words say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

DEPTH = 100
"""Documents of each list that take part."""
NEIGHBOURS = 10
"""How many of the closest documents lend a document their scores."""
LENT = 0.5
"""The share of its score that a document takes from those close to it."""

ALIKE = 1e-4
"""Scores that differ by no more, relative to the greatest, are the same."""

Ranked = Sequence[tuple[int, float]]
"""Documents by key with scores, the best first."""
Matrix = NDArray[np.float32]


def standard(ranked: Ranked) -> dict[int, float]:
    """Scores as multiples of their standard deviation from their mean (the best DEPTH of them)."""
    head = ranked[:DEPTH]
    scores = np.array([score for _, score in head], np.float64)
    spread = float(scores.std()) if len(scores) else 0.0
    # Backends differ in the last digits of a score, which mean nothing.
    if spread <= ALIKE * float(np.abs(scores).max(initial=0.0)):
        return {key: 0.0 for key, _ in head}
    return {
        key: float(value)
        for (key, _), value in zip(head, (scores - scores.mean()) / spread, strict=True)
    }


def fused(lists: Sequence[tuple[float, Ranked]]) -> list[tuple[int, float]]:
    """The documents of all lists by the weighted mean of their standard scores.

    A document that a list lacks has its lowest score there. Equal ones in the order of the lists.
    """
    sums: dict[int, float] = {}
    scored = [(weight, standard(ranked)) for weight, ranked in lists if ranked]
    for _, scores in scored:
        sums.update(dict.fromkeys(scores, 0.0))
    whole = sum(weight for weight, _ in scored)
    for weight, scores in scored:
        lowest = min(scores.values())
        for key in sums:
            sums[key] += weight / whole * scores.get(key, lowest)
    return sorted(sums.items(), key=lambda item: -item[1])


def smoothed(ranked: Ranked, closeness: Matrix) -> list[tuple[int, float]]:
    """The documents by half their own score and half that of the closest others.

    closeness: of each two of them in their order, from 0; only its off-diagonal part is read.
    """
    if len(ranked) < 3:
        return list(ranked)
    scores = np.array([score for _, score in ranked], np.float32)
    others = closeness.astype(np.float32, copy=True)
    np.fill_diagonal(others, 0.0)
    if others.shape[1] > NEIGHBOURS:
        limit = np.partition(others, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]
        others[others < limit] = 0.0
    sums = others.sum(axis=1)
    # One that is close to nothing is lent the lowest score rather than none, which is the middle.
    lent = np.where(sums > 0, others @ scores / np.maximum(sums, 1e-9), scores.min())
    mixed = (1 - LENT) * scores + LENT * lent
    order = np.argsort(-mixed, kind="stable")
    return [(ranked[at][0], float(mixed[at])) for at in order]


def keyword_closeness(keywords: Sequence[Mapping[int, int]]) -> Matrix:
    """Cosines of documents by their keywords, of which those that all of them share tell little."""
    columns: dict[int, int] = {}
    held: dict[int, int] = {}
    for words in keywords:
        for word in words:
            columns.setdefault(word, len(columns))
            held[word] = held.get(word, 0) + 1
    vectors = np.zeros((len(keywords), max(1, len(columns))), np.float32)
    number = len(keywords)
    for row, words in enumerate(keywords):
        for word, count in words.items():
            idf = np.log(1 + (number - held[word] + 0.5) / (held[word] + 0.5))
            vectors[row, columns[word]] = idf * count / (count + 1.2)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, 1e-9)
    return np.asarray(vectors @ vectors.T, np.float32)
