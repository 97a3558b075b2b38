"""The port on the dictionaries of `state`."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from tessera.engine.aids import Aids, GetAids
from tessera.engine.audience import Audience
from tessera.engine.backend import Capabilities
from tessera.engine.backends.buckets import facet_result
from tessera.engine.backends.memory.reading import MemoryReading
from tessera.engine.backends.memory.scoring import Scoring
from tessera.engine.backends.memory.state import Entry, State
from tessera.engine.backends.memory.suggesting import suggested
from tessera.engine.backends.request import current_second, facet_named, filters_in_force
from tessera.engine.document import Document
from tessera.engine.errors import EngineError, IndexLocked, IndexMissing, IndexOutdated
from tessera.engine.fields import RELEVANCE, IndexSchema
from tessera.engine.highlight import highlight as highlights
from tessera.engine.plan import PlanNode, plan_word
from tessera.engine.query import Query
from tessera.engine.result import FacetResult, Hit, Result, Section, Suggestion, Way
from tessera.engine.understanding import Part, understood

_Entries = dict[Audience, dict[str, Entry]]


@dataclass(slots=True)
class _Box:
    """An index by name: its committed state for each audience, and whether someone writes to it."""

    name: str
    schema: IndexSchema
    states: Mapping[Audience, State]
    writing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def entries(self) -> _Entries:
        return {audience: dict(state.entries) for audience, state in self.states.items()}


def _states(entries: _Entries, schema: IndexSchema) -> dict[Audience, State]:
    """One state for both audiences where both see the same."""
    public, members = entries[Audience.EVERYONE], entries[Audience.MEMBERS]
    state = State(dict(public), schema)
    same = members == public
    return {
        Audience.EVERYONE: state,
        Audience.MEMBERS: state if same else State(dict(members), schema),
    }


def _none() -> _Entries:
    return {audience: {} for audience in Audience}


class MemoryIndex:
    """See `tessera.engine.backend.Index`."""

    def __init__(
        self, box: _Box, schema: IndexSchema, audience: Audience, aids: GetAids = Aids
    ) -> None:
        self._box = box
        self._asking = audience
        self._aids = aids
        self._schema = schema

    @property
    def name(self) -> str:
        return self._box.name

    @property
    def audience(self) -> Audience:
        shared = self._box.states[Audience.EVERYONE] is self._state
        return Audience.EVERYONE if shared else self._asking

    @property
    def _state(self) -> State:
        return self._box.states[self._asking]

    @property
    def schema(self) -> IndexSchema:
        return self._schema

    def search(
        self,
        query: Query,
        *,
        facets: Sequence[str] = (),
        now: datetime | None = None,
        highlight: bool = True,
    ) -> Result:
        started = time.perf_counter()
        state, second = self._state, current_second(now)
        meant = understood(MemoryReading(state, self._asking), query, self._aids())
        sections: list[Section] = []
        ordered: list[tuple[str, float, Way]] = []
        for number, part in enumerate(meant.parts):
            node = meant.section(number)
            matching = state.matching(node, self.schema.weights)
            found = state.filtered(matching, filters_in_force(query), second)
            sections.append(Section(part.way, len(found)))
            ordered += self._section(state, part, node, query, found)
        first = (query.page - 1) * query.size
        hits = []
        for id_, score, way in ordered[first : first + query.size]:
            document = state.entries[id_].document
            marked = (
                highlights(
                    meant.marked, document.texts, self.schema, query.lang, others=way != "words"
                )
                if highlight
                else ()
            )
            hits.append(Hit(id_, document.key, score, document.stored, marked, way))
        matching = state.matching(meant.whole, self.schema.weights)
        counted = {name: self._facet(state, name, query, matching, second) for name in facets}
        took = (time.perf_counter() - started) * 1000
        return Result(len(ordered), tuple(hits), counted, took, tuple(sections), meant.expansions)

    def _section(
        self, state: State, part: Part, node: PlanNode, query: Query, found: frozenset[str]
    ) -> list[tuple[str, float, Way]]:
        """The documents of a part in their order, with scores."""
        scores = self._scores(state, node, query, found)
        ids = self._ordered(state, query, found, scores)
        if query.effective_sort(self.schema) != RELEVANCE:
            return [(id_, 0.0, part.way) for id_ in ids]
        first = {state.keys[key]: score for key, score in part.first if state.keys[key] in found}
        rest = [(id_, scores[id_], part.way) for id_ in ids if id_ not in first]
        return [*((id_, score, part.way) for id_, score in first.items()), *rest]

    def _scores(
        self, state: State, planned: PlanNode, query: Query, found: Iterable[str]
    ) -> dict[str, float]:
        if query.effective_sort(self.schema) != RELEVANCE:
            return {}
        scoring = Scoring(state, planned)
        return {id_: scoring.score(id_) for id_ in found}

    def _ordered(
        self, state: State, query: Query, found: Iterable[str], scores: dict[str, float]
    ) -> list[str]:
        ids = sorted(found)
        name = query.effective_sort(self.schema)
        if name == RELEVANCE:
            return sorted(ids, key=lambda id_: -scores[id_])
        order = self.schema.sort(name)
        if order is None:
            raise ValueError(f"{name!r} is not an order of index schema {self.schema.name!r}")
        keys = {id_: state.entries[id_].document.sort.get(order.key) for id_ in ids}
        keyed = [id_ for id_ in ids if keys[id_] is not None]
        # Python's sort keeps the order of equal keys in both directions: by id.
        keyed.sort(key=lambda id_: keys[id_], reverse=order.descending)  # type: ignore[arg-type,return-value]  # keys of one name are of one type
        return keyed + [id_ for id_ in ids if keys[id_] is None]

    def _facet(
        self, state: State, name: str, query: Query, matching: Iterable[str], now: int
    ) -> FacetResult:
        facet = facet_named(self.schema, name)
        found = state.filtered(matching, filters_in_force(query, aside=name), now)
        counts = Counter(value for id_ in found for value in state.values(id_, name, now))
        return facet_result(facet, counts, query.selected(name))

    def count(self, query: Query, *, now: datetime | None = None) -> int:
        state = self._state
        meant = understood(MemoryReading(state, self._asking), query, self._aids())
        matching = state.matching(meant.whole, self.schema.weights)
        return len(state.filtered(matching, filters_in_force(query), current_second(now)))

    def suggest(
        self, text: str, *, limit: int = 8, filters: Query | None = None
    ) -> tuple[Suggestion, ...]:
        state = self._state
        ids = suggested(state, text, limit, filters)
        return tuple(Suggestion(id_, state.entries[id_].document.stored) for id_ in ids)

    def frequency(self, word: str) -> int:
        state = self._state
        return len(state.matching(plan_word(word, state.langs), self.schema.weights))

    def words(self) -> Iterator[tuple[str, int]]:
        return self._state.words()

    def state(self) -> object:
        return self._state

    def get(self, ids: Sequence[str]) -> dict[str, dict[str, object]]:
        entries = self._state.entries
        return {id_: dict(entries[id_].document.stored) for id_ in ids if id_ in entries}

    def present(self, ids: Iterable[str]) -> set[str]:
        return {*ids} & self._state.ids

    def ids(self) -> Iterator[str]:
        return iter(self._state.ids)

    def __len__(self) -> int:
        return len(self._state.ids)


class MemoryWriter:
    """See `tessera.engine.backend.Writer`. Works on a copy that `commit` puts in place."""

    def __init__(self, box: _Box) -> None:
        if not box.writing.acquire(blocking=False):
            raise IndexLocked(f"another writer has index {box.name!r} open")
        self._box = box
        self._entries = box.entries

    def put(self, documents: Iterable[Document]) -> int:
        count = 0
        seen: set[str] = set()
        for document in documents:
            if document.id not in seen:
                self.delete([document.id])
                seen.add(document.id)
            entry = Entry.of(document, self._box.schema)
            for audience in document.audiences:
                self._entries[audience][document.id] = entry
            count += 1
        return count

    def delete(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            for entries in self._entries.values():
                entries.pop(id_, None)

    def commit(self) -> None:
        self._box.states = _states(self._entries, self._box.schema)

    def rollback(self) -> None:
        self._entries = self._box.entries

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
            self._box.writing.release()


class MemoryBackend:
    """See `tessera.engine.backend.Backend`. Its indexes live and die with the object."""

    capabilities = Capabilities(persistent=False, relevance_exact=True, concurrent_writers=False)

    def __init__(self, aids: GetAids = Aids) -> None:
        self._aids = aids
        self._boxes: dict[str, _Box] = {}
        self._promoted: str | None = None
        self._changing = threading.Lock()

    def create(self, schema: IndexSchema, name: str) -> None:
        with self._changing:
            if name in self._boxes:
                raise EngineError(f"index {name!r} exists already")
            self._boxes[name] = _Box(name, schema, _states(_none(), schema))

    def promote(self, name: str) -> None:
        with self._changing:
            self._box(name)
            self._promoted = name

    def current(self, schema: IndexSchema, audience: Audience = Audience.EVERYONE) -> MemoryIndex:
        # Not by name in two steps: in between, another might be promoted and this one dropped.
        with self._changing:
            if self._promoted is None:
                raise IndexMissing("no index has been built yet; `tessera index rebuild` makes one")
            return self.index(schema, self._promoted, audience)

    def index(
        self, schema: IndexSchema, name: str, audience: Audience = Audience.EVERYONE
    ) -> MemoryIndex:
        return MemoryIndex(self._box(name, schema), schema, audience, self._aids)

    def writer(self, schema: IndexSchema, name: str) -> MemoryWriter:
        return MemoryWriter(self._box(name, schema))

    def join(self, schema: IndexSchema, name: str, parts: Sequence[str]) -> None:
        box = self._box(name, schema)
        if any(state.entries for state in box.states.values()):
            raise EngineError(f"index {name!r} is not empty, so others can't be joined to it")
        entries = _none()
        for part in parts:
            for audience, found in self._box(part, schema).entries.items():
                entries[audience].update(found)
        box.states = _states(entries, schema)
        for part in parts:
            self.drop(part)

    def promoted(self) -> str | None:
        return self._promoted

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._boxes))

    def drop(self, name: str) -> None:
        with self._changing:
            self._box(name)
            if name == self._promoted:
                raise EngineError(f"index {name!r} answers searches and can't be dropped")
            del self._boxes[name]

    def health(self) -> str | None:
        return None

    def _box(self, name: str, schema: IndexSchema | None = None) -> _Box:
        box = self._boxes.get(name)
        if box is None:
            raise IndexMissing(f"there is no index {name!r}")
        if schema is not None and schema.checksum() != box.schema.checksum():
            raise IndexOutdated(
                f"index {name!r} was built for another schema; `tessera index rebuild` mends it"
            )
        return box
