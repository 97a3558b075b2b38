"""Writing: one writer per index over all processes, by tantivy's own lock.

What members see and everyone doesn't makes an index of two parts, each a whole tantivy index with
all documents of its audience; until there is such a document, one part is for both (see `folder`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from tessera.engine.audience import BOTH, Audience
from tessera.engine.backends.tantivy import layout, segments
from tessera.engine.backends.tantivy.folder import is_parted, members_path
from tessera.engine.document import Document
from tessera.engine.errors import BackendUnavailable, EngineError, IndexLocked
from tessera.engine.fields import IndexSchema

_MEMORY = 128_000_000
"""Bytes that documents may take up before they are written out as a segment."""


class _Part:
    """A writer of the documents of one audience, or of both."""

    def __init__(self, path: Path, name: str) -> None:
        self._name = name
        try:
            index = layout.opened(path)
            self._writer = index.writer(_MEMORY, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexLocked(f"another writer has index {name!r} open") from error
            raise BackendUnavailable(f"index {name!r} can't be written to: {error}") from error
        # A fresh index needs no look for documents to replace.
        index.reload()
        self._fresh = index.searcher().num_docs == 0
        self._put: set[str] = set()

    def add(self, id_: str, made: tantivy.Document) -> None:
        """Add a document of an id that has none, or was deleted."""
        if self._fresh:
            self._put.add(id_)
        self._writer.add_document(made)

    def delete(self, id_: str) -> None:
        if not self._fresh or id_ in self._put:
            self._writer.delete_documents_by_term("id", id_)

    def commit(self) -> None:
        try:
            self._writer.commit()
        except ValueError as error:
            raise BackendUnavailable(f"index {self._name!r} can't be written: {error}") from error

    def rollback(self) -> None:
        self._writer.rollback()

    def close(self) -> None:
        """Wait for merges, which also frees the lock."""
        self._writer.wait_merging_threads()


class TantivyWriter:
    """See `tessera.engine.backend.Writer`.

    The lock is held until the context is left (or the object is gone). A process that dies
    leaves the last commit, and no lock.
    """

    def __init__(self, path: Path, schema: IndexSchema, name: str) -> None:
        self._path = path
        self._schema = schema
        self._name = name
        self._closed = False
        # Everyone's first: what someone hides is gone from there first.
        self._parts = {Audience.EVERYONE: _Part(path, name)}
        if is_parted(path):
            self._parts[Audience.MEMBERS] = _Part(members_path(path), name)
        self._apart: dict[tuple[str, Audience], tantivy.Document] = {}
        """Documents that wait for the index to be parted, which takes a commit."""

    def put(self, documents: Iterable[Document]) -> int:
        self._check_open()
        count = 0
        seen: set[str] = set()
        for document in documents:
            made = layout.tantivy_document(document, self._schema)
            # Whatever there was of this id may have been for others, too.
            self._remove(document.id, document.audiences if document.id in seen else BOTH)
            seen.add(document.id)
            if document.audiences != BOTH and Audience.MEMBERS not in self._parts:
                for audience in document.audiences:
                    self._apart[document.id, audience] = made
            else:
                for audience in document.audiences & self._parts.keys():
                    self._parts[audience].add(document.id, made)
            count += 1
        return count

    def delete(self, ids: Iterable[str]) -> None:
        self._check_open()
        for id_ in ids:
            self._remove(id_, BOTH)

    def commit(self) -> None:
        self._check_open()
        self._commit()
        if self._apart:
            segments.fork(self._path, members_path(self._path))
            self._parts[Audience.MEMBERS] = _Part(members_path(self._path), self._name)
            for (id_, audience), made in self._apart.items():
                self._parts[audience].delete(id_)
                self._parts[audience].add(id_, made)
            self._apart.clear()
            self._commit()

    def rollback(self) -> None:
        self._check_open()
        self._apart.clear()
        for part in self._parts.values():
            part.rollback()

    def _remove(self, id_: str, audiences: Iterable[Audience]) -> None:
        for audience in audiences:
            self._apart.pop((id_, audience), None)
            if audience in self._parts:
                self._parts[audience].delete(id_)

    def _commit(self) -> None:
        for part in self._parts.values():
            part.commit()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineError(f"this writer of index {self._name!r} is closed")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self.commit()
            else:
                self.rollback()
        finally:
            self._closed = True
            with ExitStack() as closing:
                for part in self._parts.values():
                    closing.callback(part.close)
