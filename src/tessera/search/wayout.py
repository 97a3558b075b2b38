"""Ways out of an empty result: what each word or filter costs."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.backend import Index
from tessera.engine.query import WORDS, Filter, Query
from tessera.engine.relax import LONG, Relaxation, relaxations
from tessera.search.labels import Labels, listed, short_label
from tessera.search.links import Link
from tessera.search.page import Offer


def offers(index: Index, query: Query, labels: Labels, *, close: bool = False) -> tuple[Offer, ...]:
    """What to leave out, and how much that gives; only what gives something.

    Where no single step does, words that occur nowhere are left out together with one filter.
    close: whether there are results that come close. Then each offer is of all the words that it
    leaves, as typed: more that comes close would be no way out.
    """
    if close:
        if len(query.text.split()) > LONG:
            return ()
        query = query.with_match(WORDS)
    return (*(() if close else _wider(index, query)), *_narrower(index, query, labels))


def _wider(index: Index, query: Query) -> tuple[Offer, ...]:
    """What there is besides words as typed, where only these were wanted."""
    wider = query.with_match("")
    total = index.count(wider) if query.match else 0
    label = _("with related words, and what comes close")
    return (Offer(label, total, Link(wider)),) if total else ()


def _narrower(index: Index, query: Query, labels: Labels) -> tuple[Offer, ...]:
    tried = relaxations(index, query)
    found = [_offer((each,), labels) for each in tried if each.total]
    if not found:
        first = next((each for each in tried if each.missing), None)
        steps = relaxations(index, first.query) if first else ()
        found = [_offer((first, each), labels) for each in steps if first and each.total]
    if not found and query.filters and query.text:
        total = index.count(query.without_filters())
        if total:
            found = [Offer(_("without any filter"), total, Link(query.without_filters()))]
    return tuple(found)


def _offer(steps: Sequence[Relaxation], labels: Labels) -> Offer:
    first, last = steps[0], steps[-1]
    label = _label(first, labels)
    if len(steps) > 1:
        label = _("%(first)s, and %(second)s") % {"first": label, "second": _label(last, labels)}
    return Offer(label, last.total, Link(last.query))


def _label(relaxation: Relaxation, labels: Labels) -> str:
    if relaxation.filter is not None:
        return _filter_label(relaxation.filter, labels)
    words = listed(_("“%(word)s”") % {"word": word} for word in relaxation.words)
    if relaxation.missing:
        pattern = ngettext(
            "without %(words)s, which occurs nowhere",
            "without %(words)s, which occur nowhere",
            len(relaxation.words),
        )
        return pattern % {"words": words}
    return _("without %(words)s") % {"words": words}


def _filter_label(left_out: Filter, labels: Labels) -> str:
    values = listed((labels.of(left_out.name, v) for v in left_out.values), either=True)
    if left_out.exclude:
        values = _("not %(value)s") % {"value": values}
    return _("without %(filter)s: %(values)s") % {
        "filter": short_label(left_out.name),
        "values": values,
    }
