"""The best documents of several groups, by as few searches as will do.

To score all documents takes no longer than to score one group of them. So the best of all are
looked at first, and only groups of which too few are among them are searched further.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur
from tantivy import Query as Wanted

from tessera.engine.backends.tantivy import pages
from tessera.engine.backends.tantivy.places import Places
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.fusion import Ranked

TOGETHER: Final = 2_000
"""Documents of all groups that are looked at together."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Documents that are ranked by themselves. members: of each place a bit for each group."""

    queries: Sequence[tantivy.Query]
    members: NDArray[np.uint8]


def best_in_each(
    snapshot: Snapshot, query: tantivy.Query, groups: Groups, most: int
) -> list[Ranked]:
    """Of each group the `most` documents of the query with the highest scores."""
    found: dict[int, Ranked] = {}
    left = list(range(len(groups.queries)))
    among = query
    while len(left) > 1:
        # Tantivy returns some of those with the lowest score, so of these nothing is known.
        hits = pages.scored(snapshot, among, 0, TOGETHER, count=False).hits
        whole = len(hits) < TOGETHER
        places, every = _ranked(snapshot, hits)
        lowest = 0.0 if whole else float(every.scores[-1])
        members = groups.members[places]
        for number in left:
            own = np.flatnonzero(members & (1 << number))
            ranked = Ranked(every.keys[own], every.scores[own])
            if whole or int((ranked.scores > lowest).sum()) >= most:
                found[number] = ranked.best(most)
        before, left = left, [number for number in left if number not in found]
        if len(left) == len(before):
            break
        among = _within(query, [groups.queries[number] for number in left])
    for number in left:
        hits = pages.leading(snapshot, _within(query, [groups.queries[number]]), most)
        found[number] = _ranked(snapshot, hits)[1].best(most)
    return [found[number] for number in range(len(groups.queries))]


def _ranked(snapshot: Snapshot, hits: Sequence[pages.Scored]) -> tuple[Places, Ranked]:
    scores, addresses = zip(*hits, strict=True) if hits else ((), ())
    places = snapshot.addresses.places(addresses)
    return places, Ranked(snapshot.addresses.keys[places], np.array(scores, np.float64))


def _within(query: tantivy.Query, groups: Sequence[tantivy.Query]) -> tantivy.Query:
    any_of = Wanted.boolean_query([(Occur.Should, group) for group in groups])
    return Wanted.boolean_query([(Occur.Must, query), (Occur.Must, any_of)])
