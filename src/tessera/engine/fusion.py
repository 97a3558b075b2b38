"""One order from several: by words, by sequences of letters, by meaning.

Scores of different kinds can't be added up; how far each stands out from the best of its own kind
can. And what stands close to much that fits, fits better than its own words say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

DEPTH = 100
"""Documents of each list that take part."""
NEIGHBOURS = 10
"""How many of the closest documents lend a document their scores."""
LENT = 0.5
"""The share of its score that a document takes from those close to it."""

ALIKE = 0.01
"""Scores that spread less, relative to the greatest, don't stand out from each other."""
DIGITS = 4
"""Digits of a score after the point; those behind, in which backends differ, mean nothing."""

EQUALLY_CLOSE = 1e-4
"""Documents whose closeness differs by no more, relative to it, are equally close."""

Ranked = Sequence[tuple[int, float]]
"""Documents by key with scores, the best first."""
Matrix = NDArray[np.float32]
Scores = NDArray[np.float64]


def standard(scores: Scores) -> Scores:
    """Scores as multiples of their standard deviation from their mean."""
    greatest = float(np.abs(scores).max(initial=0.0))
    if not greatest:
        return np.zeros_like(scores)
    # A least spread, rather than a bound below which all are equal: else the last digits of two
    # scores, in which backends differ, would decide between nothing and much.
    spread = max(float(scores.std()), ALIKE * greatest)
    return np.asarray((scores - scores.mean()) / spread)


def fused(lists: Sequence[tuple[float, Ranked]]) -> list[tuple[int, float]]:
    """The documents of all lists by the weighted mean of their standard scores.

    Of each list the best DEPTH take part. A document that a list lacks has its lowest score there.
    """
    kept = [(weight, ranked[:DEPTH]) for weight, ranked in lists if ranked]
    rows: dict[int, int] = {}
    for _, ranked in kept:
        for key, _ in ranked:
            rows.setdefault(key, len(rows))
    whole = sum(weight for weight, _ in kept)
    sums = np.zeros(len(rows))
    for weight, ranked in kept:
        scores = standard(np.array([score for _, score in ranked]))
        own = np.full(len(rows), scores.min())
        own[[rows[key] for key, _ in ranked]] = scores
        sums += weight / whole * own
    return in_order(rows, sums)


def in_order(keys: Iterable[int], scores: Scores) -> list[tuple[int, float]]:
    """The best first, scores rounded to what they tell; equal ones by key."""
    ordered = zip(keys, np.round(scores, DIGITS).tolist(), strict=True)
    return sorted(ordered, key=lambda item: (-item[1], item[0]))


def smoothed(ranked: Ranked, closeness: Matrix) -> list[tuple[int, float]]:
    """The documents by half their own score and half that of the closest others.

    closeness: of each two of them in their order, from 0; only its off-diagonal part is read.
    """
    if len(ranked) < 3:
        return list(ranked)
    scores = np.array([score for _, score in ranked])
    others = closeness.astype(np.float32, copy=True)
    np.fill_diagonal(others, 0.0)
    if others.shape[1] > NEIGHBOURS:
        limit = np.partition(others, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]
        others[others < limit * (1 - EQUALLY_CLOSE)] = 0.0
    sums = others.sum(axis=1)
    # One that is close to nothing is lent the lowest score rather than none, which is the middle.
    lent = np.where(sums > 0, others @ scores / np.maximum(sums, 1e-9), scores.min())
    mixed = (1 - LENT) * scores + LENT * lent
    return in_order([key for key, _ in ranked], mixed)


def keyword_closeness(keywords: NDArray[np.uint32]) -> Matrix:
    """Cosines of documents by their keywords, of which those that all of them share tell little.

    keywords: a row of packed ones for each document; see `backends.closeness.packed`.
    """
    number = len(keywords)
    rows, places = np.nonzero(keywords)
    held = keywords[rows, places]
    words, columns = np.unique(held >> 8, return_inverse=True)
    sharing = np.bincount(columns, minlength=len(words))
    idf = np.log(1 + (number - sharing + 0.5) / (sharing + 0.5))
    counts = (held & 0xFF).astype(np.float32)
    vectors = np.zeros((number, len(words)), np.float32)
    vectors[rows, columns] = idf[columns] * counts / (counts + 1.2)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    # Words of one document alone bring no two together.
    shared = vectors[:, sharing > 1]
    return np.asarray(shared @ shared.T, np.float32)
