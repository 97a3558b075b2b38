"""`python -m benchmarks --records 50000 --out docs/reference/performance.md`"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import engines, explore
from benchmarks.corpus import Corpus
from benchmarks.report import page


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--records", type=int, default=50_000, help="size of the corpus (50000)")
    parser.add_argument("--out", type=Path, help="the page to write (stdout)")
    parser.add_argument("--only", choices=("engine", "explore"), help="one half of it")
    args = parser.parse_args()
    start = time.perf_counter()
    load = os.getloadavg()[0]
    corpus = Corpus(args.records)
    compared, built, explored = [], (), None
    if args.only != "explore":
        with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
            _say(f"building both indexes of {args.records:,} records")
            index, fts5, built = engines.build(corpus, Path(folder))
            compared = engines.compare(index, fts5, corpus, _say)
    if args.only != "engine":
        with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
            explored = explore.explore(corpus, Path(folder), _say)
    command = "make bench" + (f" RECORDS={args.records}" if args.records != 50_000 else "")
    written = page(
        records=args.records,
        command=command,
        machine=f"{explore.processor()}, {explore.cores()} cores, {platform.system()},"
        f" CPython {platform.python_version()} (load of other programs at the start: {load:.1f})",
        day=datetime.now(UTC).date(),
        minutes=(time.perf_counter() - start) / 60,
        built=built,
        compared=compared,
        explored=explored,
    )
    if args.out:
        args.out.write_text(written, encoding="utf-8")
        _say(f"written to {args.out}")
    else:
        print(written)
    return 0


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
