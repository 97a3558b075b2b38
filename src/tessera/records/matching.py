"""Comparing all organisations: what is sure is merged, what may be one waits for an editor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from django.utils import timezone

from tessera.records.bulk import insert, slices, update
from tessera.records.changes import writing
from tessera.records.groups import groups_of
from tessera.records.merges import MATCH, in_order, merge
from tessera.records.models import Candidate, Record
from tessera.records.organisations import KIND
from tessera.schema.identity.blocking import blocks
from tessera.schema.identity.pairs import Evidence, Often, Organisation, evidence, known, often

AGAINST = -8.0
"""Evidence of this weight forbids that two are in one group, whoever else is in it."""

BATCH = 100
"""Merges in one transaction."""

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What came of comparing. held_back: sure pairs that were not merged but put in the queue, as
    others of their groups are not one. not_compared: keys that too many organisations share."""

    organisations: int
    compared: int
    merged: int
    candidates: int
    held_back: int
    not_compared: int

    def as_json(self) -> dict[str, int]:
        return asdict(self)


def match(*, dry_run: bool = False, progress: Progress | None = None) -> MatchReport:
    """Compare all organisations that are there, merge what is sure and queue what may be one.

    A pair that an editor rejected, or whose merge was undone, stays apart. dry_run: only count.
    """
    organisations = list(_organisations())
    made = blocks(organisations)
    counted = often(organisations)
    groups = _Groups(organisations, counted)
    sure, maybe = [], []
    for compared, (one, other) in enumerate(made.pairs, 1):
        pair = organisations[one], organisations[other]
        if progress is not None and compared % 1000 == 0:
            progress("compared", compared)
        if groups.decided(pair):
            continue
        found = evidence(*pair, counted)
        if found.sure:
            sure.append((found, pair))
        elif found.worth_asking:
            maybe.append((found, pair))
    sure.sort(key=lambda each: (-each[0].score, each[1][0].uid, each[1][1].uid))
    merges, held = [], []
    for found, pair in sure:
        if groups.same(pair):
            continue
        if groups.may_unite(pair):
            groups.unite(pair)
            merges.append((found, pair))
        else:
            held.append((found, pair))
    queue = [each for each in (*held, *maybe) if not groups.same(each[1])]
    if not dry_run:
        _merge(merges, progress)
        _queue(queue)
    return MatchReport(
        len(organisations), len(made.pairs), len(merges), len(queue), len(held), len(made.large)
    )


Pair = tuple[Organisation, Organisation]


def _organisations() -> Iterable[Organisation]:
    there = Record.objects.filter(kind=KIND, withdrawn_at=None).order_by("uid")
    for record in there.only("uid", "data", "corrections").iterator():
        yield known(record.uid, record.current)


class _Groups:
    """Which organisations are one so far, and which must not become one."""

    def __init__(self, organisations: Iterable[Organisation], counted: Often) -> None:
        self.counted = counted
        self.of: dict[str, list[Organisation]] = {each.uid: [each] for each in organisations}
        rejected = Candidate.objects.filter(state=Candidate.State.REJECTED)
        self.apart = set(rejected.values_list("one", "other"))
        for group in set(groups_of(self.of).values()):
            there = [self.of[uid] for uid in group if uid in self.of]
            for others in there[1:]:
                self.unite((there[0][0], others[0]))

    def decided(self, pair: Pair) -> bool:
        return self.same(pair) or _in_order(pair) in self.apart

    def same(self, pair: Pair) -> bool:
        return self.of[pair[0].uid] is self.of[pair[1].uid]

    def may_unite(self, pair: Pair) -> bool:
        """Whether nothing speaks against any two of both groups being one."""
        for one in self.of[pair[0].uid]:
            for other in self.of[pair[1].uid]:
                if _in_order((one, other)) in self.apart:
                    return False
                if any(part.weight <= AGAINST for part in evidence(one, other, self.counted).parts):
                    return False
        return True

    def unite(self, pair: Pair) -> None:
        one, other = self.of[pair[0].uid], self.of[pair[1].uid]
        if one is other:
            return
        one += other
        self.of |= {each.uid: one for each in other}


def _in_order(pair: Pair) -> tuple[str, str]:
    one, other = sorted(each.uid for each in pair)
    return one, other


def _merge(merges: Iterable[tuple[Evidence, Pair]], progress: Progress | None) -> None:
    done = 0
    for some in slices(merges, BATCH):
        with writing():
            for found, pair in some:
                kept, merged = in_order([each.uid for each in pair])
                merge(kept, merged, by=MATCH, found=found)
        done += len(some)
        if progress is not None:
            progress("merged", done)


_COLUMNS = ("one", "other", "score", "evidence", "state", "found_at", "by", "why", "decided_at")


def _queue(found: Iterable[tuple[Evidence, Pair]]) -> None:
    """Make the open candidates these; decided ones stay as they are."""
    at = timezone.now()
    wanted = {_in_order(pair): each for each, pair in found}
    with writing():
        known_rows = Candidate.objects.values_list("pk", "one", "other", "state")
        gone, changed = [], []
        for pk, one, other, state in known_rows:
            each = wanted.pop((one, other), None)
            if state == Candidate.State.OPEN and each is None:
                gone.append(pk)
            elif each is not None and state != Candidate.State.REJECTED:
                changed.append((each.score, each.as_json(), Candidate.State.OPEN.value, pk))
        for pks in slices(gone):
            Candidate.objects.filter(pk__in=pks).delete()
        update(Candidate, ("score", "evidence", "state"), changed)
        insert(
            Candidate,
            _COLUMNS,
            (
                (*pair, each.score, each.as_json(), Candidate.State.OPEN.value, at, "", "", None)
                for pair, each in wanted.items()
            ),
        )
