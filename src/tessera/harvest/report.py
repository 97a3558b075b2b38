"""What a run came to, as people and programs are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class HarvestError(Exception):
    """A run that failed, or couldn't begin; the message is a sentence fit for an operator.

    report: what it came to until then, where it had begun.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


def legible(text: str) -> str:
    """A text with what no database stores (U+0000, lone surrogates) written as an escape."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


@dataclass(frozen=True, slots=True)
class Problem:
    """stage: gather, map or store. where: the place in the delivery."""

    stage: str
    where: str
    message: str

    def as_json(self) -> dict[str, str]:
        return {"stage": self.stage, "where": self.where, "message": self.message}


@dataclass(slots=True)
class Report:
    """Counters of a run.

    received: items, those in error among them. added, changed, unchanged, withdrawn: records; an
    item that wasn't mapped because it was as last time counts as one unchanged record. A record
    that came back counts as added. repeated: items that came twice, word for word.
    warnings: by (stage, message), the first place and how often. notes: sentences on the run.
    """

    source: str
    dry_run: bool = False
    run: int = 0
    received: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    repeated: int = 0
    errors: list[Problem] = field(default_factory=list)
    warnings: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many good records the delivery has."""
        return self.added + self.changed + self.unchanged

    def fail(self, stage: str, where: str, message: str) -> None:
        self.errors.append(Problem(stage, legible(where), legible(message)))

    def warn(self, stage: str, where: str, message: str) -> None:
        where, message = legible(where), legible(message)
        first, times = self.warnings.get((stage, message), (where, 0))
        self.warnings[stage, message] = (first, times + 1)

    def as_json(self) -> dict[str, Any]:
        """The shape of `tessera import --json`."""
        return {
            "source": self.source,
            "dry_run": self.dry_run,
            "received": self.received,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "repeated": self.repeated,
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [
                {**Problem(stage, where, message).as_json(), "times": times}
                for (stage, message), (where, times) in self.warnings.items()
            ],
            "notes": list(self.notes),
        }

    def sentence(self) -> str:
        """Such as "1,200 received: 3 added, 1 changed, 1,196 unchanged, 0 withdrawn, 0 errors"."""
        counted = ", ".join(
            f"{getattr(self, name):,} {name}"
            for name in ("added", "changed", "unchanged", "withdrawn")
        )
        errors = len(self.errors)
        return f"{self.received:,} received: {counted}, {errors:,} error{'s' * (errors != 1)}"
