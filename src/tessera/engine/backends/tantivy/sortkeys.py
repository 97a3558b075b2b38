"""Sort keys whose plain order is the order wanted: key first, then document id ascending.

A key is composed as bytes of a prefix-free code, so that comparing bytes compares keys. Tantivy
holds it twice: as text (Latin-1, which keeps the order of bytes), by which it orders exactly, and
its first bytes as numbers, by which deep pages are found (see `pages`).
"""

from __future__ import annotations

import struct

from tessera.engine.ranking import MAX_BOOST

CHUNKS = 4
"""Numbers per key, of eight bytes each."""
_LIMIT = 60_000
_KEYED, _UNKEYED = b"\x00", b"\x01"
_INT_SHIFT = 1 << 63
_NUMBERS = struct.Struct(f">{CHUNKS}Q")


def composed(key: str | int | None, id_: str, *, descending: bool = False) -> bytes:
    """The key and the id as one; a missing key comes last in both directions.

    ValueError for an int beyond 64 bits and for a key that is too long to be stored.
    """
    if key is None:
        return _UNKEYED + id_.encode()
    if isinstance(key, int):
        if not -_INT_SHIFT <= key < _INT_SHIFT:
            raise ValueError(f"sort key {key} of document {id_!r} does not fit in 64 bits")
        code = (key + _INT_SHIFT).to_bytes(8, "big")
    else:
        code = key.encode().replace(b"\x00", b"\x00\x01") + b"\x00\x00"
    if descending:
        code = bytes(255 - byte for byte in code)
    whole = _KEYED + code + id_.encode()
    if len(whole) > _LIMIT:
        raise ValueError(f"sort key and id of document {id_[:80]!r} are over {_LIMIT} bytes")
    return whole


def boosted(boost: float, id_: str) -> bytes:
    """The order by boost, the greatest first; boost: as `ranking.checked_boost` gives it."""
    return composed(round((MAX_BOOST - boost) * 10_000), id_)


def as_text(key: bytes) -> str:
    return key.decode("latin-1")


def chunks(key: bytes) -> tuple[int, ...]:
    """The first bytes as `CHUNKS` numbers that compare like them."""
    return _NUMBERS.unpack(key[: _NUMBERS.size].ljust(_NUMBERS.size, b"\x00"))
