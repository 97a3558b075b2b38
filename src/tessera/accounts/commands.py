"""Commands on people who published their profiles."""

from __future__ import annotations

import argparse
import sys


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this part's commands; see `tessera.cli`."""
    people = subparsers.add_parser("people", help="people who published their profiles")
    actions = people.add_subparsers(dest="action", required=True, metavar="ACTION")
    remind = actions.add_parser(
        "remind", help="ask whose profile is old whether it is still right, as the worker does"
    )
    remind.set_defaults(run=run_remind)


def run_remind(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from tessera.accounts.profiles.alive import look

    done = look(timezone.now())
    print(f"{done.sentence()}.")
    if done.problem:
        print(f"tessera people: mail was not sent: {done.problem}.", file=sys.stderr)
    return 1 if done.problem else 0
