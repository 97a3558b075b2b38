"""Organisations that no source delivers but others' records name: made from those mentions.

A derived organisation is a function of the mentions there are, whatever their order of arrival:
there is one for every id that at least one record names as partner and that no source delivers.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tessera.records.bulk import insert, slices, update
from tessera.records.changes import Touched, shown
from tessera.records.keeping import add, checksum_of, save, written
from tessera.records.links import MENTIONED, Shown, face, links_of, settle
from tessera.records.models import Change, Mention, Record, Source, corrected
from tessera.schema import vocabularies
from tessera.schema.document import name_of

KIND = "organisation"


def derive(touched: Iterable[Touched], at: datetime) -> list[Touched]:
    """Bring the derived organisations in line with what changed records say of them.

    Must be called in the transaction that changed the records, for each change once. A record
    that a source delivers is left alone, and made a derived one when its source withdraws it
    while others still name it.
    """
    touched = list(touched)
    uids = _count(touched) | {each.uid for each in touched if each.after is None}
    return [made for some in slices(sorted(uids)) for made in _derive(some, at)]


def _count(touched: Iterable[Touched]) -> set[str]:
    """Keep `Mention` in step; returns the ids of which something else is said now."""
    delta: Counter[tuple[str, str]] = Counter()
    for each in touched:
        if each.after is not None:
            delta.update(each.after.mentions)
        if each.before is not None:
            delta.subtract(each.before.mentions)
    delta = Counter({said: more for said, more in delta.items() if more})
    changed, gone = [], []
    uids = {uid for uid, _ in delta}
    for some in slices(uids):
        rows = Mention.objects.filter(target_uid__in=some)
        for pk, uid, said, times in rows.values_list("pk", "target_uid", "said", "times"):
            more = delta.pop((uid, said), 0)
            if more and times + more:
                changed.append((times + more, pk))
            elif more:
                gone.append(pk)
    insert(
        Mention,
        ("target_uid", "said", "times"),
        [(uid, said, times) for (uid, said), times in delta.items()],
    )
    update(Mention, ("times",), changed)
    for pks in slices(gone):
        Mention.objects.filter(pk__in=pks).delete()
    return uids


def _derive(uids: Sequence[str], at: datetime) -> list[Touched]:
    delivered = set(
        Record.objects.filter(uid__in=uids, derived=False, withdrawn_at=None).values_list(
            "uid", flat=True
        )
    )
    open_uids = [uid for uid in uids if uid not in delivered]
    known = {record.uid: record for record in Record.objects.filter(uid__in=open_uids)}
    named: dict[str, list[tuple[str, int]]] = defaultdict(list)
    rows = Mention.objects.filter(target_uid__in=open_uids)
    for uid, said, times in rows.values_list("target_uid", "said", "times"):
        named[uid].append((said, times))
    source = derived_source()
    new: list[Record] = []
    changed: list[tuple[Record, Shown | None]] = []
    for uid in open_uids:
        record = known.get(uid)
        if record is None:
            if uid in named:
                new.append(_new(uid, source, organisation_data(uid, named[uid]), at))
            continue
        before = shown(record)
        if uid not in named:
            if record.withdrawn_at is None:
                record.withdrawn_at = record.changed_at = at
                changed.append((record, before))
        elif _put(record, source, organisation_data(uid, named[uid]), at):
            changed.append((record, before))
    rows_of_new = add(new)
    save(record for record, _ in changed)
    settle({record.pk: links_of(record.uid, record.current) for record, _ in changed})
    return [
        *(
            Touched(pk, record.uid, Change.What.ADDED, None, shown(record))
            for pk, record in zip(rows_of_new, new, strict=True)
        ),
        *(
            Touched(record.pk, record.uid, _what(record, before), before, shown(record))
            for record, before in changed
        ),
    ]


def _what(record: Record, before: Shown | None) -> Change.What:
    if record.withdrawn_at is not None:
        return Change.What.WITHDRAWN
    return Change.What.CHANGED if before is not None else Change.What.RESTORED


def _new(uid: str, source: Source, data: dict[str, Any], at: datetime) -> Record:
    return Record(
        uid=uid,
        kind=KIND,
        source=source,
        title=name_of(data),
        data=data,
        face=face(data),
        checksum=checksum_of(written(data)),
        derived=True,
        first_seen=at,
        changed_at=at,
    )


def _put(record: Record, source: Source, data: dict[str, Any], at: datetime) -> bool:
    """Give a known record what is said of it now; whether that is anything new."""
    checksum = checksum_of(written(data))
    if record.derived and record.withdrawn_at is None and record.checksum == checksum:
        return False
    current = corrected(data, record.corrections)
    record.kind = KIND
    record.source = source
    record.item = None
    record.derived = True
    record.title = name_of(current)
    record.data, record.face, record.checksum = data, face(current), checksum
    record.licence = ""
    record.changed_at = at
    record.withdrawn_at = None
    return True


def derived_source() -> Source:
    """The source that derived records are listed under; made when first needed."""
    source, _ = Source.objects.get_or_create(
        slug=Source.DERIVED, defaults={"name": "Named in other records"}
    )
    return source


def organisation_data(uid: str, said: Iterable[tuple[str, int]]) -> dict[str, Any]:
    """A canonical draft of an organisation from what is said of it, and how often.

    Name, country, type, region and town are those that most mentions state, and of equally many
    the first in alphabetical order: so the result doesn't depend on who came first. Other
    spellings of the name are kept as further names.
    """
    counted: dict[str, Counter[str]] = {name: Counter() for name in MENTIONED}
    for text, times in said:
        for name, value in zip(MENTIONED, json.loads(text), strict=True):
            if value:
                counted[name][str(value)] += times
    names = _by_majority(counted["name"])
    data: dict[str, Any] = {"id": uid, "kind": KIND, "title": {"und": names[0]}}
    if len(names) > 1:
        data["names"] = [{"name": name} for name in names[1:]]
    if counted["country"]:
        data["countries"] = _by_majority(counted["country"])[:1]
    if counted["type"]:
        data["type"] = _by_majority(counted["type"])[0]
    regions = [code for code in _by_majority(counted["nuts"]) if vocabularies.region(code)]
    if regions:
        data["regions"] = [{"nuts": regions[0]}]
    if counted["town"]:
        data["place"] = _by_majority(counted["town"])[0]
    return data


def _by_majority(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda value: (-counted[value], value))
