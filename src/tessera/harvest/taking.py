"""What becomes of a batch: unchanged items are touched, the rest is mapped and stored.

A dry run goes the same way and writes nothing; what it would have written it remembers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from django.utils import timezone

from tessera.harvest import departures
from tessera.harvest.ledger import Ledger
from tessera.harvest.mapping import (
    Mapped,
    legible_place,
    mapped,
    mapping_version,
    noted,
    unfit,
    usable_key,
)
from tessera.harvest.models import Run
from tessera.harvest.rehearsal import Memory
from tessera.harvest.report import Report, legible
from tessera.records.bulk import slices
from tessera.records.changes import writing
from tessera.records.models import Source, SourceRecord
from tessera.records.store import Claims, Plan, Received, Verdict, plan, store, touch, withdraw
from tessera.sources.base import Gone, Importer, Item, ItemError, Taken

_NOTHING: Mapping[int, Mapped] = {}


class Taking:
    """The state of one run. run, source: None in a dry run, and memory is there instead.

    unknown: items in error of which nobody can say which they are.
    """

    def __init__(
        self,
        importer: Importer,
        source: Source | None,
        report: Report,
        run: Run | None,
        ledger: Ledger,
        memory: Memory | None,
    ) -> None:
        self.importer = importer
        self.source = source
        self.report = report
        self.run = run
        self.ledger = ledger
        self.memory = memory
        self.version = mapping_version(importer)
        self.unknown = 0

    def to_map(self, batch: Sequence[Taken]) -> list[tuple[int, Item]]:
        """The items of a batch that have to be mapped as things stand, with their places in it."""
        rows = self._rows([each.key for each in batch if usable_key(each.key)])
        return [
            (position, each)
            for position, each in enumerate(batch)
            if isinstance(each, Item)
            and unfit(each) is None
            and not (each.key in rows and self._unchanged(each, rows[each.key]))
        ]

    def take(self, batch: Sequence[Taken], ready: Mapping[int, Mapped] = _NOTHING) -> None:
        """One batch: what is unchanged is touched, the rest mapped and stored.

        ready: what has been mapped of it before, by the place in the batch.
        """
        rows = self._rows([each.key for each in batch if usable_key(each.key)])
        first: dict[str, tuple[str, str]] = {}
        unchanged: dict[str, tuple[Item, SourceRecord, int]] = {}
        received: list[Received] = []
        gone: list[str] = []
        for position, each in enumerate(batch):
            if isinstance(each, Gone):
                self.report.received += 1
                gone.append(each.key)
                if self.memory is not None:
                    self.memory.items[each.key] = ("", each.where)
                continue
            if isinstance(each, ItemError):
                self.report.tell(each.stage, each)
                if each.warning:
                    continue
                self.report.received += 1
                if not usable_key(each.key):
                    self.unknown += 1
                elif not (first.get(each.key) or self._seen(each.key, rows)):
                    first[each.key] = ("", each.where)
                    place = legible_place(each.where)
                    received.append(
                        Received(each.key, place, "null", "", "", problem=legible(each.message))
                    )
                continue
            self.report.received += 1
            if self._refused(each, first.get(each.key) or self._seen(each.key, rows)):
                continue
            first[each.key] = (each.checksum, each.where)
            row = rows.get(each.key)
            if row is not None and self._unchanged(each, row):
                unchanged[each.key] = (each, row, position)
            else:
                made = ready.get(position)
                received.append(self._mapped(each, position) if made is None
                                else noted(made, self.report))  # fmt: skip
        began = time.perf_counter()
        self._store(received, unchanged, first)
        self.let_go([rows[key].pk for key in gone if key in rows and key not in first])
        self.report.seconds["store"] += time.perf_counter() - began

    def _mapped(self, item: Item, position: int) -> Received:
        return noted(mapped(self.importer, item, self.version, position), self.report)

    def _rows(self, keys: Sequence[str]) -> dict[str, SourceRecord]:
        if self.source is None:
            return {}
        rows = SourceRecord.objects.filter(source=self.source)
        return {row.key: row for some in slices(set(keys)) for row in rows.filter(key__among=some)}

    def _seen(self, key: str, rows: Mapping[str, SourceRecord]) -> tuple[str, str] | None:
        """Checksum and place of an item that came in an earlier batch of this run."""
        if self.memory is not None:
            return self.memory.items.get(key)
        row = rows.get(key)
        if row is None or self.run is None or row.seen_run != self.run.pk:
            return None
        return row.checksum, row.place

    def _refused(self, item: Item, earlier: tuple[str, str] | None) -> bool:
        """Whether an item can't be taken, because it came before or can't be stored."""
        problem = unfit(item)
        if problem:
            self.unknown += 1
            self.report.fail("gather", item.where, problem, item.key)
        elif earlier is not None:
            checksum, place = earlier
            if checksum == item.checksum:
                self.report.repeated += 1
                self.report.warn("gather", item.where, "the same item came before; left out")
            else:
                self.report.fail(
                    "gather",
                    item.where,
                    f"another item with the key {item.key!r} came before, at {place}; this one "
                    "was left out: give each its own",
                    item.key,
                )
        return bool(problem) or earlier is not None

    def _unchanged(self, item: Item, row: SourceRecord) -> bool:
        return (
            row.checksum == item.checksum
            and row.mapping == self.version
            and row.gone_at is None
            and not row.problem
        )

    def _store(
        self,
        received: Sequence[Received],
        unchanged: Mapping[str, tuple[Item, SourceRecord, int]],
        first: Mapping[str, tuple[str, str]],
    ) -> None:
        positions = {key: position for key, (_, _, position) in unchanged.items()}
        claims = self._claims(positions)
        if self.memory is not None:
            late = self._rehearse(received, unchanged, claims)
            if late:
                self._rehearse(late, {}, claims)
            self.memory.items.update(first)
            return
        assert self.source is not None and self.run is not None
        at = timezone.now()
        with writing():
            planned = store(self.source, received, claims, at) if received else None
            late = self._count(planned, unchanged)
            if late:
                self._count(store(self.source, late, claims, at), {})
            displaced = {item.key for item in late}
            touch(
                [(row, item.where) for key, (item, row, _) in unchanged.items()
                 if key not in displaced],
                self.run.pk,
                at,
            )  # fmt: skip
            self.ledger.note()

    def _claims(self, positions: Mapping[str, int]) -> Claims:
        if self.memory is None:
            return Claims(self.run.pk if self.run else 0, positions)
        return Claims(0, positions, self.memory.items.keys(), self.memory.claims)

    def _rehearse(
        self,
        received: Sequence[Received],
        unchanged: Mapping[str, tuple[Item, SourceRecord, int]],
        claims: Claims,
    ) -> list[Received]:
        planned = plan(self.source, received, claims) if received else None
        if planned is not None and self.memory is not None:
            self.memory.lapsed.update(record.pk for record in planned.lapsed)
            self.memory.contradicted |= {
                each.draft.uid: departures.contradictions(each.draft.data, known.corrections)
                for each in planned.decisions
                if each.taken and (known := planned.known.get(each.draft.uid)) and known.corrections
            }
        return self._count(planned, unchanged)

    def _count(
        self,
        planned: Plan | None,
        unchanged: Mapping[str, tuple[Item, SourceRecord, int]],
    ) -> list[Received]:
        """Count what became of a batch; returns the unchanged items that must be mapped again,
        because another item took their record over."""
        late: list[Received] = []
        displaced = set(planned.displaced.values()) if planned else set()
        for key in unchanged.keys() & displaced:
            item, _, position = unchanged[key]
            late.append(self._mapped(item, position))
        self.report.skipped += len(unchanged) - len(late)
        self.report.unchanged += len(unchanged) - len(late)
        if planned is None:
            return late
        self.report.withdrawn += len(planned.lapsed)
        self.report.moved += len(planned.displaced)
        for each in planned.decisions:
            match each.verdict:
                case Verdict.ADDED:
                    self.report.added += 1
                case Verdict.RESTORED:
                    self.report.added += 1
                    self.report.restored += 1
                case Verdict.CHANGED:
                    self.report.changed += 1
                case Verdict.UNCHANGED:
                    self.report.unchanged += 1
                case Verdict.REPEATED:
                    self.report.warn("store", each.item.place, f"{each.draft.uid}: {each.message}")
                case Verdict.REFUSED:
                    self.report.refused += 1
                    message = f"{each.draft.uid}: {each.message}"
                    self.report.fail("store", each.item.place, message, each.item.key)
        return late

    def let_go(self, pks: Sequence[int]) -> None:
        """Withdraw the records of items (by primary key) that their source no longer has."""
        if not pks:
            return
        if self.run is None:
            self.report.withdrawn += len(departures.lost(pks, self.memory))
            return
        with writing():
            at = timezone.now()
            self.report.withdrawn += withdraw(departures.lost(pks, self.memory), at)
            SourceRecord.objects.filter(pk__among=pks).update(gone_at=at)
            self.ledger.note()
