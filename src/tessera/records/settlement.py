"""What is to become of organisations that hang together: merges, candidates, and their writing."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tessera.records.bulk import insert, slices, update
from tessera.records.changes import log_regrouped
from tessera.records.groups import groups_of, settle_groups
from tessera.records.merges import MATCH, precedence
from tessera.records.models import Candidate, Merge, Record
from tessera.records.neighbourhood import Neighbourhood, Pair
from tessera.schema.identity.pairs import Evidence, Organisation

Uids = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A merge to be made. compared: the two that the evidence is about, in order of their ids."""

    kept: str
    merged: str
    compared: Uids
    found: Evidence


@dataclass(slots=True)
class Settlement:
    """What is to be written. organisations: all that were looked at, by primary key.

    gone: ids of those that were due but are there no more. made, taken_back: merges of matching.
    candidates: the pairs to ask about; held: how many of them are sure, but other members of their
    groups are not one.
    """

    organisations: Mapping[int, Organisation]
    gone: Sequence[str] = ()
    made: list[Wanted] = field(default_factory=list)
    taken_back: list[Merge] = field(default_factory=list)
    candidates: dict[Uids, Evidence] = field(default_factory=dict)
    held: set[Uids] = field(default_factory=set)

    def write(self, at: datetime) -> None:
        """Store it all. Must be called in a `writing` transaction."""
        for each in self.taken_back:
            each.undone_at, each.undone_by = at, MATCH
            each.undone_why = "Its evidence, or the group that it was in, is another one now."
            each.save()
        if self.made:
            _insert_merges(self.made, at)
        moved = {uid for each in self.taken_back for uid in (each.kept, each.merged)}
        moved |= {uid for each in self.made for uid in (each.kept, each.merged)}
        if moved:
            log_regrouped(settle_groups(moved) | moved, at)
        _queue({each.uid for each in self.organisations.values()} | set(self.gone),
               self.candidates, at)  # fmt: skip


def settle(
    organisations: Mapping[int, Organisation],
    gone: Iterable[int],
    pairs: Iterable[Pair],
    around: Neighbourhood,
) -> Settlement:
    """What is to become of organisations, given all pairs of them that are worth asking about.

    Pairs may lead out of them; such a pair is not sure.
    """
    went = list(Record.objects.filter(pk__among=list(gone)).values_list("uid", flat=True))
    made = Settlement(organisations, went)
    groups = _Groups(organisations, around)
    asked = {pair: found for pair in pairs if (found := around.evidence(pair)) is not None}
    uids = {pk: around.organisations([pk])[pk].uid for pair in asked for pk in pair}
    named = {pair: _in_order(uids[pair[0]], uids[pair[1]]) for pair in asked}
    order = sorted(asked, key=lambda pair: (-asked[pair].score, named[pair]))
    edges: list[tuple[Pair, Evidence]] = []
    for pair in order:
        if asked[pair].sure and not groups.same(pair) and groups.may_unite(pair):
            groups.unite(pair)
            edges.append((pair, asked[pair]))
    for pair in order:
        if not groups.same(pair) and named[pair] not in groups.apart:
            made.candidates[named[pair]] = asked[pair]
            if asked[pair].sure:
                made.held.add(named[pair])
    wanted = {(each.kept, each.merged, each.compared): each for each in groups.merges(edges)}
    for merge in groups.former:
        if wanted.pop((merge.kept, merge.merged, _in_order(*merge.compared)), None) is None:
            made.taken_back.append(merge)
    made.made = list(wanted.values())
    return made


def _in_order(one: str, other: str) -> Uids:
    return (one, other) if one < other else (other, one)


class _Groups:
    """Which organisations are one so far, and which must not become one.

    fixed: merges that matching leaves as they are: those of editors, and those with one that is
    not there now, whose id must go on to lead somewhere. former: the others.
    """

    def __init__(self, organisations: Mapping[int, Organisation], around: Neighbourhood) -> None:
        self.organisations = organisations
        self.around = around
        self.pks = {each.uid: pk for pk, each in organisations.items()}
        self.of: dict[int, list[int]] = {pk: [pk] for pk in organisations}
        self.former: list[Merge] = []
        self.kept_in: dict[str, str] = {}
        self.editors: set[str] = set()
        for merge in self._merges():
            if merge.by == MATCH and {merge.kept, merge.merged} <= self.pks.keys():
                self.former.append(merge)
            else:
                self.kept_in[merge.merged] = merge.kept
                if merge.by != MATCH:
                    self.editors.add(merge.kept)
        first: dict[str, int] = {}
        for uid, pk in sorted(self.pks.items()):
            self.unite((first.setdefault(self.root(uid), pk), pk))
        self.apart = self._apart()

    def _merges(self) -> list[Merge]:
        found: dict[int, Merge] = {}
        for some in slices({*self.pks, *groups_of(self.pks)}):
            for name in ("kept__among", "merged__among"):
                found |= Merge.objects.filter(undone_at=None, **{name: some}).in_bulk()
        return [found[pk] for pk in sorted(found)]

    def _apart(self) -> set[Uids]:
        found: set[Uids] = set()
        for some in slices(self.pks):
            for name in ("one__among", "other__among"):
                rows = Candidate.objects.filter(state=Candidate.State.REJECTED, **{name: some})
                found.update(rows.values_list("one", "other"))
        return found

    def root(self, uid: str) -> str:
        """The one under which fixed merges put it."""
        while uid in self.kept_in:
            uid = self.kept_in[uid]
        return uid

    def same(self, pair: Pair) -> bool:
        one, other = (self.of.get(pk) for pk in pair)
        return one is not None and one is other

    def may_unite(self, pair: Pair) -> bool:
        """Whether nothing speaks against any two of both groups being one."""
        for one in self.of[pair[0]]:
            for other in self.of[pair[1]]:
                uids = (self.organisations[one].uid, self.organisations[other].uid)
                if _in_order(*uids) in self.apart:
                    return False
                if self.around.forbidden((min(one, other), max(one, other))):
                    return False
        return True

    def unite(self, pair: Pair) -> None:
        one, other = self.of[pair[0]], self.of[pair[1]]
        if one is not other:
            one += other
            self.of |= dict.fromkeys(other, one)

    def merges(self, edges: Sequence[tuple[Pair, Evidence]]) -> Iterable[Wanted]:
        """The sure pairs that unite groups as merges, each led from the one that is kept."""
        beside: defaultdict[str, list[tuple[str, Uids, Evidence]]] = defaultdict(list)
        for pair, found in edges:
            one, other = (self.organisations[pk].uid for pk in pair)
            ends = self.root(one), self.root(other)
            said = _in_order(one, other)
            beside[ends[0]].append((ends[1], said, found))
            beside[ends[1]].append((ends[0], said, found))
        first = self._order(beside)
        seen: set[str] = set()
        for head in sorted(beside, key=lambda uid: first[uid]):
            if head in seen:
                continue
            seen.add(head)
            due = deque([head])
            while due:
                kept = due.popleft()
                for merged, said, found in sorted(beside[kept], key=lambda each: each[:2]):
                    if merged not in seen:
                        seen.add(merged)
                        due.append(merged)
                        yield Wanted(kept, merged, said, found)

    def _order(self, uids: Iterable[str]) -> dict[str, tuple[object, ...]]:
        """What orders ids by which of them is kept: those that are there first, of these those
        under which an editor put another one."""
        return {
            uid: (uid not in self.pks, uid not in self.editors, *said)
            for uid, said in precedence(uids).items()
        }


_MERGE = ("kept", "merged", "score", "evidence", "compared", "said", "by", "why", "at",
          "undone_at", "undone_by", "undone_why")  # fmt: skip


def _insert_merges(wanted: Sequence[Wanted], at: datetime) -> None:
    said: dict[str, dict[str, object]] = {}
    for some in slices({uid for each in wanted for uid in (each.kept, each.merged)}):
        for record in Record.objects.filter(uid__among=some).only("uid", "data", "corrections"):
            current = record.current
            said[record.uid] = {"title": current.get("title"), "names": current.get("names")}
    insert(Merge, _MERGE, (
        (each.kept, each.merged, each.found.score, each.found.as_json(), list(each.compared),
         {uid: said[uid] for uid in (each.kept, each.merged) if uid in said}, MATCH, "", at,
         None, "", "")
        for each in wanted
    ))  # fmt: skip


_COLUMNS = ("one", "other", "score", "evidence", "state", "found_at", "by", "why", "decided_at")


def _queue(uids: set[str], candidates: Mapping[Uids, Evidence], at: datetime) -> None:
    """Make the open candidates that have one of these organisations those."""
    wanted = dict(candidates)
    rows: dict[int, Candidate] = {}
    for some in slices(uids):
        for name in ("one__among", "other__among"):
            rows |= Candidate.objects.filter(**{name: some}).defer("evidence").in_bulk()
    gone, changed = [], []
    for pk, row in rows.items():
        each = wanted.pop((row.one, row.other), None)
        if each is None and row.state == Candidate.State.OPEN:
            gone.append(pk)
        elif each is not None and (
            row.state == Candidate.State.ACCEPTED or row.score != each.score
        ):
            changed.append((each.score, each.as_json(), Candidate.State.OPEN.value, pk))
    for pks in slices(gone):
        Candidate.objects.filter(pk__among=pks).delete()
    update(Candidate, ("score", "evidence", "state"), changed)
    insert(Candidate, _COLUMNS, (
        (*pair, each.score, each.as_json(), Candidate.State.OPEN.value, at, "", "", None)
        for pair, each in wanted.items()
    ))  # fmt: skip
