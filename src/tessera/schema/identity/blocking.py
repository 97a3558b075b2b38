"""Which pairs are worth comparing: a hundred thousand organisations have five billion pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tessera.schema.identity.pairs import Organisation
from tessera.schema.identity.words import words

LARGEST = 40
"""Organisations under one key that are all compared with each other. A larger block holds a name
that says little; its organisations still meet under their finer keys."""

RARE = 4
"""Words of a name, its rarest, that make keys."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Pairs as positions (lower, higher), in order. large: keys that too many bear, with how many;
    organisations that only such a key brings together were not compared."""

    pairs: tuple[tuple[int, int], ...]
    large: dict[str, int]


def blocks(organisations: Sequence[Organisation]) -> Blocks:
    """The pairs of organisations that share a key: an identifier, a whole name, two rare words."""
    often = Counter(
        word for each in organisations for name in each.compared for word in set(name.words)
    )
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(organisations):
        for key in set(_keys(each, often)):
            found[key].append(place)
    pairs: set[tuple[int, int]] = set()
    large = {}
    for key, places in found.items():
        if len(places) > LARGEST:
            large[key] = len(places)
        else:
            pairs.update(combinations(places, 2))
    return Blocks(tuple(sorted(pairs)), large)


def _keys(each: Organisation, often: Counter[str]) -> Iterator[str]:
    for scheme, number in each.numbers.items():
        yield f"{scheme}:{number}"
    country = each.country or "?"
    for name in _names(each):
        # Without its country, an organisation may be of any.
        yield f"name:{name}"
        yield f"{country}:name:{name}"
        if each.town:
            yield f"{country}:{each.town}:name:{name}"
    for acronym in each.acronyms:
        yield f"{country}:acronym:{acronym}"
    for compared in each.compared:
        rarest = sorted(set(compared.words), key=lambda word: (often[word], word))[:RARE]
        for pair in combinations(sorted(rarest), 2):
            yield f"{country}:words:{' '.join(pair)}"
            if each.town:
                yield f"{country}:{each.town}:words:{' '.join(pair)}"
        for word in rarest:
            if word not in words().generic and len(word) >= 6:
                # A slip in one half of a word leaves the other.
                half = len(word) // 2
                others = " ".join(sorted(set(compared.words) - {word}))
                yield f"{country}:begins:{word[:half]}:{others}"
                yield f"{country}:ends:{word[-half:]}:{others}"


def _names(each: Organisation) -> Iterator[str]:
    from tessera.schema.identity.names import compared

    for name in (*each.names, *each.former):
        yield compared(name).key
