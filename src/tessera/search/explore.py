"""Answering a search for a page: the question to the index, and what a reader needs beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import get_language

from tessera.engine.backend import Index
from tessera.engine.query import WORDS, Problem, Query
from tessera.engine.result import Bucket, Result
from tessera.schema.fields import SCHEMA
from tessera.schema.identity.finding import wholes
from tessera.search.labels import Labels
from tessera.search.links import Link
from tessera.search.names import Names
from tessera.search.page import Offer, Page, explore_page, wanted_facets
from tessera.search.people import origins
from tessera.search.spelled import asked, spelled, spelled_search
from tessera.search.state import State
from tessera.search.wayout import offers
from tessera.search.ways import Exact, comes_close, told
from tessera.wording import unanswered

FOUND = 20
"""Organisations offered when one searches within that filter."""


def explore(
    index: Index, query: Query, problems: Sequence[Problem] = (), state: State | None = None
) -> Page:
    """The page of one search on one index. Raises the engine's errors."""
    state = state or State()
    lang = get_language() or "en"
    labels = Labels(lang, Names(index, query.lang or lang))
    reading = replace(query, lang=query.lang or lang)
    result = spelled_search(index, reading, facets=wanted_facets(query, SCHEMA))
    answered = asked(query, result)
    page = explore_page(
        query,
        result,
        SCHEMA,
        labels,
        problems=problems,
        state=state,
        found=_found(index, query, answered, state),
        offers=_offers(index, answered, result, labels),
        spelling=spelled(index, query, result),
        exact=_exact(index, answered, result),
        origins=origins(result.hits),
    )
    return replace(page, answered=unanswered.answered(index, query, result))


def _offers(index: Index, answered: Query, result: Result, labels: Labels) -> tuple[Offer, ...]:
    """Ways out where no record has all words, whether or not some come close."""
    if result.total and not comes_close(result.sections):
        return ()
    return offers(index, answered, labels, close=bool(result.total))


def _exact(index: Index, answered: Query, result: Result) -> Exact | None:
    """The way to the words as typed, where there is more than that. It counts anew: of a question,
    the first section may lack its stop words."""
    if not told(result.sections) or not result.sections[0].total:
        return None
    query = answered.with_match(WORDS)
    count = index.count(query)
    return Exact(count, Link(query)) if count else None


def _found(
    index: Index, query: Query, answered: Query, state: State
) -> dict[str, Sequence[Bucket]]:
    """Organisations whose name goes on from what was typed, each with its exact count.

    Where none does, what was typed may be a line of an address: then those that bear the name of
    the whole in it ("Dept. of Law, Universität Wien, 1010 Wien").
    """
    typed = state.find.get("organisation")
    if not typed:
        return {}
    only = Query().with_filter("kind", "organisation")
    others = answered.without_filter("organisation", exclude=False)
    named = [each.id for each in index.suggest(typed, limit=FOUND, filters=only)]
    for whole in wholes(typed) if not named else ():
        meant = replace(only.with_text(whole), size=FOUND)
        named += [hit.id for hit in index.search(meant, facets=(), highlight=False).hits]
    buckets = [
        Bucket(
            uid,
            index.count(others.with_filter("organisation", uid)),
            uid in query.selected("organisation"),
        )
        for uid in dict.fromkeys(named[:FOUND])
    ]
    return {"organisation": sorted(buckets, key=lambda bucket: -bucket.count)}
