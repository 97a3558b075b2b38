"""Comparing organisations: what is sure is merged, what may be one waits for an editor.

What comes of it depends on the organisations that are there and on what editors decided, not on
the order in which they came: all that hang together by sure pairs are looked at together, and
merges that matching made before are made anew with them. So one whose evidence is gone is taken
back, and of a group that one is kept whose id says most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.utils import timezone

from tessera.records.bulk import slices
from tessera.records.changes import writing
from tessera.records.groups import groups_of
from tessera.records.match_keys import follow
from tessera.records.models import Candidate, Compared, Record
from tessera.records.neighbourhood import Neighbourhood, Pair
from tessera.records.settlement import Settlement, settle

BATCH = 1_000
"""Organisations that are due which are compared in one transaction, with all around them."""

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What came of comparing.

    organisations: how many were due. compared: pairs. merged, undone: merges made, and former ones
    of matching that hold no longer. candidates: how many pairs wait for an editor, all in all.
    held_back: sure pairs that were not merged but put in the queue, as others of their groups are
    not one. not_compared: keys that too many organisations share.
    """

    organisations: int
    compared: int
    merged: int
    undone: int
    candidates: int
    held_back: int
    not_compared: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)

    def sentence(self) -> str:
        """For people, without its full stop."""
        back = f", {self.undone:,} taken back" if self.undone else ""
        names = "organisation" if self.merged == 1 else "organisations"
        wait = "waits" if self.candidates == 1 else "wait"
        return (
            f"{self.merged:,} {names} recognised as one with another{back}; "
            f"{self.candidates:,} {wait} for an editor"
        )


def recognise(progress: Progress | None = None) -> MatchReport:
    """Compare the organisations that changed, or around which something changed, since the last
    time. It goes on where it was if it is interrupted, and once more does nothing."""
    follow(progress=progress)
    return _compare(dry_run=False, every=False, progress=progress)


def match(*, dry_run: bool = False, progress: Progress | None = None) -> MatchReport:
    """Compare all organisations that are there, whatever was compared before.

    A pair that an editor rejected, or whose merge was undone by one, stays apart. dry_run: only
    count what would come of it.
    """
    follow(anew=not dry_run, progress=progress)
    return _compare(dry_run=dry_run, every=dry_run, progress=progress)


def _compare(*, dry_run: bool, every: bool, progress: Progress | None) -> MatchReport:
    around = Neighbourhood()
    seen: set[int] = set()
    large: set[int] = set()
    merged = undone = held = queued = organisations = 0
    for due in _due(every=every, keep=dry_run):
        with writing():
            around.refresh()
            if not dry_run:
                due = list(
                    Compared.objects.filter(pk__among=due, due=True).values_list("pk", flat=True)
                )
            found = _around([pk for pk in due if pk not in seen], around)
            if not dry_run:
                found.write(timezone.now())
                _done(due, found)
            else:
                seen |= found.organisations.keys()
        large |= around.large
        organisations += len(due)
        merged += len(found.made)
        undone += len(found.taken_back)
        held += len(found.held)
        queued += len(found.candidates)
        if progress is not None:
            progress("compared", organisations)
    if not dry_run:
        queued = Candidate.objects.filter(state=Candidate.State.OPEN).count()
    return MatchReport(organisations, around.compared, merged, undone, queued, held, len(large))


def _due(*, every: bool, keep: bool) -> Iterator[list[int]]:
    """Primary keys of those that are due, in batches. every: all, due or not. keep: none of them
    ceases to be due on the way."""
    rows = Compared.objects.order_by("pk") if every else Compared.objects.filter(due=True)
    last = 0
    while some := list(
        rows.filter(pk__gt=last if keep else 0).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield some
        last = some[-1]


def _done(due: list[int], found: Settlement) -> None:
    for pks in slices({*due, *found.organisations}):
        Compared.objects.filter(pk__among=pks).update(due=False)
    for pks in slices(pk for pk in due if pk not in found.organisations):
        gone = Record.objects.filter(pk__among=pks)
        Compared.objects.filter(record__in=gone.exclude(withdrawn_at=None)).delete()
        Compared.objects.filter(record__in=gone.exclude(kind="organisation")).delete()


def _around(due: list[int], around: Neighbourhood) -> Settlement:
    """All that hang together with those that are due, by sure pairs or by merges."""
    inside = around.organisations(due)
    gone = [pk for pk in due if pk not in inside]
    evidence: dict[Pair, bool] = {}
    new = list(inside)
    while new:
        pairs = around.pairs(new) - evidence.keys()
        there = around.organisations(pk for pair in pairs for pk in pair)
        more: set[int] = set()
        for pair in sorted(pairs):
            if there.keys() >= set(pair):
                made = around.evidence(pair)
                evidence[pair] = made is not None
                if made is not None and made.sure:
                    more |= set(pair)
        more |= _mates(inside[pk].uid for pk in new)
        new = sorted(more - inside.keys())
        inside |= around.organisations(new)
        new = [pk for pk in new if pk in inside]
    return settle(inside, gone, [pair for pair, asks in evidence.items() if asks], around)


def _mates(uids: Iterator[str]) -> set[int]:
    """Primary keys of all that are in one group with these."""
    found: set[int] = set()
    for some in slices(groups_of(uids)):
        found.update(Record.objects.filter(uid__among=some).values_list("pk", flat=True))
    return found
