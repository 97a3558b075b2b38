"""From documents to vectors: each passage is encoded once, whatever comes in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from tessera.engine.document import Document
from tessera.engine.meaning.encoder import Encoder
from tessera.engine.meaning.meaning import name_of
from tessera.engine.meaning.neighbours import bring_up_to_date
from tessera.engine.meaning.passages import Detect, key_of, passages
from tessera.engine.meaning.store import VectorReader, VectorWriter

BATCH: Final = 64
"""Passages encoded between two writes: what a kill can lose, some five seconds of work."""


class Interrupted(Exception):
    """`stop` said so; what was encoded until then is kept."""


def encode_documents(
    writer: VectorWriter,
    encoder: Encoder,
    documents: Iterable[Document],
    detect: Detect,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Let the store have the vectors of these documents; how many passages were encoded.

    A passage that the store has, of whatever document, is not encoded again. Raises Interrupted.
    """
    wanted: dict[str, list[bytes]] = {}
    new: dict[bytes, list[int]] = {}
    encoded = 0
    for document in documents:
        keys = wanted.setdefault(name_of(document), [])
        for passage in passages(document, encoder, encoder.folder.languages, detect):
            key = key_of(passage)
            keys.append(key)
            if writer.row(key) is None:
                new[key] = passage
            if len(new) >= BATCH:
                encoded += _encode(writer, encoder, new, stop)
    encoded += _encode(writer, encoder, new, stop)
    rows = {id_: [writer.row(key) for key in dict.fromkeys(keys)] for id_, keys in wanted.items()}
    writer.commit({id_: [row for row in each if row is not None] for id_, each in rows.items()})
    return encoded


def finish(writer: VectorWriter, reader: VectorReader) -> None:
    """What is worth it only now and then: leave out old rows, add the signs of many."""
    writer.compact()
    reader.refresh()
    if reader.generation is not None:
        bring_up_to_date(reader.generation, reader.vectors)


def _encode(
    writer: VectorWriter,
    encoder: Encoder,
    new: dict[bytes, list[int]],
    stop: Callable[[], bool],
) -> int:
    if not new:
        return 0
    if stop():
        raise Interrupted
    vectors = encoder.encode(list(new.values()))
    writer.add(dict(zip(new, vectors, strict=True)))
    count = len(new)
    new.clear()
    return count
