"""What a record is linked with, both ways, in groups with their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tessera.engine.audience import Audience
from tessera.engine.query import Query
from tessera.records.groups import ids_of, shown_as
from tessera.records.models import Link as Stated
from tessera.records.models import Record
from tessera.schema.kinds import KIND_NAMES
from tessera.schema.visibility import is_restricted, is_shown, shows_link, visible
from tessera.search import dates
from tessera.search.labels import Labels, kind_words, programme_label
from tessera.search.links import Link, record_url
from tessera.search.said import Said, choose

SHOWN = 100
"""Records listed in a group; of more, the number is said and a search leads to all."""
CO_PARTNERS = 12

_ROLES = ("lead", "partner", "associated", "")


@dataclass(frozen=True, slots=True)
class Linked:
    """One record at the other end. note: role, dates, place, in a few words."""

    uid: str
    kind: str
    url: str
    title: Said
    acronym: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Linked records of one sort. count: of all of them, not only those listed. more: to all."""

    name: str
    heading: str
    count: int
    items: tuple[Linked, ...]
    more: Link | None = None

    @property
    def number(self) -> str:
        return dates.number(self.count)


@dataclass(slots=True)
class _End:
    """The other end of one or more links. role: of the partner. data: as stated of it."""

    uid: str
    rel: str
    role: str
    order: int
    data: Mapping[str, Any] = field(default_factory=dict)


def groups(
    record: Record, lang: str, page: str, audience: Audience = Audience.EVERYONE
) -> tuple[Group, ...]:
    """The groups of a record that an audience may see, those of its own kind's order."""
    ends = _ends(record, audience)
    kinds = _kinds(ends)
    sorted_ends: dict[tuple[str, str], list[_End]] = defaultdict(list)
    for end in ends.values():
        kind = kinds.get(end.uid)
        if kind is None:
            continue
        by_role = record.kind == "organisation" and kind == "project" and end.rel == "partner"
        sorted_ends[kind, end.role if by_role else ""].append(end)
    made = [
        _group(record, kind, role, sorted_ends[kind, role], lang, page, audience)
        for kind in _order(record.kind)
        for role in ("lead", "partner", "associated", "")
        if (kind, role) in sorted_ends
    ]
    if record.kind == "organisation":
        made += _co_partners(record, lang, page)
    return tuple(made)


def _order(kind: str) -> tuple[str, ...]:
    if kind == "organisation":
        return ("project", *(each for each in KIND_NAMES if each != "project"))
    return ("organisation", *(each for each in KIND_NAMES if each != "organisation"))


def _ends(record: Record, audience: Audience) -> dict[str, _End]:
    """The other ends by id; of several links to one, the one with the highest role counts.

    Without those that the audience may not see from here.
    """
    found: dict[str, _End] = {}
    own = ids_of(record.uid)
    there = Stated.objects.filter(record__withdrawn_at=None)
    stated = list(
        there.filter(record__uid__in=own).values_list(
            "target_uid", "rel", "role", "position", "data"
        )
    )
    said = list(
        there.filter(target_uid__in=own).values_list(
            "record__uid", "rel", "role", "position", "data"
        )
    )
    instead = shown_as(row[0] for row in (*stated, *said))
    faces = _restricted(instead.get(row[0], row[0]) for row in (*stated, *said))
    own_data = record.current
    for number, (named, rel, role, position, data) in enumerate((*stated, *said)):
        uid = instead.get(named, named)
        face = faces.get(uid, {})
        stating = own_data if number < len(stated) else face
        if uid == record.uid or not is_shown(face, audience):
            continue
        if not shows_link(stating, rel, audience):
            continue
        end = _End(uid, rel, role, position, data)
        known = found.get(uid)
        if known is None or _rank(end.role) < _rank(known.role):
            found[uid] = end
    return found


def _rank(role: str) -> int:
    return _ROLES.index(role) if role in _ROLES else len(_ROLES)


def _restricted(uids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """The faces of those of these records that aren't for everyone alike."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in _batches(dict.fromkeys(uids)):
        rows = Record.objects.filter(uid__in=some, kind="person").values_list("uid", "face")
        found.update((uid, face) for uid, face in rows if is_restricted(face))
    return found


def _kinds(uids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _batches(uids):
        # Who is withdrawn is asked of the rows found: SQLite would look there first, and with
        # hardly any withdrawn that is to read them all.
        rows = Record.objects.filter(uid__in=some).values_list("uid", "kind", "withdrawn_at")
        found.update((uid, kind) for uid, kind, withdrawn in rows if withdrawn is None)
    return found


def _batches(uids: Iterable[str]) -> Iterator[list[str]]:
    """As many at a time as every database takes in one question."""
    wanted = list(uids)
    for start in range(0, len(wanted), 500):
        yield wanted[start : start + 500]


def _group(
    record: Record,
    kind: str,
    role: str,
    ends: list[_End],
    lang: str,
    page: str,
    audience: Audience,
) -> Group:
    heading = kind_words(kind)
    if record.kind == "project" and kind == "organisation":
        heading = _("Partners")
    elif record.kind == "organisation" and kind == "project":
        heading = {
            "lead": _("Projects as lead partner"),
            "partner": _("Projects as partner"),
            "associated": _("Projects as associated partner"),
        }.get(role, heading)
    more = None
    if record.kind == "organisation" and len(ends) > SHOWN:
        more = Link(Query().with_filter("kind", kind).with_filter("organisation", record.uid))
    shown = Record.objects.only("uid", "kind", "data", "corrections")
    loaded = {
        each.uid: each
        for some in _batches(end.uid for end in ends)
        for each in shown.filter(uid__in=some)
    }
    known = [
        (end, loaded[end.uid], data)
        for end in ends
        if end.uid in loaded and (data := visible(loaded[end.uid].current, audience)) is not None
    ]
    labels = Labels(page)
    if kind == "organisation":
        known.sort(key=lambda pair: (_rank(pair[0].role), pair[0].order))
    else:
        known.sort(key=lambda pair: (_moment(pair[2]), pair[1].uid), reverse=True)
    items = tuple(
        _linked(end, other, data, labels, lang, page, with_role=record.kind != "organisation")
        for end, other, data in known[:SHOWN]
    )
    return Group(f"{kind}{'-' + role if role else ''}", heading, len(ends), items, more)


def _moment(data: Mapping[str, Any]) -> str:
    for name in ("starts", "published", "start", "end"):
        if data.get(name):
            return str(data[name])
    return ""


def _linked(
    end: _End,
    other: Record,
    data: Mapping[str, Any],
    labels: Labels,
    lang: str,
    page: str,
    *,
    with_role: bool,
) -> Linked:
    """data: of the other record as it may be seen."""
    notes = []
    if end.rel == "partner" and with_role and other.kind == "organisation":
        notes.append(labels.of("role", end.role) if end.role else "")
        country = end.data.get("country") or next(iter(data.get("countries") or ()), "")
        notes.append(labels.of("country", str(country)) if country else "")
    if end.rel == "partner":
        notes.append(_term(end.data))
    notes += _own(other.kind, data, labels)
    title = choose(data.get("title"), lang, page)
    acronym = str(data.get("acronym") or "")
    return Linked(
        uid=other.uid,
        kind=other.kind,
        url=record_url(other.kind, other.uid, lang=lang if lang != page else ""),
        title=title,
        acronym="" if acronym == title.text else acronym,
        note=" · ".join(note for note in notes if note),
    )


def _term(data: Mapping[str, Any]) -> str:
    """From when to when a partner took part, where that is stated."""
    first, last = dates.read_day(data.get("start")), dates.read_day(data.get("end"))
    if first and last:
        return dates.days(first, last)
    if first:
        return _("since %(day)s") % {"day": dates.day(first)}
    return _("until %(day)s") % {"day": dates.day(last)} if last else ""


def _own(kind: str, data: Mapping[str, Any], labels: Labels) -> list[str]:
    match kind:
        case "event":
            when = dates.occasion(
                data.get("starts"), data.get("ends"), str(data.get("timezone") or "")
            )
            return [when, str(data.get("place") or "")]
        case "call":
            deadline = dates.occasion(
                data.get("deadline"), timezone=str(data.get("timezone") or "")
            )
            return [_("Deadline: %(day)s") % {"day": deadline} if deadline else ""]
        case "project":
            programme = data.get("programme") or {}
            stated = str(programme.get("name") or programme.get("id") or "")
            named = programme_label(stated, labels.lang)
            return [named, dates.years(data.get("start"), data.get("end"))]
        case "file":
            file_type = data.get("file_type")
            size = data.get("size")
            return [
                labels.of("file_type", str(file_type)) if file_type else "",
                dates.size(int(size)) if size else "",
            ]
        case "person":
            values = data.get("interested_in") or ()
            return [", ".join(labels.of("interested_in", value) for value in values)]
        case "news" | "good_practice":
            day = dates.read_day(data.get("published"))
            return [dates.day(day) if day else ""]
    return []


def _co_partners(record: Record, lang: str, page: str) -> list[Group]:
    """Organisations with which this one shares projects, those of most projects first."""
    own = ids_of(record.uid)
    partners = Stated.objects.filter(rel="partner")
    projects = partners.filter(target_uid__in=own, record__withdrawn_at=None).values("record_id")
    beside = partners.filter(record_id__in=projects).exclude(target_uid__in=own)
    grouped = beside.values("target_uid").annotate(projects=Count("record_id", distinct=True))
    counts: dict[str, int] = dict(grouped.values_list("target_uid", "projects"))
    for uid in set((instead := shown_as(counts)).values()):
        # One that is named under several ids counts each project once.
        named = [uid, *(other for other, shown in instead.items() if shown == uid)]
        counts[uid] = beside.filter(target_uid__in=named).values("record_id").distinct().count()
    counts = {uid: count for uid, count in counts.items() if uid not in instead}
    total = len(counts)
    top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:CO_PARTNERS]
    known = {
        each.uid: each
        for each in Record.objects.filter(uid__in=[uid for uid, _ in top])
        if each.withdrawn_at is None
    }
    items = []
    for uid, count in top:
        other = known.get(uid)
        if other is None:
            continue
        note = ngettext("%(count)s shared project", "%(count)s shared projects", count)
        items.append(
            Linked(
                uid=other.uid,
                kind=other.kind,
                url=record_url(other.kind, other.uid, lang=lang if lang != page else ""),
                title=choose(other.current.get("title"), lang, page),
                acronym="",
                note=note % {"count": dates.number(count)},
            )
        )
    return [Group("co-partners", _("Partners in common projects"), total, tuple(items))] * bool(
        items
    )
