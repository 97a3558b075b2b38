"""`tessera links`: whether the web addresses that records lead to still work."""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tessera.harvest.weblinks.checking import Checked
    from tessera.harvest.weblinks.reporting import Wanted

OUTCOMES = (
    "ok", "moved", "gone", "refused", "server-error", "no-name", "no-connection", "tls", "timeout",
    "redirects", "unchecked",
)  # fmt: skip
"""As `WebLink.Outcome`, which can't be imported before Django is set up; a test compares them."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    links = subparsers.add_parser("links", help="whether the web addresses of records still work")
    acts = links.add_subparsers(dest="act", metavar="ACT", required=True)

    check = acts.add_parser("check", help="ask for the links that are due, politely")
    check.add_argument("--limit", type=_number, metavar="N", help="at most so many links")
    check.add_argument("--source", default="", metavar="SOURCE", help="of this source's records")
    check.add_argument("--json", action="store_true", help="what it came to as JSON on stdout")
    check.set_defaults(run=run_check)

    report = acts.add_parser("report", help="what is known of the links")
    report.add_argument("--outcome", default="", choices=OUTCOMES, help="links of this outcome")
    report.add_argument("--source", default="", metavar="SOURCE", help="of this source's records")
    report.add_argument("--host", default="", metavar="HOST", help="of this host")
    report.add_argument("--broken", action="store_true", help="broken links alone")
    form = report.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="counts and every link as JSON")
    form.add_argument("--csv", action="store_true", help="every link as CSV, a row for each record")
    report.set_defaults(run=run_report)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of links; expected 1 or more")
    return int(text[:9])


def run_check(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from django.conf import settings

    from tessera.harvest.configured import NO_CONTACT, agent
    from tessera.harvest.weblinks.checking import check

    if _unknown(args.source):
        return 2
    bounds = settings.SITE.links
    if args.limit:
        bounds = replace(bounds, links=args.limit)
    terminal = sys.stderr.isatty()

    def show(checked: Checked) -> None:
        if terminal:
            print(f"\r\033[K{checked.sentence()}", end="", file=sys.stderr, flush=True)

    checked = check(agent(), bounds, source=args.source, progress=show)
    if terminal:
        print("\r\033[K", end="", file=sys.stderr)
    if checked.asked and not settings.PUBLIC_URL:
        checked.notes.append(NO_CONTACT)
    if args.json:
        print(json.dumps(checked.as_json(), ensure_ascii=False))
        return 0
    for note in checked.notes:
        print(note, file=sys.stderr)
    print(f"{checked.sentence()}.", file=sys.stderr)
    return 0


def _unknown(source: str) -> bool:
    """Whether there is no such source, which is then said."""
    from tessera.records.models import Source

    if not source or Source.objects.filter(slug=source).exists():
        return False
    print(f"tessera: There is no source {source!r} that has records.", file=sys.stderr)
    return True


def run_report(args: argparse.Namespace) -> int:
    from tessera.harvest.weblinks.reporting import FIELDS, GROUPINGS, Wanted, counts, listing

    if _unknown(args.source):
        return 2
    wanted = Wanted(args.outcome, args.source, args.host, args.broken)
    if args.csv:
        rows = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
        rows.writeheader()
        for each in listing(wanted):
            rows.writerow({name: _cell(value) for name, value in each.items()})
    elif args.json:
        print("{")
        for by in GROUPINGS:
            print(f' "by_{by}": {json.dumps(counts(wanted, by), ensure_ascii=False)},')
        _print_links(wanted)
        print("}")
    else:
        _tell(wanted)
    return 0


def _cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    text = str(value) if value is not None else ""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text


def _print_links(wanted: Wanted) -> None:
    """The listing as the last key of a JSON object, row by row: there may be hundreds of
    thousands."""
    from tessera.harvest.weblinks.reporting import listing

    print(' "links": [')
    between = ""
    for each in listing(wanted):
        print(f"{between}  {json.dumps(each, ensure_ascii=False)}", end="")
        between = ",\n"
    print("\n ]")


SHOWN = 20
"""Hosts and links that are said one by one; `--json` and `--csv` have them all."""


def _tell(wanted: Wanted) -> None:
    """The report for people."""
    from tessera.harvest.weblinks.reporting import GROUPINGS, counts, listing

    for by in GROUPINGS:
        rows = counts(wanted, by)
        print(f"{by:<40} {'links':>9} {'broken':>9} {'records':>9}")
        for row in rows[:SHOWN]:
            shown = str(row[by])
            print(f"{shown:<40} {row['links']:>9,} {row['broken']:>9,} {row['records']:>9,}")
        if len(rows) > SHOWN:
            print(f"... and {len(rows) - SHOWN:,} more; --json has them all")
        print()
    found = listing(wanted)
    some = list(itertools.islice(found, SHOWN)) if _narrowed(wanted) else []
    for each in some:
        since = f" since {each['failing_since'][:10]}" if each["failing_since"] else ""
        said = each["moved_to"] or each["detail"]
        print(f"{each['outcome']}{since}: {each['url']} ({each['record']}) {said}".rstrip())
    if len(some) == SHOWN and next(found, None) is not None:
        print("... and more; --csv and --json have them all")


def _narrowed(wanted: Wanted) -> bool:
    return bool(wanted.outcome or wanted.source or wanted.host or wanted.broken)
