"""What a ranking is worth, by trec_eval's definitions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

AT = 10


def ndcg(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with linear gains. grades: of the documents that answer, at least one above 0."""
    gained = sum(_share(at) * grades.get(id_, 0) for at, id_ in enumerate(ranked[:AT]))
    best = sorted(grades.values(), reverse=True)[:AT]
    return gained / sum(_share(at) * grade for at, grade in enumerate(best))


def _share(at: int) -> float:
    return 1 / math.log2(at + 2)


def recall(ranked: Sequence[str], wanted: Sequence[str]) -> float:
    """Recall@10: the share of the wanted that is there, of as many as ten places can hold."""
    return len({*wanted} & {*ranked[:AT]}) / min(AT, len(wanted))


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The ends of the 95 % confidence interval of the mean of paired differences."""
    mean = fmean(differences)
    error = 1.96 * stdev(differences) / math.sqrt(len(differences))
    return mean - error, mean + error
