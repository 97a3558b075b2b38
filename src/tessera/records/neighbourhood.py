"""Organisations around some that are due: which they are compared with, and what comes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Count

from tessera.records.bulk import slices
from tessera.records.match_keys import is_common, organisation_of, shared
from tessera.records.models import MatchKey, MatchState, Record
from tessera.schema.identity.blocking import LARGEST
from tessera.schema.identity.pairs import CANDIDATE, Evidence, Organisation, evidence

AGAINST = -8.0
"""Evidence of this weight forbids that two are in one group, whoever else is in it."""

REMEMBERED = 10_000
"""Organisations that are kept in memory; ten times as many pairs, and words, are."""

Pair = tuple[int, int]
"""Primary keys of records, the lower one first."""


class Neighbourhood:
    """What is read of the database for comparing, remembered until it may be otherwise."""

    def __init__(self) -> None:
        self.compared = 0
        self._cursor: tuple[int, int | None] | None = None
        self._forget()

    def _forget(self) -> None:
        self.large: set[int] = set()
        self._known: dict[int, Organisation] = {}
        self._evidence: dict[Pair, Evidence | None] = {}
        self._common: dict[tuple[str, str], bool] = {}
        self._shared: dict[tuple[str, str], bool] = {}

    def refresh(self) -> None:
        """Forget all if another process has read changes, and whatever is too much to remember."""
        cursor = MatchState.objects.values_list("cursor", "scan").first()
        if cursor != self._cursor or len(self.large) > REMEMBERED:
            self._cursor = cursor
            self._forget()
        for held, many in ((self._known, 1), (self._evidence, 10), (self._common, 10)):
            if len(held) > many * REMEMBERED:
                held.clear()
        if len(self._shared) > REMEMBERED:
            self._shared.clear()

    def organisations(self, pks: Iterable[int]) -> dict[int, Organisation]:
        """Those of these records that are organisations and there."""
        wanted = list(dict.fromkeys(pks))
        missing = [pk for pk in wanted if pk not in self._known]
        for some in slices(missing):
            rows = Record.objects.filter(pk__among=some).only(
                "uid", "kind", "withdrawn_at", "data", "corrections"
            )
            made = {record.pk: organisation_of(record) for record in rows}
            there = {pk: each for pk, each in made.items() if each is not None and each.names}
            self._ask_shared(there.values())
            self._known |= {pk: self._own_numbers(each) for pk, each in there.items()}
        return {pk: self._known[pk] for pk in wanted if pk in self._known}

    def _own_numbers(self, made: Organisation) -> Organisation:
        """Without numbers that so many names share that they are none of theirs."""
        own = {each: said for each, said in made.numbers.items() if not self._shared[each, said]}
        return made if len(own) == len(made.numbers) else replace(made, numbers=own)

    def _ask_shared(self, organisations: Iterable[Organisation]) -> None:
        numbers = {each for made in organisations for each in made.numbers.items()}
        numbers -= self._shared.keys()
        of_many = shared(numbers)
        self._shared |= {each: each in of_many for each in numbers}

    def _is_common(self, country: str, word: str) -> bool:
        if (country, word) not in self._common:
            self._common[country, word] = is_common(country, word)
        return self._common[country, word]

    def pairs(self, pks: Sequence[int]) -> set[Pair]:
        """The pairs to compare of which one is among these."""
        ours = set(pks)
        found: set[Pair] = set()
        for held in self._blocks(pks).values():
            for one in ours.intersection(held):
                found.update((one, pk) if one < pk else (pk, one) for pk in held if pk != one)
        return found

    def _blocks(self, pks: Sequence[int]) -> dict[int, list[int]]:
        """By key of these, all that hold it; of keys that several hold, but not too many."""
        blocks: defaultdict[int, list[int]] = defaultdict(list)
        keyed = MatchKey.objects.filter(name=0)
        for some in slices(pks):
            theirs = keyed.filter(record_id__among=some).values("key")
            held = keyed.filter(key__in=theirs).values("key").annotate(many=Count("key"))
            several = dict(held.filter(many__gt=1).values_list("key", "many"))
            self.large.update(key for key, many in several.items() if many > LARGEST)
            for keys in slices(key for key in several.keys() - self.large - blocks.keys()):
                for key, pk in keyed.filter(key__among=keys).values_list("key", "record_id"):
                    blocks[key].append(pk)
        return blocks

    def evidence(self, pair: Pair) -> Evidence | None:
        """The evidence of a pair that is at least worth asking about; None of any other.

        Both must have been loaded by `organisations`.
        """
        if pair not in self._evidence:
            found = self.whole_evidence(pair)
            self._evidence[pair] = found if found.score >= CANDIDATE else None
            self.compared += 1
        return self._evidence[pair]

    def whole_evidence(self, pair: Pair) -> Evidence:
        """All evidence of a pair, whatever it says."""
        one, other = sorted((self._known[pk] for pk in pair), key=lambda each: each.uid)
        return evidence(one, other, self._is_common)

    def forbidden(self, pair: Pair) -> bool:
        """Whether something speaks so much against a pair that no group may hold both."""
        return any(part.weight <= AGAINST for part in self.whole_evidence(pair).parts)
