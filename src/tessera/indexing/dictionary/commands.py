"""`tessera dictionary`: what searches across languages go by."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    dictionary = subparsers.add_parser(
        "dictionary", help="words in other languages, learned from what the home holds"
    )
    acts = dictionary.add_subparsers(dest="act", metavar="ACT", required=True)

    learn = acts.add_parser("learn", help="learn from records, vocabularies and files of pairs")
    learn.add_argument(
        "--from",
        dest="pair_files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="from these files of pairs alone, into the file that --out names",
    )
    learn.add_argument("--out", type=Path, metavar="FILE", help="such as for `tessera eval`")
    learn.set_defaults(run=run_learn)

    take = acts.add_parser("import", help="keep a file of pairs, to learn from")
    take.add_argument("file", type=Path, metavar="FILE", help="JSON lines of {language: text}")
    take.add_argument("--as", dest="name", type=_name, metavar="NAME", help="the file's own name")
    take.set_defaults(run=run_import)

    remove = acts.add_parser("remove", help="take a file of pairs away again")
    remove.add_argument("name", type=_name, metavar="NAME", help="as `status` has it")
    remove.set_defaults(run=run_remove)

    show = acts.add_parser("show", help="what a search for some words is expanded with")
    show.add_argument("words", nargs="+", metavar="WORD", help="as they would be typed")
    show.add_argument("--lang", default="", metavar="L", help="what they are in (judged)")
    show.set_defaults(run=run_show)

    status = acts.add_parser("status", help="what it holds, and whether it should be made anew")
    status.set_defaults(run=run_status)
    for act in (learn, take, show, status):
        act.add_argument("--json", action="store_true", help="the answer as JSON on stdout")


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name; expected a-z, 0-9 and hyphens")
    return text


def run_learn(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.engine.expansion import learn, pairs_of, read_pairs
    from tessera.indexing.dictionary.learned import make

    if bool(args.pair_files) != bool(args.out):
        print("tessera dictionary learn: --from and --out need each other.", file=sys.stderr)
        return 2
    if args.pair_files:
        pairs = (
            pair
            for path in args.pair_files
            for texts in read_pairs(path)
            for pair in pairs_of(texts)
        )
        report = learn(pairs, args.out)
    else:
        report = make(_progress if sys.stderr.isatty() else None)
    if args.json:
        print(json.dumps(asdict(report)))
        return 0
    left = [
        f"{count:,} left out {why}"
        for count, why in (
            (report.long, "for long texts"),
            (report.crowded, "of languages that had enough"),
        )
        if count
    ]
    print(
        f"Learned {report.translations:,} translations of {report.words:,} words from "
        f"{report.pairs:,} pairs{''.join(f', {each}' for each in left)}; "
        f"{report.labels:,} labels of vocabularies.",
        file=sys.stderr,
    )
    return 0


def _progress(pairs: int) -> None:
    print(f"\r\033[K{pairs:,} pairs", end="\r", file=sys.stderr, flush=True)


def run_import(args: argparse.Namespace) -> int:
    from tessera.indexing.dictionary.materials import keep

    try:
        name = args.name or _name(args.file.stem.lower())
    except argparse.ArgumentTypeError as error:
        print(f"tessera dictionary import: {error}; give one with --as.", file=sys.stderr)
        return 2
    pairs = keep(args.file, name)
    if args.json:
        print(json.dumps({"name": name, "pairs": pairs}))
    else:
        print(
            f"Kept {pairs:,} pairs as {name}; `tessera dictionary learn` or the worker learns "
            "from them.",
            file=sys.stderr,
        )
    return 0


def run_remove(args: argparse.Namespace) -> int:
    from tessera.indexing.dictionary.materials import forget

    if forget(args.name):
        return 0
    print(f"tessera dictionary remove: no file is kept as {args.name}.", file=sys.stderr)
    return 1


def run_show(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.engine.expansion import Dictionary, Expander
    from tessera.indexing.dictionary.learned import path

    dictionary = Dictionary(path())
    found = Expander(dictionary).expand(args.words, args.lang, dictionary.languages())
    if args.json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False))
    else:
        for each in found:
            print(
                f"{' '.join(each.words)}: {each.alternative} ({each.lang}, {each.weight:.2f}, "
                f"{each.source})"
            )
    return 0


def run_status(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.indexing.dictionary.learned import status

    found = status()
    if args.json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return 0
    print(
        f"{found.translations:,} translations of {found.words:,} words, {found.labels:,} labels, "
        f"{len(found.languages)} languages ({', '.join(found.languages)})"
    )
    for name in found.files:
        print(f"file of pairs: {name}")
    if found.due:
        print(f"To be learned anew: {found.due}", file=sys.stderr)
    return 0
