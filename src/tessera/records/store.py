"""Storing what a source delivered: items, records, links and Changes in one transaction.

`plan` says what each draft would come to and writes nothing; `store` plans and writes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tessera.records.bulk import insert, slices, update
from tessera.records.changes import Touched, log, shown, writing
from tessera.records.keeping import add, checksum_of, save, written
from tessera.records.links import LINK_COLUMNS, Shown, Stated, face, links_of, settle
from tessera.records.links import rows as link_rows
from tessera.records.members import is_members
from tessera.records.models import Change, Link, Record, Source, SourceRecord, Verbatim, corrected
from tessera.records.organisations import derive
from tessera.schema.document import name_of
from tessera.schema.draft import RecordDraft


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft as it is stored. data: canonical. text: data as JSON text. checksum: of it."""

    uid: str
    kind: str
    licence: str
    data: dict[str, Any]
    text: str
    checksum: str

    @classmethod
    def of(cls, draft: RecordDraft) -> Drafted:
        """Raises ValueError where a text can't be stored."""
        data = draft.canonical()
        text = written(data)
        return cls(draft.id, draft.kind, draft.licence, data, text, checksum_of(text))


@dataclass(frozen=True, slots=True)
class Received:
    """One item and what it maps to.

    key, place, checksum, mapping: as in SourceRecord. raw: JSON text of what was received. The
    checksum is empty where it couldn't be read. problem: why it maps to nothing or not to all
    that it should; its records of last time are then left as they are. position: its place in
    the batch.
    """

    key: str
    place: str
    raw: str
    checksum: str
    mapping: str
    drafts: tuple[Drafted, ...] = ()
    problem: str = ""
    position: int = 0


class Verdict(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    RESTORED = "restored"
    UNCHANGED = "unchanged"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What one draft comes to. message: why it is refused or repeated, and how to mend it."""

    item: Received
    draft: Drafted
    verdict: Verdict
    message: str = ""

    @property
    def taken(self) -> bool:
        """Whether the record is the item's from now on."""
        return self.verdict not in (Verdict.REFUSED, Verdict.REPEATED)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch comes to, before anything of it is written.

    known: the records that there are, by id. lapsed: records that their item no longer maps to.
    displaced: items (primary key to key) whose record comes in another item from now on, such as
    a file under a new name; those that are unchanged and come later in the same batch must be
    mapped and stored after all.
    """

    decisions: tuple[Decision, ...]
    known: Mapping[str, Record]
    lapsed: tuple[Record, ...]
    displaced: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """Which item of this run gave a record, where it stands, and the checksum of its draft."""

    key: str
    place: str
    checksum: str


@dataclass(slots=True)
class Claims:
    """Who gave which record in this run, so that the first in the order of delivery keeps it.

    run: the run's number; the database tells what its earlier batches stored. A dry run writes
    nothing (run 0), so there `found`, by record id, and `seen`, keys of items, hold the whole run.
    unchanged: position in the batch of the items that aren't mapped again.
    """

    run: int
    unchanged: Mapping[str, int] = field(default_factory=dict)
    seen: Container[str] = frozenset()
    found: dict[str, Claim] = field(default_factory=dict)

    def of(self, item: Received, uid: str, record: Record | None) -> Claim | None:
        """The claim on a record that comes before an item's."""
        claim = self.found.get(uid)
        if claim is not None or record is None or record.item is None:
            return claim
        owner = record.item
        if owner.key == item.key or record.withdrawn_at is not None:
            return None
        before = (
            (self.run and owner.seen_run == self.run)
            or owner.key in self.seen
            or self.unchanged.get(owner.key, item.position) < item.position
        )
        return Claim(owner.key, owner.place, record.checksum) if before else None


def plan(source: Source | None, items: Sequence[Received], claims: Claims) -> Plan:
    """What each draft comes to, in the order of delivery; writes nothing but to `claims`.

    source: None for one that isn't stored yet.
    """
    drafts = [(item, draft) for item in items for draft in item.drafts]
    known: dict[str, Record] = {}
    for uids in slices({draft.uid for _, draft in drafts}):
        for record in Record.objects.filter(uid__among=uids).select_related("item", "source"):
            known[record.uid] = record
    decisions = []
    displaced: dict[int, str] = {}
    for item, draft in drafts:
        there = known.get(draft.uid)
        claim = claims.of(item, draft.uid, there)
        decision = Decision(item, draft, *_verdict(source, draft, there, claim))
        decisions.append(decision)
        if decision.taken:
            claims.found[draft.uid] = Claim(item.key, item.place, draft.checksum)
            if there and there.item and there.item.key != item.key:
                displaced[there.item.pk] = there.item.key
    return Plan(tuple(decisions), known, tuple(_lapsed(source, items, claims)), displaced)


def _lapsed(source: Source | None, items: Sequence[Received], claims: Claims) -> Iterator[Record]:
    """Records of these items that they no longer map to, and no other item either."""
    if source is None:
        return
    drafts = {item.key: {draft.uid for draft in item.drafts} for item in items if not item.problem}
    known = {pk: key for key, pk in _item_keys(source, drafts).items()}
    for pks in slices(known):
        for record in Record.objects.filter(item_id__among=pks, withdrawn_at=None):
            key = known[record.item_id or 0]
            if record.uid not in drafts[key] and record.uid not in claims.found:
                yield record


def _verdict(
    source: Source | None,
    draft: Drafted,
    record: Record | None,
    claim: Claim | None,
) -> tuple[Verdict, str]:
    if claim is not None:
        if claim.checksum == draft.checksum:
            return Verdict.REPEATED, f"the same record was already given at {claim.place}"
        return Verdict.REFUSED, (
            f"another record of this id was already given at {claim.place}; "
            "give one of them another id"
        )
    if record is None:
        return Verdict.ADDED, ""
    if is_members(record):
        return Verdict.REFUSED, (
            "a member of this site publishes a record of this id of themselves, or did; give it "
            "another id"
        )
    withdrawn = record.withdrawn_at is not None
    if record.derived:
        return (Verdict.RESTORED if withdrawn else Verdict.ADDED), ""
    if withdrawn:
        return Verdict.RESTORED, ""
    if source is None or record.source_id != source.pk:
        return Verdict.REFUSED, (
            f"a record of this id comes from the source {record.source.slug!r}; give it another "
            "id, or let only one of the sources have it"
        )
    if record.checksum == draft.checksum:
        return Verdict.UNCHANGED, ""
    return Verdict.CHANGED, ""


def store(source: Source, items: Sequence[Received], claims: Claims, at: datetime) -> Plan:
    """Store a batch of new, changed or troubled items (keys differ) with all that follows.

    Call it within `writing`, so that what belongs to the batch is stored with it or not at all.
    """
    planned = plan(source, items, claims)
    for pks in slices(planned.displaced):
        # Forgotten, so that such an item is mapped, and refused, if it comes as well.
        SourceRecord.objects.filter(pk__among=pks).update(checksum="")
    rows = _store_items(source, claims.run, items, planned.decisions, at)
    touched = _store_records(source, planned, rows, at)
    touched += _withdrawn(planned.lapsed, at)
    log(touched + derive(touched, at), at)
    return planned


def touch(items: Iterable[tuple[SourceRecord, str]], run: int, at: datetime) -> None:
    """Note that unchanged items were received again, and at which place. Cheap: narrow rows."""
    moved = []
    for some in slices(items):
        SourceRecord.objects.filter(pk__among=[item.pk for item, _ in some]).update(
            seen_run=run, last_seen=at
        )
        moved += [(place, item.pk) for item, place in some if item.place != place]
    update(SourceRecord, ("place",), moved)


def withdraw(pks: Iterable[int], at: datetime) -> int:
    """Withdraw records (by primary key) that their source no longer has. Returns how many.

    They stay, with their data and id, and are restored when they come again.
    """
    with writing():
        records = [
            record
            for some in slices(pks)
            for record in Record.objects.filter(pk__among=some, withdrawn_at=None)
        ]
        touched = _withdrawn(records, at)
        log(touched + derive(touched, at), at)
    return len(records)


_ITEM = (
    "place", "checksum", "mapping", "problem", "seen_run", "last_seen", "gone_at",
)  # fmt: skip


def _store_items(
    source: Source,
    run: int,
    items: Sequence[Received],
    decisions: Iterable[Decision],
    at: datetime,
) -> dict[str, int]:
    """Write the items as received; returns their primary keys by key."""
    problems = {item.key: [item.problem] if item.problem else [] for item in items}
    for each in decisions:
        if each.message:
            problems[each.item.key].append(f"{each.draft.uid}: {each.message}")
    known = _item_keys(source, problems)
    new, old = [], []
    for item in items:
        problem = "\n".join(problems[item.key])
        values = (item.place, item.checksum, item.mapping, problem, run, at, None)
        if item.key in known:
            old.append((*values, known[item.key]))
        else:
            new.append((*values, source.pk, item.key, at))
    update(SourceRecord, _ITEM, old)
    insert(SourceRecord, (*_ITEM, "source_id", "key", "first_seen"), new)
    pks = known | _item_keys(source, problems.keys() - known.keys())
    read = [(pks[item.key], item.raw) for item in items if item.checksum]
    for some in slices(pk for pk, _ in read if old):
        Verbatim.objects.filter(pk__among=some).delete()
    insert(Verbatim, ("item_id", "raw"), read)
    return pks


def _item_keys(source: Source, keys: Iterable[str]) -> dict[str, int]:
    rows = SourceRecord.objects.filter(source=source).order_by().values_list("key", "pk")
    return {key: pk for some in slices(keys) for key, pk in rows.filter(key__among=some)}


def _store_records(
    source: Source,
    planned: Plan,
    items: Mapping[str, int],
    at: datetime,
) -> list[Touched]:
    """Write the records and their links; returns those that changed."""
    new: list[tuple[Record, tuple[Stated, ...]]] = []
    old: list[tuple[Record, tuple[Stated, ...], Shown | None, Change.What]] = []
    for each in planned.decisions:
        if not each.taken:
            continue
        record = planned.known.get(each.draft.uid)
        item = items[each.item.key]
        if each.verdict == Verdict.UNCHANGED and record is not None:
            if record.item_id != item:
                Record.objects.filter(pk=record.pk).update(item_id=item)
            continue
        before = shown(record) if record else None
        row = record or Record(uid=each.draft.uid, first_seen=at)
        stated = _put(row, source, item, each.draft, at)
        if record is None:
            new.append((row, stated))
        else:
            what = Change.What.CHANGED if before is not None else Change.What.RESTORED
            old.append((row, stated, before, what))
    texts = {each.draft.uid: each.draft.text for each in planned.decisions if each.taken}
    add([record for record, _ in new], texts)
    insert(
        Link, LINK_COLUMNS, (row for record, stated in new for row in link_rows(record.pk, stated))
    )
    save((record for record, *_ in old), texts)
    settle({record.pk: stated for record, stated, *_ in old})
    return [
        *(
            Touched(
                record.pk,
                record.uid,
                Change.What.ADDED,
                None,
                Shown.of(record.kind, record.face, stated),
            )
            for record, stated in new
        ),
        *(
            Touched(record.pk, record.uid, what, before, Shown.of(record.kind, record.face, stated))
            for record, stated, before, what in old
        ),
    ]


def _put(
    record: Record, source: Source, item: int, draft: Drafted, at: datetime
) -> tuple[Stated, ...]:
    """Give a record what its source says of it; returns the links that it states."""
    current = corrected(draft.data, record.corrections)
    record.kind = draft.kind
    record.source = source
    record.item_id = item
    record.derived = False
    record.title = name_of(current)
    record.data = draft.data
    record.face = face(current)
    record.checksum = draft.checksum
    record.licence = draft.licence
    record.changed_at = at
    record.withdrawn_at = None
    return links_of(record.uid, current)


def _withdrawn(records: Sequence[Record], at: datetime) -> list[Touched]:
    touched = [
        Touched(record.pk, record.uid, Change.What.WITHDRAWN, shown(record), None)
        for record in records
    ]
    for pks in slices(record.pk for record in records):
        Record.objects.filter(pk__among=pks).update(withdrawn_at=at, changed_at=at)
    return touched
