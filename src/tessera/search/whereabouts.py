"""What became of an item: received, invalid, refused, waiting, published, merged, withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.errors import EngineError
from tessera.harvest.models import Run, RunError
from tessera.indexing.current import current
from tessera.indexing.models import IndexState
from tessera.records.models import Change, Record, SourceRecord
from tessera.schema.kinds import KIND_NAMES
from tessera.search.dates import day
from tessera.search.links import record_url

MOST = 50
"""Items that one search shows."""

WHOLE = 3
"""So many items or fewer are shown with what was received and what it was mapped to."""

LONGEST = 20_000
"""Characters of what was received that are shown; a sentence says where there are more."""

_NEAREST = 8
_ALIKE = 300


class State(StrEnum):
    PUBLISHED = "published"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REFUSED = "refused"
    INVALID = "invalid"
    RECEIVED = "received"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One item or record. label: the state in words. why: the reason, in a sentence.

    run: the number of the run that decided; None where none is known. raw: what was received, and
    draft: what it was mapped to, as JSON text; empty where many items are shown. locked: fields
    that an editor has corrected.
    """

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
    run: int | None = None
    raw: str = ""
    draft: str = ""
    locked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """findings: at most MOST. cut: there are more. errors: of runs, that name what was typed.

    nearest: ids and keys that were received and begin like what was typed, where nothing of that
    name was.
    """

    findings: tuple[Finding, ...]
    cut: bool
    errors: tuple[RunError, ...]
    nearest: tuple[str, ...] = ()


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
    ends: list[tuple[Finding, SourceRecord | None, Record | None]] = [
        (_of_record(record, index), record.item, record) for record in found[:MOST]
    ]
    ends += [(_of_item(item, index), item, None) for item in lost[: MOST - len(ends)]]
    findings = [each for each, _, _ in ends]
    if len(ends) <= WHOLE:
        findings = [_whole(finding, item, record) for finding, item, record in ends]
    errors = RunError.objects.select_related("run__source").filter(
        Q(where__icontains=typed) | Q(message__icontains=typed) | Q(key=wanted)
    )
    return Findings(
        findings=tuple(findings),
        cut=len(found) + len(lost) > MOST,
        errors=tuple(errors.order_by("-id")[:10]),
        nearest=() if findings else _nearest(wanted),
    )


def _whole(finding: Finding, item: SourceRecord | None, record: Record | None) -> Finding:
    return replace(
        finding,
        raw=_shown(item.raw) if item else "",
        draft=_shown(record.data) if record else "",
    )


def _shown(value: object) -> str:
    text = json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
    if len(text) <= LONGEST:
        return text
    more = _("... and %(n)s characters more") % {"n": f"{len(text) - LONGEST:,}"}
    return f"{text[:LONGEST]}\n{more}"


def _nearest(wanted: str) -> tuple[str, ...]:
    """Ids and keys that begin as what was typed does, the most alike first."""
    for length in (len(wanted) - 1, len(wanted) * 2 // 3, len(wanted) // 3, 2):
        start = wanted[: max(length, 2)]
        found = {
            *Record.objects.filter(uid__startswith=start).values_list("uid", flat=True)[:_ALIKE],
            *SourceRecord.objects.filter(key__startswith=start).values_list("key", flat=True)[
                :_ALIKE
            ],
        }
        if found:
            alike = sorted(found, key=lambda each: -SequenceMatcher(None, wanted, each).ratio())
            return tuple(alike[:_NEAREST])
    return ()


def _run(item: SourceRecord | None) -> int | None:
    """The run that received an item last, or that found it gone."""
    if item is None:
        return None
    runs = Run.objects.filter(source_id=item.source_id)
    if item.gone_at is not None:
        runs = runs.filter(started_at__lte=item.gone_at)
    elif item.seen_run:
        runs = runs.filter(pk=item.seen_run)
    return runs.values_list("pk", flat=True).first()


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
        # Editors are told where a record is, whomever it is for.
        return current(Audience.MEMBERS)
    except EngineError:
        return None


def _of_record(record: Record, index: Index | None) -> Finding:
    item = record.item
    if record.withdrawn_at is not None:
        state, why = State.WITHDRAWN, _why_withdrawn(record)
        label, since = _("Withdrawn"), record.withdrawn_at
    elif record.answers_as:
        state, label, since = State.MERGED, _("Merged"), record.changed_at
        why = _("It is one with %(other)s, and shown there.") % {"other": record.answers_as}
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
        run=_run(item),
        locked=tuple(sorted(record.corrections)),
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
    if item.problem and _refused(item):
        state, label, why = State.REFUSED, _("Refused"), item.problem
    elif item.problem:
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
        admin_url=reverse("admin:records_sourcerecord_change", args=[item.pk]),
        run=_run(item),
    )


def _refused(item: SourceRecord) -> bool:
    """Whether it was mapped well, but the record is another's."""
    return RunError.objects.filter(run=item.seen_run, key=item.key, stage="store").exists()
