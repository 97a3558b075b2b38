"""Choices in force, each removable by a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tessera.engine.query import WORDS, Query
from tessera.search.labels import Labels, short_label
from tessera.search.links import Link


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice in force. name: its facet, or the parameter "q" or "match".

    link: the search without it.
    """

    name: str
    heading: str
    value: str
    exclude: bool
    link: Link


def chips(query: Query, labels: Labels) -> tuple[Chip, ...]:
    """All choices in force, typed words first."""
    found: list[Chip] = []
    if query.text:
        found.append(Chip("q", _("Words"), query.text, False, Link(query.with_text(""))))
        if query.match == WORDS:
            value = _("all words as typed")
            found.append(Chip("match", _("Only"), value, False, Link(query.with_match(""))))
    for wanted in query.filters:
        labels.prepare(wanted.name, wanted.values)
        heading = short_label(wanted.name)
        for value in wanted.values:
            label = labels.of(wanted.name, value)
            if wanted.exclude:
                label = _("not %(value)s") % {"value": label}
            without = query.without_filter(wanted.name, value, exclude=wanted.exclude)
            found.append(Chip(wanted.name, heading, label, wanted.exclude, Link(without)))
    return tuple(found)
