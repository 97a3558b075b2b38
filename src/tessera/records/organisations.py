"""Organisations that no source delivers but others' records name: made from those mentions.

A derived organisation is a function of the mentions there are, whatever their order of arrival:
there is one for every id that at least one record names as partner and that no source delivers.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tessera.records.bulk import insert, slices, update
from tessera.records.changes import Touched, shown
from tessera.records.keeping import add, checksum_of, save, written
from tessera.records.links import MENTIONED, Shown, face, links_of, settle
from tessera.records.models import Change, Mention, Record, Source, corrected
from tessera.schema import vocabularies
from tessera.schema.document import name_of
from tessera.schema.identity.identifiers import spelled_number

KIND = "organisation"
NUMBERS = ("vat", "national_id")


def derive(touched: Iterable[Touched], at: datetime) -> list[Touched]:
    """Bring the derived organisations in line with what changed records say of them.

    Must be called in the transaction that changed the records, for each change once. A record
    that a source delivers is left alone, and made a derived one when its source withdraws it
    while others still name it.
    """
    made: list[Touched] = []
    due = list(touched)
    while due:
        uids = _count(due) | {each.uid for each in due if each.after is None}
        # An editor may have given a derived organisation partners of its own.
        due = [each for some in slices(sorted(uids)) for each in _derive(some, at)]
        made += due
    return made


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
        rows = Mention.objects.filter(target_uid__among=some)
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
        Mention.objects.filter(pk__among=pks).delete()
    return uids


def _derive(uids: Sequence[str], at: datetime) -> list[Touched]:
    named = _said_of(uids)
    # Few of those that are said the same of change; only these are read whole.
    unknown, due = set(uids), []
    there = Record.objects.filter(uid__among=uids).order_by()
    for uid, derived, checksum, withdrawn_at in there.values_list(
        "uid", "derived", "checksum", "withdrawn_at"
    ):
        unknown.discard(uid)
        if not derived and withdrawn_at is None:
            continue
        wanted = named.get(uid)
        if wanted is None and withdrawn_at is None:
            due.append(uid)
        elif wanted is not None:
            same = derived and withdrawn_at is None and checksum == wanted.checksum
            due += [] if same else [uid]
    source = derived_source()
    new = [_new(uid, source, named[uid], at) for uid in sorted(unknown & named.keys())]
    changed: list[tuple[Record, Shown | None]] = []
    for record in Record.objects.filter(uid__among=due).order_by("uid"):
        changed.append((record, shown(record)))
        wanted = named.get(record.uid)
        if wanted is None:
            record.withdrawn_at = record.changed_at = at
        else:
            _put(record, source, wanted, at)
    pks = add(new)
    save(record for record, _ in changed)
    settle({record.pk: links_of(record.uid, record.current) for record, _ in changed})
    return [
        *(
            Touched(pk, record.uid, Change.What.ADDED, None, shown(record))
            for pk, record in zip(pks, new, strict=True)
        ),
        *(
            Touched(record.pk, record.uid, _what(record, before), before, shown(record))
            for record, before in changed
        ),
    ]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a derived organisation should be. checksum: of data."""

    data: dict[str, Any]
    checksum: str


def _said_of(uids: Sequence[str]) -> dict[str, _Wanted]:
    """By id, of those that are named at all."""
    said: dict[str, list[tuple[str, int]]] = defaultdict(list)
    rows = Mention.objects.filter(target_uid__among=uids)
    for uid, text, times in rows.values_list("target_uid", "said", "times"):
        said[uid].append((text, times))
    found = {}
    for uid, texts in said.items():
        data = organisation_data(uid, texts)
        found[uid] = _Wanted(data, checksum_of(written(data)))
    return found


def _what(record: Record, before: Shown | None) -> Change.What:
    if record.withdrawn_at is not None:
        return Change.What.WITHDRAWN
    return Change.What.CHANGED if before is not None else Change.What.RESTORED


def _new(uid: str, source: Source, wanted: _Wanted, at: datetime) -> Record:
    record = Record(uid=uid, first_seen=at)
    _put(record, source, wanted, at)
    return record


def _put(record: Record, source: Source, wanted: _Wanted, at: datetime) -> None:
    """Make a record the derived one of what is said."""
    current = corrected(wanted.data, record.corrections)
    record.kind = KIND
    record.source = source
    record.item = None
    record.derived = True
    record.title = name_of(current)
    record.data, record.face, record.checksum = wanted.data, face(current), wanted.checksum
    record.licence = ""
    record.changed_at = at
    record.withdrawn_at = None


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
    spellings of the name are kept as further names. A number is kept where no mention of that
    country states another one: of two, nobody knows whose they are.
    """
    counted: dict[str, Counter[str]] = {name: Counter() for name in MENTIONED}
    numbers: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for text, times in said:
        stated = dict(zip(MENTIONED, json.loads(text), strict=True))
        for name, value in stated.items():
            if value and name in NUMBERS:
                numbers[name, stated["country"]][value] += times
            elif value:
                counted[name][value] += times
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
    country = data["countries"][0] if "countries" in data else ""
    for name in NUMBERS:
        if number := _the_only(name, country, numbers[name, country]):
            data[name] = number
    return data


def _the_only(name: str, country: str, counted: Counter[str]) -> str:
    """The number that is stated, in its commonest spelling; "" where several or none are.

    What can't be a number ("n/a") counts only where there is nothing else.
    """
    spelled = {each: spelled_number(name, each, country) for each in _by_majority(counted)}
    found = {each: number for each, number in spelled.items() if number} or {
        each: each for each in spelled
    }
    return next(iter(found)) if len(set(found.values())) == 1 else ""


def _by_majority(counted: Counter[str]) -> list[str]:
    return sorted(counted, key=lambda value: (-counted[value], value))
