"""A typed or pasted text that names an organisation, for the search to rank by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from tessera.engine.analysis import prefix_key
from tessera.engine.document import Text
from tessera.schema.identity.finding import (
    SAYING_LITTLE,
    WHOLE,
    Finder,
    countries,
    is_short,
    pieces,
    texts,
)
from tessera.schema.identity.names import compared

ASIDE: Final = 0.5
"""How much a word counts that says where in the whole, or where that is; of the whole it is 1."""

NAMES: Final = ("acronym", "title", "names")
"""The fields in which documents have names."""

_LONG: Final = 4
_CAPITALS: Final = 0.75
"""Share of the words of at least so many letters that begin with a capital, in a name."""


def line(text: str) -> Asked | None:
    """None where the text reads as a sentence, or says of no organisation that it means one."""
    found = texts(text)
    return Asked(text) if _is_written_as_name(text, found) and _names(text, found) else None


class Asked:
    """Such a text, as `tessera.engine.aids.Line`."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def emphasis(self) -> Mapping[str, float]:
        """Who searches by a line means the whole; of what else it says, words count ASIDE."""
        found: dict[str, float] = {}
        for text, piece in zip(texts(self._text), pieces(self._text), strict=True):
            for key in map(prefix_key, text.split()):
                found[key] = max(1.0 if piece.weight == WHOLE else ASIDE, found.get(key, 0.0))
        return found

    def likeness(self, documents: Sequence[Mapping[str, Sequence[Text]]]) -> list[float]:
        """Words that many of these documents have in their names tell little."""
        lines = (
            (str(place), text.text)
            for place, fields in enumerate(documents)
            for name in NAMES
            for text in fields.get(name, ())
        )
        alike = dict(Finder(lines).find(self._text, len(documents)))
        return [alike.get(str(place), 0.0) for place in range(len(documents))]


def _is_written_as_name(text: str, found: Sequence[str]) -> bool:
    if "?" in text or any(next(filter(str.isalnum, each), "").islower() for each in found):
        return False
    words = [word for each in found for word in each.split() if word.isalpha()]
    long = [word for word in words if len(word) >= _LONG]
    return sum(word[0].isupper() for word in long) >= _CAPITALS * len(long)


def _names(text: str, found: Sequence[str]) -> bool:
    """Whether a text says that it means an organisation: by a sort, a form, capitals, a country."""
    names = map(compared, found)
    said = any(name.sorts - SAYING_LITTLE or name.legal for name in names)
    return said or any(map(is_short, found)) or bool(countries(text))
