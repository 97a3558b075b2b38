"""Which lists a site's interface has, and how they are asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

PER_PAGE: Final = 100
"""The most that WordPress gives at once."""

NEWS: Final = re.compile(r"news|post|article|blog|press|story|stories|announce", re.I)
EVENT: Final = re.compile(r"event|agenda|meeting|webinar", re.I)
_OURS: Final = re.compile(r"/wp/v2/(?P<name>[\w-]+)")


def asked(url: str, number: int) -> str:
    """The address of a page (from 1) of a list; that of Drupal says itself what follows."""
    split = urlsplit(url)
    given = dict(parse_qsl(split.query))
    route = given.get("rest_route", split.path)
    if "/wp/v2/" in route:
        given |= {"per_page": str(PER_PAGE), "page": str(number), "_embed": "wp:term"}
    elif "/tribe/events/" in route:
        # Without a start only what is still to come is listed.
        given = {"per_page": "50", "start_date": "2000-01-01", "page": str(number)} | given
    return urlunsplit(split._replace(query=urlencode(given), fragment=""))


def wordpress_lists(index: Any, site: str) -> list[str]:
    """Lists of news and events in the index of a WordPress site."""
    routes = index.get("routes") if isinstance(index, Mapping) else None
    if not isinstance(routes, Mapping):
        return []
    found = []
    if "/tribe/events/v1/events" in routes:
        found.append(urljoin(site, "wp-json/tribe/events/v1/events"))
    for route in routes:
        own = _OURS.fullmatch(str(route))
        name = own["name"] if own else ""
        # The same events again, without their dates.
        twice = name == "tribe_events" and found
        if name == "posts" or (name and not twice and _is_list(name)):
            found.append(urljoin(site, f"wp-json{route}"))
    return found


def _is_list(name: str) -> bool:
    """Whether a list of WordPress is one of news or events, not of their categories."""
    wanted = NEWS.search(name) or EVENT.search(name)
    return bool(wanted) and not re.search(r"categor|tag|type|taxonom|series|venue|organi", name)


def drupal_lists(index: Any, site: str) -> list[str]:
    """Lists of news and events in the index of a Drupal site."""
    links = index.get("links") if isinstance(index, Mapping) else None
    found = []
    for name, link in (links or {}).items() if isinstance(links, Mapping) else ():
        if name.startswith("node--") and (NEWS.search(name) or EVENT.search(name)):
            href = link.get("href") if isinstance(link, Mapping) else link
            if isinstance(href, str):
                found.append(urljoin(site, href))
    return found
