"""What a run writes about itself while it goes on: counters, sign of life, errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.utils import timezone

from tessera.harvest.models import Run, RunError
from tessera.harvest.report import Problem, Report
from tessera.records.bulk import insert
from tessera.records.changes import writing

Progress = Callable[[Report], None]

_PARTS = ("stage", "where", "message", "file", "sheet", "row", "column", "value", "mend", "key")
_COLUMNS = ("run_id", "warning", "times", *_PARTS)


class Ledger:
    """See the module. run: None in a dry run, which writes nothing."""

    def __init__(self, run: Run | None, report: Report, progress: Progress | None) -> None:
        self._run = run
        self._report = report
        self._progress = progress
        self._noted = 0

    def note(self) -> None:
        """Write what there is to write, in the transaction of the batch."""
        if self._run is None:
            return
        report = self._report
        Run.objects.filter(pk=self._run.pk).update(
            alive_at=timezone.now(),
            received=report.received,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            withdrawn=report.withdrawn,
            errors_count=len(report.errors),
            stages=report.stages,
            promises=report.promises,
        )
        self._insert((problem, False, 1) for problem in report.errors[self._noted :])
        self._noted = len(report.errors)

    def show(self) -> None:
        """Tell how far the run is."""
        if self._progress is not None:
            self._progress(self._report)

    def settle(self) -> None:
        """Write all, warnings too, which are counted to the end."""
        if self._run is not None:
            with writing():
                self.note()
                RunError.objects.filter(run=self._run, warning=True).delete()
                self._insert((each, True, times) for each, times in self._report.warnings.values())
        self.show()

    def _insert(self, problems: Iterable[tuple[Problem, bool, int]]) -> None:
        insert(RunError, _COLUMNS, self._rows(problems))

    def _rows(self, problems: Iterable[tuple[Problem, bool, int]]) -> Iterator[tuple[object, ...]]:
        assert self._run is not None
        for problem, warning, times in problems:
            parts = (getattr(problem, name) for name in _PARTS)
            yield (self._run.pk, warning, times, *parts)


def note_stages(report: Report) -> None:
    """Write what came of matching and the index to the run, which was over before."""
    if report.run:
        Run.objects.filter(pk=report.run).update(stages=report.stages)
