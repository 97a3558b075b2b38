"""What helps to understand a text beyond its words; each may be switched off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from tessera.engine.audience import Audience
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

    def nearest(
        self, text: str, lang: str = "", k: int = 100, *, audience: Audience
    ) -> list[tuple[str, float]]: ...


PARTS: Final = ("spelling", "compounds", "close", "letters", "feedback", "neighbours")
"""What an evaluation may leave out, to tell what each brings; see docs/reference/ranking."""


@dataclass(frozen=True, slots=True)
class Aids:
    """expander: words that stand for others. meaning: documents near in meaning.

    off: those of PARTS that are left out. stops: words that no document needs to hold for being
    asked for, by `tessera.engine.analysis.prefix_key`.
    """

    expander: Expands | None = None
    meaning: Near | None = None
    off: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()


GetAids = Callable[[], Aids]
"""Those of this moment: a dictionary is made anew, vectors are added. Called with each search."""
