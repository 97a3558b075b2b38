"""`tessera organisations`: which of them are one."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tessera.records.models import Candidate, Merge


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    organisations = subparsers.add_parser(
        "organisations", help="organisations that are one under many names"
    )
    acts = organisations.add_subparsers(dest="act", metavar="ACT", required=True)

    match = acts.add_parser("match", help="merge what is sure, queue what may be one")
    match.add_argument("--dry-run", action="store_true", help="say what would come of it, no more")
    match.add_argument("--no-index", action="store_true", help="leave the index as it is for now")
    match.set_defaults(run=run_match)

    candidates = acts.add_parser("candidates", help="pairs that wait for an editor")
    candidates.add_argument("--limit", type=int, default=20, metavar="N", help="how many (20)")
    candidates.set_defaults(run=run_candidates)

    find = acts.add_parser("find", help="the organisations that a line means")
    find.add_argument("line", metavar="LINE", help='such as "Dept. of Chem., Univ. Wien"')
    find.add_argument("--limit", type=int, default=10, metavar="N", help="how many (10)")
    find.set_defaults(run=run_find)

    merge = acts.add_parser("merge", help="say that B is A; B's id then leads to A")
    merge.add_argument("kept", metavar="A", help="the id of the one that is kept")
    merge.add_argument("merged", metavar="B", help="the id of the other one")
    merge.add_argument("--why", required=True, help="the reason, for those who come after you")
    merge.set_defaults(run=run_merge)

    undo = acts.add_parser("undo", help="take a merge back")
    undo.add_argument("number", metavar="N", type=int, help="the number that the merge has")
    undo.add_argument("--why", default="", help="the reason")
    undo.set_defaults(run=run_undo)
    for act in (match, candidates, find, merge, undo):
        act.add_argument("--json", action="store_true", help="the answer as JSON on stdout")


def run_match(args: argparse.Namespace) -> int:
    from tessera.records.matching import match

    def show(what: str, number: int) -> None:
        print(f"\r\033[K{number:,} {what}", end="", file=sys.stderr, flush=True)

    report = match(dry_run=args.dry_run, progress=show if sys.stderr.isatty() else None)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    would = "A dry run; nothing was merged. " if args.dry_run else ""
    print(
        f"{would}{report.organisations:,} organisations, {report.compared:,} pairs compared: "
        f"{report.sentence()} ({report.held_back:,} of the pairs are sure, but others of their "
        "groups are not one).",
        file=sys.stderr,
    )
    if report.not_compared:
        print(
            f"{report.not_compared:,} names or parts of names are borne by too many organisations "
            "to compare all of them; those meet only under what else they state.",
            file=sys.stderr,
        )
    if args.json:
        print(json.dumps(report.as_json()))
    return 0 if args.dry_run or args.no_index else _indexed()


def run_candidates(args: argparse.Namespace) -> int:
    from tessera.records.models import Candidate

    waiting = Candidate.objects.filter(state=Candidate.State.OPEN)
    shown = list(waiting[: max(args.limit, 0)])
    if args.json:
        print(json.dumps([_candidate(each) for each in shown], ensure_ascii=False))
    else:
        for each in shown:
            reasons = ", ".join(f"{p['reason']} {p['weight']:+.2f}" for p in each.evidence)
            print(f"{each.score:5.2f}  {each.one}  {each.other}  ({reasons})")
    print(f"{len(shown):,} of {waiting.count():,}.", file=sys.stderr)
    return 0


def run_find(args: argparse.Namespace) -> int:
    from tessera.records.models import Record
    from tessera.records.organisations import KIND
    from tessera.schema.identity.finding import Finder

    there = Record.objects.filter(kind=KIND, withdrawn_at=None).order_by("uid")
    titles: dict[str, str] = {}
    lines: list[tuple[str, str]] = []
    for record in there.iterator():
        uid: str = record.answers_as or record.uid
        data: Any = record.current
        if not record.answers_as:
            titles[uid] = record.title
        names = [*data["title"].values(), *(name["name"] for name in data.get("names", ()))]
        lines += [(uid, name) for name in names]
    found = Finder(lines).find(args.line, args.limit)
    if args.json:
        rows = [{"id": uid, "title": titles[uid], "score": round(s, 4)} for uid, s in found]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for uid, score in found:
            print(f"{score:.3f}  {uid}  {titles[uid]}")
    return 0


def run_merge(args: argparse.Namespace) -> int:
    from tessera.records.merges import MergeError, merge

    try:
        made = merge(args.kept, args.merged, by=_who(), why=args.why)
    except MergeError as error:
        return _failed(str(error))
    return _told(made, f"{made.merged} is shown as {made.kept} now", args)


def run_undo(args: argparse.Namespace) -> int:
    from tessera.records.merges import MergeError, undo

    try:
        made = undo(args.number, by=_who(), why=args.why)
    except MergeError as error:
        return _failed(str(error))
    return _told(made, f"{made.merged} and {made.kept} are two again", args)


def _told(made: Merge, sentence: str, args: argparse.Namespace) -> int:
    print(f"Merge {made.pk}: {sentence}.", file=sys.stderr)
    if args.json:
        print(json.dumps(_merge(made), ensure_ascii=False))
    return _indexed()


def _merge(made: Merge) -> dict[str, Any]:
    return {
        "merge": made.pk,
        "kept": made.kept,
        "merged": made.merged,
        "score": made.score,
        "evidence": made.evidence,
        "why": made.why,
        "by": made.by,
        "undone": made.undone_at.isoformat() if made.undone_at else None,
    }


def _candidate(each: Candidate) -> dict[str, Any]:
    return {
        "one": each.one,
        "other": each.other,
        "score": each.score,
        "evidence": each.evidence,
    }


def _who() -> str:
    """The name under which the command runs, where the system knows it."""
    try:
        return f"{getpass.getuser()} (command)"
    except (KeyError, OSError):
        return "command"


def _indexed() -> int:
    """Bring the index in step, as part of what was asked for."""
    from tessera.engine.errors import EngineError
    from tessera.indexing.sync import sync

    try:
        sync()
    except EngineError as error:
        return _failed(f"It is stored, but the index is not up to date: {error}")
    return 0


def _failed(sentence: str) -> int:
    print(f"tessera: {sentence}", file=sys.stderr)
    return 1
