"""`tessera`: one command line over everything; each part of the house brings its own commands.

A part's `commands.py` has `register(subparsers)`, which adds its subcommands and sets `run` to a
function of the parsed arguments that returns the exit status. It imports nothing heavy at its
top, so that `tessera --help` answers at once; `main` sets Django up before `run`.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

PARTS = (
    "tessera.site.commands",
    "tessera.accounts.commands",
    "tessera.harvest.commands",
    "tessera.harvest.weblinks.commands",
    "tessera.indexing.commands",
    "tessera.indexing.dictionary.commands",
    "tessera.wording.commands",
    "tessera.site.organisations.commands",
    "tessera.site.vocabularies.commands",
    "tessera.site.backup.commands",
    "tessera.search.commands",
)

MAKE_HOME = ("demo", "init", "import", "harvest", "serve", "worker")
"""Commands that begin with a home, database and all, where there is none yet."""

WITHOUT_HOME = ("check", "eval", "restore", "sources")
"""Commands that work beside a home, or before there is one."""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    main_parser = argparse.ArgumentParser(
        prog="tessera", description="A portal over projects, people, events, news and files."
    )
    subparsers = main_parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for part in PARTS:
        import_module(part).register(subparsers)
    _add_home(main_parser, default=None)
    return main_parser


def _add_home(each: argparse.ArgumentParser, default: object) -> None:
    """`--home`, wherever someone writes it: before the command or after it."""
    each.add_argument(
        "--home",
        type=Path,
        default=default,
        metavar="DIR",
        help="the folder with everything (./var)",
    )
    for action in each._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in set(action.choices.values()):
                _add_home(below, argparse.SUPPRESS)


def main(argv: list[str] | None = None) -> int:
    """Run one command. Returns 0 when done, 1 when it failed, 2 on wrong usage."""
    args = parser().parse_args(argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.site.settings")
    if args.home:
        os.environ["TESSERA_HOME"] = str(args.home)
    try:
        return _run(args)
    except KeyboardInterrupt:
        return _failed("Stopped.")
    except BrokenPipeError:
        # Whoever read our output has seen enough (`tessera search x | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(args: argparse.Namespace) -> int:
    from tessera.site.sitefile import ConfigError

    try:
        # `tessera dictionary learn --from`, like `eval`, for which it is, touches no home.
        _set_up(args.command, beside=bool(getattr(args, "pair_files", None)))
    except ConfigError as error:
        return _failed(str(error))

    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    from tessera.engine.errors import EngineError

    try:
        status: int = args.run(args)
    except (ConfigError, EngineError, ImproperlyConfigured) as error:
        return _failed(str(error))
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        return _failed(f"The database failed: {reason}. `tessera check` says what to do.")
    return status


def _set_up(command: str, *, beside: bool = False) -> None:
    """Django with its settings read and, for the commands that ask for one, a home.

    beside: it works beside a home, whatever others of its name do.
    """
    import django

    from tessera.site import config
    from tessera.site.sitefile import ConfigError

    if command in MAKE_HOME:
        config.make_home(os.environ)
    elif not beside and command not in WITHOUT_HOME and not config.read(os.environ).home.is_dir():
        home = config.read(os.environ).home
        raise ConfigError(f"There is no home at {home}; `tessera init` makes one.")
    django.setup()
    if command in MAKE_HOME:
        from tessera.site.home import migrate

        migrate()


def _failed(sentence: str) -> int:
    print(f"tessera: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
