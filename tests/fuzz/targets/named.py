"""Targets by their names, and the files that they work on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

from tests.fuzz.choices import Choices
from tests.fuzz.mutations import WORDS

Target = Callable[[bytes], None]

TARGETS: Final[dict[str, Target]] = {}


def target(name: str) -> Callable[[Target], Target]:
    """Make a function a target by a name."""

    def named(function: Target) -> Target:
        TARGETS[name] = function
        return function

    return named


@cache
def workshop() -> Path:
    """A folder for clean files; it goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix="tessera-fuzz-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


@contextmanager
def written(name: str, data: bytes) -> Iterator[Path]:
    """A file with these bytes, for a moment."""
    folder = Path(tempfile.mkdtemp(dir=workshop()))
    try:
        path = folder / name
        path.write_bytes(data)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def odd_text(choices: Choices) -> str:
    """A short text of odd words, or of whatever bytes say."""
    if choices.once_in(3):
        return choices.rest().decode(
            "utf-8", "surrogateescape" if choices.once_in(9) else "replace"
        )
    words = (*WORDS, "13", "14", "-", "/", ".", "May", "mai", "2018", "and", "bis", "kl.",
             "10:30", "CET", "1 234,50", "EUR", "%", "1.234.567", "€", "(", ")", "OR", "-x", '"',
             "*")  # fmt: skip
    return choices.one(("", " ", ".")).join(choices.one(words) for _ in range(choices.below(12)))
