"""A search in one sentence: "23 projects about cluster in Lithuania or Slovenia, 2014 to 2020".

It is the heading and the title of the page. It is put together from whole phrases with
placeholders, so that each language can order them as it must.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.fields import MISSING
from tessera.engine.query import Query
from tessera.search.dates import number
from tessera.search.labels import (
    Labels,
    counted,
    filter_in_sentence,
    kinds_in_sentence,
    listed,
    none_of,
)

MAX_WORDS = 90
"""Characters of the typed text that the sentence repeats; cut at a word."""
MAX_LISTED = 4
"""Values of a filter that are named; of more, only their number is."""

_SAID = ("kind", "country", "region", "when", "year", "period")
"""Filters that the sentence has words for; excluded, only the places have."""


def sentence(query: Query, total: int, labels: Labels, *, close: bool = False) -> str:
    """What was searched for, and how much was found.

    close: whether nothing has all of the words, in whatever form.
    """
    if total and not query.text and not query.filters:
        pattern = ngettext("%(number)s record in all", "All %(number)s records", total)
        return pattern % {"number": number(total)}
    text = _subject(query, total)
    if query.text:
        pattern = _("%(what)s close to %(words)s") if close else _("%(what)s about %(words)s")
        text = pattern % {"what": text, "words": _shortened(query.text)}
    text = _with_places(query, text, labels)
    when = query.selected("when")
    if when:
        text = _when(query, "upcoming" in when) % {"what": text}
    years = [labels.of("year", value) for value in query.selected("year")]
    if years:
        text = _("%(what)s, %(years)s") % {"what": text, "years": _either(years)}
    periods = [labels.of("period", value) for value in query.selected("period")]
    if periods:
        text = _("%(what)s, period %(periods)s") % {"what": text, "periods": _either(periods)}
    return _with_more(query, text)


def _when(query: Query, upcoming: bool) -> str:
    if query.selected("kind") == ("call",):
        return _("%(what)s, deadline to come") if upcoming else _("%(what)s, deadline passed")
    return _("%(what)s, upcoming") if upcoming else _("%(what)s, past")


def _with_places(query: Query, text: str, labels: Labels) -> str:
    stated, unstated = _split(query.selected("country"))
    countries = [labels.of("country", code) for code in stated]
    if countries and not unstated:
        text = _("%(what)s in %(places)s") % {"what": text, "places": _either(countries)}
    elif countries:
        places = _either(countries)
        text = _("%(what)s in %(places)s or of no stated country") % {
            "what": text,
            "places": places,
        }
    elif unstated:
        text = _("%(what)s of no stated country") % {"what": text}
    regions = [labels.of("region", code) for code in query.selected("region")]
    if regions:
        text = _("%(what)s, region %(regions)s") % {"what": text, "regions": _either(regions)}
    left_out = [
        labels.of(name, code)
        for name in ("country", "region")
        for code in query.selected(name, exclude=True)
    ]
    if left_out:
        text = _("%(what)s, not in %(places)s") % {"what": text, "places": _either(left_out)}
    return text


def _split(values: tuple[str, ...]) -> tuple[list[str], bool]:
    """The values that are stated, and whether "not stated" is among them."""
    return [value for value in values if value != MISSING], MISSING in values


def _subject(query: Query, total: int) -> str:
    kinds = query.selected("kind")
    single = kinds[0] if len(kinds) == 1 else ""
    text = counted(single, total, number(total)) if total else none_of(single)
    if len(kinds) > 1:
        words = listed(kinds_in_sentence(kind) for kind in kinds)
        text = _("%(what)s among %(kinds)s") % {"what": text, "kinds": words}
    return text


def _either(values: list[str]) -> str:
    if len(values) > MAX_LISTED:
        rest = len(values) - MAX_LISTED + 1
        more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": number(rest)}
        values = [*values[: MAX_LISTED - 1], more]
    return listed(values, either=True)


def _with_more(query: Query, text: str) -> str:
    """Name the filters that the sentence has not said."""
    places = ("country", "region")
    rest = [f.name for f in query.filters if f.name not in (places if f.exclude else _SAID)]
    if not rest:
        return text
    names = listed(filter_in_sentence(name) for name in dict.fromkeys(rest))
    return _("%(what)s, filtered by %(filters)s") % {"what": text, "filters": names}


def _shortened(text: str) -> str:
    if len(text) <= MAX_WORDS:
        return text
    return (text[:MAX_WORDS].rpartition(" ")[0] or text[:MAX_WORDS]) + "…"
