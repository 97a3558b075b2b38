"""Telling names of natural persons from those of organisations, on the safe side for both.

What concerns a person is shown by their own act alone, so no record of an organisation is made for
one. A name is taken for a person's where it says so (a mark such as "OSVČ" or "Inh.") or where
all of its words are those of a person's name: a given name that is frequent, one family name,
titles and particles, and nothing that names a firm, a house, a legal form or a trade. A business
that bears its owner's name together with its trade ("Bäckerei Franz Huber") is named as a business
and stays one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tessera.engine.analysis import folded
from tessera.schema.identity.names import compared
from tessera.schema.identity.words import words as name_words
from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import warning

_WORD = re.compile(r"[^\W\d_]+(?:[-'’.]{1,2}[^\W\d_]+)*\.?")
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class _Table:
    marks: tuple[str, ...]
    last: dict[str, frozenset[str]]
    first: dict[str, frozenset[str]]
    titles: frozenset[str]
    particles: frozenset[str]
    joining: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    endings: tuple[str, ...]
    not_family: frozenset[str]


@cache
def _table() -> _Table:
    path = Path(__file__).with_suffix(".toml")
    said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))

    def known(names: Sequence[str]) -> frozenset[str]:
        return frozenset(filter(None, map(_plain, names)))

    return _Table(
        tuple(f" {folded(mark)} " for mark in said["marks"]),
        {_plain(mark): frozenset(said["last_in"].get(mark, ())) for mark in said["last"]},
        {_plain(mark): frozenset(said["first_in"].get(mark, ())) for mark in said["first"]},
        known(said["titles"]),
        known(said["particles"]),
        known(said["joining"]) | {"&", "+", "/"},
        known([name for names in said["given"].values() for name in names]),
        known([name for names in said["family"].values() for name in names]),
        tuple(said["not_family"]["endings"]),
        known(said["not_family"]["words"]),
    )


def _plain(word: str) -> str:
    """A word as compared: folded, its parts in one."""
    return folded(word).replace(" ", "")


@lru_cache(maxsize=50_000)
def is_natural_person(name: str, country: str = "") -> bool:
    """Whether a name is that of a natural person, or of several. country: ISO code, if known."""
    return _marked(name, country) or _is_persons_name(name)


def _marked(name: str, country: str) -> bool:
    table = _table()
    said = f" {folded(name)} "
    body = bool(compared(name).legal) or _is_body(name)
    if any(mark in said for mark in table.marks):
        # "Frauen helfen Frauen e. V.": an association isn't a person, whatever it is called.
        return not body
    parts = name.replace(",", " ").split()
    if len(parts) < 3:
        return False
    first, last = _plain(parts[0]), _plain(parts[-1])
    if first in table.first and not body:
        return country in table.first[first] or (not table.first[first] and country in _ADDRESSED)
    given = any(_is_given(_plain(part), part) for part in parts)
    return given and country in table.last.get(last, ())


_ADDRESSED = frozenset({"IE", "MT", "FR", "BE", "LU", "IT", "UK", "GB"})
"""Countries whose lists put Mr, Mme, Sig. before a person's name."""


def _is_body(name: str) -> bool:
    """Whether a word says what an organisation is."""
    return bool(set(compared(name).words) & name_words().generic)


def _is_persons_name(name: str) -> bool:
    """Whether all words of a name are a person's: given names, at most one unknown word."""
    table = _table()
    text = re.sub(r"\([^)]*\)", " ", name)
    parts = text.replace(",", " ").replace(";", " ").split()
    if not 2 <= len(parts) <= _MOST_WORDS or compared(text).legal or _is_body(text):
        return False
    given = unknown = families = 0
    before = ""
    for part in parts:
        word = _plain(part)
        if part in table.joining or (word in table.joining and before in table.given):
            pass
        elif not _WORD.fullmatch(part) or not word or (word,) in name_words().legal:
            return False
        elif word in table.titles or word in table.particles:
            pass
        elif _is_given(word, part):
            given += 1
        elif word in table.family:
            families += 1
        elif _is_no_family(word):
            return False
        elif len(word) > 1:
            unknown += 1
        before = word
    return given > 0 and unknown <= 1 and (unknown + families > 0 or given == 2)


def _is_given(word: str, part: str) -> bool:
    """Whether a word is a given name, or two with a hyphen between them (Karl-Heinz)."""
    table = _table()
    pieces = [_plain(piece) for piece in part.split("-")]
    return word in table.given or (len(pieces) == 2 and all(p in table.given for p in pieces))


def _is_no_family(word: str) -> bool:
    table = _table()
    return word in table.not_family or any(
        (word.endswith(ending) and len(word) > len(ending) + 2) or word == ending
        for ending in table.endings
    )


NOTE = "One of the organisations is a natural person; the name isn't kept"


def without_persons(
    values: Mapping[str, Any], item: Item
) -> tuple[dict[str, Any] | None, list[ItemError]]:
    """Values of a record without organisations that are natural persons, and what is to be told.

    None where the record itself would be one: of a person there is no record but their own.
    """
    countries = values.get("countries") or [""]
    titles = values.get("title", {}).values() if values.get("kind") == "organisation" else ()
    if any(is_natural_person(str(title), str(countries[0])) for title in titles):
        return None, [warning(item, "is a natural person; no organisation is made of it", "name")]
    named = values.get("organisations", ())
    kept = [
        each
        for each in named
        if not is_natural_person(str(each["name"]), str(each.get("country") or ""))
    ]
    if len(kept) == len(named):
        return dict(values), []
    notes = [*values.get("notes", ()), NOTE]
    told = warning(item, "names a natural person; no organisation is made of it", "organisations")
    return {**values, "organisations": kept, "notes": notes}, [told]
