"""The command line as it is, for comparing pages with it."""

from __future__ import annotations

import argparse

from tessera.cli import parser


def commands() -> dict[str, list[str]]:
    """The long options of each command (`index sync` too), without those that all have."""
    found: dict[str, list[str]] = {}
    _walk(parser(), (), found)
    return found


def _walk(
    each: argparse.ArgumentParser, name: tuple[str, ...], found: dict[str, list[str]]
) -> None:
    options = []
    for action in each._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                _walk(below, (*name, word), found)
        else:
            options += [o for o in action.option_strings if o.startswith("--")]
    if name:
        found[" ".join(name)] = [o for o in options if o not in ("--help", "--home")]
