"""Where documents are: numbers for their addresses, with their keys and languages, in arrays.

To ask tantivy for a number of one document takes two microseconds, as long as it takes to score
some hundred; read once for all they take half a microsecond a document and ten bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import DocAddress, FieldType, Occur, Order
from tantivy import Query as Wanted

_AT_ONCE: Final = 100_000
"""Documents that are read at a time; some 15 MB."""

Places = NDArray[np.int64]
"""Documents by the number of their address, from 0; not all numbers have one."""


class Addresses:
    """The documents of one searcher."""

    def __init__(self, searcher: tantivy.Searcher, fields: tantivy.Schema) -> None:
        self._searcher = searcher
        self._fields = fields
        read = [*self._read(Wanted.all_query())]
        # Segments follow each other.
        lengths = np.zeros(searcher.num_segments + 1, np.int64)
        for segments, docs, _ in read:
            np.maximum.at(lengths, segments + 1, docs + 1)
        self._starts = np.cumsum(lengths)
        self.keys = np.zeros(int(self._starts[-1]), np.int64)
        """Of each place the key of its document; 0 for none."""
        for segments, docs, keys in read:
            self.keys[self._starts[segments] + docs] = keys

    def places(self, addresses: Sequence[DocAddress]) -> Places:
        segments, docs = _numbers(addresses)
        return np.asarray(self._starts[segments] + docs)

    def matching(self, queries: Sequence[tantivy.Query]) -> NDArray[np.uint8]:
        """Of each place a bit for each of up to eight queries that its document matches."""
        found = np.zeros(len(self.keys), np.uint8)
        for number, query in enumerate(queries):
            for segments, docs, _ in self._read(query):
                found[self._starts[segments] + docs] |= 1 << number
        return found

    def _read(self, query: tantivy.Query) -> Iterator[tuple[Places, Places, Places]]:
        """Segments, numbers in them and keys of all documents that match, in the order of keys."""
        after = 0
        while True:
            further = Wanted.range_query(
                self._fields, "number", FieldType.Unsigned, after, None, include_lower=False
            )
            both = Wanted.boolean_query([(Occur.Must, query), (Occur.Must, further)])
            hits = self._searcher.search(
                both if after else query,
                _AT_ONCE,
                count=False,
                order_by_field="number",
                order=Order.Asc,
            ).hits
            if hits:
                read, addresses = zip(*hits, strict=True)
                keys = np.array(read, np.int64)
                yield *_numbers(addresses), keys
            if len(hits) < _AT_ONCE:
                return
            after = int(keys[-1])


def _numbers(addresses: Sequence[DocAddress]) -> tuple[Places, Places]:
    """The numbers of segments, and of documents in them."""
    size = len(addresses)
    segments = np.fromiter(map(attrgetter("segment_ord"), addresses), np.int64, size)
    return segments, np.fromiter(map(attrgetter("doc"), addresses), np.int64, size)
