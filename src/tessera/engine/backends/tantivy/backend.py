"""The port on a folder of tantivy indexes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from tessera.engine.aids import Aids, GetAids
from tessera.engine.audience import Audience
from tessera.engine.backend import Capabilities
from tessera.engine.backends.tantivy.folder import IndexFolder, is_parted, members_path
from tessera.engine.backends.tantivy.index import TantivyIndex
from tessera.engine.backends.tantivy.writer import TantivyWriter
from tessera.engine.errors import EngineError, IndexMissing
from tessera.engine.fields import IndexSchema


class TantivyBackend:
    """See `tessera.engine.backend.Backend`. folder: holds the indexes; made when needed."""

    # Scores count deleted documents until tantivy merges them away, hence not exact.
    capabilities = Capabilities(persistent=True, relevance_exact=False, concurrent_writers=False)

    def __init__(self, folder: Path, aids: GetAids = Aids) -> None:
        self._aids = aids
        self._folder = IndexFolder(folder)
        self._opened: dict[tuple[str, Audience], tuple[tuple[int, int], TantivyIndex]] = {}
        self._opening = threading.Lock()

    def create(self, schema: IndexSchema, name: str) -> None:
        self._folder.create(schema, name)

    def promote(self, name: str) -> None:
        self._folder.promote(name)

    def current(self, schema: IndexSchema, audience: Audience = Audience.EVERYONE) -> TantivyIndex:
        name = self._folder.promoted()
        while name is not None:
            try:
                return self.index(schema, name, audience)
            except EngineError:
                # Between reading the name and opening it another may have been promoted, and
                # this one dropped.
                before, name = name, self._folder.promoted()
                if name == before:
                    raise
        raise IndexMissing("no index has been built yet; `tessera index rebuild` makes one")

    def index(
        self, schema: IndexSchema, name: str, audience: Audience = Audience.EVERYONE
    ) -> TantivyIndex:
        identity = self._folder.identity(name)
        if audience is Audience.MEMBERS and not is_parted(self._folder.path / name):
            audience = Audience.EVERYONE
        with self._opening:
            known, index = self._opened.get((name, audience), (None, None))
            if index is None or known != identity or not _same(index.schema, schema):
                path = self._folder.check(schema, name)
                path = path if audience is Audience.EVERYONE else members_path(path)
                index = TantivyIndex(path, schema, name, audience, self._aids)
                self._opened[name, audience] = (identity, index)
                there = self._folder.names()
                for gone in [each for each in self._opened if each[0] not in there]:
                    del self._opened[gone]
            return index

    def writer(self, schema: IndexSchema, name: str) -> TantivyWriter:
        return TantivyWriter(self._folder.check(schema, name), schema, name)

    def join(self, schema: IndexSchema, name: str, parts: Sequence[str]) -> None:
        self._folder.join(schema, name, parts)

    def promoted(self) -> str | None:
        return self._folder.promoted()

    def names(self) -> tuple[str, ...]:
        return self._folder.names()

    def drop(self, name: str) -> None:
        self._folder.drop(name)

    def health(self) -> str | None:
        name = self._folder.promoted()
        if name is None:
            return "No index has been built yet; `tessera index rebuild` makes one."
        if name not in self._folder.names():
            return f"The promoted index {name!r} is gone; `tessera index rebuild` makes a new one."
        return None


def _same(one: IndexSchema, other: IndexSchema) -> bool:
    # Not by checksum alone: schemas may differ in what needs no rebuild, such as a facet's size.
    return one is other or one == other
