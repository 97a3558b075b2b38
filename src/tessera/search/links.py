"""Addresses: of searches on Explore, always canonical, and of records."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse

from tessera.engine.query import Query


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
        address = f"{reverse('explore')}?{params}" if params else reverse("explore")
        return f"{address}#{self.fragment}" if self.fragment else address

    def __str__(self) -> str:
        return self.href


def record_url(kind: str, uid: str, *, lang: str = "", fragment: str = "") -> str:
    """The address of a record's page: `/project/keep:12345`."""
    address = f"{reverse('home')}{kind}/{quote(uid, safe=':/@!$&()*+,;=~-._')}"
    if lang:
        address += f"?lang={lang}"
    return f"{address}#{fragment}" if fragment else address
