"""How results were found, in words: by all words, by what is said of them, by related words, or
because they come close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.query import Query
from tessera.engine.result import Result, Section, Way
from tessera.search.cards import Card
from tessera.search.dates import number
from tessera.search.links import Link


@dataclass(frozen=True, slots=True)
class Exact:
    """The same search for nothing but all words as typed; never 0."""

    count: int
    link: Link

    @property
    def number(self) -> str:
        return number(self.count)


@dataclass(frozen=True, slots=True)
class Run:
    """Cards next to each other that were found in the same way.

    heading: empty where all results were found by their words as typed. first: the position of the
    first card among all results, from 1.
    """

    way: Way
    heading: str
    first: int
    cards: tuple[Card, ...]


def told(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections to speak of: those with results, where not all came by their words as typed."""
    found = tuple(each for each in sections if each.total)
    return () if [each.way for each in found] in ([], ["words"]) else found


def comes_close(sections: Sequence[Section]) -> bool:
    """Whether there are results, and no record has all words, in whatever form."""
    return [each.way for each in sections if each.total] == ["close"]


def runs(query: Query, result: Result, cards: Sequence[Card]) -> Iterator[Run]:
    """The cards of a page, one per hit, by the way in which they were found.

    query: that which the result answers.
    """
    above = headings(query, result.sections)
    first = (query.page - 1) * query.size + 1
    pairs = zip(result.hits, cards, strict=True)
    for way, found in groupby(pairs, key=lambda pair: pair[0].way):
        some = tuple(card for _hit, card in found)
        yield Run(way, above.get(way, ""), first, some)
        first += len(some)


def headings(query: Query, sections: Sequence[Section]) -> dict[Way, str]:
    """What stands before the results of each section; empty where all are of their words as typed.

    query: that which they answer.
    """
    found = told(sections)
    return {each.way: _heading(query, each, more=bool(place)) for place, each in enumerate(found)}


def _heading(query: Query, section: Section, *, more: bool) -> str:
    """more: whether there is a section before it."""
    if more:
        found = ngettext("%(number)s more record", "%(number)s more records", section.total)
    else:
        found = ngettext("%(number)s record", "%(number)s records", section.total)
    found %= {"number": number(section.total)}
    match section.way:
        case "words" if _is_word(query):
            pattern = _("The word itself: %(found)s")
        case "words":
            pattern = _("All words: %(found)s")
        case "linked":
            pattern = _("In what their projects, news, files and events say: %(found)s")
        case "related":
            pattern = _("In other words or languages: %(found)s")
        case "close" if _is_word(query):
            pattern = _("Close in spelling or meaning: %(found)s")
        case "close":
            pattern = _("Most of the words, or close in meaning or spelling: %(found)s")
    return pattern % {"found": found}


def account(query: Query, sections: Sequence[Section]) -> str:
    """How many came by which way; empty where all did by their words as typed.

    query: that which they answer.
    """
    found = told(sections)
    if not found:
        return ""
    shares = _("%(shares)s.") % {"shares": _shares(query, found)}
    if found[0].way == "words":
        return shares
    none = _none(query)
    if len(found) > 1:
        return _("%(none)s. %(shares)s") % {"none": none, "shares": shares}
    if found[0].way == "close":
        return _("%(none)s. These come close.") % {"none": none}
    return _("%(none)s.") % {"none": none}


def _none(query: Query) -> str:
    if query.filters:
        if _is_word(query):
            return _("Under the filters in force, no record has this word")
        return _("Under the filters in force, no record has all of these words")
    if _is_word(query):
        return _("No record has this word")
    return _("No record has all of these words")


def _shares(query: Query, sections: Sequence[Section]) -> str:
    """ "12 with all words, 34 by related words, 57 that come close"."""
    text = ""
    for section in sections:
        match section.way:
            case "words" if _is_word(query):
                pattern = _("%(number)s with the word itself")
            case "words":
                pattern = _("%(number)s with all words")
            case "linked":
                pattern = _("%(number)s by what their projects, news, files and events say")
            case "related":
                pattern = _("%(number)s by related words")
            case "close":
                pattern = ngettext(
                    "%(number)s that comes close", "%(number)s that come close", section.total
                )
        share = pattern % {"number": number(section.total)}
        text = _("%(head)s, %(next)s") % {"head": text, "next": share} if text else share
    return text


def _is_word(query: Query) -> bool:
    return len(query.text.split()) == 1
