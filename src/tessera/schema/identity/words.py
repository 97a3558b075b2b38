"""The words that names are made of, from words.toml: legal forms, generic words, towns' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tessera.engine.analysis import folded

Phrase = tuple[str, ...]

SORTS = frozenset({
    "university", "polytechnic", "highschool", "faculty", "department", "institute", "academy",
    "school", "municipality", "region", "county", "ministry", "hospital", "chamber", "agency",
    "centre", "association_word", "foundation", "museum", "library", "laboratory", "office",
    "park", "fire", "company_group",
})  # fmt: skip
"""Generic words that say what an organisation is; the others say what it deals with."""

PARTS = frozenset({"faculty", "department", "laboratory", "school", "library", "museum", "hospital",
                   "institute", "office", "fire", "park", "centre"})  # fmt: skip
"""Sorts that are often a part of something larger that is named beside them."""

WHOLES = frozenset({"university", "polytechnic", "highschool", "academy", "municipality", "region",
                    "county", "ministry"})  # fmt: skip
"""Sorts that have parts, each of which bears their name too."""


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases of folded words. legal: to the form. meant: generic words and
    towns, to one word for all languages. generic: those words. small: articles and the like."""

    legal: Mapping[Phrase, str]
    meant: Mapping[Phrase, str]
    generic: frozenset[str]
    small: frozenset[str]
    longest: int


@cache
def words() -> Words:
    """The table, read once. Raises ValueError where one phrase is given two meanings."""
    import tomllib  # here, as it takes longer than the rest of the import

    path = Path(__file__).with_name("words.toml")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    legal = _phrases(table["legal"])
    meant = _phrases(table["generic"]) | _phrases(table["places"])
    small = frozenset(word for each in table["small"]["words"] for word in folded(each).split())
    return Words(legal, meant, frozenset(table["generic"]), small, max(map(len, (*legal, *meant))))


def _phrases(entries: Mapping[str, Sequence[Any]]) -> dict[Phrase, str]:
    found: dict[Phrase, str] = {}
    for meaning, spellings in entries.items():
        for spelling in (meaning, *spellings):
            phrase = tuple(folded(spelling).split())
            if found.setdefault(phrase, meaning) != meaning:
                raise ValueError(
                    f"words.toml: {spelling!r} stands for {found[phrase]} and for {meaning}"
                )
    return found
