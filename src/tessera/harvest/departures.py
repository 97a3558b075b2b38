"""What a delivery lacks of what its source had before, and whether it may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tessera.harvest.models import Run
from tessera.harvest.rehearsal import Memory
from tessera.harvest.report import Report
from tessera.records.bulk import slices
from tessera.records.models import Record, Source, SourceRecord
from tessera.sources.base import SourceInfo


def live(source: Source | None) -> int:
    """How many records of a source there are, withdrawn ones aside."""
    if source is None:
        return 0
    return Record.objects.filter(source=source, derived=False, withdrawn_at=None).count()


def unseen(source: Source | None, run: Run | None, memory: Memory | None) -> list[int]:
    """Items (primary keys) that this run has not received, though an earlier one had."""
    if source is None:
        return []
    rows = SourceRecord.objects.filter(source=source, gone_at=None)
    if run is not None:
        return list(rows.exclude(seen_run=run.pk).values_list("pk", flat=True))
    seen = memory.items if memory else {}
    return [pk for pk, key in rows.values_list("pk", "key").iterator() if key not in seen]


def lost(items: Iterable[int], memory: Memory | None) -> list[int]:
    """Records (primary keys) that go with items."""
    found = [
        pair
        for pks in slices(items)
        for pair in Record.objects.filter(item_id__among=pks, withdrawn_at=None).values_list(
            "pk", "uid"
        )
    ]
    if memory is None:
        return [pk for pk, _ in found]
    return [pk for pk, uid in found if uid not in memory.claims and pk not in memory.lapsed]


def contradictions(data: Mapping[str, object], corrections: Mapping[str, object]) -> int:
    """How many corrected fields have another value in what the source says."""
    return sum(data.get(name) != value for name, value in corrections.items())


def contradicted(source: Source | None, memory: Memory | None) -> int:
    """How many locked fields the source's records contradict, as they are after the run."""
    if source is None:
        return 0
    rows = Record.objects.filter(source=source, withdrawn_at=None).exclude(corrections={})
    rehearsed = memory.contradicted if memory else {}
    return sum(
        rehearsed.get(uid, contradictions(data, corrections))
        for uid, data, corrections in rows.values_list("uid", "data", "corrections")
    )


def promises(
    info: SourceInfo, report: Report, *, known: int, lost: int, accept_loss: bool
) -> dict[str, Any]:
    """What the source promises, what the delivery has, and why it isn't kept ("" where it is)."""
    broken = broken_promise(info, report, known=known, lost=0 if accept_loss else lost)
    return {
        "minimum": info.minimum, "records": report.records, "max_loss": info.max_loss,
        "known": known, "lost": lost, "accepted": accept_loss, "max_errors": info.max_errors,
        "errors": len(report.errors), "complete": info.complete, "broken": broken,
    }  # fmt: skip


def broken_promise(info: SourceInfo, report: Report, *, known: int, lost: int) -> str:
    """Why nothing may be withdrawn for this delivery, in a sentence; empty where it may.

    known: records of the source before the run; lost: those that the delivery lacks.
    """
    if report.records < info.minimum:
        first = report.errors[0] if report.errors else None
        return (
            f"The delivery has {report.records:,} good records, and the source promises at least "
            f"{info.minimum:,}. Nothing was withdrawn."
            + (f" The first error: {first.where}: {first.message}" if first else "")
        )
    if lost > info.max_loss * known:
        return (
            f"The delivery lacks {lost:,} of the {known:,} records known of this source, more "
            f"than the {info.max_loss:.0%} that it may lose at once. Nothing was withdrawn; if "
            "they are really gone, import again with --accept-loss."
        )
    return ""
