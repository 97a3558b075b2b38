"""Scores of the last time, and whether those of now fell.

    python -m tests.relevance.guard [SET ...]

measures anew and writes the scores that are committed in `tests/relevance/scores`: after a change
that is meant, with `make eval`. Of some questions of each set, and without an encoder, so that it
takes seconds; with one, as SET.minilm, a minute.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

from tessera.engine.aids import Aids
from tessera.engine.backends.open import open_backend
from tessera.engine.evaluate import evaluate, meaning_of
from tessera.engine.meaning.folder import find_encoder
from tessera.schema.identity import asking
from tessera.sources.formats.language import detect_language
from tests.relevance.measures import AT, interval, ndcg

SCORES = Path(__file__).parent / "scores"
EVERY = {
    "cranfield": 5, "cranfield-typo": 5, "cisi": 2, "medline": 1, "stackfaq": 25, "xquad": 119,
    "orgs-s2aff-train": 3, "experts-dblp": 3,
}  # fmt: skip
"""Of the questions of each set, each so manyeth is asked; of translated ones in all languages."""
WITH_ENCODER = ("experts-dblp.minilm",)
"""Measured with MiniLM, too: a set with few passages to encode, but many of each document."""
TOLERANCE = 0.005
"""By so much the mean may be lower, even where that is no noise: ties broken the other way."""


def scores(sets: Path, name: str) -> dict[str, float]:
    """nDCG@10 by question, of a judged set. name: of EVERY or WITH_ENCODER."""
    set_name, _, encoder = name.partition(".")
    folder, every = sets / set_name, EVERY[set_name]
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "qrels.tsv").open(encoding="utf-8") as file:
        next(file)
        for line in file:
            query, document, grade = line.split("\t")
            grades[query][document] = int(grade)
    asked = (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in asked]
    kept = {*[*dict.fromkeys(id_.partition(".")[0] for id_ in ids)][::every]}
    chosen = {id_: line for id_, line in zip(ids, asked, strict=True) if id_.split(".")[0] in kept}
    ranked: defaultdict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as made:
        home, docs = Path(made), folder / "docs.jsonl"
        queries, run = home / "queries.jsonl", home / "run.trec"
        queries.write_text("\n".join(chosen.values()) + "\n", encoding="utf-8")
        near = None
        if encoder:
            near = meaning_of(docs, find_encoder(encoder, home), home / "vectors", detect_language)
        aids = Aids(meaning=near, line=asking.line)
        evaluate(docs, queries, run, AT, open_backend("tantivy:", home, lambda: aids))
        for line in run.read_text(encoding="utf-8").splitlines():
            query, _, document, *_ = line.split()
            ranked[query].append(document)
    return {id_: ndcg(ranked[id_], grades[id_]) for id_ in chosen if any(grades[id_].values())}


def committed(name: str) -> dict[str, float]:
    rows = (SCORES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {id_: float(score) for id_, score in (row.split("\t") for row in rows)}


def write(name: str, found: Mapping[str, float]) -> None:
    SCORES.mkdir(exist_ok=True)
    rows = [f"{id_}\t{score:.4f}" for id_, score in found.items()]
    (SCORES / f"{name}.tsv").write_text("\n".join(["query\tnDCG@10", *rows]) + "\n", "utf-8")


def fallen(name: str, now: Mapping[str, float]) -> str:
    """What is wrong with scores; empty where they are no lower than before but for noise."""
    before = committed(name)
    if before.keys() != now.keys():
        return f"{name}: other questions than those of the last time"
    differences = [now[id_] - before[id_] for id_ in before]
    low, high = interval(differences)
    mean = fmean(differences)
    if high >= 0 or mean >= -TOLERANCE:
        return ""
    worst = sorted(before, key=lambda id_: now[id_] - before[id_])[:5]
    return (
        f"{name}: nDCG@{AT} fell from {fmean(before.values()):.4f} to {fmean(now.values()):.4f}"
        f" (95 % of the difference {low:+.4f} to {high:+.4f}), most for {', '.join(worst)}."
        f" If that is meant: python -m tests.relevance.guard {name}"
    )


def main() -> None:
    from benchmarks.judged import shared_folder
    from tests.relevance.demo_set import DEMO, demo_scores

    for name in sys.argv[1:] or [DEMO, *EVERY, *WITH_ENCODER]:
        now = demo_scores() if name == DEMO else scores(shared_folder() / "eval", name)
        if (SCORES / f"{name}.tsv").is_file():
            print(fallen(name, now) or f"{name}: no lower", file=sys.stderr)
        write(name, now)
        print(f"{name}: {fmean(now.values()):.4f} over {len(now)}", file=sys.stderr)


if __name__ == "__main__":
    main()
