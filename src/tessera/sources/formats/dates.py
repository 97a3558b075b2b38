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

from tessera.sources.formats.date_words import (
    FILLING,
    JOINING,
    SUFFIXES,
    ZONES,
    fold,
    month_names,
)

Order = Literal["", "dmy", "mdy"]
"""How the source writes a date in numbers; empty: not known."""

MAX_LENGTH: Final = 200


class DateError(ValueError):
    """A text that is no date, or could be two."""


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
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[./\-&+]|\S")
_NUMERIC: Final = re.compile(r"\d{1,4}\s*([./-])\s*\d{1,2}\s*\1\s*\d{1,4}\.?|\d{1,4}-\d{1,2}")


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
    sides = _sides(rest)
    named = any(_names_month(token) for side in sides for token in side)
    parsed = [_partial(side, written, order, lang, named=named) for side in sides]
    dates = _completed(parsed, written)
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


def _sides(text: str) -> list[list[str]]:
    """The parts between joining words or dashes, as tokens."""
    if _NUMERIC.fullmatch(text.strip()):
        return [_TOKEN.findall(text)]
    sides: list[list[str]] = [[]]
    tokens = _TOKEN.findall(text)
    named = any(map(_names_month, tokens))
    for place, part in enumerate(tokens):
        word = fold(part)
        joins = part == "-" or (part == "/" and named) or (part == "," and _lists(tokens, place))
        if joins or (word in JOINING and _joins(tokens, place)):
            if sides[-1]:
                sides.append([])
            continue
        sides[-1].append(part)
    return [side for side in sides if any(t[0].isalnum() for t in side)]


def _names_month(token: str) -> bool:
    return any(month_names().get(fold(token), ()))


def _joins(tokens: list[str], place: int) -> bool:
    """Whether a word between tokens joins: it has a number or a month on both sides."""

    def tells(token: str) -> bool:
        return token.isdigit() or fold(token) in month_names()

    return any(map(tells, tokens[:place])) and any(map(tells, tokens[place + 1 :]))


def _lists(tokens: list[str], place: int) -> bool:
    """Whether a comma stands between two days of a list, as in "14, 15 and 16 May"."""
    before, after = tokens[place - 1 : place], tokens[place + 1 : place + 3]
    return (
        bool(before)
        and before[0].isdigit()
        and len(before[0]) < 3
        and bool(after)
        and after[0].isdigit()
        and len(after[0]) < 3
    )


@dataclass(frozen=True, slots=True)
class _Partial:
    """What one side of a range says; the rest stands on the other."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def _partial(tokens: list[str], written: str, order: Order, lang: str, *, named: bool) -> _Partial:
    """named: a side has the month in words, so that numbers are days and years."""
    month: int | None = None
    numbers: list[str] = []
    marks = ""
    for part in tokens:
        if part.isdigit():
            if not part.isascii() or len(part) > 4:
                raise DateError(f"{written!r} is not a date such as 2018-11-13")
            numbers.append(part)
        elif part in "./-":
            marks += part
        elif part[0].isalpha():
            meant = _month(part, written, lang, after_number=bool(numbers))
            if meant and month and meant != month:
                raise DateError(f"{written!r} names two months, expected one date")
            month = meant or month
        elif part not in ",;()&+'’":
            raise DateError(f"{written!r} is not a date such as 2018-11-13")
    if month is not None or (named and len(numbers) <= 2 and "." not in marks[:-1]):
        return _named(month, numbers, written)
    return _numeric(numbers, marks, written, order)


def _month(word: str, written: str, lang: str, *, after_number: bool) -> int | None:
    """The month that a word names, None for a word without meaning; else DateError."""
    folded = fold(word)
    found = month_names().get(folded, {})
    months = {number: langs for number, langs in found.items() if number}
    if len(months) > 1:
        chosen = [number for number, langs in months.items() if lang in langs]
        if len(chosen) != 1:
            readings = " or ".join(f"month {n} ({', '.join(sorted(months[n]))})" for n in months)
            raise DateError(f"{written!r}: {word!r} is {readings}; the language must be given")
        return chosen[0]
    if months:
        return next(iter(months))
    if 0 in found or folded in FILLING or folded in JOINING:
        return None
    if after_number and SUFFIXES.match(folded):
        return None
    raise DateError(f"{written!r} is not a date: {word!r} is neither a month nor a weekday")


def _named(month: int | None, numbers: list[str], written: str) -> _Partial:
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) <= 2]
    if len(years) > 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        raise DateError(f"{written!r} is not a date such as 13 November 2018")
    return _Partial(years[0] if years else None, month, days[0] if days else None)


def _numeric(numbers: list[str], marks: str, written: str, order: Order) -> _Partial:
    values = [int(number) for number in numbers]
    long = [len(number) == 4 for number in numbers]
    if len(values) == 1:
        return _Partial(year=values[0]) if long[0] else _Partial(day=values[0])
    if len(values) == 2:
        if long[0] and not long[1]:
            return _Partial(values[0], values[1])
        if long[1] and not long[0]:
            return _Partial(values[1], values[0])
        day, month = _day_month(values[0], values[1], marks, written, order)
        return _Partial(None, month, day)
    if len(values) == 3 and sum(long) == 1 and not long[1]:
        if long[0]:
            return _Partial(*values)
        day, month = _day_month(values[0], values[1], marks, written, order)
        return _Partial(values[2], month, day)
    if len(values) == 3 and not any(long):
        raise DateError(f"{written!r} has a year of two digits, expected four, as in 2018-11-13")
    raise DateError(f"{written!r} is not a date such as 2018-11-13")


def _day_month(first: int, second: int, marks: str, written: str, order: Order) -> tuple[int, int]:
    """Day and month of two numbers. With full stops the day comes first, all over Europe."""
    if order == "mdy":
        return second, first
    if order == "dmy" or marks.strip(".") == "" or first == second or first > 12:
        return first, second
    if second > 12:
        return second, first
    raise DateError(
        f"{written!r} can be day {first} of month {second} or day {second} of month {first}; "
        "state the order of the source, or write 2018-11-13"
    )


def _completed(parsed: list[_Partial], written: str) -> list[_Partial]:
    """Each side with the year and month that stand on another side only."""
    if not parsed:
        raise DateError(f"{written!r} is not a date such as 2018-11-13")
    years = [each.year for each in parsed if each.year is not None]
    months = [each.month for each in parsed if each.month is not None]
    if not years:
        raise DateError(f"{written!r} has no year")
    complete = []
    for each in parsed:
        if each.month is None and each.day is not None:
            if len(set(months)) != 1:
                raise DateError(f"{written!r} has a day without a month")
            each = replace(each, month=months[0])
        if each.year is None:
            each = replace(each, year=years[0])
        complete.append(each)
    if len(years) == 1 and len(complete) > 1 and parsed[0].year is None:
        first, last = complete[0], complete[-1]
        if first.month and last.month and first.month > last.month and last.year is not None:
            complete[0] = replace(first, year=last.year - 1)  # 28 December - 3 January 2019
    return complete


def _range(dates: list[_Partial], written: str) -> ParsedRange:
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
