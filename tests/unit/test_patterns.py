"""No pattern uses what the re module of Python 3.11.2, which is Debian 12's, gets wrong.

Possessive quantifiers and atomic groups give wrong matches there (mended in 3.11.5).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]

import tessera

WRONG = {_constants.POSSESSIVE_REPEAT, _constants.ATOMIC_GROUP}


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for found in pkgutil.walk_packages(tessera.__path__, "tessera."):
        if ".migrations" in found.name or found.name.endswith((".wsgi", ".admin")):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{found.name}.{name}", value


def operations(parsed: object) -> Iterator[object]:
    """Every operation of a parsed pattern, and of all that is within it."""
    if isinstance(parsed, _parser.SubPattern):
        for operation, argument in parsed:
            yield operation
            yield from operations(argument)
    elif isinstance(parsed, list | tuple):
        for each in parsed:
            yield from operations(each)


def test_the_check_finds_what_it_looks_for() -> None:
    assert WRONG & set(operations(_parser.parse("(?:a(b)*+)")))
    assert WRONG & set(operations(_parser.parse("x|(?>a)")))


def test_no_pattern_is_possessive_or_atomic() -> None:
    found = dict(patterns())
    assert len(found) > 20
    wrong = [
        name
        for name, pattern in found.items()
        if WRONG & set(operations(_parser.parse(pattern.pattern, pattern.flags)))
    ]
    assert wrong == []
