"""What a run came to, stage by stage, as people and programs are told."""

from __future__ import annotations

import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tessera.sources.base import ItemError
from tessera.sources.formats.text import shortened
from tessera.sources.where import Where

STAGES: Final = {
    "gather": ("files", "received", "repeated"),
    "map": ("mapped", "skipped", "drafts"),
    "store": ("added", "changed", "unchanged", "restored", "moved", "withdrawn", "refused",
              "contradicted"),
    "match": ("merged", "undone", "candidates"),
    "index": ("written", "deleted"),
}  # fmt: skip
"""The counts of each stage, besides seconds, errors and warnings."""

FOLLOWING: Final = ("match", "index")
"""Stages after the run itself, over all records that changed."""

MAX_KEY: Final = 500
"""Characters of an item's key."""

LONGEST_VALUE: Final = 200
"""Characters of a value that are kept with its error; "…" stands for the rest."""

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class HarvestError(Exception):
    """A run that failed, or couldn't begin; the message is a sentence fit for an operator.

    report: what it came to until then, where it had begun.
    """

    def __init__(self, message: str, report: Report | None = None) -> None:
        super().__init__(message)
        self.report = report


def legible(text: str) -> str:
    """A text with what no database stores (U+0000, lone surrogates) written as an escape."""
    if type(text) is str and text.isprintable():  # as most are
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def told(text: str) -> str:
    """A legible text in which nobody's e-mail address stands."""
    text = legible(text)
    return _EMAIL.sub("[e-mail address]", text) if "@" in text else text


@dataclass(frozen=True, slots=True)
class Problem:
    """stage: gather, map or store. where: the place in the delivery, whose parts follow.

    value: what stands there, shortened. mend: how to mend it, where the message doesn't say that
    itself. key: of the item, where it is known.
    """

    stage: str
    where: str
    message: str
    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    mend: str = ""
    key: str = ""

    @classmethod
    def of(cls, stage: str, error: ItemError) -> Problem:
        """As it is stored: legible, and without addresses of persons."""
        place = Where.of(error.where)
        value = told(error.value)
        return cls(
            stage,
            legible(place),
            told(error.message),
            legible(place.file),
            legible(place.sheet),
            place.row,
            legible(place.column),
            shortened(value, LONGEST_VALUE) if len(value) > LONGEST_VALUE else value,
            error.mend,
            legible(error.key) if len(error.key) <= MAX_KEY else "",
        )

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it."""
        return f"{self.message}; {self.mend}" if self.mend else self.message

    def as_json(self) -> dict[str, Any]:
        """Stage, where and message; of the rest what is known."""
        every = {name: getattr(self, name) for name in self.__slots__}
        needed = ("stage", "where", "message")
        return {name: value for name, value in every.items() if value or name in needed}


@dataclass(slots=True)
class Report:
    """Counters of a run.

    received: items, those in error among them. added, changed, unchanged, withdrawn: records; an
    item that wasn't mapped because it was as last time counts as one unchanged record, and as
    `skipped`. A record that came back counts as added, and as `restored`. repeated: items that
    came twice, word for word. moved: records that came in another item than before, such as a
    renamed file. refused: records that can't be this source's. contradicted: fields locked by an
    editor's correction of which the source says something else. merged, undone, candidates: see
    `tessera.records.matching.MatchReport`. written, deleted: documents.
    seconds: by stage. warnings: by (stage, message), the first of them and how often.
    partial: a part of what there is was asked for (see `tessera.sources.base.Partial`).
    promises: what the source promised and whether it held. notes: sentences on the run.
    """

    source: str
    dry_run: bool = False
    run: int = 0
    files: int = 0
    received: int = 0
    repeated: int = 0
    mapped: int = 0
    skipped: int = 0
    drafts: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    restored: int = 0
    moved: int = 0
    withdrawn: int = 0
    refused: int = 0
    contradicted: int = 0
    merged: int = 0
    undone: int = 0
    candidates: int = 0
    written: int = 0
    deleted: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: list[Problem] = field(default_factory=list)
    errors_by_stage: Counter[str] = field(default_factory=Counter)
    warnings_by_stage: Counter[str] = field(default_factory=Counter)
    warnings: dict[tuple[str, str], tuple[Problem, int]] = field(default_factory=dict)
    partial: bool = False
    promises: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def records(self) -> int:
        """How many good records the delivery has."""
        return self.added + self.changed + self.unchanged

    def fail(self, stage: str, where: str, message: str, key: str = "", value: str = "") -> None:
        self.tell(stage, ItemError(stage, where, message, key, value=value))

    def warn(self, stage: str, where: str, message: str) -> None:
        self.tell(stage, ItemError(stage, where, message, warning=True))

    def tell(self, stage: str, error: ItemError) -> None:
        """Note an error, or a warning: each of these once, at its first place."""
        if error.warning:
            known = self.warnings.get((stage, told(error.message)))
            problem, times = known or (Problem.of(stage, error), 0)
            self.warnings[stage, problem.message] = (problem, times + 1)
            self.warnings_by_stage[stage] += 1
            return
        self.errors.append(Problem.of(stage, error))
        self.errors_by_stage[stage] += 1

    @property
    def stages(self) -> dict[str, dict[str, Any]]:
        """Counts, errors, warnings and seconds of each stage. What follows storing is a stage only
        where it was done."""
        return {
            stage: {name: getattr(self, name) for name in names}
            | ({} if stage in FOLLOWING else {
                "errors": self.errors_by_stage[stage], "warnings": self.warnings_by_stage[stage]
            })
            | {"seconds": round(self.seconds.get(stage, 0.0), 3)}
            for stage, names in STAGES.items()
            if stage not in FOLLOWING or stage in self.seconds
        }  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The shape of `tessera import --json`."""
        return {
            "source": self.source,
            "run": self.run or None,
            "dry_run": self.dry_run,
            "received": self.received,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "withdrawn": self.withdrawn,
            "repeated": self.repeated,
            "stages": self.stages,
            "promises": self.promises,
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [
                {**problem.as_json(), "times": times} for problem, times in self.warnings.values()
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

    def pace(self) -> str:
        """Such as "0:00:12, 1,250 items a second"."""
        passed = time.monotonic() - self.begun
        hours, rest = divmod(int(passed), 3600)
        rate = f"{self.received / passed:,.0f} items a second" if passed >= 1 else "just begun"
        return f"{hours}:{rest // 60:02}:{rest % 60:02}, {rate}"


def stage_lines(stages: dict[str, dict[str, Any]]) -> Iterator[str]:
    """A line for each stage: what is not zero, and the seconds."""
    for stage, counts in stages.items():
        said = [
            f"{name} {value:,}" for name, value in counts.items() if value and name != "seconds"
        ]
        yield f"{stage:<7} {', '.join(said) or 'nothing'} ({counts['seconds']:,.1f} s)"
