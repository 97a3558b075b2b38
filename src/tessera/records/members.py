"""Records that people keep of themselves: kept in step with what they say, and emptied at its end.

They come from no delivery: there is no item, and nothing that was received. Days are not kept of
them, but the month alone, so that nobody can read from them when somebody was at work here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tessera.records.changes import Touched, log, shown
from tessera.records.keeping import add, checksum_of, save, written
from tessera.records.links import Shown, face, links_of, settle
from tessera.records.models import Change, Record, Source
from tessera.records.organisations import derive
from tessera.schema.document import name_of
from tessera.schema.draft import RecordDraft
from tessera.schema.visibility import FIELD

KIND = "person"


def keep(draft: RecordDraft, at: datetime) -> bool:
    """Make or change the record of a draft that says who may see it; whether anything changed.

    Must be called within `writing`, in the transaction that changed what the draft is made of.
    """
    if draft.kind != KIND or draft.visibility is None:
        raise ValueError("a member's record is of a person, and says who may see it")
    data = draft.canonical()
    checksum = checksum_of(written(data))
    record = Record.objects.filter(uid=draft.id).first()
    if record is not None and record.source.slug != Source.MEMBERS:
        raise ValueError(f"the record {draft.id!r} is of another source")
    if record is not None and record.withdrawn_at is None and record.checksum == checksum:
        return False
    before = shown(record) if record else None
    what = Change.What.ADDED
    if record is not None:
        what = Change.What.RESTORED if before is None else Change.What.CHANGED
    row = record or Record(uid=draft.id, first_seen=month(at))
    row.source, row.item, row.derived = members_source(), None, False
    row.withdrawn_at = None
    _put(row, data, checksum, at)
    _store(row, what, before, at)
    return True


def end(uid: str, at: datetime) -> bool:
    """Empty a member's record and withdraw it; whether there was one.

    A line without any of what it said stays, so that the index and whatever else follows the log
    of changes learns that it is gone. Call it as `keep`.
    """
    record = Record.objects.filter(uid=uid, source__slug=Source.MEMBERS, withdrawn_at=None).first()
    if record is None:
        return False
    before = shown(record)
    record.withdrawn_at, record.corrections, record.answers_as = at, {}, ""
    record.locks.all().delete()
    _put(record, {"id": uid, "kind": KIND, FIELD: {}}, "", at)
    _store(record, Change.What.WITHDRAWN, before, at)
    return True


def members_source() -> Source:
    """The source that these records are listed under; made when first needed."""
    source, _ = Source.objects.get_or_create(
        slug=Source.MEMBERS, defaults={"name": "Members of this site"}
    )
    return source


def is_members(record: Record) -> bool:
    """Whether someone keeps a record of themselves."""
    return record.source.slug == Source.MEMBERS


def month(at: datetime) -> datetime:
    """The beginning of the month."""
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _put(record: Record, data: Mapping[str, Any], checksum: str, at: datetime) -> None:
    record.kind, record.data, record.checksum = KIND, dict(data), checksum
    record.title, record.face = name_of(data), face(data)
    record.licence = ""
    record.changed_at = month(at)


def _store(record: Record, what: Change.What, before: Shown | None, at: datetime) -> None:
    """Write the record, its links, and what follows from it."""
    if record.pk is None:
        add([record])
    else:
        save([record])
    stated = () if record.withdrawn_at else links_of(record.uid, record.data)
    settle({record.pk: stated})
    touched = [Touched(record.pk, record.uid, what, before, shown(record))]
    log([*touched, *derive(touched, at)], at)
