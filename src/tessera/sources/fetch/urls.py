"""Addresses taken apart, as they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

MAX_LENGTH: Final = 2_000
_PORTS: Final = {"http": 80, "https": 443}
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"


class UrlError(ValueError):
    """No address that can be asked; the message is the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Parts:
    """url: in one spelling, without what follows "#". target: path and query."""

    url: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def parts_of(url: str) -> Parts:
    """An address taken apart; raises UrlError."""
    if len(url) > MAX_LENGTH:
        raise UrlError(f"has {len(url):,} characters; at most {MAX_LENGTH:,} are asked for")
    try:
        split = urlsplit(url.strip())
        port = split.port
        host = (split.hostname or "").rstrip(".")
        name = host if ":" in host else host.encode("idna").decode("ascii") if host else ""
    except ValueError as error:  # UnicodeError among them
        raise UrlError(f"is no address: {error}") from None
    if split.scheme not in _PORTS:
        raise UrlError("is no address that begins with http:// or https://")
    if not name:
        raise UrlError("names no host")
    if split.username is not None or split.password is not None:
        raise UrlError("carries a user name or password; those are never sent")
    path = quote(split.path or "/", safe=_KEPT)
    query = quote(split.query, safe=_KEPT)
    target = f"{path}?{query}" if query else path
    if any(ord(char) <= 32 or ord(char) == 127 for char in target + name):
        raise UrlError("holds blanks or control characters")
    number = port or _PORTS[split.scheme]
    found = Parts("", split.scheme, name, number, target)
    return Parts(f"{found.origin}{target}", split.scheme, name, number, target)


def host_of(url: str) -> str:
    """The host of an address, in small letters; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
