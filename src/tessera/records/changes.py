"""The log of changes: written in the transaction of the change itself, read after a cursor.

A record's document depends on its own data and on the records at the other ends of its links.
So whoever changes records says what each of them showed before and shows now (`Touched`), and
`log` finds the neighbours whose documents change with them. Without that line in the log, index
and records would drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import connection, transaction

from tessera.records.bulk import insert, slices
from tessera.records.groups import around, groups_of, settle_groups
from tessera.records.links import Shown, inherited_alike, links_of, same_name, tells_alike
from tessera.records.models import Change, Link, Merge, Record
from tessera.schema.told import OF_WHOM

_WRITERS = 0x7E55E7A
"""The advisory lock that writers of the log hold on PostgreSQL."""


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that may write Changes. All that writes any must do so in one of these.

    One runs at a time: SQLite begins it with its write lock (`transaction_mode` IMMEDIATE), on
    PostgreSQL an advisory lock does the same. So sequences become visible in their order, and no
    reader moves its cursor past a change that another transaction has still to commit; and what
    is derived from several sources' records is derived from all of them.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITERS])
        yield


@dataclass(frozen=True, slots=True)
class Touched:
    """One record that changed. before, after: None where it isn't there or is withdrawn."""

    pk: int
    uid: str
    what: Change.What
    before: Shown | None
    after: Shown | None


def shown(record: Record) -> Shown | None:
    """What others' documents depend on in a record as stored; None where it is withdrawn."""
    if record.withdrawn_at is not None:
        return None
    return Shown.of(record.kind, record.face, links_of(record.uid, record.current))


def log(touched: Iterable[Touched], at: datetime) -> int:
    """Write the Changes of records and of their neighbours; a record once. Returns how many.

    Records that come or go may change under which of them a merged organisation is shown.
    """
    own = merged(touched)
    around_them = neighbours(own.values())
    targets, linked_from = around_them.targets, around_them.linked_from
    more_targets, more_linked = _grouped(own, targets, linked_from)
    targets |= more_targets
    linked_from |= more_linked
    return _write(own, targets, linked_from, at, _of_whom(around_them))


def log_regrouped(uids: Iterable[str], at: datetime) -> int:
    """Write Changes for records whose merges changed, and for all around them. Returns how many."""
    return _write({}, *around(uids), at)


def _write(
    own: Mapping[int, Touched],
    targets: Iterable[str],
    linked_from: Iterable[str],
    at: datetime,
    more: Iterable[int] = (),
) -> int:
    """more: primary keys of others that change."""
    linked: set[int] = set(more)
    for some in slices(targets):
        linked.update(
            Record.objects.filter(uid__among=some, withdrawn_at=None).values_list("pk", flat=True)
        )
    for some in slices(linked_from):
        linked.update(
            Link.objects.filter(target_uid__among=some, record__withdrawn_at=None).values_list(
                "record_id", flat=True
            )
        )
    linked |= _shown_for([*own, *linked])
    lines = [(pk, str(each.what), at) for pk, each in own.items()]
    lines += [(pk, str(Change.What.LINKED), at) for pk in sorted(linked - own.keys())]
    insert(Change, ("record_id", "what", "at"), lines)
    return len(lines)


def _shown_for(pks: Iterable[int]) -> set[int]:
    """The records under which these are shown: a merged one changes the page of another."""
    found: set[int] = set()
    if not Merge.objects.filter(undone_at=None).exists():
        return found
    for some in slices(pks):
        uids = set(
            Record.objects.filter(pk__among=some)
            .exclude(answers_as="")
            .values_list("answers_as", flat=True)
        )
        found.update(Record.objects.filter(uid__among=uids).values_list("pk", flat=True))
    return found


def _grouped(
    own: Mapping[int, Touched], targets: set[str], linked_from: set[str]
) -> tuple[set[str], set[str]]:
    """What else changes, by way of merges: ids to add to `targets` and to `linked_from`."""
    uids = {each.uid for each in own.values()}
    groups = groups_of(uids | targets | linked_from)
    if not groups:
        return set(), set()
    regrouped = {
        each.uid for each in own.values() if _presence(each.before) != _presence(each.after)
    }
    moved = settle_groups(regrouped & groups.keys()) | (linked_from & groups.keys())
    more_targets, more_linked = around(moved) if moved else (set(), set())
    for uid in (uids | targets) & groups.keys():
        more_targets.update(groups[uid])
    for uid in linked_from & groups.keys():
        more_linked.update(groups[uid])
    return more_targets, more_linked


def _presence(shown_as: Shown | None) -> str:
    """What the group of a record depends on: whether it is there, and its kind."""
    return shown_as.kind if shown_as else ""


def merged(touched: Iterable[Touched]) -> dict[int, Touched]:
    """One entry for each record, by primary key: as it was before the first, is after the last."""
    found: dict[int, Touched] = {}
    for each in touched:
        first = found.get(each.pk)
        if first is not None:
            what = each.what
            if first.what == Change.What.ADDED and each.after is not None:
                what = Change.What.ADDED
            elif first.before is not None and each.after is not None:
                what = Change.What.CHANGED
            each = replace(each, before=first.before, what=what)
        found[each.pk] = each
    return found


@dataclass(slots=True)
class Neighbours:
    """Whose documents change with changed records.

    targets: ids that those link to. linked_from: ids of those whose linking records change.
    told_targets, told_from: the same of those of which people alone show more.
    """

    targets: set[str] = field(default_factory=set)
    linked_from: set[str] = field(default_factory=set)
    told_targets: set[str] = field(default_factory=set)
    told_from: set[str] = field(default_factory=set)


def neighbours(touched: Iterable[Touched]) -> Neighbours:
    """Whose documents change with these."""
    found = Neighbours()
    targets, linked_from = found.targets, found.linked_from
    for each in touched:
        before, after = each.before, each.after
        if before is None or after is None:
            targets |= (before or after or _NOTHING).targets
            if before is not after:
                linked_from.add(each.uid)
            continue
        renamed = before.kind != after.kind or not same_name(before.face, after.face)
        targets |= before.targets ^ after.targets
        if renamed:
            targets |= after.targets
        if renamed or not inherited_alike(before.face, after.face):
            linked_from.add(each.uid)
        if not tells_alike(before.face, after.face):
            found.told_targets |= after.targets
            found.told_from.add(each.uid)
    return found


def _of_whom(around_them: Neighbours) -> set[int]:
    """The people of whom changed records tell otherwise."""
    found: set[int] = set()
    of_whom = Record.objects.filter(kind__in=OF_WHOM, withdrawn_at=None).order_by()
    for some in slices(around_them.told_targets):
        found.update(of_whom.filter(uid__among=some).values_list("pk", flat=True))
    for some in slices(around_them.told_from):
        stating = Link.objects.filter(target_uid__among=some, record__kind__in=OF_WHOM)
        there = stating.filter(record__withdrawn_at=None).order_by()
        found.update(there.values_list("record_id", flat=True))
    return found


_NOTHING = Shown("", {}, frozenset())
