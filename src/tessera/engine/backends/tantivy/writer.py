"""Writing: one writer per index over all processes, by tantivy's own lock."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import tantivy

from tessera.engine.backends.tantivy import layout
from tessera.engine.document import Document
from tessera.engine.errors import BackendUnavailable, EngineError, IndexLocked
from tessera.engine.fields import IndexSchema

_MEMORY = 128_000_000
"""Bytes that documents may take up before they are written out as a segment."""


class TantivyWriter:
    """See `tessera.engine.backend.Writer`.

    The lock is held until the context is left (or the object is gone). A process that dies
    leaves the last commit, and no lock.
    """

    def __init__(self, path: Path, schema: IndexSchema, name: str) -> None:
        self._schema = schema
        self._name = name
        try:
            index = layout.opened(path)
            self._writer: tantivy.IndexWriter | None = index.writer(_MEMORY, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexLocked(f"another writer has index {name!r} open") from error
            raise BackendUnavailable(f"index {name!r} can't be written to: {error}") from error
        # A fresh index needs no look for documents to replace.
        index.reload()
        self._fresh = index.searcher().num_docs == 0
        self._put: set[str] = set()

    def put(self, documents: Iterable[Document]) -> int:
        count = 0
        for document in documents:
            made = layout.tantivy_document(document, self._schema)
            if not self._fresh or document.id in self._put:
                self._open().delete_documents_by_term("id", document.id)
            if self._fresh:
                self._put.add(document.id)
            self._open().add_document(made)
            count += 1
        return count

    def delete(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            self._open().delete_documents_by_term("id", id_)

    def commit(self) -> None:
        try:
            self._open().commit()
        except ValueError as error:
            raise BackendUnavailable(f"index {self._name!r} can't be written: {error}") from error

    def rollback(self) -> None:
        self._open().rollback()

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            raise EngineError(f"this writer of index {self._name!r} is closed")
        return self._writer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        writer = self._open()
        try:
            if kind is None:
                self.commit()
            else:
                self.rollback()
        finally:
            # Waiting also closes the writer, which frees the lock.
            self._writer = None
            writer.wait_merging_threads()
