"""What the understanding of a text reads of an index: one committed state, through any backend."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tessera.engine.audience import Audience
from tessera.engine.document import Text
from tessera.engine.fusion import Ranked
from tessera.engine.plan import AnyTerm, PlanNode


class Reading(Protocol):
    """Documents are named by their keys (`Document.key`). No filters: see `understanding`."""

    @property
    def audience(self) -> Audience:
        """Whose documents these are; all that follows is of these alone."""

    @property
    def langs(self) -> frozenset[str]:
        """Languages of the texts."""

    @property
    def written(self) -> Mapping[str, int]:
        """Of each of them, how many documents are written in it (`Document.langs`)."""

    @property
    def borrows(self) -> bool:
        """Whether documents hold texts that are not their own (`TextField.own`)."""

    @property
    def size(self) -> int:
        """The exact number of documents."""

    @property
    def documents(self) -> int:
        """Their number, as the idf of words takes it."""

    def total(self, node: PlanNode) -> int:
        """The exact number of documents that match."""

    def best(self, node: PlanNode, most: int) -> list[tuple[int, float]]:
        """The documents with the highest scores, with these; equal ones by key."""

    def best_in_each(
        self, nodes: Sequence[PlanNode], groups: Sequence[PlanNode], most: int
    ) -> list[list[Ranked]]:
        """Of each node, the same within each of several groups of documents."""

    def frequency(self, word: AnyTerm) -> int:
        """In about how many documents a word occurs; see `ranking.word_frequency`."""

    def gram_frequency(self, gram: str) -> int:
        """In how many documents a gram occurs."""

    def keys(self, ids: Collection[str]) -> Mapping[str, int]:
        """The keys of documents by id; ids not in the index are left out."""

    def keywords(self, keys: Sequence[int]) -> NDArray[np.uint32]:
        """Of each document a row of packed keywords; see `backends.closeness.packed`."""

    def texts(self, keys: Sequence[int]) -> list[Mapping[str, tuple[Text, ...]]]:
        """Of each document its texts by field."""
