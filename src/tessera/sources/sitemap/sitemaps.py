"""Sitemaps and indexes of sitemaps (sitemaps.org), packed or not; lists of addresses as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from tessera.sources.delivered import Unreadable
from tessera.sources.fetch.body import BadBody, unpacked
from tessera.sources.formats.text import shortened

MAX_UNPACKED: Final = 100_000_000
"""Bytes; the protocol allows 50 MB."""


def read_sitemap(data: bytes) -> tuple[list[str], list[str]]:
    """The pages that a sitemap names, and the sitemaps; raises Unreadable."""
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        lines = [line.strip() for line in data.decode("utf-8-sig", "replace").splitlines()]
        if not any(line.startswith(("http://", "https://")) for line in lines):
            raise Unreadable("is no sitemap; expected XML or a list of addresses")
        return [line for line in lines if line.startswith(("http://", "https://"))], []
    try:
        root: Element = fromstring(start, forbid_dtd=True)
    except ParseError as error:
        raise Unreadable(f"is not well-formed XML: {error}") from None
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"is refused: {shortened(str(error), 120)}") from None
    kind = root.tag.rpartition("}")[2]
    if kind not in ("urlset", "sitemapindex"):
        raise Unreadable(f"is no sitemap but <{shortened(kind, 30)}>")
    found = list(_locations(root))
    return (found, []) if kind == "urlset" else ([], found)


def _locations(root: Element) -> Iterator[str]:
    for entry in root:
        for each in entry:
            # Pictures and videos have a "loc" of their own, in other name spaces and deeper.
            if isinstance(each.tag, str) and each.tag.rpartition("}")[2] == "loc":
                address = (each.text or "").strip()
                if address:
                    yield address


def _unpacked(data: bytes) -> bytes:
    whole = bytearray()
    try:
        for piece in unpacked(iter((data,))):
            whole += piece
            if len(whole) > MAX_UNPACKED:
                raise Unreadable(f"unpacks to more than {MAX_UNPACKED / 1e6:,.0f} MB")
    except BadBody as error:
        raise Unreadable(str(error)) from None
    return bytes(whole)
