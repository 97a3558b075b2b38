"""Dates and ranges of dates as people write them, in European languages.

What can be read in two ways is refused with both readings named; what is less than a day ("May
2018") is read as the first, or last, day with a `note` that says so. Nothing is guessed silently.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from tessera.sources.formats.date_sides import (
    DateError,
    Order,
    Partial,
    completed,
    names_month,
    partial,
    sides_of,
)
from tessera.sources.formats.date_words import ZONES

__all__ = ["DateError", "Order", "ParsedDate", "ParsedRange", "parse_date", "parse_date_range",
           "parse_time"]  # fmt: skip
MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """value: a date, or a datetime where a time is given. note: what was assumed, for people."""

    value: date | datetime
    precision: Literal["time", "day", "month", "year"] = "day"
    timezone: str = ""
    note: str = ""

    @property
    def day(self) -> date:
        return self.value.date() if isinstance(self.value, datetime) else self.value


@dataclass(frozen=True, slots=True)
class ParsedRange:
    """From `start` to `end`, both included; the same where one date is given."""

    start: date | datetime
    end: date | datetime
    precision: Literal["time", "day", "month", "year"] = "day"
    timezone: str = ""
    note: str = ""


_ISO: Final = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[T ]\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[A-Za-z]{2,5})?)?",
    re.ASCII,
)
_TIME: Final = re.compile(
    r"(?:\b(?:at|um|a|à|alle|kl\.?|o|от|в|ore|ob|u)\s+)?"
    r"(?<![\d.])(\d{1,2})[:h](\d{2})(?::\d{2})?(?:\s*[-–—]\s*(\d{1,2})[:h](\d{2}))?(?![\d.])"
    r"(?:\s*\(?([a-z]{1,5})\b\)?)?",
    re.IGNORECASE | re.ASCII,
)
_SUFFIXED: Final = re.compile(r"(?<=\d)-[^\W\d]+|(?<=\d)\s?[°ºª]")
_DASHES: Final = re.compile("[‐‑‒–—―−~]")


def parse_date(text: str, *, order: Order = "", lang: str = "") -> ParsedDate:
    """One date; raises DateError for none, several or an ambiguous one."""
    found = parse_date_range(text, order=order, lang=lang)
    if found.precision in ("month", "year"):
        if (found.start.year, found.start.month) != (found.end.year, found.end.month) and (
            found.precision == "month" or found.start.year != found.end.year
        ):
            raise DateError(f"{text!r} is a span of time, expected one date")
    elif found.start != found.end:
        raise DateError(f"{text!r} is a span of time, expected one date")
    return ParsedDate(found.start, found.precision, found.timezone, found.note)


def parse_date_range(text: str, *, order: Order = "", lang: str = "") -> ParsedRange:
    """A date or a span of dates, such as "13-14.11.2018" or "14th and 15th of May 2018".

    order: of day and month where a date is written in numbers that allow both readings.
    lang: of the text, for names that mean different months (listopad). Raises DateError.
    """
    written = unicodedata.normalize("NFC", text).strip()
    if not written:
        raise DateError("is empty, expected a date such as 2018-11-13")
    if len(written) > MAX_LENGTH:
        raise DateError(f"is a text of {len(written)} characters, expected a date")
    iso = _iso_range(written)
    if iso is not None:
        return iso
    rest, times = _split_times(_SUFFIXED.sub("", _DASHES.sub("-", written)))
    sides = sides_of(rest)
    named = any(names_month(token) for side in sides for token in side)
    parsed = [partial(side, written, order, lang, named=named) for side in sides]
    dates = completed(parsed, written)
    result = _range(dates, written)
    return _with_times(result, times, written)


def _day(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DateError(f"{written!r} is no day of the calendar") from None


def _iso_range(written: str) -> ParsedRange | None:
    whole = _ISO.fullmatch(written)
    if whole:
        value, zone = _iso_value(whole, written)
        precision: Literal["time", "day"] = "time" if isinstance(value, datetime) else "day"
        return ParsedRange(value, value, precision, zone)
    first, slash, second = (part.strip() for part in written.partition("/"))
    if not slash:
        for joint in (" - ", " – ", " to ", "–"):
            first, slash, second = (part.strip() for part in written.partition(joint))
            if slash:
                break
    one, two = _ISO.fullmatch(first), _ISO.fullmatch(second)
    if not slash or one is None or two is None:
        return None
    start, zone = _iso_value(one, written)
    end, _ = _iso_value(two, written)
    return _ordered(ParsedRange(start, end, "day", zone), written)


def _iso_value(match: re.Match[str], written: str) -> tuple[date | datetime, str]:
    day = _day(int(match["y"]), int(match["m"]), int(match["d"]), written)
    if match["H"] is None:
        return day, ""
    at = datetime.combine(day, _time(match["H"], match["M"], written, match["S"] or "0"))
    zone = match["zone"] or ""
    if zone[:1] in "+-" and zone:
        offset = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        try:
            return datetime.fromisoformat(at.isoformat() + offset), ""
        except ValueError:
            raise DateError(f"{written!r} has no offset of a time zone in {zone!r}") from None
    name = _zone(zone, written)
    return at.replace(tzinfo=ZoneInfo("UTC")) if name == "UTC" else at, name


def _zone(written_zone: str, written: str) -> str:
    if not written_zone:
        return ""
    name = ZONES.get(written_zone.casefold())
    if name is None:
        raise DateError(f"{written!r} has {written_zone!r}, which is no time zone known here")
    return name


def _time(hour: str, minute: str, written: str, second: str = "0") -> time:
    try:
        return time(int(hour), int(minute), int(second))
    except ValueError:
        raise DateError(f"{written!r} has no time of day in {hour}:{minute}") from None


@dataclass(frozen=True, slots=True)
class _Times:
    start: time | None = None
    end: time | None = None
    zone: str = ""


def parse_time(text: str) -> tuple[time, str]:
    """A time of day such as "13:30 CET" with its time zone (IANA, or empty)."""
    rest, times = _split_times(text.strip())
    if times.start is None or times.end is not None or rest.strip():
        raise DateError(f"{text!r} is not a time such as 13:30 or 13:30 CET")
    return times.start, times.zone


def _split_times(written: str) -> tuple[str, _Times]:
    """The text without its times of day, and these."""
    found = list(_TIME.finditer(written))
    if not found:
        return written, _Times()
    if len(found) > 2 or (len(found) == 2 and found[0][3]):
        raise DateError(f"{written!r} has several times, expected one date")
    zones = {match[5].casefold(): ZONES[match[5].casefold()] for match in found
             if match[5] and match[5].casefold() in ZONES}  # fmt: skip
    first, last = found[0], found[-1]
    start = _time(first[1], first[2], written)
    end: time | None = None
    if first[3]:
        end = _time(first[3], first[4], written)
    elif last is not first:
        end = _time(last[1], last[2], written)
    rest = written
    for match in reversed(found):
        kept = match[5] if match[5] and match[5].casefold() not in ZONES else ""
        rest = f"{rest[: match.start()]} {kept} {rest[match.end() :]}"
    rest = rest.strip().removesuffix("Uhr").removesuffix("uhr").strip(" ,;()")
    return rest, _Times(start, end, next(iter(zones.values()), ""))


def _range(dates: list[Partial], written: str) -> ParsedRange:
    spans = []
    precision: Literal["day", "month", "year"] = "day"
    for each in dates:
        year = each.year or 0
        if each.month is None:
            precision = "year"
            spans.append((_day(year, 1, 1, written), _day(year, 12, 31, written)))
        elif each.day is None:
            precision = "month" if precision == "day" else precision
            first = _day(year, each.month, 1, written)
            last = calendar.monthrange(year, each.month)[1]
            spans.append((first, first.replace(day=last)))
        else:
            day = _day(year, each.month, each.day, written)
            spans.append((day, day))
    note = "" if precision == "day" else f"the day is not stated, only {written!r}"
    found = ParsedRange(spans[0][0], spans[-1][1], precision, note=note)
    if len(spans) > 2:
        found = replace(found, note=f"several days are listed: {written!r}")
    return _ordered(found, written)


def _ordered(found: ParsedRange, written: str) -> ParsedRange:
    first, last = (v.date() if isinstance(v, datetime) else v for v in (found.start, found.end))
    if last < first:
        raise DateError(f"{written!r} ends before it begins")
    return found


def _with_times(found: ParsedRange, times: _Times, written: str) -> ParsedRange:
    if times.start is None:
        return found
    if found.precision != "day":
        raise DateError(f"{written!r} has a time of day, but no day")
    start = datetime.combine(found.start, times.start)
    end: date | datetime = start
    if times.end is not None:
        end = datetime.combine(found.end, times.end)
    elif found.end != found.start:
        end = found.end
    if times.zone == "UTC":
        start = start.replace(tzinfo=ZoneInfo("UTC"))
        end = end.replace(tzinfo=ZoneInfo("UTC")) if isinstance(end, datetime) else end
    if isinstance(end, datetime) and end < start:
        raise DateError(f"{written!r} ends before it begins")
    return replace(found, start=start, end=end, precision="time", timezone=times.zone)
