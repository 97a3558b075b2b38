"""Which network addresses may be asked: those of the public internet, and no others.

A portal that fetches what others tell it to must not become a way into the network that it
stands in. So every address that a name has is checked, and the connection is made to a checked
address itself, never to the name again.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Set
from ipaddress import (
    IPv4Address,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Endpoint = tuple[Address, int]
"""An address and a port."""

_REFUSED: Final = tuple(
    (ip_network(network), what)
    for network, what in (
        ("0.0.0.0/8", "this machine itself"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's inner network"),
        ("127.0.0.0/8", "this machine itself"),
        ("169.254.0.0/16", "the local link"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved network"),
        ("192.0.2.0/24", "a network for examples"),
        ("192.88.99.0/24", "a relay into IPv6"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "a network for tests"),
        ("198.51.100.0/24", "a network for examples"),
        ("203.0.113.0/24", "a network for examples"),
        ("224.0.0.0/4", "a group of receivers"),
        ("240.0.0.0/4", "a reserved network"),
        ("::/96", "this machine itself or an embedded IPv4 address"),
        ("::ffff:0:0/96", "an embedded IPv4 address"),
        ("::ffff:0:0:0/96", "an embedded IPv4 address"),
        ("64:ff9b::/96", "an embedded IPv4 address (NAT64)"),
        ("64:ff9b:1::/48", "an embedded IPv4 address (NAT64)"),
        ("100::/64", "a network that discards"),
        ("2001::/23", "a reserved network (Teredo and others)"),
        ("2001:db8::/32", "a network for examples"),
        ("2002::/16", "an embedded IPv4 address (6to4)"),
        ("3fff::/20", "a network for examples"),
        ("5f00::/16", "a reserved network"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "the local link"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a group of receivers"),
    )
)
"""Named by ourselves: what Python calls global differs between its versions, and NAT64 is global
to all of them."""

_GLOBAL_V6: Final = IPv6Network("2000::/3")
_ISATAP: Final = (0x00005EFE, 0x02005EFE)
_LOCAL_NAMES: Final = re.compile(
    r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home|home\.arpa)"
    r"|ip6-(?:localhost|loopback)"
)
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}")


class Refusal(Exception):
    """Why a host is not asked; the message is the end of a sentence."""


def parse_endpoint(text: str) -> Endpoint:
    """`127.0.0.1:8080` or `[fd00::1]:80`; raises ValueError."""
    host, colon, port = text.strip().rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} is not an address with a port, such as 10.0.0.5:8080")
    return ip_address(host.removeprefix("[").removesuffix("]")), int(port)


def refusal(address: Address) -> str:
    """Why an address is not asked, in a few words; empty where it may be."""
    for network, what in _REFUSED:
        if address.version == network.version and address in network:
            return what
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_V6:
            return "a reserved network"
        if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
            return "an embedded IPv4 address (ISATAP)"
    return "" if address.is_global else "a reserved network"


def checked(host: str, port: int, allowed: Set[Endpoint] = frozenset()) -> list[Address]:
    """The addresses of a host, all of which may be asked.

    allowed: private ones that may be asked all the same. Raises Refusal where one may not, and
    OSError where the name has none.
    """
    name = host.strip("[]").rstrip(".").lower()
    literal = _literal(name)
    if literal is None:
        if _NUMBER.fullmatch(name):
            # 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1 to the system's resolver.
            raise Refusal(f"the host {host} is a number; write the address in full or its name")
        if not name or _LOCAL_NAMES.fullmatch(name):
            raise Refusal(f"the host {host} is one of this network, not of the public internet")
    found = [literal] if literal is not None else _resolved(name, port)
    for address in found:
        what = refusal(address)
        if what and (address, port) not in allowed:
            raise Refusal(f"{host} is at {address}, {what}; only public addresses are asked")
    return found


def _literal(name: str) -> Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None


def _resolved(name: str, port: int) -> list[Address]:
    answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    # A scope (fe80::1%eth0) says through which interface; the address decides without it.
    return list(dict.fromkeys(ip_address(str(a[4][0]).partition("%")[0]) for a in answers))
