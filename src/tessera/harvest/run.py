"""One run over a source: gather, map, store, withdraw; in batches, in bounded memory.

Each batch is one transaction, and a later run of the same delivery picks up whatever an earlier
one left undone. So a run may be killed at any point.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from django.utils import timezone

from tessera.harvest import departures
from tessera.harvest.mapping import mapped, mapping_version, unfit, usable_key
from tessera.harvest.models import Run, RunError
from tessera.harvest.rehearsal import Memory
from tessera.harvest.report import HarvestError, Report
from tessera.harvest.turn import close, turn
from tessera.records.bulk import insert, slices
from tessera.records.changes import writing
from tessera.records.models import Source, SourceRecord
from tessera.records.store import Claims, Plan, Received, Verdict, plan, store, touch, withdraw
from tessera.sources.base import Found, Gone, Importer, Item, ItemError
from tessera.sources.fetch.errors import FetchError

BATCH = 500
"""Items in one transaction."""

PATIENCE = 5.0
"""Seconds after which a batch is stored even if it isn't full: a run shows that it is alive."""

FEW_ERRORS = 20
"""So many errors never stop a run, whatever share of a small delivery they are."""

ERROR_COLUMNS = ("run_id", "stage", "where", "message", "warning", "times")

Progress = Callable[[Report], None]

Gather = Callable[[], Iterator[Found]]


def harvest(
    importer: Importer,
    material: Sequence[Path] | Gather,
    *,
    source_slug: str | None = None,
    dry_run: bool = False,
    accept_loss: bool = False,
    progress: Progress | None = None,
) -> Report:
    """One run of a source over a delivery; if it is complete, what it lacks is withdrawn.

    material: files and folders, or what streams the delivery. source_slug: the source to store
    under; default the importer's own slug. dry_run: write nothing, and report what would come of
    it. accept_loss: withdraw even more than the source's `max_loss`. progress: called after each
    batch.
    Raises HarvestError where the run failed or another one of the source is going on; what was
    stored until then stays, and nothing is withdrawn.
    """
    slug = source_slug or importer.info.slug
    if slug == Source.DERIVED:
        raise HarvestError(f"The name {slug!r} is taken by what is made from other records.")
    known = Source.objects.filter(slug=slug).first()
    if known is not None and known.importer != importer.info.slug:
        raise HarvestError(
            f"The source {slug!r} is read by the importer {known.importer!r}, not by "
            f"{importer.info.slug!r}; choose another name with --as."
        )
    report = Report(slug, dry_run)
    gather = material if callable(material) else partial(importer.gather, material)
    if dry_run:
        going = _Run(importer, known, report, None, progress, Memory())
        going.go(gather, accept_loss=accept_loss)
        return report
    source = _source(importer, slug, known)
    with turn(source) as run:
        report.run = run.pk
        _Run(importer, source, report, run, progress, None).go(gather, accept_loss=accept_loss)
        close(run, Run.Outcome.DONE, "\n".join(report.notes))
    return report


def _source(importer: Importer, slug: str, known: Source | None) -> Source:
    """The source as its importer describes it, made or brought up to date."""
    info = importer.info
    own = slug == info.slug
    stated = {"licence": info.licence, "url": info.url}
    if own or known is None:
        stated["name"] = info.name if own else f"{info.name} ({slug})"
    source, _ = Source.objects.update_or_create(
        slug=slug, defaults=stated, create_defaults={**stated, "importer": info.slug}
    )
    return source


class _Run:
    """The state of one run. run, source: None in a dry run, and memory is there instead."""

    def __init__(
        self,
        importer: Importer,
        source: Source | None,
        report: Report,
        run: Run | None,
        progress: Progress | None,
        memory: Memory | None,
    ) -> None:
        self.importer = importer
        self.source = source
        self.report = report
        self.run = run
        self.progress = progress
        self.memory = memory
        self.version = mapping_version(importer)
        self.unknown = 0
        self.noted = 0

    def go(self, gather: Gather, *, accept_loss: bool) -> None:
        before = departures.live(self.source)
        for batch in self._batches(gather):
            self._take(batch)
            self._note_progress()
            self._check_errors()
        self._note_progress(final=True)
        unseen = self._unseen()
        broken = departures.broken_promise(
            self.importer.info,
            self.report,
            known=before,
            lost=0 if accept_loss else len(departures.lost(unseen, self.memory)),
        )
        if broken:
            raise HarvestError(broken, self.report)
        self._withdraw()
        self._note_progress(final=True)

    # gather

    def _batches(self, gather: Gather) -> Iterator[list[Found]]:
        """What the importer streams, in batches; anything that breaks the stream ends the run."""
        stream = gather()
        batch: list[Found] = []
        since = time.monotonic()
        while True:
            try:
                each = next(stream, None)
            except Exception as error:
                # What was received before the break is good and is stored.
                if batch:
                    yield batch
                raise HarvestError(self._broken_off(error), self.report) from error
            if each is None:
                break
            batch.append(each)
            if len(batch) >= BATCH or time.monotonic() - since > PATIENCE:
                yield batch
                batch, since = [], time.monotonic()
        if batch:
            yield batch

    def _broken_off(self, error: Exception) -> str:
        if isinstance(error, FetchError):
            return f"{error}. Nothing was withdrawn."
        if isinstance(error, OSError):
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        else:
            what = f"{type(error).__name__}: {error}"
        return (
            f"The delivery can't be read any further after {self.report.received:,} items "
            f"({what}). Nothing was withdrawn."
        )

    # map and store

    def _take(self, batch: Sequence[Found]) -> None:
        """One batch: what is unchanged is touched, the rest mapped and stored."""
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
                if each.warning:
                    self.report.warn(each.stage, each.where, each.message)
                    continue
                self.report.received += 1
                self.report.fail(each.stage, each.where, each.message)
                if not usable_key(each.key):
                    self.unknown += 1
                elif not (first.get(each.key) or self._seen(each.key, rows)):
                    first[each.key] = ("", each.where)
                    received.append(
                        Received(each.key, each.where, "null", "", "", problem=each.message)
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
                received.append(mapped(self.importer, each, self.version, position, self.report))
        self._store(received, unchanged, first)
        self._let_go([rows[key].pk for key in gone if key in rows and key not in first])

    def _rows(self, keys: Sequence[str]) -> dict[str, SourceRecord]:
        if self.source is None:
            return {}
        rows = SourceRecord.objects.filter(source=self.source)
        return {row.key: row for some in slices(set(keys)) for row in rows.filter(key__in=some)}

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
            self.report.fail("gather", item.where, problem)
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
            self._note_run()

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
            late.append(mapped(self.importer, item, self.version, position, self.report))
        self.report.unchanged += len(unchanged) - len(late)
        if planned is None:
            return late
        self.report.withdrawn += len(planned.lapsed)
        for each in planned.decisions:
            match each.verdict:
                case Verdict.ADDED | Verdict.RESTORED:
                    self.report.added += 1
                case Verdict.CHANGED:
                    self.report.changed += 1
                case Verdict.UNCHANGED:
                    self.report.unchanged += 1
                case Verdict.REPEATED:
                    self.report.warn("store", each.item.place, f"{each.draft.uid}: {each.message}")
                case Verdict.REFUSED:
                    self.report.fail("store", each.item.place, f"{each.draft.uid}: {each.message}")
        return late

    # what the run tells while it goes on

    def _note_run(self) -> None:
        """Counters, sign of life and errors of the run, in the transaction of the batch."""
        if self.run is None:
            return
        report = self.report
        Run.objects.filter(pk=self.run.pk).update(
            alive_at=timezone.now(),
            received=report.received,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            withdrawn=report.withdrawn,
            errors_count=len(report.errors),
        )
        new = report.errors[self.noted :]
        insert(
            RunError,
            ERROR_COLUMNS,
            ((self.run.pk, e.stage, e.where, e.message, False, 1) for e in new),
        )
        self.noted = len(report.errors)

    def _note_progress(self, *, final: bool = False) -> None:
        if final and self.run is not None:
            with writing():
                self._note_run()
                RunError.objects.filter(run=self.run, warning=True).delete()
                insert(
                    RunError,
                    ERROR_COLUMNS,
                    (
                        (self.run.pk, stage, where, message, True, times)
                        for (stage, message), (where, times) in self.report.warnings.items()
                    ),
                )
        if self.progress is not None:
            self.progress(self.report)

    def _check_errors(self) -> None:
        errors, received = len(self.report.errors), self.report.received
        if errors > FEW_ERRORS and errors > self.importer.info.max_errors * received:
            self._note_progress(final=True)
            raise HarvestError(
                f"Stopped after {received:,} items, of which {errors:,} are in error: more than "
                f"the {self.importer.info.max_errors:.0%} that the source allows. "
                f"The first: {self.report.errors[0].where}: {self.report.errors[0].message}. "
                "Nothing was withdrawn.",
                self.report,
            )

    def _withdraw(self) -> None:
        """Withdraw what the delivery lacks; nothing where it can't be told what that is."""
        unseen = self._unseen()
        if unseen and self.unknown:
            self.report.notes.append(
                f"{self.unknown:,} items could not be told apart for errors, and may be among "
                f"the {len(unseen):,} that this delivery seems to lack: nothing was withdrawn."
            )
            return
        if self.run is None:
            self._let_go(unseen)
            return
        for pks in slices(unseen, BATCH):
            self._let_go(pks)
            self._note_progress()

    def _unseen(self) -> list[int]:
        """Items that the delivery lacks, where lacking means anything."""
        if not self.importer.info.complete:
            return []
        return departures.unseen(self.source, self.run, self.memory)

    def _let_go(self, pks: Sequence[int]) -> None:
        """Withdraw the records of items (by primary key) that their source no longer has."""
        if not pks:
            return
        if self.run is None:
            self.report.withdrawn += len(departures.lost(pks, self.memory))
            return
        with writing():
            at = timezone.now()
            self.report.withdrawn += withdraw(departures.lost(pks, self.memory), at)
            SourceRecord.objects.filter(pk__in=pks).update(gone_at=at)
            self._note_run()
