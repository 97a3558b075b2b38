"""`python -m benchmarks --records 50000 --out docs/reference/performance.md`"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import engines, explore, report
from benchmarks.corpus import Corpus
from benchmarks.report import say


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--records", type=int, default=50_000, help="size of the corpus (50000)")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    parser.add_argument("--only", choices=("engine", "explore"), help="one half of it")
    args = parser.parse_args()
    corpus = Corpus(args.records)
    command = "make bench" + (f" RECORDS={args.records}" if args.records != 50_000 else "")
    sections: dict[str, list[str]] = {}
    if args.only != "explore":
        with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
            say(f"building both indexes of {args.records:,} records")
            index, fts5, built = engines.build(corpus, Path(folder))
            compared = engines.compare(index, fts5, corpus, say)
        lines = [f"{args.records:,} records.", "", *report.engines(built, compared)]
        sections[report.ENGINES] = report.section(command, lines)
    if args.only != "engine":
        with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
            found = explore.explore(corpus, Path(folder), say)
        lines = [f"{args.records:,} records.", "", *report.explored(found)]
        sections[report.EXPLORE] = report.section(command, lines)
    report.write(args.out, sections)
    return 0


if __name__ == "__main__":
    sys.exit(main())
