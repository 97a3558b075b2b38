"""Short forms of names that people type: J. Müller, Müller J, TUM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tessera.engine.analysis import folded
from tessera.engine.analysis.words import words
from tessera.schema.identity.words import words as table

LEAST: Final = 3
"""Words of an organisation's name from which on its initials are one of its short forms."""
MOST: Final = 7
"""Words beyond which they are none; a person's further words are left out likewise."""


def of_person(name: str) -> Iterator[str]:
    """`J Müller` and `J M` of Jana Müller; nothing for a name of one word."""
    parts = words(name)[:MOST]
    if len(parts) > 1:
        first = [part[0] for part in parts]
        yield " ".join((*first[:-1], parts[-1]))
        yield " ".join(first)


def of_organisation(name: str) -> Iterator[str]:
    """`TUM` of Technische Universität München, `NIPH` of National Institute of Public Health.

    Small words have no letter in it, nor have legal forms before or behind the name.
    """
    known = table()
    parts = [part for part in words(name) if folded(part) not in known.small]
    while parts and (folded(parts[-1]),) in known.legal:
        parts.pop()
    while parts and (folded(parts[0]),) in known.legal:
        parts.pop(0)
    if LEAST <= len(parts) <= MOST and all(part[0].isalpha() for part in parts):
        yield "".join(part[0] for part in parts).upper()
