"""Pages of results in an exact order, however deep.

Tantivy orders by one field. By a text field it reads each key up to the last one asked for from
its dictionary, some 13 µs each, so a deep page first finds, by the numbers beside the key (see
`sortkeys`), a key shortly before the page, and reads from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
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

Scored = tuple[float, DocAddress]


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
        found = scored(snapshot, query, first, last - first)
        hits: list[Scored] = found.hits
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


def leading(snapshot: Snapshot, query: tantivy.Query, size: int) -> list[tuple[float, DocAddress]]:
    """The best `size` documents by score, and all that equal the last of them; in no order."""
    most = size + 1
    while True:
        hits: list[Scored] = scored(snapshot, query, 0, most, count=False).hits
        if len(hits) <= size:
            return hits
        last = hits[size - 1][0]
        if len(hits) < most or hits[-1][0] < last:
            return [hit for hit in hits if hit[0] >= last]
        most = size + _WIDER * (most - size)


def scored(
    snapshot: Snapshot, query: tantivy.Query, offset: int, size: int, *, count: bool = True
) -> Any:
    # Tantivy makes room for all hits that are asked for.
    size = min(size, max(1, snapshot.searcher.num_docs - offset))
    # Weights of less than one don't count in tantivy, so they are of boost / MIN_BOOST.
    return snapshot.searcher.search(
        Wanted.boost_query(query, MIN_BOOST),
        size,
        count=count,
        offset=offset,
        weight_by_field="weight",
    )


def _by_score_then_id(snapshot: Snapshot, hits: list[Scored], start: int, end: int) -> list[Scored]:
    """Hits `start` to `end` of these, which come by score.

    Ten thousand records of the same words have one score, so nothing is made for each of them but
    a number, and ids are read whole only of those that the page may hold.
    """
    best, worst = hits[start][0], hits[min(end, len(hits)) - 1][0]
    before = sum(score > best for score, _ in hits)
    tied = [hit for hit in hits if best >= hit[0] >= worst]
    numbers = _id_numbers(snapshot, tied)
    order = sorted(range(len(tied)), key=numbers.__getitem__)
    order.sort(key=lambda at: -tied[at][0])

    def head(at: int) -> tuple[float, int]:
        return tied[at][0], numbers[at]

    start, end = start - before, min(end - before, len(tied))
    first, last = start, end
    while first > 0 and head(order[first - 1]) == head(order[first]):
        first -= 1
    while last < len(tied) and head(order[last]) == head(order[last - 1]):
        last += 1
    part: list[Scored] = []
    for _, run in groupby(order[first:last], key=head):
        alike = [tied[at] for at in run]
        if len(alike) > 1:
            alike.sort(key=lambda hit: layout.read_stored(snapshot.searcher.doc(hit[1])).id)
        part += alike
    return part[start - first : end - first]


def _id_numbers(snapshot: Snapshot, hits: list[Scored]) -> list[int]:
    """The first bytes of each id as a number, which compare like them."""
    addresses = [address for _, address in hits]
    numbers = [0] * len(hits)
    for chunk in layout.ID_CHUNKS:
        column = snapshot.searcher.fast_field_values(chunk, addresses)
        numbers = [a << 64 | int(b or 0) for a, b in zip(numbers, column, strict=True)]
    return numbers
