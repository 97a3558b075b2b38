"""What the sides of a written date say: days, months in words or numbers, years."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from tessera.sources.formats.date_words import FILLING, JOINING, SUFFIXES, fold, month_names

Order = Literal["", "dmy", "mdy"]
"""How the source writes a date in numbers; empty: not known."""


class DateError(ValueError):
    """A text that is no date, or could be two."""


_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[./\-&+]|\S")
_NUMERIC: Final = re.compile(r"\d{1,4}\s*([./-])\s*\d{1,2}\s*\1\s*\d{1,4}\.?|\d{1,4}-\d{1,2}")


def sides_of(text: str) -> list[list[str]]:
    """The parts between joining words or dashes, as tokens."""
    if _NUMERIC.fullmatch(text.strip()):
        return [_TOKEN.findall(text)]
    sides: list[list[str]] = [[]]
    tokens = _TOKEN.findall(text)
    named = any(map(names_month, tokens))
    for place, part in enumerate(tokens):
        word = fold(part)
        joins = part == "-" or (part == "/" and named) or (part == "," and _lists(tokens, place))
        if joins or (word in JOINING and _joins(tokens, place)):
            if sides[-1]:
                sides.append([])
            continue
        sides[-1].append(part)
    return [side for side in sides if any(t[0].isalnum() for t in side)]


def names_month(token: str) -> bool:
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
class Partial:
    """What one side of a range says; the rest stands on the other."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def partial(tokens: list[str], written: str, order: Order, lang: str, *, named: bool) -> Partial:
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


def _named(month: int | None, numbers: list[str], written: str) -> Partial:
    years = [int(n) for n in numbers if len(n) == 4]
    days = [int(n) for n in numbers if len(n) <= 2]
    if len(years) > 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        raise DateError(f"{written!r} is not a date such as 13 November 2018")
    return Partial(years[0] if years else None, month, days[0] if days else None)


def _numeric(numbers: list[str], marks: str, written: str, order: Order) -> Partial:
    values = [int(number) for number in numbers]
    long = [len(number) == 4 for number in numbers]
    if len(values) == 1:
        return Partial(year=values[0]) if long[0] else Partial(day=values[0])
    if len(values) == 2:
        if long[0] and not long[1]:
            return Partial(values[0], values[1])
        if long[1] and not long[0]:
            return Partial(values[1], values[0])
        day, month = _day_month(values[0], values[1], marks, written, order)
        return Partial(None, month, day)
    if len(values) == 3 and sum(long) == 1 and not long[1]:
        if long[0]:
            return Partial(*values)
        day, month = _day_month(values[0], values[1], marks, written, order)
        return Partial(values[2], month, day)
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


def completed(parsed: list[Partial], written: str) -> list[Partial]:
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
