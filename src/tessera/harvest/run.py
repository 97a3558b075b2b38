"""One run over a source: gather, map, store, withdraw; in batches, in bounded memory.

Each batch is one transaction, and a later run of the same delivery picks up whatever an earlier
one left undone. So a run may be killed at any point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tessera.harvest import departures, gathering
from tessera.harvest.ahead import Ahead
from tessera.harvest.equipment import equip
from tessera.harvest.gathering import Gather, batches
from tessera.harvest.ledger import Ledger, Progress
from tessera.harvest.models import Run
from tessera.harvest.rehearsal import Memory
from tessera.harvest.report import HarvestError, Report
from tessera.harvest.taking import Taking
from tessera.harvest.turn import close, turn
from tessera.harvest.vocabularies import VocabularyRun
from tessera.records.bulk import slices
from tessera.records.models import Source
from tessera.sources.base import Importer
from tessera.sources.vocabulary import is_vocabulary

FEW_ERRORS = 20
"""So many errors never stop a run, whatever share of a small delivery they are."""


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
    if slug in Source.OWN:
        raise HarvestError(f"The name {slug!r} is taken by what the site makes itself; choose "
                           "another with --as.")  # fmt: skip
    known = Source.objects.filter(slug=slug).first()
    if known is not None and known.importer != importer.info.slug:
        raise HarvestError(
            f"The source {slug!r} is read by the importer {known.importer!r}, not by "
            f"{importer.info.slug!r}; choose another name with --as."
        )
    report = Report(slug, dry_run)
    gather = material if callable(material) else partial(importer.gather, material)
    if dry_run:
        ledger = Ledger(None, report, progress)
        _over(importer, known, report, None, ledger, gather, accept_loss=accept_loss)
        return report
    source = _source(importer, slug, known)
    with turn(source) as run:
        report.run = run.pk
        ledger = Ledger(run, report, progress)
        _over(importer, source, report, run, ledger, gather, accept_loss=accept_loss)
        close(run, Run.Outcome.DONE, "\n".join(report.notes))
    return report


def _over(
    importer: Importer,
    source: Source | None,
    report: Report,
    run: Run | None,
    ledger: Ledger,
    gather: Gather,
    *,
    accept_loss: bool,
) -> None:
    """The run itself, as its importer needs it: records come of it, or a vocabulary."""
    if is_vocabulary(importer):
        VocabularyRun(importer, source, report, run, ledger).go(gather, accept_loss=accept_loss)
        return
    taking = Taking(importer, source, report, run, ledger, None if run else Memory())
    _go(taking, gather, accept_loss=accept_loss)


def _source(importer: Importer, slug: str, known: Source | None) -> Source:
    """The source as its importer describes it; what an editor has stated of it stays."""
    info = importer.info
    name = info.name if slug == info.slug else f"{info.name} ({slug})"
    if known is None:
        stated = {"name": name, "importer": info.slug, "licence": info.licence, "url": info.url}
        return Source.objects.get_or_create(slug=slug, defaults=stated)[0]
    known.licence, known.url = known.licence or info.licence, known.url or info.url
    known.save(update_fields=["licence", "url"])
    return known


def _go(taking: Taking, gather: Gather, *, accept_loss: bool) -> None:
    report, ledger = taking.report, taking.ledger
    equip(taking.importer, report.source, taking.source, taking.run, ledger.show)
    before = departures.live(taking.source)
    with Ahead(taking) as ahead:
        for batch, ready in ahead.over(batches(gather, report)):
            taking.take(batch, ready)
            ledger.show()
            _check_errors(taking)
    info = taking.importer.info
    if report.partial:
        info = replace(info, minimum=0, complete=False)
    unseen = departures.unseen(taking.source, taking.run, taking.memory) if info.complete else []
    report.contradicted = departures.contradicted(taking.source, taking.memory)
    report.promises = departures.promises(
        info,
        report,
        known=before,
        lost=len(departures.lost(unseen, taking.memory)),
        accept_loss=accept_loss,
    )
    ledger.settle()
    if broken := report.promises["broken"]:
        raise HarvestError(broken, report)
    _withdraw(taking, unseen)
    ledger.settle()


def _check_errors(taking: Taking) -> None:
    report, allowed = taking.report, taking.importer.info.max_errors
    errors, received = len(report.errors), report.received
    if errors > FEW_ERRORS and errors > allowed * received:
        first = report.errors[0]
        broken = (
            f"Stopped after {received:,} items, of which {errors:,} are in error: more than "
            f"the {allowed:.0%} that the source allows. The first: {first.where}: "
            f"{first.message}. Nothing was withdrawn."
        )
        report.promises = {"max_errors": allowed, "errors": errors, "broken": broken}
        taking.ledger.settle()
        raise HarvestError(broken, report)


def _withdraw(taking: Taking, unseen: Sequence[int]) -> None:
    """Withdraw what the delivery lacks; nothing where it can't be told what that is."""
    if unseen and taking.unknown:
        taking.report.notes.append(
            f"{taking.unknown:,} items could not be told apart for errors, and may be among "
            f"the {len(unseen):,} that this delivery seems to lack: nothing was withdrawn."
        )
        return
    if taking.run is None:
        taking.let_go(unseen)
        return
    for pks in slices(unseen, gathering.BATCH):
        taking.let_go(pks)
        taking.ledger.show()
