"""What a column of a list of operations means, by its name: `headers.toml` holds the words.

A name is compared without case, accents, blanks and punctuation, so that "Kofinan-zierungs-satz"
and "projektanosaukums" are understood. The longest known word within it decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from tessera.schema.vocabularies.folding import fold
from tessera.sources.registry import read_settings

LONGEST_NAME: Final = 400
"""Characters of a cell that may be a column's name; a longer one is a text."""

_SHORTEST_WITHIN: Final = 3
_PARTS: Final = re.compile(r"\s*(?:/|\||\n|;|__+| [-–—] |[()\[\]])\s*")
_NUMBERED: Final = re.compile(r"^\d+[.)]?[\s_]+|[\s_]*\d+\)?$")
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """field: where a column's values go, "" where it is left out. reason: why it is left out.

    language: of the words that told (ISO 639-1, "und" where they are of no language). weight: how
    long they are.
    """

    field: str
    reason: str = ""
    language: str = "und"
    weight: int = 0


@dataclass(frozen=True, slots=True)
class _Words:
    whole: Mapping[str, Meaning]
    within: Mapping[str, Meaning]
    lengths: tuple[int, ...]


@lru_cache(maxsize=4096)
def meaning(name: str) -> Meaning | None:
    """What a column of that name means; None where no word in it is known."""
    if not name.strip() or len(name) > LONGEST_NAME:
        return None
    known = _words()
    parts = [name, *_PARTS.split(name)]
    exact = [
        found
        for part in parts
        for key in {_key(part), _key(_NUMBERED.sub("", part.strip()))}
        if (found := known.whole.get(key)) is not None
    ]
    within = list(_within(_key(name), known))
    # A whole name counts for more than as many letters anywhere.
    best = max(
        [(found.weight + 1.5, found) for found in exact] + [(m.weight, m) for m in within],
        key=lambda pair: pair[0],
        default=None,
    )
    if best is None:
        return None
    same = [found for found in (*exact, *within) if found.field == best[1].field]
    language = _own_language(same)
    return Meaning(best[1].field, best[1].reason, language, best[1].weight)


def languages_of(names: Iterable[str]) -> Counter[str]:
    """How many of these columns are named in which language."""
    found = (meaning(name) for name in names)
    return Counter(each.language for each in found if each and each.language != "und")


def _own_language(found: list[Meaning]) -> str:
    """The language of a name; of one in two languages, the one that isn't English."""
    votes = Counter[str]()
    for each in found:
        if each.language != "und":
            votes[each.language] = max(votes[each.language], each.weight)
    others = {lang: weight for lang, weight in votes.items() if lang != "en"}
    if others and ("en" not in votes or max(others.values()) > 5):
        return max(others, key=lambda lang: others[lang])
    return "en" if "en" in votes else "und"


def _within(key: str, known: _Words) -> Iterator[Meaning]:
    for length in known.lengths:
        for start in range(len(key) - length + 1):
            found = known.within.get(key[start : start + length])
            if found is not None:
                yield found


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


@cache
def _words() -> _Words:
    whole: dict[str, Meaning] = {}
    within: dict[str, Meaning] = {}
    for field, reason, language, word in _entries():
        exact = word.startswith("=")
        for form in _forms(word.removeprefix("=")):
            found = Meaning(field, reason, language, len(form))
            if not exact and len(form) >= _SHORTEST_WITHIN:
                within.setdefault(form, found)
            whole.setdefault(form, found)
    return _Words(whole, within, tuple(sorted({len(form) for form in within}, reverse=True)))


def _entries() -> Iterator[tuple[str, str, str, str]]:
    for field, languages in read_settings(Path(__file__).with_name("headers.toml")).items():
        if field == "left_out":
            for reason, each in languages.items():
                yield from _of_field("", reason, each)
        else:
            yield from _of_field(field, "", languages)


def _of_field(
    field: str, reason: str, languages: Mapping[str, Any]
) -> Iterator[tuple[str, str, str, str]]:
    for language, listed in languages.items():
        for word in listed:
            yield field, reason, language, word


def _forms(word: str) -> set[str]:
    """A word as it may be spelled: without accents, with ae for ä, or without such letters."""
    written = unicodedata.normalize("NFC", word.casefold())
    forms = {_key(written), _key(written.translate(_GERMAN))}
    bare = "".join(char for char in written if char.isascii())
    if len(bare) >= 8 and bare != written and len(bare) > len(written) * 0.6:
        forms.add(_key(bare))
    return forms - {""}
