"""Rank organisations by what lines mean, as `tessera organisations find` does, into a TREC run.

`python -m benchmarks.organisations --docs D.jsonl --queries Q.jsonl --out RUN.trec [--depth N]`
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tessera.schema.identity.finding import Finder


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--docs", "--queries", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--depth", type=int, default=100)
    args = parser.parse_args()
    finder = Finder((each["id"], f"{each['title']} {each['text']}") for each in _lines(args.docs))
    with args.out.open("w", encoding="utf-8") as out:
        for query in _lines(args.queries):
            found = finder.find(query["text"], args.depth)
            for rank, (uid, score) in enumerate(found, 1):
                out.write(f"{query['id']} Q0 {uid} {rank} {score:.6f} tessera\n")


if __name__ == "__main__":
    main()
