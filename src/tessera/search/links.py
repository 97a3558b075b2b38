"""Addresses: of searches on Explore, always canonical, and of records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse

from tessera.engine.query import Query


@cache
def _address(name: str, _prefix: str) -> str:
    """A page's address, looked up once: Explore has some seventy links to itself."""
    return reverse(name)


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a search. Only `state` may go beyond the query: what is unfolded on the page.

    fragment: where on the page to go.
    """

    query: Query
    fragment: str = ""
    state: tuple[tuple[str, str], ...] = ()

    @property
    def href(self) -> str:
        params = self.query.to_params()
        if self.state:
            state = urlencode(self.state, quote_via=quote, safe=":.,/")
            params = f"{params}&{state}" if params else state
        address = _address("explore", get_script_prefix())
        if params:
            address += f"?{params}"
        return f"{address}#{self.fragment}" if self.fragment else address

    def __str__(self) -> str:
        return self.href


def record_url(kind: str, uid: str, *, lang: str = "", fragment: str = "") -> str:
    """The address of a record's page: `/project/keep:12345`."""
    address = (
        f"{_address('home', get_script_prefix())}{kind}/{quote(uid, safe=':/@!$&()*+,;=~-._')}"
    )
    if lang:
        address += f"?lang={lang}"
    return f"{address}#{fragment}" if fragment else address
