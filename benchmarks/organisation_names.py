"""How many organisations are known by their names alone, and how rightly: PICs are hidden.

`python -m benchmarks.organisation_names SOURCE PATH`: an importer, and what it reads. Of each
organisation with a PIC that its source calls by two names or more, each name makes one of its
own; all are compared as `tessera organisations match` does. A pair of one PIC is right.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from tessera.schema.draft import RecordDraft
from tessera.schema.identity.blocking import LARGEST, keys
from tessera.schema.identity.pairs import COMMON, Organisation, evidence, known
from tessera.sources.base import Item
from tessera.sources.registry import importer


def organisations(source: str, path: Path) -> Iterator[Organisation]:
    """One for each name of each organisation, its id the PIC and the name's number."""
    reader = importer(source)
    for item in reader.gather([path]):
        drafts = reader.map(item) if isinstance(item, Item) else ()
        for draft in drafts:
            if not isinstance(draft, RecordDraft) or draft.kind != "organisation":
                continue
            data = draft.canonical()
            names = [*data["title"].values(), *(each["name"] for each in data.get("names", ()))]
            # Short names are acronyms more often than names.
            long = [names[0], *(name for name in names[1:] if " " in name)]
            for number, name in enumerate(dict.fromkeys(long)):
                one = known(draft.id, {**data, "title": {"und": name}, "names": []})
                yield replace(one, uid=f"{draft.id}#{number}", numbers={})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("path", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the pairs of two PICs")
    args = parser.parse_args()
    every = list(organisations(args.source, args.path))
    blocks: defaultdict[int, list[int]] = defaultdict(list)
    words: defaultdict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for place, one in enumerate(every):
        for key in keys(one):
            blocks[key].append(place)
        for name in one.compared:
            for word in name.own:
                words[one.country, word].add(name.words)
    pairs = {pair for block in blocks.values() if len(block) <= LARGEST
             for pair in combinations(block, 2)}  # fmt: skip
    counts = {"sure_right": 0, "sure_wrong": 0, "asked_right": 0, "asked_wrong": 0}
    for place, other in sorted(pairs):
        pair = every[place], every[other]
        found = evidence(*pair, lambda country, word: len(words[country, word]) >= COMMON)
        right = pair[0].uid.split("#")[0] == pair[1].uid.split("#")[0]
        if found.worth_asking:
            level = "sure" if found.sure else "asked"
            counts[f"{level}_{'right' if right else 'wrong'}"] += 1
            if args.wrong and found.sure and not right:
                shown = [
                    f"{each.uid} {each.names[0]} ({each.country} {each.town})" for each in pair
                ]
                print(found.score, " <> ".join(shown))
    per_pic: defaultdict[str, int] = defaultdict(int)
    for one in every:
        per_pic[one.uid.split("#")[0]] += 1
    same = sum(many * (many - 1) // 2 for many in per_pic.values())
    print(json.dumps({"organisations": len(per_pic), "names": len(every), "pairs_of_one": same,
                      "compared": len(pairs), **counts}))  # fmt: skip


if __name__ == "__main__":
    main()
