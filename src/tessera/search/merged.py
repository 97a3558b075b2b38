"""Searches that name an organisation by an id under which it isn't shown any more."""

from __future__ import annotations

from tessera.engine.query import Problem, Query
from tessera.records.groups import shown_as

FILTER = "organisation"


def resolved(query: Query) -> tuple[Query, tuple[Problem, ...]]:
    """The search with each organisation by the id under which it is shown, and what was put so.

    Saved addresses, links and clients go on to work when two organisations are found to be one.
    """
    chosen = {
        value for exclude in (False, True) for value in query.selected(FILTER, exclude=exclude)
    }
    kept = shown_as(chosen) if chosen else {}
    for exclude in (False, True):
        for value in query.selected(FILTER, exclude=exclude):
            if value in kept:
                page = query.page
                query = query.without_filter(FILTER, value, exclude=exclude)
                query = query.with_filter(FILTER, kept[value], exclude=exclude).with_page(page)
    return query, tuple(
        Problem(FILTER, f"{old!r} is shown as {new!r} now, as both are one organisation; "
                "the answer is for that one")
        for old, new in sorted(kept.items())
    )  # fmt: skip
