"""The words of a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase, digits

from tantivy import Query as Wanted

from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.snapshot import Snapshot


def words(snapshot: Snapshot) -> Iterator[tuple[str, int]]:
    """See `Index.words`. Read in pieces: tantivy keeps other threads waiting for each.

    Its dictionary has the words of deleted documents, too, until it merges them away, so they are
    counted one by one where there are such documents: what someone withdrew is not to be offered.
    """
    deleted = snapshot.documents != snapshot.searcher.num_docs
    only = Wanted.all_query() if deleted else None
    for first in digits + ascii_lowercase:
        found: dict[str, int] = {}
        for name in snapshot.schema.own:
            field = layout.text_field(name)
            for word, frequency in snapshot.searcher.terms_with_prefix(
                field, first, filter_query=only
            ):
                if ":" not in word and frequency > found.get(word, 0):
                    found[word] = frequency
        yield from found.items()
