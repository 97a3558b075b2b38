"""Several parties in one cell, and whether full stops stand between them.

Line breaks, `;` and `|` part parties anywhere. Full stops do so in some lists ("Dansk Industri.
Copenhagen Business School."), but stand in abbreviations everywhere; they count only in a column
of partners whose parts come again and again in other cells.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from tessera.schema.vocabularies.folding import fold
from tessera.sources.formats.text import words

_ANYWHERE: Final = re.compile(r"[\n;|]+")
_STOP: Final = re.compile(r"(?<![\s.][^\W\d_])(?<!^[^\W\d_])(?<!\d)\.\s+(?=[^\W_])")
"""Not after a single letter or a number: "P. Fournaise A/S", "A.M.B.A. Vejle", "12. juni"."""
_ABBREVIATED: Final = words("st sct skt sv dr nr chr inh prof ing mr vorm afd co mfl hr fru tlf")
_LAST_WORD: Final = re.compile(r"[^\W\d_]+$")
_LISTS: Final = 5
_AGAIN: Final = 0.4
"""Cells of three and more parts that a column needs, and the share of their parts that other such
cells name, too."""


def parties(text: str, *, stops: bool = False) -> list[str]:
    """The parties that a cell names, as written. stops: full stops stand between them, too."""
    found: list[str] = []
    for part in _ANYWHERE.split(text):
        found += _at_stops(part) if stops else [part]
    return [part.strip(" ,") for part in found if part.strip(" ,.")]


def _at_stops(text: str) -> list[str]:
    found: list[str] = []
    begin = 0
    for stop in _STOP.finditer(text):
        before = _LAST_WORD.search(text, begin, stop.start())
        if text[stop.end()].islower() or (before and fold(before[0]) in _ABBREVIATED):
            continue
        found.append(text[begin : stop.start()])
        begin = stop.end()
    found.append(text[begin:].strip().removesuffix("."))
    return found


@dataclass(slots=True)
class Stops:
    """What the cells of a column show of full stops between parties."""

    lists: int = 0
    named: Counter[int] = field(default_factory=Counter)

    def see(self, text: str) -> None:
        """One more cell."""
        parts = {hash(fold(part)) for part in parties(text, stops=True)}
        if len(parts) >= 3:
            self.lists += 1
            self.named.update(parts)

    @property
    def part(self) -> bool:
        """Whether full stops part parties in this column."""
        again = sum(count for count in self.named.values() if count > 1)
        return self.lists >= _LISTS and again >= self.named.total() * _AGAIN
