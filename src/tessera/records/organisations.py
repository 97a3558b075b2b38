"""Organisations that no source delivers but others' records name: made from those mentions.

A derived organisation is a function of the mentions there are, whatever their order of arrival:
there is one for every id that at least one record names as partner and that no source delivers.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tessera.records.bulk import slices
from tessera.records.changes import Shown, Touched, shown
from tessera.records.links import PARTNER, face, links_of, mentions, settle
from tessera.records.models import Change, Link, Record, Source, corrected
from tessera.schema import vocabularies
from tessera.schema.document import name_of

KIND = "organisation"


def derive(uids: Iterable[str], at: datetime) -> list[Touched]:
    """Bring the derived organisations of these ids in line with the mentions there are.

    Must be called in the transaction that changed the mentions. A record that a source delivers
    is left alone.
    """
    touched: list[Touched] = []
    for some in slices(sorted(set(uids))):
        touched += _derive(some, at)
    return touched


def _derive(uids: Sequence[str], at: datetime) -> list[Touched]:
    delivered = set(
        Record.objects.filter(uid__in=uids, derived=False, withdrawn_at=None).values_list(
            "uid", flat=True
        )
    )
    open_uids = [uid for uid in uids if uid not in delivered]
    known = {record.uid: record for record in Record.objects.filter(uid__in=open_uids)}
    named: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    said = Link.objects.filter(
        rel=PARTNER, target_uid__in=open_uids, record__withdrawn_at=None
    ).values_list("target_uid", "data")
    for uid, data in said:
        named[uid] += mentions(data)
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
    Record.objects.bulk_create(new)
    for record, _ in changed:
        record.save()
    settle({record.pk: links_of(record.uid, record.current) for record, _ in changed})
    return [
        *(Touched(record.pk, record.uid, Change.What.ADDED, None, shown(record)) for record in new),
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
        checksum=_checksum(data),
        derived=True,
        first_seen=at,
        changed_at=at,
    )


def _put(record: Record, source: Source, data: dict[str, Any], at: datetime) -> bool:
    """Give a known record what is said of it now; whether that is anything new."""
    checksum = _checksum(data)
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


def organisation_data(uid: str, said: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A canonical draft of an organisation from what is said of it.

    Name, country, type, region and town are those that most mentions state, and of equally many
    the first in alphabetical order: so the result doesn't depend on who came first. Other
    spellings of the name are kept as further names.
    """
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in said:
        for field in ("name", "country", "type", "nuts", "town"):
            if mention.get(field):
                counted[field][str(mention[field])] += 1
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


def _checksum(data: Mapping[str, Any]) -> str:
    written = json.dumps(data, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
