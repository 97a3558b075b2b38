"""What a change of synonyms or stop terms would do, before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.records.models import Record
from tessera.wording.current import Wording, trying

FIRST: Final = 5
"""Records shown of each answer."""
MOST: Final = 15
"""Searches whose answers are compared."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record as it is shown in a list of few."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search finds: how many by each way, and the first ones. stands_for: expansions."""

    words: int
    related: int
    close: int
    first: tuple[Named, ...]
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """One search with what is in force, and with what was changed. recent: was asked lately."""

    text: str
    before: Answer
    after: Answer
    recent: bool = False

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Effects:
    """left: how many searches were not compared, for there are more than MOST."""

    compared: tuple[Effect, ...]
    left: int


def effects(
    index: Index,
    before: Wording,
    after: Wording,
    words: Iterable[str],
    recent: Sequence[str] = (),
) -> Effects:
    """The answers to searches for the words, and to recent searches, with either wording.

    Raises the engine's errors.
    """
    texts = list(dict.fromkeys((*words, *recent)))
    compared = tuple(
        Effect(text, _answer(index, text, before), _answer(index, text, after), text in recent)
        for text in texts[:MOST]
    )
    return Effects(compared, max(0, len(texts) - MOST))


def _answer(index: Index, text: str, wording: Wording) -> Answer:
    with trying(wording):
        result = index.search(Query(text, size=FIRST), highlight=False)
    totals = {section.way: section.total for section in result.sections}
    uids = [hit.id for hit in result.hits]
    found = {each.uid: each for each in Record.objects.filter(uid__in=uids).defer("data", "face")}
    first = tuple(
        Named(found[uid].title, f"/{found[uid].kind}/{uid}") for uid in uids if uid in found
    )
    stands_for = dict.fromkeys(each.alternative for each in result.expansions)
    return Answer(
        result.as_typed,
        totals.get("related", 0),
        totals.get("close", 0),
        first,
        tuple(stands_for),
    )
