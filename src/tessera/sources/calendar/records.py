"""From an event of a calendar to a record of each of its occurrences."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import recurring_ical_events
from icalendar import Calendar

from tessera.schema.timezones import time_zone
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.drafting import left_out, needed, warning
from tessera.sources.formats.language import detect_language, language_code
from tessera.sources.formats.text import shortened
from tessera.sources.formats.webtext import is_web_address, plain_line, plain_text

MAX_OCCURRENCES: Final = 1_000
"""Of one series within the window; a yearly, weekly or daily one has fewer in two years."""

_OFTEN: Final = re.compile(r"^RRULE[^:]*:.*FREQ=(SECONDLY|MINUTELY|HOURLY)", re.I | re.M)
_REPEATS: Final = re.compile(r"^(?:RRULE|RDATE)[;:].*$", re.I | re.M)
_ONLINE: Final = re.compile(r"\b(?:online|virtual|webinar|zoom|teams|on-line)\b", re.I)
Event = Any
"""A VEVENT of icalendar, whose declared types are the union of all that any property can be."""

_BROKEN: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError)
"""What the readers of iCalendar raise at values of the wrong form; a time zone is a file."""


def records(item: Item) -> Iterator[dict[str, Any] | ItemError]:
    """The occurrences of an item in the shape of the interchange format."""
    raw = item.raw
    events = "\n".join(raw["events"])
    series = "window" in raw
    often = _OFTEN.search(events)
    if often:
        message = f"repeats {often[1].lower()}, which no event does; its first time alone is taken"
        yield warning(item, message, "RRULE")
        events, series = _REPEATS.sub("", events), False
    zone = raw["calendar"].get("X-WR-TIMEZONE", "")
    if zone and time_zone(zone) is None:
        message = f"{shortened(zone)!r} is no time zone; times that state none are taken as written"
        yield warning(item, message, "X-WR-TIMEZONE", value=zone)
        zone = ""
    try:
        found = _occurrences(raw, events, zone, series=series)
    except _BROKEN as error:
        message = f"can't be read as an event: {shortened(str(error), 200)}"
        yield ItemError("map", item.at(), message, item.key)
        return
    if len(found) > MAX_OCCURRENCES:
        message = (
            f"takes place {len(found):,} times from {raw['window'][0]} to {raw['window'][1]}; "
            f"the last {MAX_OCCURRENCES:,} of them are taken"
        )
        yield warning(item, message, "RRULE")
        found = found[-MAX_OCCURRENCES:]
    if not found:
        yield warning(item, "has no occurrence in the window of time that is taken")
    for occurrence in found:
        if str(occurrence.get("STATUS", "")).upper() != "CANCELLED":
            try:
                yield from _record(item, occurrence, zone, series=series)
            except _BROKEN as error:
                message = f"an occurrence can't be read: {shortened(str(error), 200)}"
                yield ItemError("map", item.at(), message, item.key)


def _occurrences(raw: dict[str, Any], events: str, zone: str, *, series: bool) -> list[Event]:
    """The occurrences in their order. zone: of times that state none, as the calendar says."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tessera//EN"]
    if zone:
        head.append(f"X-WR-TIMEZONE:{zone}")
    text = "\n".join([*head, *raw["zones"], events, "END:VCALENDAR"])
    query = recurring_ical_events.of(Calendar.from_ical(text.replace("\n", "\r\n")))
    if series:
        first, last = (date.fromisoformat(day) for day in raw["window"])
        found = query.between(first, last)
    else:
        found = list(query.all())
    return sorted(found, key=lambda each: _instant(each["DTSTART"].dt))


def _instant(value: date | datetime) -> str:
    """A point of time as text that sorts: in UTC where it has a zone."""
    if not isinstance(value, datetime):
        return value.strftime("%Y%m%d")
    if value.tzinfo is not None:
        return value.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    return value.strftime("%Y%m%dT%H%M")


def _record(
    item: Item, event: Event, zone: str, *, series: bool
) -> Iterator[dict[str, Any] | ItemError]:
    title = plain_line(str(event.get("SUMMARY", "")))
    if not title:
        yield needed(item, "SUMMARY", "is empty; it names the event")
        return
    html = str(event.get("X-ALT-DESC", ""))
    text = plain_text(str(event.get("DESCRIPTION", "")) or html)
    stated = event.get("SUMMARY")
    written = str(stated.params.get("LANGUAGE", "")) if hasattr(stated, "params") else ""
    lang = language_code(written) or detect_language(f"{title} {text}", words=4) or "und"
    values: dict[str, Any] = {
        "id": _id(item, event, series=series),
        "kind": "event",
        "title": {lang: title},
        "text": {lang: text} if text else {},
        "themes": _categories(event),
        "calendar": item.raw["calendar"].get("X-WR-CALNAME", ""),
    }
    values |= _when(event, zone)
    if values.get("ends", "")[:10] and values["ends"] < values["starts"]:
        message = f"ends at {values['ends']}, before it starts; the end is left out"
        yield warning(item, message, value=values["ends"], mend=MEND["order"])
        del values["ends"]
    url, place = str(event.get("URL", "")).strip(), plain_line(str(event.get("LOCATION", "")))
    if is_web_address(place):
        url, place, values["online"] = url or place, "", True
    elif _ONLINE.search(place):
        values["online"] = True
    if is_web_address(url):
        values["url"] = url
    elif url:
        yield left_out(item, f"{shortened(url)!r} is no address of the web", "URL", url, "url")
    values["place"] = place
    yield {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _id(item: Item, event: Event, *, series: bool) -> str:
    """Of the UID and, in a series, of when the occurrence was first meant to be: one that is moved
    stays the same record."""
    own = f"calendar:{hashlib.sha256(item.key.encode()).hexdigest()[:16]}"
    if not series:
        return own
    meant = event.get("RECURRENCE-ID") or event["DTSTART"]
    return f"{own}:{_instant(meant.dt)}"


def _when(event: Event, zone: str) -> dict[str, Any]:
    starts = event["DTSTART"].dt
    if "DTEND" in event:
        ends = event["DTEND"].dt
    elif "DURATION" in event:
        ends = starts + event["DURATION"].dt
    else:
        ends = None
    if ends is not None and not isinstance(ends, datetime):
        # The end of whole days is the day after (RFC 5545, 3.6.1).
        ends = max(ends - timedelta(days=1), starts) if not isinstance(starts, datetime) else ends
    name = str(getattr(starts.tzinfo, "key", "")) if isinstance(starts, datetime) else ""
    found = {"starts": starts.isoformat(), "timezone": name}
    if isinstance(starts, datetime) and starts.tzinfo is None:
        found["timezone"] = zone
    if ends is not None:
        found["ends"] = ends.isoformat()
    return found


def _categories(event: Event) -> list[str]:
    stated = event.get("CATEGORIES") or []
    parts = stated if isinstance(stated, list) else [stated]
    words = [str(word) for part in parts for word in getattr(part, "cats", [])]
    return list(dict.fromkeys(word for each in words if (word := plain_line(each))))
