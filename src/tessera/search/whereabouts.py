"""What became of an item: received, invalid, waiting for the index, published, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tessera.engine.backend import Index
from tessera.engine.errors import EngineError
from tessera.harvest.models import RunError
from tessera.indexing.current import current
from tessera.indexing.models import IndexState
from tessera.records.models import Change, Record, SourceRecord
from tessera.schema.kinds import KIND_NAMES
from tessera.search.dates import day
from tessera.search.links import record_url

MOST = 50
"""Items that one search shows."""


class State(StrEnum):
    PUBLISHED = "published"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    INVALID = "invalid"
    RECEIVED = "received"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One item or record. label: the state in words. why: the reason, in a sentence."""

    state: State
    label: str
    why: str
    title: str
    uid: str
    key: str
    source: str
    place: str
    since: datetime | None
    url: str
    admin_url: str


@dataclass(frozen=True, slots=True)
class Findings:
    """findings: at most MOST. cut: there are more. errors: of runs, that name what was typed."""

    findings: tuple[Finding, ...]
    cut: bool
    errors: tuple[RunError, ...]


def whereabouts(typed: str) -> Findings:
    """Everything that goes by this id, key, address or title."""
    wanted = _wanted(typed)
    records = Record.objects.select_related("source", "item").filter(
        Q(uid__iexact=wanted) | Q(title__icontains=typed) | Q(data__url__iexact=typed)
    )[: MOST + 1]
    found = list(records)
    seen = {record.item_id for record in found if record.item_id}
    items = SourceRecord.objects.select_related("source").exclude(pk__in=seen)
    lost = list(items.filter(Q(key__icontains=wanted) | Q(place__icontains=typed))[: MOST + 1])
    index = _index()
    findings = [_of_record(record, index) for record in found[:MOST]]
    findings += [_of_item(item, index) for item in lost[: MOST - len(findings)]]
    errors = RunError.objects.select_related("run__source").filter(
        Q(where__icontains=typed) | Q(message__icontains=typed)
    )
    return Findings(
        findings=tuple(findings),
        cut=len(found) + len(lost) > MOST,
        errors=tuple(errors.order_by("-id")[:10]),
    )


def _wanted(typed: str) -> str:
    """The id in the address of a record's page here, or what was typed."""
    path = unquote(urlsplit(typed).path) if "/" in typed else ""
    for kind in KIND_NAMES:
        prefix = f"{reverse('home')}{kind}/"
        if path.startswith(prefix):
            return path.removeprefix(prefix)
    return typed


def _index() -> Index | None:
    try:
        return current()
    except EngineError:
        return None


def _of_record(record: Record, index: Index | None) -> Finding:
    item = record.item
    if record.withdrawn_at is not None:
        state, why = State.WITHDRAWN, _why_withdrawn(record)
        label, since = _("Withdrawn"), record.withdrawn_at
    elif index is None:
        state, label, since = State.WAITING, _("Waiting"), record.changed_at
        why = _("There is no search index at the moment. Its page can be read all the same.")
    elif record.uid not in index.get([record.uid]):
        state, label, since = State.WAITING, _("Waiting for the index"), record.changed_at
        why = _("It is stored, and the index will take it in at its next update.")
    elif _behind(record, index):
        state, label, since = State.PUBLISHED, _("Published, a change is waiting"), None
        why = _("The search still shows an earlier state; its page shows the present one.")
    else:
        state, label, why, since = State.PUBLISHED, _("Published"), "", record.first_seen
    return Finding(
        state=state,
        label=label,
        why=why,
        title=record.title,
        uid=record.uid,
        key=item.key if item else "",
        source=record.source.name,
        place=item.place if item else "",
        since=since,
        url=record_url(record.kind, record.uid),
        admin_url=reverse("admin:records_record_change", args=[record.pk]),
    )


def _why_withdrawn(record: Record) -> str:
    item = record.item
    if item is not None and item.gone_at is not None:
        return _("Its source no longer had it in the delivery of %(day)s.") % {
            "day": day(item.gone_at)
        }
    if item is not None and item.problem:
        return _("What its source last sent could not be used: %(problem)s") % {
            "problem": item.problem
        }
    if record.derived:
        return _("No other record names it any more.")
    return _("Its source no longer has it.")


def _behind(record: Record, index: Index) -> bool:
    state = IndexState.objects.filter(name=index.name).first()
    if state is None:
        return False
    return Change.objects.filter(record=record, sequence__gt=state.cursor).exists()


def _of_item(item: SourceRecord, index: Index | None) -> Finding:
    record = Record.objects.select_related("source", "item").filter(item=item).first()
    if record is not None:
        return _of_record(record, index)
    if item.problem:
        state, label, why = State.INVALID, _("Invalid"), item.problem
    elif item.gone_at is not None:
        state, label = State.WITHDRAWN, _("No longer in its source")
        why = _("Its source no longer had it in the delivery of %(day)s.") % {
            "day": day(item.gone_at)
        }
    else:
        state, label = State.RECEIVED, _("Received")
        why = _("It was received, and no record was made of it.")
    return Finding(
        state=state,
        label=label,
        why=why,
        title="",
        uid="",
        key=item.key,
        source=item.source.name,
        place=item.place,
        since=item.gone_at or item.last_seen,
        url="",
        admin_url="",
    )
