"""The judged questions on the demo catalogue, in 24 languages, by language pair."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tests.relevance import demo_set
from tests.relevance.measures import ndcg, recall


@dataclass(frozen=True, slots=True)
class DemoMeasured:
    """Means by language of the question: nDCG@10, recall@10; the latter also by that of records."""

    ndcg: Mapping[str, float]
    recall: Mapping[str, float]
    pairs: Mapping[tuple[str, str], float]


def measured(parallel: Path) -> dict[str, DemoMeasured]:
    """By what the dictionary was learned from. parallel: the one of the parallel texts."""
    with tempfile.TemporaryDirectory() as name:
        own = demo_set.prepare(Path(name))
        dictionaries = {"none": None, "its own records": own, "parallel texts": parallel}
        return {what: _measured(Path(name), path) for what, path in dictionaries.items()}


def _measured(home: Path, dictionary: Path | None) -> DemoMeasured:
    gains: defaultdict[str, list[float]] = defaultdict(list)
    recalls: defaultdict[str, list[float]] = defaultdict(list)
    pairs: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for asked, ranked in demo_set.answers(home, dictionary):
        graded = demo_set.grades()[asked.topic]
        gains[asked.lang].append(ndcg(ranked, graded))
        recalls[asked.lang].append(recall(ranked, list(graded)))
        by_lang: defaultdict[str, list[str]] = defaultdict(list)
        for record in graded:
            for lang in demo_set.languages_of_records()[record]:
                by_lang[lang].append(record)
        for lang, records in by_lang.items():
            pairs[asked.lang, lang].append(recall(ranked, records))
    return DemoMeasured(_means(gains), _means(recalls), {two: fmean(v) for two, v in pairs.items()})


def _means(found: Mapping[str, list[float]]) -> dict[str, float]:
    return {lang: fmean(values) for lang, values in found.items()}
