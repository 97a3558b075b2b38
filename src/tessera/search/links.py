"""Addresses: of searches on Explore, always canonical, and of records."""

from __future__ import annotations

from collections.abc import Mapping
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


def page_url(name: str, lang: str = "", **kwargs: str) -> str:
    """The address of another page of the site, with the interface's language kept."""
    address = reverse(name, kwargs=kwargs or None)
    return f"{address}?lang={lang}" if lang else address


def with_lang(params: Mapping[str, str], lang: str) -> str:
    """A query string of these parameters in one interface language."""
    return urlencode({**params, "lang": lang}, quote_via=quote, safe=":.,/")
