"""Money and dates as lists of operations write them, in every country's way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from tessera.schema.vocabularies.folding import fold
from tessera.sources.conversion import amount
from tessera.sources.formats.dates import Order, parse_date_range
from tessera.sources.formats.text import clean_line
from tessera.sources.registry import read_settings

_MONEY: Final = re.compile(r"([^\d(-]*)(\(?-?[\d.,'’\s]*\d[.,'’\s]*\)?)([^\d]*)")
_AMBIGUOUS: Final = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_DASH_CENTS: Final = re.compile(r"([.,])\s*[-–—]+\s*$")
_SLASHED: Final = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?:\s.*)?", re.ASCII)
_SHORT_YEAR: Final = re.compile(
    r"(\d{1,2}\s*[./ -]\s*(?:\d{1,2}|[^\W\d]{3,9}\.?)\s*[./ -]\s*)(\d{2})"
)
_DASHED_MONTH: Final = re.compile(r"(\d{1,2})-([^\W\d]+\.?)-(\d{4})")
_COMPACT: Final = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_SCALES: Final = {
    "mio": 1_000_000, "mln": 1_000_000, "million": 1_000_000, "millions": 1_000_000,
    "millionen": 1_000_000, "tsd": 1000, "teur": 1000, "tys": 1000, "keur": 1000, "thousand": 1000,
    "thousands": 1000, "tis": 1000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Money:
    """amount: decimal text. currency: ISO 4217, "" where the cell names none. note: assumed."""

    amount: str
    currency: str = ""
    note: str = ""


@dataclass(slots=True)
class Forms:
    """How the cells of a column write numbers and dates: evidence for those that are ambiguous."""

    decimals: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)

    def see_amount(self, text: str) -> None:
        """Take the mark before the decimals from a cell that can be read in one way only."""
        bare = re.sub(r"[^\d.,]", "", _DASH_CENTS.sub("", text)).strip(".,")
        marks = [char for char in bare if char in ".,"]
        if not marks or _AMBIGUOUS.fullmatch(bare):
            return
        last = marks[-1]
        if len(marks) > 1 and len(set(marks)) == 1:
            self.decimals["," if last == "." else "."] += 1
        else:
            self.decimals[last] += 1

    def see_date(self, text: str) -> None:
        """Take the order of day and month from a cell that can be read in one way only."""
        slashed = _SLASHED.fullmatch(text)
        if slashed is None:
            return
        first, second = int(slashed[1]), int(slashed[2])
        if first > 12 >= second:
            self.orders["dmy"] += 1
        elif second > 12 >= first:
            self.orders["mdy"] += 1

    @property
    def decimal(self) -> str:
        """ "," or "."; "" where nothing tells."""
        return _most(self.decimals)

    @property
    def order(self) -> str:
        """ "dmy" or "mdy"; "" where nothing tells."""
        return _most(self.orders)


def money(text: str, decimal: str = "") -> Money:
    """An amount of money; raises ValueError. decimal: the mark in what can be read in two ways."""
    written = clean_line(text)
    cents = _DASH_CENTS.search(written)
    if cents:
        written, decimal = written[: cents.start()], cents[1]
    parts = _MONEY.fullmatch(written)
    if parts is None:
        raise ValueError(f"{text!r} is not an amount such as 1234.50")
    currency = currency_of(parts[1]) or currency_of(parts[3])
    rest = f"{parts[1]}{parts[3]}".strip(" .:*)")
    if rest and not currency:
        raise ValueError(f"{text!r} is not an amount such as 1234.50")
    digits = parts[2].strip().rstrip(".,'’ ")
    if digits.startswith("("):
        digits = "-" + digits.strip("() ")
    if _AMBIGUOUS.fullmatch(digits) and not decimal:
        mark = "," if "." in digits else "."
        value = amount(digits, {"decimal": mark})
        return Money(value, currency, f"amounts such as {digits!r} are read as {value}")
    if _AMBIGUOUS.fullmatch(digits):
        return Money(amount(digits, {"decimal": decimal}), currency)
    if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", digits):
        return Money(format(Decimal(digits), "f"), currency)
    return Money(amount(digits, {}), currency)


@cache
def words() -> Mapping[str, Any]:
    """`words.toml`, its words folded."""
    settings = read_settings(Path(__file__).with_name("words.toml"))
    folded: dict[str, Any] = {
        name: frozenset(map(fold, listed))
        for name, listed in settings.items()
        if isinstance(listed, list)
    }
    folded["currencies"] = {
        spelling: code
        for code, listed in settings["currencies"].items()
        for each in listed
        for spelling in (each, fold(each))
        if spelling
    }
    return folded


def is_empty(text: str) -> bool:
    """Whether a cell holds nothing, or a word or mark that says so."""
    key = fold(text)
    return not key or key in words()["empty"]


def currency_of(text: str) -> str:
    """The currency that a text names ("w zł", "[€]"); "" for none."""
    known: Mapping[str, str] = words()["currencies"]
    for sign in ("€", "£"):
        if sign in text:
            return known[sign]
    return next((known[word] for word in fold(text).split() if word in known), "")


def scale_of(name: str) -> int:
    """What a column's amounts are counted in: 1, 1000 or 1000000."""
    return next((_SCALES[word] for word in fold(name).split() if word in _SCALES), 1)


def day(text: str, *, order: str = "", lang: str = "", last: bool = False) -> tuple[str, str]:
    """A day in ISO form, and what was assumed. last: of a month or year its last day.

    order: "dmy" or "mdy". Raises ValueError.
    """
    written = clean_line(text).strip(" ,;")
    if _SERIAL.fullmatch(written) and 20_000 <= float(written) <= 60_000:
        found = _SERIAL_EPOCH + timedelta(days=int(float(written)))
        return found.isoformat(), "days are written as a workbook counts them, 42370 for 2016-01-01"
    compact = _COMPACT.fullmatch(written)
    if compact:
        written = f"{written[:4]}-{written[4:6]}-{written[6:]}"
    written, note = _full_year(written)
    written = _DASHED_MONTH.sub(r"\1 \2 \3", written)
    known: Order = "mdy" if order == "mdy" else "dmy" if order == "dmy" else ""
    span = parse_date_range(written, order=known, lang=lang)
    at = span.end if last else span.start
    if span.precision in ("month", "year"):
        note = f"published as a {span.precision}"
    elif span.start != span.end and span.precision != "time":
        raise ValueError(f"{text!r} is a span of time, expected one date")
    return at.isoformat()[:10], note


def span(text: str, *, order: str = "", lang: str = "") -> tuple[str, str]:
    """First and last day of a span of time such as "Mai 2012 - Janvier 2014"; ValueError."""
    known: Order = "mdy" if order == "mdy" else "dmy" if order == "dmy" else ""
    found = parse_date_range(re.sub(r"\(.*?\)", "", clean_line(text)), order=known, lang=lang)
    return found.start.isoformat()[:10], found.end.isoformat()[:10]


def _full_year(written: str) -> tuple[str, str]:
    """A date with a year of two digits, in full: 16 is 2016, 94 is 1994."""
    short = _SHORT_YEAR.fullmatch(written)
    if short is None:
        return written, ""
    century = 2000 if int(short[2]) < 60 else 1900
    return f"{short[1]}{century + int(short[2])}", "years of two digits are those since 1960"


def _most(votes: Counter[str]) -> str:
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
