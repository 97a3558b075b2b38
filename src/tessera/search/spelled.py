"""A search with its spelling: the one way in which pages, the API and `tessera search` ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from tessera.engine.backend import Index
from tessera.engine.query import AS_TYPED, Query
from tessera.engine.result import Result
from tessera.engine.spelling.deciding import correction
from tessera.search.dates import number
from tessera.search.labels import counted
from tessera.search.links import Link


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a page says of the spelling.

    words: the corrected text. applied: whether the results are those of it; `link` leads to those
    of what was typed then, else to those of the corrected text, which are `count`.
    """

    words: str
    typed: str
    applied: bool
    link: Link
    count: int = 0

    @property
    def results(self) -> str:
        return counted("", self.count, number(self.count))


def spelled_search(
    index: Index, query: Query, *, facets: Sequence[str] = (), wait: bool = False
) -> Result:
    """The result of a search, corrected where that helps and the site has it so.

    Words that have relatives in the index are no typing errors, whatever they look like in its
    other languages. wait: for what corrections are made from; a command waits, a page does not.
    """
    result = index.search(query, facets=facets)
    if not settings.SPELLING or _is_related(index, query, result):
        return result
    found = correction(index, query, found=result.sections[0].total, wait=wait)
    if found is not None and found.applied:
        result = index.search(replace(query, text=found.corrected), facets=facets)
    return replace(result, correction=found)


def _is_related(index: Index, query: Query, result: Result) -> bool:
    """Whether records are found by related words alone, under no filters: as a correction, this
    is a function of the words."""
    if not result.expansions or result.sections[0].total:
        return False
    if query.filters:
        plain = replace(query.without_filters(), size=1)
        result = index.search(plain, facets=(), highlight=False)
    words, *others = result.sections
    return not words.total and any(each.way == "related" and each.total for each in others)


def asked(query: Query, result: Result) -> Query:
    """The query that the result answers."""
    found = result.correction
    return replace(query, text=found.corrected) if found and found.applied else query


def spelled(index: Index, query: Query, result: Result) -> Spelled | None:
    """What the page of a result says of the spelling; nothing where the offer finds nothing."""
    found = result.correction
    if found is None:
        return None
    if found.applied:
        link = Link(query.with_spelling(AS_TYPED))
        return Spelled(found.corrected, found.typed, True, link, result.total)
    offer = query.with_text(found.corrected)
    total = index.count(offer)
    return Spelled(found.corrected, found.typed, False, Link(offer), total) if total else None
