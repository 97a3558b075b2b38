"""`tessera wording`: synonyms and stop terms as a CSV file, out and in."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    wording = subparsers.add_parser("wording", help="synonyms and stop terms of the editors")
    acts = wording.add_subparsers(dest="act", metavar="ACT", required=True)

    export = acts.add_parser("export", help="write all as CSV to stdout")
    export.set_defaults(run=run_export)

    take = acts.add_parser("import", help="take in such a file, all of it or nothing")
    take.add_argument("file", type=Path, metavar="FILE", help="CSV in UTF-8, as exported")
    take.add_argument("--json", action="store_true", help="the report as JSON on stdout")
    take.set_defaults(run=run_import)


def run_export(args: argparse.Namespace) -> int:
    from tessera.wording.exchange import as_csv

    sys.stdout.writelines(as_csv())
    return 0


def run_import(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.wording.exchange import ExchangeError, take

    try:
        taken = take(args.file.read_bytes())
    except OSError as error:
        print(f"tessera: {args.file} can't be read: {error.strerror}.", file=sys.stderr)
        return 1
    except ExchangeError as error:
        for problem in error.problems:
            print(f"{args.file}: {problem}", file=sys.stderr)
        print("tessera: nothing was taken in.", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(asdict(taken)))
    else:
        print(
            f"{taken.added:,} added, {taken.changed:,} changed, {taken.same:,} as they were.",
            file=sys.stderr,
        )
    return 0
