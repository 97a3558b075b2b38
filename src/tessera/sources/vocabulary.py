"""Importers whose material is a vocabulary: concepts come of it, no records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeGuard

from tessera.schema.concepts import Concept
from tessera.sources.base import Found, Item, ItemError, SourceInfo


class VocabularyImporter(Protocol):
    """One kind of vocabulary. See CONTRIBUTING, "Add a vocabulary".

    `gather` streams an item for each concept, known by its URI; what breaks the stream leaves the
    vocabulary as it was, since one is replaced whole.
    """

    info: SourceInfo

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """Stream the concepts of local files or folders, in bounded memory."""

    def concepts(self, item: Item) -> Iterator[Concept | ItemError]:
        """The concept of one item; pure: the same item gives the same concept."""


def is_vocabulary(importer: object) -> TypeGuard[VocabularyImporter]:
    """Whether concepts come of what an importer reads."""
    return hasattr(importer, "concepts")
