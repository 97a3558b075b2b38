"""The port: what a search backend must do. Nothing of any engine's own language crosses it.

A backend holds any number of indexes, each under a name; at most one of them is promoted, and
that one answers searches. An index is built beside the promoted one and promoted in one step.

Each document is for some audiences, and whoever asks, asks as one of them: what an `Index` answers
is what it would if there were no other documents than those of its audience. That holds for all
of it, totals, suggestions, spelling and scores alike. No one asked for is everyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from tessera.engine.audience import Audience
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema
from tessera.engine.query import Query
from tessera.engine.result import Result, Suggestion


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can and cannot do, stated rather than skipped in tests.

    persistent: indexes outlive the process.
    relevance_exact: scores equal the memory backend's to 1e-3 relative (else: bounds of
        docs/reference/ranking).
    concurrent_writers: a second writer of one index waits or works; else it gets IndexLocked.
    """

    persistent: bool
    relevance_exact: bool
    concurrent_writers: bool


class Index(Protocol):
    """An index as one audience sees it, readable by any number of threads.

    Each call sees one committed state.
    """

    @property
    def name(self) -> str: ...

    @property
    def audience(self) -> Audience:
        """Whose documents these are; what is remembered of answers must be kept apart by it.

        EVERYONE, too, of an index asked for by members that has no document for them alone.
        """

    @property
    def schema(self) -> IndexSchema: ...

    def search(
        self,
        query: Query,
        *,
        facets: Sequence[str] = (),
        now: datetime | None = None,
        highlight: bool = True,
    ) -> Result:
        """One page of hits with the exact total and the named facets.

        now: aware; decides upcoming and past; default the present moment.
        A page beyond the last has no hits, and the same total and facets.
        """

    def count(self, query: Query, *, now: datetime | None = None) -> int:
        """The exact number of documents that match."""

    def suggest(
        self, text: str, *, limit: int = 8, filters: Query | None = None
    ) -> tuple[Suggestion, ...]:
        """Documents whose names (fields with `parts`) hold each typed word, the last as prefix.

        In any order; a letter alone is an initial beside other words. Whole names come first; what
        only the end of an acronym begins with comes last. Where there is nothing, words that no
        name holds (or, where each is in some name, all) may differ by an edit, those of at least
        four letters; where that finds nothing either, by two, those of at least eight.
        """

    def frequency(self, word: str) -> int:
        """In how many documents a typed word occurs, by the same matching as `search`."""

    def words(self) -> Iterator[tuple[str, int]]:
        """The surfaces that begin with a Latin letter or a digit, each once, in no order.

        With each the number of documents in which one text field holds it, of the field where
        that is the largest.
        """

    def state(self) -> object:
        """What the next call would read: another object after each commit that is seen."""

    def get(self, ids: Sequence[str]) -> dict[str, dict[str, object]]:
        """The stored values of documents by id; ids not in the index are left out."""

    def present(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that the index has."""

    def ids(self) -> Iterator[str]:
        """All document ids, in no order."""

    def __len__(self) -> int: ...


class Writer(Protocol):
    """Changes to one index, invisible until `commit`, which makes all of them visible at once:
    to each audience all of what is for it.

    As a context manager it commits on leaving and rolls back on an error.
    """

    def put(self, documents: Iterable[Document]) -> int:
        """Add documents, replacing those of the same id, whoever they were for.

        All documents of one id must be put in one call. Returns how many.
        """

    def delete(self, ids: Iterable[str]) -> None:
        """Remove the documents of these ids, whoever they are for."""

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Backend(Protocol):
    """One search engine. Errors: those of `tessera.engine.errors`."""

    @property
    def capabilities(self) -> Capabilities: ...

    def create(self, schema: IndexSchema, name: str) -> None:
        """Make an empty index; one of that name must not exist."""

    def promote(self, name: str) -> None:
        """Let `name` answer searches from now on, in one step that readers never see half of."""

    def current(self, schema: IndexSchema, audience: Audience = Audience.EVERYONE) -> Index:
        """The promoted index, as an audience sees it.

        Raises IndexMissing, IndexOutdated, BackendUnavailable.
        """

    def index(
        self, schema: IndexSchema, name: str, audience: Audience = Audience.EVERYONE
    ) -> Index:
        """An index by name, promoted or not."""

    def writer(self, schema: IndexSchema, name: str) -> Writer:
        """A writer; raises IndexLocked where one is open and the backend can't have two."""

    def join(self, schema: IndexSchema, name: str, parts: Sequence[str]) -> None:
        """Let an empty index take over all documents of other ones, which are dropped.

        No two of them may hold a document of the same id. For an index that isn't promoted: a crash
        in between leaves only some of the documents in it.
        """

    def promoted(self) -> str | None: ...

    def names(self) -> tuple[str, ...]: ...

    def drop(self, name: str) -> None:
        """Remove an index; the promoted one is refused with EngineError."""

    def health(self) -> str | None:
        """None where all is well, else a sentence that says what is wrong."""
