"""`tessera index` keeps the index equal to the records, `tessera meaning` the vectors."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

MOST_PROCESSES = 64


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    index = subparsers.add_parser("index", help="keep the index equal to the records")
    actions = index.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, does, run in (
        ("sync", "apply what changed since the last time", run_sync),
        ("rebuild", "build a new index beside the live one and put it in its place", run_rebuild),
        ("status", "whether the index holds just the records that there are", run_status),
    ):
        action = actions.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        action.add_argument("--json", action="store_true", help="the report as JSON on stdout")
        if name == "rebuild":
            action.add_argument(
                "--processes",
                type=_processes,
                metavar="N",
                help="how many share the work (as many as there are cores, where it is worth it)",
            )
        action.set_defaults(run=run)
    _register_meaning(subparsers)


def _register_meaning(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    meaning = subparsers.add_parser("meaning", help="keep what searches by meaning up to date")
    actions = meaning.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, does, run in (
        ("build", "encode the texts that are new or changed", run_meaning_build),
        ("status", "which encoder there is, and how far it is", run_meaning_status),
    ):
        action = actions.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
        action.add_argument("--json", action="store_true", help="the report as JSON on stdout")
        action.set_defaults(run=run)


def _processes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number of processes from 1 to {MOST_PROCESSES}"
        )
    return int(text)


def run_sync(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.indexing.sync import sync

    report = sync(progress=_progress("changes"))
    _end()
    if args.json:
        print(json.dumps(asdict(report)))
    elif report.rebuilt:
        print(
            f"Built the index anew with {report.written:,} documents, because {report.rebuilt}.",
            file=sys.stderr,
        )
    else:
        print(
            f"{report.changes:,} changes: {report.written:,} documents written, "
            f"{report.deleted:,} deleted.",
            file=sys.stderr,
        )
    _hint()
    return 0


def run_rebuild(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.indexing.rebuild import rebuild

    report = rebuild(progress=_progress("documents"), processes=args.processes)
    _end()
    if args.json:
        print(json.dumps(asdict(report)))
    else:
        print(
            f"Built index {report.index} with {report.documents:,} documents in "
            f"{report.seconds:.1f} s.",
            file=sys.stderr,
        )
    _hint()
    return 0


def run_status(args: argparse.Namespace) -> int:
    from tessera.indexing.verify import verify

    status = verify()
    if args.json:
        print(json.dumps(status.as_json(), ensure_ascii=False))
    else:
        print(
            f"index {status.index or '(none)'}: {status.documents:,} documents for "
            f"{status.records:,} records, {status.waiting:,} changes waiting"
        )
        for what, ids in (("missing", status.missing_ids), ("surplus", status.surplus_ids)):
            for uid in ids:
                print(f"{what}: {uid}")
        if status.problem:
            print(f"tessera: {status.problem}", file=sys.stderr)
    return 1 if status.problem else 0


def run_meaning_build(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tessera.indexing.meaning import build

    said = _progress("changes")

    def progress(changes: int, encoded: int) -> None:
        if said is not None:
            said(changes)

    report = build(progress)
    _end()
    if args.json:
        print(json.dumps(asdict(report)))
    else:
        print(
            f"{report.changes:,} changes: {report.encoded:,} passages encoded in "
            f"{report.seconds:.1f} s.",
            file=sys.stderr,
        )
    return 0


def run_meaning_status(args: argparse.Namespace) -> int:
    from tessera.indexing.meaning import status

    found = status()
    if args.json:
        print(json.dumps(found.as_json()))
    else:
        print(
            f"languages {', '.join(found.languages)}: {found.documents:,} records with "
            f"{found.passages:,} passages, {found.megabytes:g} MB; "
            f"{found.waiting:,} changes waiting"
        )
    return 0


def _progress(what: str) -> Callable[[int], None] | None:
    """A line of a terminal that is written over; nothing in a pipe."""
    if not sys.stderr.isatty():
        return None
    return lambda count: print(f"\r\033[K{count:,} {what}", end="", file=sys.stderr, flush=True)


def _end() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _hint() -> None:
    from tessera.indexing.meaning import hint

    if said := hint():
        print(said, file=sys.stderr)
