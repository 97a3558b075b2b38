"""Reading a state for the understanding of a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tessera.engine.audience import Audience
from tessera.engine.backends.closeness import KEYWORDS, packed
from tessera.engine.backends.memory.scoring import Scoring
from tessera.engine.backends.memory.state import State
from tessera.engine.document import Text
from tessera.engine.fusion import Ranked
from tessera.engine.plan import AnyTerm, Both, PlanNode


class MemoryReading:
    """See `tessera.engine.reading.Reading`."""

    def __init__(self, state: State, audience: Audience) -> None:
        self._state = state
        self._audience = audience

    @property
    def audience(self) -> Audience:
        return self._audience

    @property
    def langs(self) -> frozenset[str]:
        return self._state.langs

    @property
    def written(self) -> Mapping[str, int]:
        return self._state.written

    @property
    def borrows(self) -> bool:
        return len(self._state.schema.own) < len(self._state.schema.texts)

    @property
    def size(self) -> int:
        return len(self._state.ids)

    @property
    def documents(self) -> int:
        return len(self._state.ids)

    def total(self, node: PlanNode) -> int:
        return len(self._matching(node))

    def best(self, node: PlanNode, most: int) -> list[tuple[int, float]]:
        scoring = Scoring(self._state, node)
        entries = self._state.entries
        ranked = [(entries[id_].document.key, scoring.score(id_)) for id_ in self._matching(node)]
        return sorted(ranked, key=lambda item: (-item[1], item[0]))[:most]

    def best_in_each(
        self, nodes: Sequence[PlanNode], groups: Sequence[PlanNode], most: int
    ) -> list[list[Ranked]]:
        return [
            [Ranked.of(self.best(Both((node, group)), most)) for group in groups] for node in nodes
        ]

    def frequency(self, word: AnyTerm) -> int:
        return Scoring(self._state, word).frequency(word)

    def gram_frequency(self, gram: str) -> int:
        return len(self._state.grams.get(gram, ()))

    def keys(self, ids: Collection[str]) -> Mapping[str, int]:
        entries = self._state.entries
        return {id_: entries[id_].document.key for id_ in ids if id_ in entries}

    def keywords(self, keys: Sequence[int]) -> NDArray[np.uint32]:
        entries = self._state.entries
        rows = [packed(entries[self._state.keys[key]].keywords) for key in keys]
        return np.array(rows, np.uint32).reshape(len(keys), KEYWORDS)

    def texts(self, keys: Sequence[int]) -> list[Mapping[str, tuple[Text, ...]]]:
        return [self._state.entries[self._state.keys[key]].document.texts for key in keys]

    def _matching(self, node: PlanNode) -> frozenset[str]:
        return self._state.matching(node, self._state.schema.weights)
