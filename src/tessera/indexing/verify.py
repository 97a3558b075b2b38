"""Whether the index holds just the records that there are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tessera.engine.audience import Audience
from tessera.engine.errors import EngineError, IndexMissing, IndexOutdated
from tessera.indexing import position
from tessera.indexing.current import backend
from tessera.records.bulk import slices
from tessera.records.models import Change, Record
from tessera.records.views import hidden
from tessera.schema.fields import SCHEMA

SHOWN = 20
"""Ids that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Status:
    """Index and records side by side.

    waiting: changes that the index doesn't hold yet. missing: records that it lacks, surplus:
    documents without a record, both without those that wait; the first SHOWN ids of each.
    problem: a sentence where something must be done; empty where all is well.
    """

    index: str
    documents: int
    records: int
    waiting: int
    missing: int = 0
    surplus: int = 0
    missing_ids: tuple[str, ...] = ()
    surplus_ids: tuple[str, ...] = ()
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "ok": not self.problem}


def verify() -> Status:
    """Compare the ids in the index with those of the records that are not withdrawn.

    For each audience; what is wrong with what members see is said with it.
    """
    engine = backend()
    records = Record.objects.filter(withdrawn_at=None, answers_as="").count()
    newest = position.last_change()
    try:
        index = engine.current(SCHEMA)
    except (IndexMissing, IndexOutdated) as error:
        return Status(engine.promoted() or "", 0, records, newest, problem=str(error))
    except EngineError as error:
        return Status("", 0, records, 0, problem=str(error))
    cursor = position.read(engine, index.name)
    if cursor is None or cursor > newest:
        return Status(
            index.name, len(index), records, 0,
            problem="The index belongs to another state of the database; "
            "`tessera index sync` makes it anew.",
        )  # fmt: skip
    shown = Record.objects.filter(withdrawn_at=None, answers_as="")
    every = set(shown.values_list("uid", flat=True).iterator())
    lacking: set[str] = set()
    beyond: set[str] = set()
    for audience in Audience:
        here = set(engine.current(SCHEMA, audience).ids())
        there = every - hidden(audience)
        lacking |= there - here
        beyond |= here - there
    changed = Change.objects.filter(sequence__gt=cursor)
    waiting = changed.count()
    differing = lacking | beyond
    for some in slices(sorted(differing)):
        differing -= set(changed.filter(record__uid__in=some).values_list("record__uid", flat=True))
    missing, surplus = sorted(differing & lacking), sorted(differing & beyond)
    problem = ""
    if differing:
        problem = (
            f"The index lacks {len(missing):,} records and has {len(surplus):,} documents without "
            "one; `tessera index rebuild` mends it."
        )
    elif waiting:
        problem = f"{waiting:,} changes are waiting; `tessera index sync` applies them."
    return Status(
        index.name, len(index), records, waiting, len(missing), len(surplus),
        tuple(missing[:SHOWN]), tuple(surplus[:SHOWN]), problem,
    )  # fmt: skip
