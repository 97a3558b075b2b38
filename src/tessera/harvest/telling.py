"""What the commands say of runs, on stderr: one line that is written over, then the report."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tessera.harvest.report import Report, stage_lines

SHOWN = 20
"""Errors that are said one by one; all are kept with the run, and `--json` prints them all."""


class Line:
    """How far a run is, in one line of a terminal that is written over; nothing in a pipe."""

    def __init__(self) -> None:
        self.shown = False
        self.terminal = sys.stderr.isatty()
        self.stopping = False

    def show(self, report: Report) -> None:
        """Called after each batch; here a run ends that a person has asked to stop."""
        if self.terminal:
            line = f"{report.sentence()} ({report.pace()})"
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
            self.shown = True
        if self.stopping:
            self.end()
            say(
                f"{report.source}: stopped after {report.received:,} items. What was stored "
                "stays; run the same command again to complete it."
            )
            raise KeyboardInterrupt

    def count(self, what: str, number: int) -> None:
        if self.terminal:
            print(f"\r\033[K{number:,} {what}", end="", file=sys.stderr, flush=True)
            self.shown = True

    def end(self) -> None:
        if self.shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
            self.shown = False

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Ctrl-C ends the run after the batch that it is at; a second one ends it at once."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            if self.stopping:
                raise KeyboardInterrupt
            self.stopping = True
            self.end()
            say("Stopping after this batch; Ctrl-C again stops at once.")

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
            self.end()


def say(sentence: str) -> None:
    print(f"tessera: {sentence}", file=sys.stderr)


def tell(report: Report) -> None:
    """The report for people."""
    for problem in report.errors[:SHOWN]:
        print(f"{problem.where}: {problem.sentence}", file=sys.stderr)
    if len(report.errors) > SHOWN:
        more = len(report.errors) - SHOWN
        kept = f"`tessera runs show {report.run}`" if report.run else "--json"
        print(f"... and {more:,} more errors; {kept} prints them all", file=sys.stderr)
    warnings = list(report.warnings.values())
    for problem, times in warnings[:SHOWN]:
        often = f" ({times:,} times, first here)" if times > 1 else ""
        print(f"{problem.where}: note: {problem.message}{often}", file=sys.stderr)
    if len(warnings) > SHOWN:
        print(f"... and {len(warnings) - SHOWN:,} more kinds of notes", file=sys.stderr)
    for note in report.notes:
        print(note, file=sys.stderr)
    would = "A dry run; nothing was written. " if report.dry_run else ""
    print(f"{would}{report.source}: {report.sentence()}.", file=sys.stderr)


def tell_stages(report: Report) -> None:
    """Counts by stage, a line each."""
    for line in stage_lines(report.stages):
        print(f"  {line}", file=sys.stderr)
