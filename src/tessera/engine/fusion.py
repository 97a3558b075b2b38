"""One order from several: by words, by sequences of letters, by meaning.

Scores of different kinds can't be added up; how far each stands out from the best of its own kind
can. And what stands close to much that fits, fits better than its own words say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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

Matrix = NDArray[np.float32]
Scores = NDArray[np.float64]
Keys = NDArray[np.int64]


class Ranked(NamedTuple):
    """Documents by key, each with its score."""

    keys: Keys
    scores: Scores

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, float]]) -> Ranked:
        keys, scores = zip(*pairs, strict=True) if pairs else ((), ())
        return cls(np.array(keys, np.int64), np.array(scores, np.float64))

    def best(self, most: int) -> Ranked:
        """Those with the highest scores, the best first; equal ones by key."""
        keys, scores = self
        if len(keys) > most > 0:
            high = scores >= np.partition(scores, -most)[-most]
            keys, scores = keys[high], scores[high]
        order = np.lexsort((keys, -scores))[:most]
        return Ranked(keys[order], scores[order])

    def pairs(self) -> list[tuple[int, float]]:
        return [*zip(self.keys.tolist(), self.scores.tolist(), strict=True)]


def standard(scores: Scores) -> Scores:
    """Scores as multiples of their standard deviation from their mean."""
    greatest = float(np.abs(scores).max(initial=0.0))
    if not greatest:
        return np.zeros_like(scores)
    # A least spread, rather than a bound below which all are equal: else the last digits of two
    # scores, in which backends differ, would decide between nothing and much.
    spread = max(float(scores.std()), ALIKE * greatest)
    return np.asarray((scores - scores.mean()) / spread)


def fused(lists: Sequence[tuple[float, Ranked]]) -> Ranked:
    """The documents of all lists by the weighted mean of their standard scores, in no order.

    Of each list the best DEPTH take part. A document that a list lacks has its lowest score there.
    """
    kept = [
        (weight, ranked.best(DEPTH) if len(ranked.keys) > DEPTH else ranked)
        for weight, ranked in lists
        if len(ranked.keys)
    ]
    if not kept:
        return Ranked.of(())
    keys, rows = np.unique(np.concatenate([ranked.keys for _, ranked in kept]), return_inverse=True)
    whole = sum(weight for weight, _ in kept)
    sums = np.zeros(len(keys))
    done = 0
    for weight, ranked in kept:
        scores = standard(ranked.scores)
        own = np.full(len(keys), scores.min())
        own[rows[done : done + len(scores)]] = scores
        done += len(scores)
        sums += weight / whole * own
    return Ranked(keys, np.round(sums, DIGITS))


def best_of_each(several: Sequence[Ranked]) -> Ranked:
    """Each document once, with its best score, the best first."""
    found = Ranked(
        np.concatenate([ranked.keys for ranked in several]),
        np.concatenate([ranked.scores for ranked in several]),
    )
    ordered = found.best(len(found.keys))
    first = np.sort(np.unique(ordered.keys, return_index=True)[1])
    return Ranked(ordered.keys[first], ordered.scores[first])


def smoothed(ranked: Ranked, closeness: Matrix) -> Ranked:
    """The documents by half their own score and half that of the closest others.

    closeness: of each two of them in their order, from 0; only its off-diagonal part is read.
    """
    keys, scores = ranked
    if len(keys) < 3:
        return ranked
    others = closeness.astype(np.float32, copy=True)
    np.fill_diagonal(others, 0.0)
    if others.shape[1] > NEIGHBOURS:
        limit = np.partition(others, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]
        others[others < limit * (1 - EQUALLY_CLOSE)] = 0.0
    sums = others.sum(axis=1)
    # One that is close to nothing is lent the lowest score rather than none, which is the middle.
    lent = np.where(sums > 0, others @ scores / np.maximum(sums, 1e-9), scores.min())
    mixed = np.round((1 - LENT) * scores + LENT * lent, DIGITS)
    return Ranked(keys, mixed).best(len(keys))


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
