"""Pages of results in an exact order, however deep.

Tantivy orders by one field. By a text field it reads each key up to the last one asked for from
its dictionary, some 13 µs each, so a deep page first finds, by the numbers beside the key (see
`sortkeys`), a key shortly before the page, and reads from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import tantivy
from tantivy import DocAddress, FieldType, Occur, Order
from tantivy import Query as Wanted

from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.ranking import MIN_BOOST

K = TypeVar("K")

_NEAR = 300
"""Keys before a page that may be read to get to it."""
_LAST = 2**64 - 1
_WIDER = 32
"""By how much more hits are read at a time to get to the ends of those with equal scores."""

_Scored = tuple[float, DocAddress]
_Keys = Callable[[list[_Scored]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Page(Generic[K]):
    """Hits with what they were ordered by, fewer or none at the end; and the total of all."""

    total: int
    hits: list[tuple[K, DocAddress]]


def ordered(
    snapshot: Snapshot, query: tantivy.Query, field: str, offset: int, size: int
) -> Page[str]:
    """Documents `offset` to `offset + size` in the order of a sort field."""
    if offset <= _NEAR:
        found = _in_order(snapshot, query, field, offset, size)
        return Page(found.count, found.hits)
    total = snapshot.count(query)
    bounds: list[tuple[str, int]] = []
    if offset >= total:
        return Page(total, [])
    for chunk in layout.chunk_fields(field):
        group = _and(query, [_number(snapshot, name, value, value) for name, value in bounds])
        number, before = _nth(snapshot, group, chunk, offset)
        bounds.append((chunk, number))
        offset -= before
        if offset <= _NEAR:
            break
    rest = _and(query, [_at_or_after(snapshot, bounds)])
    return Page(total, _in_order(snapshot, rest, field, offset, size).hits)


def _in_order(snapshot: Snapshot, query: tantivy.Query, field: str, offset: int, size: int) -> Any:
    return snapshot.searcher.search(
        query, size, order_by_field=field, offset=offset, order=Order.Asc
    )


def _nth(snapshot: Snapshot, query: tantivy.Query, chunk: str, offset: int) -> tuple[int, int]:
    """The number in field `chunk` at `offset` in its order, and how many come before that."""
    found = snapshot.searcher.search(
        query, 1, count=False, order_by_field=chunk, offset=offset, order=Order.Asc
    )
    number = int(found.hits[0][0])
    if number == 0:
        return 0, 0
    return number, snapshot.count(_and(query, [_number(snapshot, chunk, 0, number - 1)]))


def _at_or_after(snapshot: Snapshot, bounds: list[tuple[str, int]]) -> tantivy.Query:
    """Keys that are not before `bounds`, chunk by chunk."""
    (chunk, number), *rest = bounds
    if not rest:
        return _number(snapshot, chunk, number, _LAST)
    same = _number(snapshot, chunk, number, number)
    within = Wanted.boolean_query([(Occur.Must, same), (Occur.Must, _at_or_after(snapshot, rest))])
    if number == _LAST:
        return within
    beyond = _number(snapshot, chunk, number + 1, _LAST)
    return Wanted.boolean_query([(Occur.Should, beyond), (Occur.Should, within)])


def _number(snapshot: Snapshot, field: str, first: int, last: int) -> tantivy.Query:
    return Wanted.range_query(snapshot.fields, field, FieldType.Unsigned, first, last)


def _and(query: tantivy.Query, others: list[tantivy.Query]) -> tantivy.Query:
    if not others:
        return query
    return Wanted.boolean_query([(Occur.Must, part) for part in (query, *others)])


def by_score(snapshot: Snapshot, query: tantivy.Query, offset: int, size: int) -> Page[float]:
    """Documents `offset` to `offset + size` by score, equal scores by id.

    Tantivy leaves the order of equal scores open, so the page is read with all documents whose
    scores equal those at its ends.
    """
    if offset >= snapshot.searcher.num_docs:
        # Tantivy makes room for all hits up to the last one asked for.
        return Page(snapshot.count(query), [])
    first, last = max(offset - 1, 0), offset + size + 1
    while True:
        found = _scored(snapshot, query, first, last - first)
        hits: list[_Scored] = found.hits
        start, end = offset - first, offset + size - first
        if not hits[start:end]:
            return Page(found.count, [])
        cut_before = first > 0 and hits[0][0] == hits[start][0]
        cut_after = len(hits) == last - first and hits[-1][0] == hits[end - 1][0]
        if not (cut_before or cut_after):
            break
        if cut_before:
            first = max(offset - _WIDER * (offset - first), 0)
        if cut_after:
            last = offset + size + _WIDER * (last - offset - size)
    return Page(found.count, _by_score_then_id(snapshot, hits, start, end))


def _scored(snapshot: Snapshot, query: tantivy.Query, offset: int, size: int) -> Any:
    # Weights of less than one don't count in tantivy, so they are of boost / MIN_BOOST.
    return snapshot.searcher.search(
        Wanted.boost_query(query, MIN_BOOST), size, offset=offset, weight_by_field="weight"
    )


def _by_score_then_id(
    snapshot: Snapshot, hits: list[_Scored], start: int, end: int
) -> list[_Scored]:
    """Hits `start` to `end` of these.

    Ten thousand records of the same words have one score, so ids are compared eight bytes at a
    time, and each time only within the runs of hits alike so far that reach into the page.
    """

    def numbers(chunk: str) -> _Keys:
        def of(run: list[_Scored]) -> Sequence[Any]:
            return snapshot.searcher.fast_field_values(chunk, [address for _, address in run])

        return of

    def ids(run: list[_Scored]) -> Sequence[Any]:
        return [layout.read_stored(snapshot.searcher.doc(address)).id for _, address in run]

    runs = [hits]
    for keys in (_scores, *map(numbers, layout.ID_CHUNKS), ids):
        before, runs, at = runs, [], 0
        for run in before:
            wanted = len(run) > 1 and at < end and at + len(run) > start
            runs += _split(run, keys(run)) if wanted else [run]
            at += len(run)
    return [hit for run in runs for hit in run][start:end]


def _scores(run: list[_Scored]) -> Sequence[Any]:
    return [-score for score, _ in run]


def _split(run: list[_Scored], keys: Sequence[Any]) -> list[list[_Scored]]:
    """The hits of each key, in the order of the keys."""
    found: dict[Any, list[_Scored]] = {}
    for hit, key in zip(run, keys, strict=True):
        found.setdefault(key, []).append(hit)
    return [found[key] for key in sorted(found)]
