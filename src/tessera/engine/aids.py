"""What helps to understand a text beyond its words; each may be switched off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from tessera.engine.expansion import Expansion


class Expands(Protocol):
    """See `tessera.engine.expansion.Expander`."""

    def expand(
        self, words: Sequence[str], lang: str, into: Collection[str]
    ) -> tuple[Expansion, ...]: ...


class Near(Protocol):
    """See `tessera.engine.meaning.meaning.Meaning`."""

    @property
    def languages(self) -> frozenset[str]: ...

    def nearest(self, text: str, lang: str = "", k: int = 100) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class Aids:
    """expander: words that stand for others. meaning: documents near in meaning. stops: words that
    no document needs to hold for being asked for, by `tessera.engine.analysis.prefix_key`."""

    expander: Expands | None = None
    meaning: Near | None = None
    stops: frozenset[str] = frozenset()


GetAids = Callable[[], Aids]
"""Those of this moment: a dictionary is made anew, vectors are added. Called with each search."""
