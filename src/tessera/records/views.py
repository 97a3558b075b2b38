"""Records with what they are linked to, both ways, in few queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tessera.records.bulk import slices
from tessera.records.models import Link, Record, Source, corrected
from tessera.schema.document import LinkedRecord, RecordView


def record_view(record: Record) -> RecordView:
    """One record with its links both ways; `data` of linked records is whole."""
    return record_views([record])[0]


def record_views(records: Iterable[Record], *, faces: bool = False) -> list[RecordView]:
    """Records with their links both ways, in the order given.

    Links to and from withdrawn records, and to records that aren't there, are left out. Those
    that the record states come first, in its order, then those of others by rel and id.
    faces: give of linked records only what documents show of them (see `links.face`), which
    spares reading their texts.
    """
    wanted = list(records)
    ends: dict[int, list[tuple[str, str, bool]]] = {record.pk: [] for record in wanted}
    uids: set[str] = set()
    by_uid = {record.uid: record.pk for record in wanted}
    for pks in slices(by_uid.values()):
        stated = Link.objects.filter(record_id__in=pks).order_by("record_id", "position")
        for pk, rel, target in stated.values_list("record_id", "rel", "target_uid"):
            ends[pk].append((rel, target, True))
            uids.add(target)
    incoming: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for some in slices(by_uid):
        said = Link.objects.filter(target_uid__in=some, record__withdrawn_at=None)
        for target, rel, uid in said.values_list("target_uid", "rel", "record__uid"):
            incoming[by_uid[target]].append((rel, uid, False))
            uids.add(uid)
    for pk, links in incoming.items():
        ends[pk] += sorted(links)
    others = _linked(uids, faces=faces)
    slugs = dict(Source.objects.values_list("pk", "slug"))
    return [
        RecordView(
            key=record.pk,
            id=record.uid,
            kind=record.kind,
            data=record.current,
            links=tuple(
                LinkedRecord(rel, uid, others[uid][0], outgoing, others[uid][1])
                for rel, uid, outgoing in dict.fromkeys(ends[record.pk])
                if uid in others
            ),
            source=slugs[record.source_id],
            first_seen=record.first_seen.date(),
        )
        for record in wanted
    ]


def _linked(uids: Iterable[str], *, faces: bool) -> dict[str, tuple[str, dict[str, object]]]:
    """Kind and data of records by id, without the withdrawn ones."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    fields: Sequence[str] = ("face",) if faces else ("data", "corrections")
    for some in slices(uids):
        rows = Record.objects.filter(uid__in=some, withdrawn_at=None)
        for uid, kind, *stated in rows.values_list("uid", "kind", *fields):
            found[uid] = (kind, stated[0] if faces else corrected(stated[0], stated[1]))
    return found
