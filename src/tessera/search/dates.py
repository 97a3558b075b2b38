"""Dates, times, places and numbers as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tessera.schema.timezones import time_zone


def number(value: int) -> str:
    """A whole number with its digits in groups."""
    if 0 <= value < 1000:
        return str(value)
    return _number(value, get_language())


@lru_cache(maxsize=4096)
def _number(value: int, lang: str | None) -> str:
    return str(formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True))


def day(value: date) -> str:
    """One day: "13 November 2018"."""
    return formats.date_format(value, "DATE_FORMAT")


def days(first: date, last: date | None = None) -> str:
    """A span of days, what is common to both said once: "13 to 14 November 2018"."""
    if last is None or last <= first:
        return day(first)
    if (first.year, first.month) == (last.year, last.month):
        pattern = pgettext("format of the first of two days in one month", "j")
        opening = formats.date_format(first, pattern)
        return _("%(first)s to %(last)s") % {"first": opening, "last": day(last)}
    if first.year == last.year:
        opening = formats.date_format(first, "MONTH_DAY_FORMAT")
        return _("%(first)s to %(last)s") % {"first": opening, "last": day(last)}
    return _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)}


def read(value: Any) -> date | datetime | None:
    """An ISO date or time as it stands in a record; None where there is none."""
    if not value:
        return None
    text = str(value)
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def read_day(value: Any) -> date | None:
    """The day of an ISO date or time."""
    found = read(value)
    return found.date() if isinstance(found, datetime) else found


def local(value: date | datetime | None, timezone: str) -> date | datetime | None:
    """A time as clocks at the place of the event show it; a mere date stays as it is."""
    if not isinstance(value, datetime) or value.tzinfo is None or not timezone:
        return value
    zone = time_zone(timezone)
    return value.astimezone(zone) if zone else value


def occasion(starts: Any, ends: Any = None, timezone: str = "") -> str:
    """When an event is, by the clocks of its place: "13 November 2018, 09:00 to 17:00"."""
    first, last = local(read(starts), timezone), local(read(ends), timezone)
    if first is None:
        return ""
    opening = first.date() if isinstance(first, datetime) else first
    closing = last.date() if isinstance(last, datetime) else last
    text = days(opening, closing)
    if not isinstance(first, datetime):
        return text
    hours = formats.time_format(first.time(), "TIME_FORMAT")
    if isinstance(last, datetime) and closing == opening and last > first:
        until = formats.time_format(last.time(), "TIME_FORMAT")
        hours = _("%(first)s to %(last)s") % {"first": hours, "last": until}
    return _("%(day)s, %(hours)s") % {"day": text, "hours": hours}


def place(name: str, *, online: bool) -> str:
    """Where an event is: "Koper and online", "Online"."""
    if not online or name.strip().lower() == "online":
        return name or (_("Online") if online else "")
    return _("%(place)s and online") % {"place": name} if name else _("Online")


def years(first: Any, last: Any) -> str:
    """From year to year of two ISO dates: "2017 to 2021"; empty where neither is there."""
    stated = [str(value)[:4] for value in (first, last) if value]
    if not stated:
        return ""
    if len(stated) == 2 and stated[0] != stated[1]:
        return _("%(first)s to %(last)s") % {"first": stated[0], "last": stated[1]}
    if len(stated) == 1 and first and not last:
        return _("from %(year)s") % {"year": stated[0]}
    if len(stated) == 1:
        return _("until %(year)s") % {"year": stated[0]}
    return stated[0]


def size(value: int) -> str:
    """A number of bytes, rounded: "240 kB", "1.4 MB"."""
    if value < 1000:
        return _("%(size)s bytes") % {"size": number(value)}
    if value < 999_500:
        return _("%(size)s kB") % {"size": number(max(1, round(value / 1000)))}
    megabytes = formats.number_format(round(value / 1_000_000, 1), decimal_pos=1, use_l10n=True)
    return _("%(size)s MB") % {"size": megabytes}
