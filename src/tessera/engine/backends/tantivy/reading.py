"""Reading a snapshot for the understanding of a text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from tantivy import DocAddress
from tantivy import Query as Wanted

from tessera.engine.backends.tantivy import layout, pages
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.backends.tantivy.translate import Translation
from tessera.engine.document import Text
from tessera.engine.plan import Among, AnyTerm, PlanNode


class TantivyReading:
    """See `tessera.engine.reading.Reading`."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._translation = Translation(snapshot)

    @property
    def langs(self) -> frozenset[str]:
        return self._snapshot.langs

    @property
    def documents(self) -> int:
        return self._snapshot.documents

    def total(self, node: PlanNode) -> int:
        return self._snapshot.count(self._translation.matching(node))

    def best(self, node: PlanNode, most: int) -> list[tuple[int, float]]:
        if most < 1:
            return []
        found = pages.by_score(self._snapshot, self._translation.scored(node), 0, most).hits
        keys = self._snapshot.keys([address for _, address in found])
        return [(key, score) for key, (score, _) in zip(keys, found, strict=True)]

    def frequency(self, word: AnyTerm) -> int:
        return self._translation.frequency(word)

    def gram_frequency(self, gram: str) -> int:
        return self._snapshot.searcher.doc_freq("grams", gram)

    def keys(self, ids: Collection[str]) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for id_ in ids:
            query = Wanted.term_query(self._snapshot.fields, "id", id_, index_option="basic")
            hits = self._snapshot.searcher.search(query, 1, count=False).hits
            found.update(zip([id_], self._snapshot.keys([hit[1] for hit in hits]), strict=False))
        return found

    def keywords(self, keys: Sequence[int]) -> list[Mapping[int, int]]:
        addresses = self._addresses(keys)
        held = [address for address in addresses if address is not None]
        columns = [self._snapshot.searcher.fast_field_values(f, held) for f in layout.KEYWORDS]
        rows = iter(zip(*columns, strict=True))
        return [layout.read_keywords(next(rows)) if address else {} for address in addresses]

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
