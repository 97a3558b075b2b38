"""Which pairs are worth comparing: a hundred thousand organisations have five billion pairs.

Organisations are compared that share a key. What keys one has depends on it alone, so that one
that comes later is compared with the same ones as if all had come at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations

from tessera.schema.identity.names import Name, compared
from tessera.schema.identity.pairs import Organisation
from tessera.schema.identity.words import SORTS, words

LARGEST = 40
"""Organisations under one key that are all compared with each other. A larger block holds a name
that says little; its organisations still meet under their finer keys."""

TELLING = 4
"""Words of a name, those that tell most, that make keys in pairs."""


def number_of(text: str) -> int:
    """A text as a whole number of 64 bits with a sign, which databases hold in little room."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def keys(each: Organisation) -> frozenset[int]:
    """The keys of an organisation: an identifier, a whole name, two telling words of a name."""
    return frozenset(map(number_of, _keys(each)))


def _keys(each: Organisation) -> Iterator[str]:
    for scheme, number in each.numbers.items():
        yield f"{scheme}:{number}"
    country = each.country or "?"
    for acronym in each.acronyms:
        yield f"{country}:acronym:{acronym}"
    for text in (*each.names, *each.former):
        name = compared(text)
        # Without its country, an organisation may be of any.
        yield f"name:{name.key}"
        if each.country:
            yield f"{country}:name:{name.key}"
        if each.town:
            yield f"{country}:{each.town}:name:{name.key}"
    for name in each.compared:
        yield from _of_words(name, country, each.town)


def _of_words(name: Name, country: str, town: str) -> Iterator[str]:
    different = set(name.words)
    telling = sorted(different, key=_says_little)[:TELLING]
    for pair in combinations(sorted(telling), 2):
        yield f"{country}:words:{' '.join(pair)}"
        if town:
            yield f"{country}:{town}:words:{' '.join(pair)}"
    for word in telling:
        if word not in words().generic and len(word) >= 6:
            # A slip in one half of a word leaves the other.
            half = len(word) // 2
            others = " ".join(sorted(different - {word}))
            yield f"{country}:begins:{word[:half]}:{others}"
            yield f"{country}:ends:{word[-half:]}:{others}"


def _says_little(word: str) -> tuple[int, int, str]:
    """What orders words by how much they tell: generic ones last, long ones first."""
    generic = 2 if word in SORTS else 1 if word in words().generic else 0
    return generic, -len(word), word


def features(each: Organisation) -> frozenset[tuple[str, str]]:
    """What is counted over all organisations, each with a name under which it counts.

    A word that many names of a country have tells little (`word:DE:stadtwerke`); a number that
    many names bear is none of theirs (`number:vat:SI99999999`). One name counts once.
    """
    found = {
        (f"word:{each.country}:{word}", " ".join(name.words))
        for name in each.compared
        for word in name.own
    }
    first = each.compared[0].key if each.names else ""
    return frozenset(found | {(f"number:{scheme}:{said}", first)
                              for scheme, said in each.numbers.items()})  # fmt: skip
