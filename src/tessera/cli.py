"""`tessera`: one command line over everything; each part of the house brings its own commands.

A part's `commands.py` has `register(subparsers)`, which adds its subcommands and sets `run` to a
function of the parsed arguments that returns the exit status.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

PARTS = (
    "tessera.site.commands",
    "tessera.harvest.commands",
    "tessera.indexing.commands",
    "tessera.search.commands",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    main_parser = argparse.ArgumentParser(
        prog="tessera", description="A portal over projects, people, events, news and files."
    )
    main_parser.add_argument("--home", type=Path, help="the folder with everything (./var)")
    subparsers = main_parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for part in PARTS:
        import_module(part).register(subparsers)
    return main_parser


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 when it failed, 2 on wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.site.settings")
    args = parser().parse_args(argv)
    if args.home:
        os.environ["TESSERA_HOME"] = str(args.home)
    status: int = args.run(args)
    return status


if __name__ == "__main__":
    sys.exit(main())
