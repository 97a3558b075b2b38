"""What was measured, as a page of the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from benchmarks.engines import Built, Comparison
from benchmarks.explore import CLIENTS, WORKERS, Explored


def page(
    *,
    records: int,
    command: str,
    machine: str,
    day: date,
    minutes: float,
    built: Sequence[Built],
    compared: Sequence[Comparison],
    explored: Explored | None,
) -> str:
    """The Markdown of docs/reference/performance."""
    lines = [
        "# Performance",
        "",
        "This page is written by the command below; don't edit it by hand. Run it on your own"
        " machine: the corpus is made up, and is the same everywhere.",
        "",
        f"    {command}",
        "",
        f"Measured on {day.isoformat()} with {records:,} records on {machine};"
        f" {minutes:.0f} minutes in all.",
        "",
    ]
    if compared:
        lines += _engines(built, compared)
    if explored:
        lines += _explored(explored)
    return "\n".join(lines).rstrip() + "\n"


def _engines(built: Sequence[Built], compared: Sequence[Comparison]) -> list[str]:
    lines = [
        "## The engine, against SQLite FTS5",
        "",
        "Milliseconds of processor time, without HTTP, both in this process. FTS5 gets the same"
        " documents with the same analysed terms (`benchmarks/fts5.py` says how it is set up)."
        " Before anything is timed, the totals and all facet counts of every query are compared:"
        " both sides give the same numbers. Neither highlights. Tessera hands back the stored"
        " values of each hit, FTS5 only keys.",
        "",
        "| work | matches, mean | Tessera p50 | p95 | FTS5 p50 | p95 | FTS5 / Tessera at p95 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in compared:
        ours, theirs = row.tessera, row.fts5
        ratio = theirs.percentile(95) / ours.percentile(95)
        lines.append(
            f"| {row.work} | {row.matches:,.0f} | {ours.percentile(50):.2f} |"
            f" {ours.percentile(95):.2f} | {theirs.percentile(50):.2f} |"
            f" {theirs.percentile(95):.2f} | {ratio:.1f} |"
        )
    lines += ["", "| index | seconds of processor time to build | MB |", "|---|--:|--:|"]
    lines += [f"| {each.engine} | {each.seconds:.0f} | {each.megabytes:,.0f} |" for each in built]
    return [*lines, "", "Both times hold the analysis of the texts, which is the same.", ""]


def _explored(found: Explored) -> list[str]:
    return [
        "## The Explore page",
        "",
        f"The whole request over HTTP on this machine: `tessera serve --workers {WORKERS}` over"
        " the same records, imported with `tessera import jsonl` into SQLite. Searches as people"
        " make them (`benchmarks/explore.py`): words, kinds, countries, themes, years, later"
        " pages. Times are of one request after the other; the rate is with"
        f" {CLIENTS} clients at a time, which run on the same cores.",
        "",
        "| | |",
        "|---|--:|",
        f"| page, p50 | {found.percentile(50):.1f} ms |",
        f"| page, p95 | {found.percentile(95):.1f} ms |",
        f"| pages a second | {found.rate:.0f} |",
        f"| size of a page, before compression | {found.bytes / 1000:.0f} kB |",
        f"| memory of all processes | {found.megabytes:.0f} MB |",
        f"| import of all records | {found.import_seconds:.0f} s |",
        f"| index rebuild | {found.index_seconds:.0f} s |",
        "",
    ]
