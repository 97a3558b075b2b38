"""Organisations of the site that a written name may mean."""

from __future__ import annotations

from tessera.records.models import Record

AS_WRITTEN = "-"
"""The choice of none of them."""

MOST = 8


def matches(name: str) -> dict[str, str]:
    """By id the names of organisations that have these words in their name, shortest first.

    A help to choose from, no search: MOST at most. Only records from sources, not of persons.
    """
    written = " ".join(name.split())
    if len(written) < 3:
        return {}
    known = Record.objects.filter(kind="organisation", withdrawn_at=None, answers_as="")
    for word in written.split()[:12]:
        known = known.filter(title__icontains=word)
    found = sorted(known.values_list("uid", "title")[:200], key=lambda each: (len(each[1]), each))
    return dict(found[:MOST])
