"""The facts of a record's page: each a name and values that lead on where they can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import formats
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tessera.engine.query import Query
from tessera.harvest.weblinks.collecting import asked_as
from tessera.harvest.weblinks.reporting import broken_links
from tessera.records.models import Record
from tessera.schema import vocabularies
from tessera.schema.document import moment, programme_value
from tessera.schema.parts import is_record_id
from tessera.search import dates
from tessera.search.filed import categories, old_regions, stated_as, subjects
from tessera.search.labels import Labels, period_label, programme_label, short_label
from tessera.search.links import Link, record_url
from tessera.search.parts import counted

_FILES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact; url where it leads on."""

    text: str
    url: str = ""
    note: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    values: tuple[Value, ...]


def _to(name: str, value: str) -> str:
    return Link(Query().with_filter(name, value)).href


def _chosen(data: Mapping[str, Any], name: str, labels: Labels, field: str = "") -> Iterable[Fact]:
    """A fact whose values are those of a filter: each leads to the search for it."""
    stated = data.get(field or name)
    values = [stated] if isinstance(stated, str) else stated or ()
    found = tuple(Value(labels.of(name, value), _to(name, value)) for value in values if value)
    if found:
        yield Fact(short_label(name), found)


def facts_of(
    record: Record, data: Mapping[str, Any], labels: Labels, lang: str, page: str
) -> Iterable[Fact]:
    when = dates.occasion(data.get("starts"), data.get("ends"), str(data.get("timezone") or ""))
    if when:
        zone = str(data.get("timezone") or "")
        timed = "T" in str(data.get("starts"))
        yield Fact(_("When"), (Value(when, note=zone if timed else ""),))
    yield from _deadlines(data, labels)
    place = dates.place(str(data.get("place") or ""), online=bool(data.get("online")))
    if place:
        yield Fact(_("Place"), (Value(place),))
    published = dates.read_day(data.get("published"))
    if published:
        yield Fact(_("Published"), (Value(dates.day(published)),))
    yield from _programme(data, labels)
    yield from _duration(data)
    yield from _chosen(data, "status", labels)
    yield from _chosen(data, "organisation_type", labels, "type")
    yield from _chosen(data, "organiser", labels)
    yield from _chosen(data, "news_source", labels)
    yield from _employer(data)
    yield from _chosen(data, "representing", labels)
    yield from _chosen(data, "interested_in", labels)
    yield from _file(data, labels)
    yield from _chosen(data, "country", labels, "countries")
    yield from _regions(data)
    yield from _themes(data, lang, page)
    yield from _chosen(data, "objective", labels, "objectives")
    yield from _categories(data)
    yield from _budget(data)
    yield from _names(data)
    yield from _website(record, data)


def _website(record: Record, data: Mapping[str, Any]) -> Iterable[Fact]:
    """The address that a record leads to; of one that is known to be broken, since when."""
    url = str(data.get("url") or "")
    if not url:
        return
    note = ""
    broken = broken_links(record.pk).get(asked_as(url))
    if broken is not None and broken.failing_since is not None:
        said = {"day": dates.day(broken.failing_since.date())}
        if broken.outcome == broken.Outcome.GONE:
            note = _("nothing has been found at this link since %(day)s") % said
        else:
            note = _("this link has not answered since %(day)s") % said
    label = _("File at its source") if record.kind == "file" else _("Website")
    shown = url.removeprefix("https://").removeprefix("http://")
    yield Fact(label, (Value(shown, url, note),))


def _programme(data: Mapping[str, Any], labels: Labels) -> Iterable[Fact]:
    programme = data.get("programme")
    value = programme_value(data)
    if programme and value:
        stated = str(programme.get("name") or "")
        name = programme_label(stated, labels.lang) or labels.of("programme", value)
        note = str(programme.get("id") or "")
        yield Fact(
            short_label("programme"),
            (Value(name, _to("programme", value), note if note not in name else ""),),
        )
    if data.get("period"):
        period = str(data["period"])
        label = period_label(period, value or "")
        yield Fact(short_label("period"), (Value(label, _to("period", period)),))


def _deadlines(data: Mapping[str, Any], labels: Labels) -> Iterable[Fact]:
    """When a call opens and closes; what it was said to be ends with its last deadline."""
    zone = str(data.get("timezone") or "")
    opens = dates.occasion(data.get("opens"), timezone=zone)
    if opens:
        yield Fact(_("Opens"), (Value(opens),))
    every = data.get("deadlines") or [data.get("deadline")]
    days = [dates.occasion(each, timezone=zone) for each in every]
    if any(days):
        label = _("Deadlines") if len(days) > 1 else _("Deadline")
        yield Fact(label, tuple(Value(day, note=zone if "," in day else "") for day in days))
    status = str(data.get("call_status") or "")
    ends = moment(data.get("deadline"), zone, end=True)
    if ends is not None and ends < now().timestamp():
        status = "closed"
    if status:
        yield Fact(_("Call"), (Value(labels.of("call_status", status)),))


def _duration(data: Mapping[str, Any]) -> Iterable[Fact]:
    first, last = dates.read_day(data.get("start")), dates.read_day(data.get("end"))
    if first and last:
        yield Fact(_("Duration"), (Value(dates.days(first, last)),))
    elif first:
        yield Fact(_("Start"), (Value(dates.day(first)),))
    elif last:
        yield Fact(_("End"), (Value(dates.day(last)),))


def _employer(data: Mapping[str, Any]) -> Iterable[Fact]:
    named = str(data.get("organisation") or "")
    if not named:
        return
    found = Record.objects.filter(uid=named, withdrawn_at=None).first()
    if found is not None:
        url = record_url(found.kind, found.uid)
        yield Fact(short_label("organisation"), (Value(found.title, url),))
    elif not is_record_id(named):
        yield Fact(short_label("organisation"), (Value(named),))


def _file(data: Mapping[str, Any], labels: Labels) -> Iterable[Fact]:
    yield from _chosen(data, "file_type", labels)
    if data.get("pages"):
        labels_of = {str(page.get("label") or "") for page in data["pages"]}
        yield Fact(counted(labels_of), (Value(dates.number(len(data["pages"]))),))
    if data.get("size"):
        yield Fact(_("Size"), (Value(dates.size(int(data["size"]))),))
    yield from _files(data)
    language = str(data.get("language") or "")
    if language and language != "und":
        url = _to("language", language)
        yield Fact(short_label("language"), (Value(labels.of("language", language), url),))


def _files(data: Mapping[str, Any]) -> Iterable[Fact]:
    """All files of a document that has several, with why they are taken for one."""
    files = data.get("files") or ()
    reasons = {"bytes": _("the same"), "text": _("the same text")}
    values = []
    for each in files[:_FILES_SHOWN]:
        same = str(each.get("same") or "")
        note = reasons.get(same, _("the one shown here"))
        if same == "nearly":
            percent = int(100 * float(each.get("likeness") or 0))
            note = _("%(percent)s %% the same text") % {"percent": percent}
        if each.get("size"):
            note = f"{dates.size(int(each['size']))}, {note}"
        values.append(Value(str(each["path"]), str(each.get("url") or ""), note))
    if len(files) > _FILES_SHOWN:
        more = dates.number(len(files) - _FILES_SHOWN)
        values.append(Value(_("and %(number)s more") % {"number": more}))
    if values:
        yield Fact(_("Files"), tuple(values))


def _regions(data: Mapping[str, Any]) -> Iterable[Fact]:
    values = []
    names = old_regions([str(each.get("stated") or "") for each in data.get("regions") or ()])
    for region in data.get("regions") or ():
        code = str(region["nuts"])
        note = str(region.get("stated") or "")
        version = region.get("version")
        if note:
            note = stated_as(note, names)
        elif version:
            note = _("NUTS %(year)s") % {"year": version}
        values.append(Value(vocabularies.label("region", code) or code, _to("region", code), note))
    if values:
        yield Fact(short_label("region"), tuple(values))


def _themes(data: Mapping[str, Any], lang: str, page: str) -> Iterable[Fact]:
    """Themes; those that are concepts of a vocabulary in the home in the reader's language."""
    translated = subjects(data, lang)
    values = []
    for theme in data.get("themes") or ():
        text, own = translated.get(theme, (theme, page))
        values.append(Value(text, _to("theme", theme), lang="" if own == page else own))
    if values:
        yield Fact(short_label("theme"), tuple(values))


def _categories(data: Mapping[str, Any]) -> Iterable[Fact]:
    values = tuple(Value(text, note=note) for text, note in categories(data))
    if values:
        yield Fact(_("Categories"), values)


def _names(data: Mapping[str, Any]) -> Iterable[Fact]:
    """Other names of an organisation, with the day on which they ended."""
    values = []
    for each in data.get("names") or ():
        until = dates.read_day(each.get("until"))
        note = _("until %(day)s") % {"day": dates.day(until)} if until else ""
        values.append(Value(str(each["name"]), note=note, lang=str(each.get("lang") or "")))
    if values:
        yield Fact(_("Other names"), tuple(values))


def _budget(data: Mapping[str, Any]) -> Iterable[Fact]:
    """Money as published; what isn't published isn't shown as nothing."""
    values = []
    for name, amount in (data.get("budget") or {}).items():
        notes = {"total": _("total"), "eu": _("from the EU")}
        try:
            value = Decimal(str(amount["amount"]))
        except (InvalidOperation, KeyError, TypeError):
            continue
        decimals = 0 if value == value.to_integral_value() else 2
        written = formats.number_format(
            value, decimal_pos=decimals, use_l10n=True, force_grouping=True
        )
        text = _("%(amount)s %(currency)s") % {
            "amount": written,
            "currency": amount.get("currency", "EUR"),
        }
        values.append(Value(text, note=notes.get(name, str(name))))
    if values:
        yield Fact(_("Budget"), tuple(values))
