"""What helps to understand a text beyond its words; each may be switched off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from tessera.engine.audience import Audience
from tessera.engine.document import Text
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


class Line(Protocol):
    """A text that names an organisation; see `tessera.schema.identity.asking.Asked`."""

    @property
    def emphasis(self) -> Mapping[str, float]:
        """How much a word counts, by `tessera.engine.analysis.prefix_key`; all others count 1."""

    def likeness(self, documents: Sequence[Mapping[str, Sequence[Text]]]) -> Sequence[float]:
        """How much one of the names of each document is like it. documents: texts by field."""


PARTS: Final = ("spelling", "compounds", "close", "letters", "feedback", "neighbours")
"""What an evaluation may leave out, to tell what each brings; see docs/reference/ranking."""


@dataclass(frozen=True, slots=True)
class Aids:
    """expander: words that stand for others. meaning: documents near in meaning.

    off: those of PARTS that are left out. stops: words that no document needs to hold for being
    asked for, by `tessera.engine.analysis.prefix_key`. line: a text as one that names an
    organisation; None where it is none.
    """

    expander: Expands | None = None
    meaning: Near | None = None
    off: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    line: Callable[[str], Line | None] | None = None


GetAids = Callable[[], Aids]
"""Those of this moment: a dictionary is made anew, vectors are added. Called with each search."""
