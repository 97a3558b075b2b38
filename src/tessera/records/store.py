"""Storing what a source delivered: items, records, links and Changes in one transaction.

`decide` says what each draft would come to and writes nothing; `store` decides and writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tessera.records.bulk import insert, slices
from tessera.records.changes import Shown, Touched, log, shown, writing
from tessera.records.links import Stated, face, links_of, settle
from tessera.records.links import rows as link_rows
from tessera.records.models import Change, Link, Record, Source, SourceRecord, Verbatim, corrected
from tessera.records.organisations import derive
from tessera.schema.document import name_of
from tessera.schema.draft import RecordDraft


@dataclass(frozen=True, slots=True)
class Received:
    """One item and what it maps to.

    key, place, raw, checksum, mapping: as in SourceRecord; the checksum is empty where it couldn't
    be read. problem: why it maps to nothing or not to all that it should; its records of last
    time are then left as they are. position: its place in the batch.
    """

    key: str
    place: str
    raw: Any
    checksum: str
    mapping: str
    drafts: tuple[RecordDraft, ...] = ()
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
    draft: RecordDraft
    data: Mapping[str, Any]
    checksum: str
    verdict: Verdict
    message: str = ""


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
    seen: frozenset[str] | set[str] = frozenset()
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


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch.

    displaced: keys of items whose record another item took over; those that are unchanged and
    come later in the same batch must be mapped and stored after all.
    """

    decisions: tuple[Decision, ...]
    withdrawn: int = 0
    displaced: frozenset[str] = frozenset()


def decide(
    source: Source | None, items: Sequence[Received], claims: Claims
) -> tuple[list[Decision], dict[str, Record]]:
    """What each draft comes to, in the order of delivery, and the known records by id.

    source: None for one that isn't stored yet.
    """
    drafts = [(item, draft) for item in items for draft in item.drafts]
    known: dict[str, Record] = {}
    for uids in slices({draft.id for _, draft in drafts}):
        for record in Record.objects.filter(uid__in=uids).select_related("item", "source"):
            known[record.uid] = record
    decisions = []
    for item, draft in drafts:
        data = draft.canonical()
        checksum = draft.checksum()
        record = known.get(draft.id)
        claim = claims.of(item, draft.id, record)
        verdict, message = _verdict(source, checksum, record, claim)
        if verdict not in (Verdict.REFUSED, Verdict.REPEATED):
            claims.found[draft.id] = Claim(item.key, item.place, checksum)
        decisions.append(Decision(item, draft, data, checksum, verdict, message))
    return decisions, known


def _verdict(
    source: Source | None,
    checksum: str,
    record: Record | None,
    claim: Claim | None,
) -> tuple[Verdict, str]:
    if claim is not None:
        if claim.checksum == checksum:
            return Verdict.REPEATED, f"the same record was already given at {claim.place}"
        return Verdict.REFUSED, (
            f"another record of this id was already given at {claim.place}; "
            "give one of them another id"
        )
    if record is None:
        return Verdict.ADDED, ""
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
    if record.checksum == checksum:
        return Verdict.UNCHANGED, ""
    return Verdict.CHANGED, ""


def store(source: Source, items: Sequence[Received], claims: Claims, at: datetime) -> Stored:
    """Store a batch of new, changed or troubled items (keys differ) with all that follows.

    Call it within `writing`, so that what belongs to the batch is stored with it or not at all.
    """
    decisions, known = decide(source, items, claims)
    gone = lapsed(source, items, claims)
    displaced = _displaced(decisions, known)
    rows = _store_items(source, claims.run, items, decisions, at)
    touched = _store_records(source, decisions, known, rows, at)
    touched += _withdrawn(gone, at)
    log(touched + derive(_named(touched), at), at)
    return Stored(tuple(decisions), len(gone), displaced)


def lapsed(source: Source, items: Sequence[Received], claims: Claims) -> list[Record]:
    """Records of these items that they no longer map to, and no other item of the batch either."""
    drafts = {item.key: {draft.id for draft in item.drafts} for item in items if not item.problem}
    found: list[Record] = []
    for keys in slices(drafts):
        rows = Record.objects.filter(
            item__source=source, item__key__in=keys, withdrawn_at=None
        ).select_related("item")
        for record in rows:
            key = record.item.key if record.item else ""
            if record.uid not in drafts[key] and record.uid not in claims.found:
                found.append(record)
    return found


def touch(items: Iterable[SourceRecord], run: int, at: datetime) -> None:
    """Note that unchanged items were received again. Cheap: it writes to narrow rows alone."""
    for some in slices(items):
        SourceRecord.objects.filter(pk__in=[item.pk for item in some]).update(
            seen_run=run, last_seen=at
        )


def withdraw(pks: Iterable[int], at: datetime) -> int:
    """Withdraw records (by primary key) that their source no longer has. Returns how many.

    They stay, with their data and id, and are restored when they come again.
    """
    with writing():
        records = [
            record
            for some in slices(pks)
            for record in Record.objects.filter(pk__in=some, withdrawn_at=None)
        ]
        touched = _withdrawn(records, at)
        log(touched + derive(_named(touched), at), at)
    return len(records)


def _displaced(decisions: Iterable[Decision], known: Mapping[str, Record]) -> frozenset[str]:
    """Keys of items whose record now comes in another item, such as a file under a new name.

    Their checksum is forgotten, so that such an item is mapped, and refused, if it comes as well.
    """
    found: dict[int, str] = {}
    for each in decisions:
        record = known.get(each.draft.id)
        taken = each.verdict not in (Verdict.REFUSED, Verdict.REPEATED)
        if taken and record and record.item and record.item.key != each.item.key:
            found[record.item.pk] = record.item.key
    for pks in slices(found):
        SourceRecord.objects.filter(pk__in=pks).update(checksum="")
    return frozenset(found.values())


def _store_items(
    source: Source,
    run: int,
    items: Sequence[Received],
    decisions: Iterable[Decision],
    at: datetime,
) -> dict[str, SourceRecord]:
    """Write the items as received; returns them by key."""
    problems = {item.key: [item.problem] if item.problem else [] for item in items}
    for each in decisions:
        if each.message:
            problems[each.item.key].append(f"{each.draft.id}: {each.message}")
    known: dict[str, SourceRecord] = {}
    for keys in slices(item.key for item in items):
        known.update(
            (row.key, row) for row in SourceRecord.objects.filter(source=source, key__in=keys)
        )
    new, old = [], []
    for item in items:
        row = known.get(item.key)
        if row is None:
            row = SourceRecord(source=source, key=item.key, first_seen=at)
            new.append(row)
        else:
            old.append(row)
        row.place, row.checksum, row.mapping = item.place, item.checksum, item.mapping
        row.problem = "\n".join(problems[item.key])
        row.seen_run, row.last_seen, row.gone_at = run, at, None
    SourceRecord.objects.bulk_create(new)
    for row in old:
        row.save()
    rows = {row.key: row for row in (*new, *old)}
    read = [Verbatim(item=rows[item.key], raw=item.raw) for item in items if item.checksum]
    for pks in slices(row.pk for row in old):
        Verbatim.objects.filter(pk__in=pks).delete()
    insert(Verbatim, read)
    return rows


def _store_records(
    source: Source,
    decisions: Sequence[Decision],
    known: Mapping[str, Record],
    items: Mapping[str, SourceRecord],
    at: datetime,
) -> list[Touched]:
    """Write the records and their links; returns those that changed."""
    new: list[tuple[Record, tuple[Stated, ...]]] = []
    old: list[tuple[Record, tuple[Stated, ...], Shown | None, Change.What]] = []
    for each in decisions:
        if each.verdict in (Verdict.REFUSED, Verdict.REPEATED):
            continue
        record = known.get(each.draft.id)
        item = items[each.item.key]
        if each.verdict == Verdict.UNCHANGED and record is not None:
            if record.item_id != item.pk:
                Record.objects.filter(pk=record.pk).update(item=item)
            continue
        before = shown(record) if record else None
        row = record or Record(uid=each.draft.id, first_seen=at)
        stated = _put(row, source, item, each, at)
        if record is None:
            new.append((row, stated))
        else:
            what = Change.What.CHANGED if before is not None else Change.What.RESTORED
            old.append((row, stated, before, what))
    Record.objects.bulk_create([record for record, _ in new])
    insert(Link, [link for record, stated in new for link in link_rows(record.pk, stated)])
    for record, *_ in old:
        record.save()
    settle({record.pk: stated for record, stated, *_ in old})
    return [
        *(
            Touched(record.pk, record.uid, Change.What.ADDED, None, _shown(record, stated))
            for record, stated in new
        ),
        *(
            Touched(record.pk, record.uid, what, before, _shown(record, stated))
            for record, stated, before, what in old
        ),
    ]


def _put(
    record: Record, source: Source, item: SourceRecord, each: Decision, at: datetime
) -> tuple[Stated, ...]:
    """Give a record what its source says of it; returns the links that it states."""
    current = corrected(dict(each.data), record.corrections)
    record.kind = each.draft.kind
    record.source = source
    record.item = item
    record.derived = False
    record.title = name_of(current)
    record.data = dict(each.data)
    record.face = face(current)
    record.checksum = each.checksum
    record.licence = each.draft.licence or source.licence
    record.changed_at = at
    record.withdrawn_at = None
    return links_of(record.uid, current)


def _shown(record: Record, stated: Iterable[Stated]) -> Shown:
    return Shown(record.kind, record.face, frozenset(link.target for link in stated))


def _withdrawn(records: Sequence[Record], at: datetime) -> list[Touched]:
    touched = [
        Touched(record.pk, record.uid, Change.What.WITHDRAWN, shown(record), None)
        for record in records
    ]
    for pks in slices(record.pk for record in records):
        Record.objects.filter(pk__in=pks).update(withdrawn_at=at, changed_at=at)
    return touched


def _named(touched: Iterable[Touched]) -> set[str]:
    """Ids of organisations of which something else may be said now."""
    found: set[str] = set()
    for each in touched:
        for there in (each.before, each.after):
            if there is not None:
                found |= there.targets
        if each.after is None:
            found.add(each.uid)
    return found
