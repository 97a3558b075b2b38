"""Records with what they are linked to, both ways, in few queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tessera.engine.audience import Audience
from tessera.records.bulk import slices
from tessera.records.groups import members, shown_as
from tessera.records.models import Link, Record, Source, corrected
from tessera.schema.audiences import seen
from tessera.schema.document import LinkedRecord, RecordView
from tessera.schema.identity.aliases import united
from tessera.schema.visibility import FIELD, is_shown, visible


def record_view(record: Record, audience: Audience = Audience.EVERYONE) -> RecordView | None:
    """What an audience may see of a record with its links both ways; None where nothing.

    `data` of linked records is whole, as far as it may be seen.
    """
    return seen(record_views([record])[0], audience)


def record_views(records: Iterable[Record], *, faces: bool = False) -> list[RecordView]:
    """Records with their links both ways, in the order given; all of it, for whomever it is.

    Links to and from withdrawn records, and to records that aren't there, are left out. Those
    that the record states come first, in its order, then those of others by rel and id. What is
    shown under a record because both are one counts as its own: names, links and what links there.
    faces: give of linked records only what documents show of them (see `links.face`), which
    spares reading their texts.
    """
    wanted = list(records)
    united_with = members(record.uid for record in wanted)
    ends: dict[int, list[tuple[str, str, bool]]] = {record.pk: [] for record in wanted}
    uids: set[str] = set()
    by_uid = {record.uid: record.pk for record in wanted}
    of = {record.pk: record.pk for record in wanted}
    for uid, others in united_with.items():
        of |= {other.pk: by_uid[uid] for other in others}
        by_uid |= {other.uid: by_uid[uid] for other in others}
    for pks in slices(of):
        stated = Link.objects.filter(record_id__among=pks).order_by("record_id", "position")
        for pk, rel, target in stated.values_list("record_id", "rel", "target_uid"):
            ends[of[pk]].append((rel, target, True))
            uids.add(target)
    incoming: dict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for some in slices(by_uid):
        said = Link.objects.filter(target_uid__among=some, record__withdrawn_at=None)
        for target, rel, uid in said.values_list("target_uid", "rel", "record__uid"):
            incoming[by_uid[target]].append((rel, uid, False))
            uids.add(uid)
    instead = shown_as(uids)
    for pk, links in incoming.items():
        ends[pk] += sorted((rel, instead.get(uid, uid), out) for rel, uid, out in links)
    others_data = _linked((uids - instead.keys()) | set(instead.values()), faces=faces)
    slugs = dict(Source.objects.values_list("pk", "slug"))
    return [
        RecordView(
            key=record.pk,
            id=record.uid,
            kind=record.kind,
            data=_data(record, united_with.get(record.uid, ()), instead),
            links=tuple(
                LinkedRecord(rel, uid, others_data[uid][0], outgoing, others_data[uid][1])
                for rel, uid, outgoing in dict.fromkeys(
                    (rel, instead.get(uid, uid), outgoing) for rel, uid, outgoing in ends[record.pk]
                )
                if uid in others_data and uid != record.uid
            ),
            source=slugs[record.source_id],
            first_seen=record.first_seen.date(),
        )
        for record in wanted
    ]


def current_data(
    record: Record, audience: Audience = Audience.EVERYONE
) -> Mapping[str, Any] | None:
    """What an audience may see of a record, and of those that are one with it; None: nothing."""
    others = members([record.uid]).get(record.uid, ())
    employer = str(record.current.get("organisation") or "")
    return visible(_data(record, others, shown_as([employer] if employer else ())), audience)


def hidden(audience: Audience) -> set[str]:
    """The ids of the shown records that aren't there for an audience."""
    stating = Record.objects.filter(
        kind="person", withdrawn_at=None, answers_as="", face__has_key=FIELD
    )
    rows = stating.values_list("uid", "face").iterator()
    return {uid for uid, face in rows if not is_shown(face, audience)}


def _data(record: Record, others: Sequence[Record], instead: Mapping[str, str]) -> dict[str, Any]:
    data = record.current
    employer = str(data.get("organisation") or "")
    if employer in instead:
        data = {**data, "organisation": instead[employer]}
    if record.kind != "organisation":
        return data
    return united(data, [other.current for other in others])


def _linked(uids: Iterable[str], *, faces: bool) -> dict[str, tuple[str, dict[str, object]]]:
    """Kind and data of records by id, without the withdrawn ones."""
    found: dict[str, tuple[str, dict[str, object]]] = {}
    fields: Sequence[str] = ("face",) if faces else ("data", "corrections")
    for some in slices(uids):
        rows = Record.objects.filter(uid__among=some, withdrawn_at=None)
        for uid, kind, *stated in rows.values_list("uid", "kind", *fields):
            found[uid] = (kind, stated[0] if faces else corrected(stated[0], stated[1]))
    return found
