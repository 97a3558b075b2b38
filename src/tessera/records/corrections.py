"""Editors' corrections: they win over what the source says, and survive every import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from tessera.records.changes import Touched, log, shown, writing
from tessera.records.links import face, links_of, settle
from tessera.records.members import is_members
from tessera.records.models import Change, Lock, Record, corrected
from tessera.records.organisations import derive
from tessera.schema.document import name_of
from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.visibility import FIELD
from tessera.trail.models import What, note

FIXED = ("id", "kind", "visibility")
"""Fields that no correction may touch: they say which record it is, and who may see what of it."""


def correct(
    record: Record, fields: Mapping[str, object], *, by: str = "", at: datetime | None = None
) -> bool:
    """Set corrections of a record, by field of the interchange format; whether it changed.

    A value of None leaves the field out of the record. Raises DraftError, with every problem,
    where the record would not be valid with them; nothing is changed then. by: who says so.
    """
    return _set(record, {**record.corrections, **fields}, by, at)


HIDING: dict[str, object] = {FIELD: {}, "organisations": None, "links": None}
"""Corrections under which nobody sees a person, nor anything linked with them by their record."""


def take_down(record: Record, *, by: str = "", at: datetime | None = None) -> bool:
    """Have nobody see a person whom a source publishes, whatever its next imports say.

    Taking all corrections back undoes it. Raises DraftError for records of other kinds.
    """
    return _set(record, {**record.corrections, **HIDING}, by, at, fixed=("id", "kind"))


def is_taken_down(record: Record) -> bool:
    """Whether an editor took the page of a person down."""
    return FIELD in record.corrections


def uncorrect(record: Record, *names: str, by: str = "", at: datetime | None = None) -> bool:
    """Take corrections back (all without names), so that the source's word holds again."""
    given = set(names)
    if FIELD in record.corrections and given & HIDING.keys():
        given |= HIDING.keys()
    kept = {
        name: value for name, value in record.corrections.items() if given and name not in given
    }
    return _set(record, kept, by, at, fixed=("id", "kind"))


def _set(
    record: Record,
    corrections: dict[str, object],
    by: str,
    at: datetime | None,
    fixed: Iterable[str] = FIXED,
) -> bool:
    if is_members(record):
        raise DraftError([("", "what people publish of themselves, they alone correct")])
    problems = [(name, "can't be corrected") for name in fixed if name in corrections]
    unknown = sorted(set(corrections) - RecordDraft.model_fields.keys())
    problems += [(name, "is not a field of the interchange format") for name in unknown]
    if problems:
        raise DraftError(problems)
    with writing():
        stored = Record.objects.get(pk=record.pk)
        draft = RecordDraft.from_json(corrected(stored.data, corrections))
        canonical = draft.canonical()
        corrections = {
            name: None if value is None else canonical.get(name)
            for name, value in corrections.items()
        }
        if corrections == stored.corrections:
            return False
        when = at or timezone.now()
        before = shown(stored)
        _lock(stored, corrections, by, when)
        _trace(stored, corrections, by)
        stored.corrections = corrections
        current = stored.current
        stored.title, stored.face, stored.changed_at = name_of(current), face(current), when
        stored.save()
        settle({stored.pk: links_of(stored.uid, current)})
        if before is not None:
            touched = Touched(stored.pk, stored.uid, Change.What.CHANGED, before, shown(stored))
            log([touched, *derive([touched], when)], when)
    record.refresh_from_db()
    return True


def _lock(record: Record, corrections: Mapping[str, object], by: str, at: datetime) -> None:
    """Note who locked which field, beside the corrections that there were before."""
    record.locks.exclude(field__in=corrections).delete()
    for name, value in corrections.items():
        if name not in record.corrections or record.corrections[name] != value:
            stated = {"by": by, "at": at, "source_value": record.data.get(name)}
            Lock.objects.update_or_create(record=record, field=name, defaults=stated)


def _trace(record: Record, corrections: Mapping[str, object], by: str) -> None:
    """Into the trail: which fields, and under which words unless a person is meant."""
    was = record.corrections
    for what, fields in (
        (What.CORRECTED, sorted(n for n in corrections if corrections[n] != was.get(n, was))),
        (What.UNCORRECTED, sorted(was.keys() - corrections.keys())),
    ):
        if fields:
            note(by, what, record.uid, fields=fields)


@dataclass(frozen=True, slots=True)
class LockedField:
    """A corrected field. by, at: empty and None where nobody noted it.

    value: the correction; None leaves the field out. source_value: what the source says now.
    source_changed: that it says something else than when the field was corrected.
    """

    name: str
    value: object
    source_value: object
    by: str
    at: datetime | None
    source_changed: bool

    @property
    def agrees(self) -> bool:
        """Whether the source has come to say the same."""
        return self.value == self.source_value


def locked_fields(record: Record) -> list[LockedField]:
    """The corrections of a record beside what its source says now, by name."""
    locks = {lock.field: lock for lock in record.locks.all()}
    found = []
    for name, value in sorted(record.corrections.items()):
        lock, now = locks.get(name), record.data.get(name)
        changed = lock is not None and lock.source_value != now
        by, at = (lock.by, lock.at) if lock else ("", None)
        found.append(LockedField(name, value, now, by, at, changed))
    return found
