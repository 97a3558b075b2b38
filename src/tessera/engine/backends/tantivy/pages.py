"""Pages of results in an exact order, however deep.

Tantivy orders by one field. By a text field it reads each key up to the last one asked for from
its dictionary, some 13 µs each, so a deep page first finds, by the numbers beside the key (see
`sortkeys`), a key shortly before the page, and reads from there.
"""

from __future__ import annotations

from collections.abc import Iterator

import tantivy
from tantivy import DocAddress, FieldType, Occur, Order
from tantivy import Query as Wanted

from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.snapshot import Snapshot

_NEAR = 300
"""Keys before a page that may be read to get to it."""
_LAST = 2**64 - 1


def ordered(
    snapshot: Snapshot, query: tantivy.Query, field: str, offset: int, size: int
) -> list[DocAddress]:
    """Documents `offset` to `offset + size` in the order of a sort field; fewer at the end."""
    bounds: list[tuple[str, int]] = []
    for chunk in layout.chunk_fields(field):
        if offset <= _NEAR:
            break
        group = _and(query, [_number(snapshot, name, value, value) for name, value in bounds])
        number, before = _nth(snapshot, group, chunk, offset)
        if number is None:
            return []
        bounds.append((chunk, number))
        offset -= before
    wanted = _and(query, [_at_or_after(snapshot, bounds)]) if bounds else query
    found = snapshot.searcher.search(
        wanted, size, count=False, order_by_field=field, offset=offset, order=Order.Asc
    )
    return [address for _, address in found.hits]


def _nth(
    snapshot: Snapshot, query: tantivy.Query, chunk: str, offset: int
) -> tuple[int | None, int]:
    """The number in field `chunk` at `offset` in its order, and how many come before that."""
    found = snapshot.searcher.search(
        query, 1, count=False, order_by_field=chunk, offset=offset, order=Order.Asc
    )
    if not found.hits:
        return None, 0
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


def by_score(
    snapshot: Snapshot, query: tantivy.Query, offset: int, size: int
) -> list[tuple[float, DocAddress]]:
    """Documents `offset` to `offset + size` by score, equal scores by id.

    Tantivy leaves the order of equal scores open, so the page is read with all documents whose
    scores equal those at its ends.
    """
    first, last = max(offset - 1, 0), offset + size + 1
    while True:
        hits = _scored(snapshot, query, first, last - first)
        start, end = offset - first, offset + size - first
        if not hits[start:end]:
            return []
        cut_before = first > 0 and hits[0][0] == hits[start][0]
        cut_after = len(hits) == last - first and hits[-1][0] == hits[end - 1][0]
        if not (cut_before or cut_after):
            break
        if cut_before:
            first = max(offset - 4 * (offset - first), 0)
        if cut_after:
            last = offset + size + 4 * (last - offset - size)
    in_order = sorted(zip(hits, _id_order(snapshot, hits), strict=True), key=_score_then_id)
    return [hit for hit, _ in in_order[start:end]]


def _scored(
    snapshot: Snapshot, query: tantivy.Query, offset: int, size: int
) -> list[tuple[float, DocAddress]]:
    found = snapshot.searcher.search(
        query, size, count=False, offset=offset, weight_by_field="weight"
    )
    return found.hits


def _score_then_id(item: tuple[tuple[float, DocAddress], tuple[object, ...]]) -> tuple[object, ...]:
    (score, _), id_order = item
    return (-score, *id_order)


def _id_order(
    snapshot: Snapshot, hits: list[tuple[float, DocAddress]]
) -> Iterator[tuple[object, ...]]:
    """Keys that compare as the ids of documents with equal scores do."""
    addresses = [address for _, address in hits]
    columns = [snapshot.searcher.fast_field_values(chunk, addresses) for chunk in layout.ID_CHUNKS]
    heads = list(zip((score for score, _ in hits), *columns, strict=True))
    seen = dict.fromkeys(heads, 0)
    for head in heads:
        seen[head] += 1
    for (_, address), head in zip(hits, heads, strict=True):
        # Only ids alike in all their first bytes need to be read whole.
        whole = layout.read_stored(snapshot.searcher.doc(address)).id if seen[head] > 1 else ""
        yield (*head[1:], whole)
