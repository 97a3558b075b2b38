"""Runs that were: their reports again, as of `tessera import --json`, and their errors as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import QuerySet

from tessera.harvest.models import Run, RunError
from tessera.harvest.report import Problem

_PARTS: Final = ("stage", "where", "message", "file", "sheet", "row", "column", "value", "mend",
                 "key")  # fmt: skip
CSV_COLUMNS: Final = ("warning", "times", *_PARTS)

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def runs(source: str = "") -> QuerySet[Run]:
    """The latest first; of one source, where a slug is given."""
    found = Run.objects.select_related("source")
    return found.filter(source__slug=source) if source else found


def heading(run: Run) -> dict[str, Any]:
    """Which run it is and how it ended."""
    return {
        "run": run.pk,
        "source": run.source.slug,
        "outcome": run.outcome,
        "message": run.message,
        "started": run.started_at.isoformat(),
        "finished": run.finished_at.isoformat() if run.finished_at else None,
        "received": run.received,
        "added": run.added,
        "changed": run.changed,
        "unchanged": run.unchanged,
        "withdrawn": run.withdrawn,
        "errors_count": run.errors_count,
    }


def as_json(run: Run) -> dict[str, Any]:
    """The whole report."""
    problems: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
    for error in run.errors.all().iterator():
        told = problem(error).as_json() | ({"times": error.times} if error.warning else {})
        problems[error.warning].append(told)
    return {
        **heading(run),
        "stages": run.stages,
        "promises": run.promises,
        "errors": problems[False],
        "warnings": problems[True],
    }


def problem(error: RunError) -> Problem:
    """An error as the run told it."""
    return Problem(*(getattr(error, name) for name in _PARTS))


def as_csv(errors: QuerySet[RunError]) -> Iterator[str]:
    """Lines of a CSV with a header. What a spreadsheet would take for a formula gets an '."""
    yield _line(CSV_COLUMNS)
    for error in errors.iterator():
        cells = (getattr(error, name) for name in CSV_COLUMNS)
        yield _line(f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in cells)


def _line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
