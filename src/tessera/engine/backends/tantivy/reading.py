"""Reading a snapshot for the understanding of a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from tantivy import DocAddress

from tessera.engine.audience import Audience
from tessera.engine.backends import closeness
from tessera.engine.backends.tantivy import grouped, layout, pages
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.cores import side_by_side
from tessera.engine.document import Text
from tessera.engine.fusion import Ranked
from tessera.engine.plan import Among, AnyTerm, PlanNode


class TantivyReading:
    """See `tessera.engine.reading.Reading`."""

    def __init__(self, snapshot: Snapshot, audience: Audience) -> None:
        self._snapshot = snapshot
        self._audience = audience
        self._translation = Translation(snapshot)

    @property
    def audience(self) -> Audience:
        return self._audience

    @property
    def langs(self) -> frozenset[str]:
        return self._snapshot.langs

    @property
    def written(self) -> Mapping[str, int]:
        return self._snapshot.written

    @property
    def borrows(self) -> bool:
        return len(self._snapshot.schema.own) < len(self._snapshot.schema.texts)

    @property
    def size(self) -> int:
        return int(self._snapshot.searcher.num_docs)

    @property
    def documents(self) -> int:
        return self._snapshot.documents

    def total(self, node: PlanNode) -> int:
        return self._snapshot.count(self._translation.matching(node))

    def best(self, node: PlanNode, most: int) -> list[tuple[int, float]]:
        if most < 1:
            return []
        found = pages.leading(self._snapshot, self._translation.scored(node), most)
        keys = self._snapshot.keys([address for _, address in found])
        ranked = [(key, score) for key, (score, _) in zip(keys, found, strict=True)]
        return sorted(ranked, key=lambda item: (-item[1], item[0]))[:most]

    def best_in_each(
        self, nodes: Sequence[PlanNode], groups: Sequence[PlanNode], most: int
    ) -> list[list[Ranked]]:
        among = self._groups(tuple(groups))
        queries = [self._translation.scored(node) for node in nodes]
        best = partial(grouped.best_in_each, self._snapshot, groups=among, most=most)
        return side_by_side([partial(best, query) for query in queries])

    def _groups(self, groups: tuple[PlanNode, ...]) -> grouped.Groups:
        queries = [self._translation.matching(group) for group in groups]
        members = self._snapshot.members.get(groups)
        if members is None:
            members = self._snapshot.addresses.matching(queries)
            self._snapshot.members[groups] = members
        return grouped.Groups(queries, members)

    def frequency(self, word: AnyTerm) -> int:
        return self._translation.frequency(word)

    def gram_frequency(self, gram: str) -> int:
        return self._snapshot.frequency("grams", gram)

    def keys(self, ids: Collection[str]) -> Mapping[str, int]:
        at = ((id_, self._snapshot.address(id_)) for id_ in ids)
        found = {id_: address for id_, address in at if address is not None}
        places = self._snapshot.addresses.places([*found.values()])
        return dict(zip(found, self._snapshot.addresses.keys[places].tolist(), strict=True))

    def keywords(self, keys: Sequence[int]) -> NDArray[np.uint32]:
        rows = np.zeros((len(keys), closeness.KEYWORDS), np.uint32)
        places = [(at, a) for at, a in enumerate(self._addresses(keys)) if a is not None]
        addresses, at = [address for _, address in places], [row for row, _ in places]
        for column, field in enumerate(layout.KEYWORDS if places else ()):
            values = self._snapshot.searcher.fast_field_values(field, addresses)
            pairs = np.array(values, np.uint64)
            rows[at, 2 * column] = pairs >> np.uint64(32)
            rows[at, 2 * column + 1] = pairs & np.uint64(0xFFFFFFFF)
        return rows

    def texts(self, keys: Sequence[int]) -> list[Mapping[str, tuple[Text, ...]]]:
        return [
            layout.read_texts(self._snapshot.searcher.doc(address)) if address else {}
            for address in self._addresses(keys)
        ]

    def _addresses(self, keys: Sequence[int]) -> list[DocAddress | None]:
        query = self._translation.matching(Among(tuple(keys)))
        hits = self._snapshot.searcher.search(query, len(keys), count=False).hits
        addresses = [address for _, address in hits]
        by_key = dict(zip(self._snapshot.keys(addresses), addresses, strict=True))
        return [by_key.get(key) for key in keys]
