"""Reading the body of an answer: unpacked piece by piece, up to a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from urllib3.response import BaseHTTPResponse

PIECE = 65_536


class TooLarge(Exception):
    """A body that is longer than allowed, packed or unpacked."""


class BadBody(Exception):
    """A body that is not packed as its headers say; the message is the end of a sentence."""


def read_body(response: BaseHTTPResponse, most: int) -> bytes:
    """The body of an answer; raises TooLarge, BadBody and errors of the connection."""
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing in ("", "identity"):
        pieces = _pieces(response)
    elif packing in ("gzip", "x-gzip"):
        pieces = unpacked(_pieces(response))
    else:
        raise BadBody(f"is packed with {packing[:40]!r}, which was not asked for")
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > most:
            raise TooLarge
    return bytes(found)


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := response.read(PIECE, decode_content=False):
        yield piece


def unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What gzip packed, in pieces of bounded size, however much a few bytes unpack to."""
    reader = zlib.decompressobj(wbits=31)
    ended = False
    for piece in pieces:
        rest = piece
        while rest:
            if ended:
                # Members can stand one behind another.
                reader, ended = zlib.decompressobj(wbits=31), False
            try:
                yield reader.decompress(rest, PIECE)
                while reader.unconsumed_tail:
                    yield reader.decompress(reader.unconsumed_tail, PIECE)
            except zlib.error as error:
                raise BadBody(f"is no gzip: {error}") from None
            rest, ended = reader.unused_data, reader.eof
    if not ended:
        raise BadBody("ends in the middle")
