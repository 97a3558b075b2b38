"""A search in one sentence: "23 projects about cluster in Lithuania or Slovenia, 2014 to 2020".

It is the heading and the title of the page. It is put together from whole phrases with
placeholders, so that each language can order them as it must.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.query import Query, YearRange
from tessera.search.dates import number
from tessera.search.labels import (
    Labels,
    counted,
    filter_in_sentence,
    kinds_in_sentence,
    listed,
    none_of,
    years_label,
)

MAX_WORDS = 90
"""Characters of the typed text that the sentence repeats; cut at a word."""
MAX_LISTED = 4
"""Values of a filter that are named; of more, only their number is."""

_PLACES = ("country", "region")
_TIMES = ("year", "period", "when")


def sentence(query: Query, total: int, labels: Labels) -> str:
    """What was searched for, and how much was found."""
    text = _subject(query, total)
    if query.text:
        text = _("%(what)s about %(words)s") % {"what": text, "words": _shortened(query.text)}
    places = [place for name in _PLACES for place in _values(query, name, labels)]
    if places:
        text = _("%(what)s in %(places)s") % {"what": text, "places": _either(places)}
    when = query.selected("when")
    if when:
        pattern = _("%(what)s, upcoming") if "upcoming" in when else _("%(what)s, past")
        text = pattern % {"what": text}
    times = [
        years_label(years)
        for value in query.selected("year")
        if (years := YearRange.parse(value)) is not None
    ]
    times += [_period(value, labels) for value in query.selected("period")]
    if times:
        text = _("%(what)s, %(years)s") % {"what": text, "years": _either(times)}
    return _with_more(query, text)


def _subject(query: Query, total: int) -> str:
    kinds = query.selected("kind")
    single = kinds[0] if len(kinds) == 1 else ""
    text = counted(single, total, number(total)) if total else none_of(single)
    if len(kinds) > 1:
        words = listed(kinds_in_sentence(kind) for kind in kinds)
        text = _("%(what)s among %(kinds)s") % {"what": text, "kinds": words}
    return text


def _period(value: str, labels: Labels) -> str:
    return _("period %(years)s") % {"years": labels.of("period", value)}


def _values(query: Query, name: str, labels: Labels) -> list[str]:
    return [labels.of(name, value) for value in query.selected(name)]


def _either(values: list[str]) -> str:
    if len(values) > MAX_LISTED:
        rest = len(values) - MAX_LISTED + 1
        more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": number(rest)}
        values = [*values[: MAX_LISTED - 1], more]
    return listed(values, either=True)


def _with_more(query: Query, text: str) -> str:
    """Name the filters that the sentence has not said."""
    said = {"kind", *_PLACES, *_TIMES}
    rest = [f.name for f in query.filters if f.exclude or f.name not in said]
    if not rest:
        return text
    names = listed(filter_in_sentence(name) for name in dict.fromkeys(rest))
    return _("%(what)s, filtered by %(filters)s") % {"what": text, "filters": names}


def _shortened(text: str) -> str:
    if len(text) <= MAX_WORDS:
        return text
    return (text[:MAX_WORDS].rpartition(" ")[0] or text[:MAX_WORDS]) + "…"
