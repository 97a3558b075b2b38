"""`tessera import calendar FILE...`: the events of iCalendar files.

An item is an event with all that the calendar says of it: the series, and its occurrences that
were moved or called off. `map` makes a record of each occurrence within a window of time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Gone, Importer, Item, ItemError, SourceInfo
from tessera.sources.calendar.blocks import Block, CalendarText, read_calendar
from tessera.sources.calendar.records import records
from tessera.sources.delivered import Delivered, bounded_key, read_files, read_urls
from tessera.sources.drafting import all_drafted
from tessera.sources.fetch.urls import host_of
from tessera.sources.formats.text import storable
from tessera.sources.where import Where

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

ENDINGS: Final = frozenset({".ics", ".ical", ".ifb", ".icalendar"})
ACCEPT: Final = "text/calendar, */*;q=0.5"

YEARS_BACK: Final = 5
YEARS_AHEAD: Final = 2
"""The window in which occurrences of a series are taken, in whole months around today. An event
that takes place once is taken whenever that is."""

_SERIES: Final = ("RRULE", "RDATE")


class CalendarImporter:
    """See the module. today: for tests."""

    def __init__(self, info: SourceInfo, today: Callable[[], date] = date.today) -> None:
        self.info = info
        self._today = today

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """The events of each file."""
        seen: set[str] = set()
        yield from read_files(paths, ENDINGS, lambda delivered: self._items(delivered, seen))

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """The events of the calendar at each address."""
        seen: set[str] = set()
        # "webcal" is how calendars are offered to people; it is https to everyone else.
        asked = [f"https:{url[7:]}" if url.startswith("webcal:") else url for url in urls]
        yield from read_urls(asked, fetcher, ACCEPT, lambda delivered: self._items(delivered, seen))

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The occurrences of an event."""
        yield from all_drafted(records(item), item)

    def _items(self, delivered: Delivered, seen: set[str]) -> Iterator[Found]:
        calendar = read_calendar(delivered.body)
        groups: dict[str, list[Block]] = {}
        for block in calendar.events:
            where = Where.at(delivered.name, block.line, unit="line")
            if not block.complete:
                message = "the event breaks off; the file was cut short"
                yield ItemError("gather", where, message, _key(calendar, delivered, block))
                continue
            if block.values.get("CLASS", "PUBLIC").upper() not in ("PUBLIC", ""):
                message = f"is {block.values['CLASS'][:20]}, not public; left out"
                yield ItemError("gather", where, message, warning=True)
                continue
            key = _key(calendar, delivered, block)
            if not block.values.get("UID"):
                message = "has no UID; told from others by its name and start"
                yield ItemError("gather", where, message, warning=True)
            groups.setdefault(key, []).append(block)
        for key, blocks in groups.items():
            where = Where.at(delivered.name, blocks[0].line, unit="line")
            if key in seen:
                message = "an event of the same UID came in another file; the first one is taken"
                yield ItemError("gather", where, message, warning=True)
                continue
            seen.add(key)
            if _called_off(calendar, blocks):
                yield Gone(key, where)
            else:
                yield Item(key, storable(self._raw(calendar, blocks)), where)

    def _raw(self, calendar: CalendarText, blocks: list[Block]) -> dict[str, Any]:
        raw: dict[str, Any] = {
            "calendar": {
                name: calendar.values[name]
                for name in ("X-WR-CALNAME", "X-WR-TIMEZONE") if calendar.values.get(name)
            },
            "zones": [
                calendar.zones[name]
                for name in sorted(set().union(*(block.zones for block in blocks)))
                if name in calendar.zones
            ],
            "events": [block.text for block in blocks],
        }  # fmt: skip
        if any(name in block.values for block in blocks for name in _SERIES):
            # By months, so that an item isn't another one every day.
            today = self._today()
            raw["window"] = [
                today.replace(year=today.year - YEARS_BACK, day=1).isoformat(),
                today.replace(year=today.year + YEARS_AHEAD, day=1).isoformat(),
            ]
        return raw


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return CalendarImporter(info)


def _key(calendar: CalendarText, delivered: Delivered, block: Block) -> str:
    """The UID; one that may mean something in its calendar alone, with the calendar's name."""
    uid = block.values.get("UID", "")
    if not uid:
        told = f"{block.values.get('SUMMARY')}\n{block.values.get('DTSTART')}"
        uid = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:24]
    if "@" not in uid and len(uid) < 20:
        home = host_of(delivered.url) or calendar.values.get("X-WR-CALNAME") or delivered.name
        uid = f"{home}#{uid}"
    return bounded_key(uid)


def _called_off(calendar: CalendarText, blocks: list[Block]) -> bool:
    """Whether the event as a whole, by its latest version, does not take place."""
    whole = [block for block in blocks if "RECURRENCE-ID" not in block.values]
    if not whole:
        return False
    latest = max(enumerate(whole), key=lambda pair: (_sequence(pair[1]), pair[0]))[1]
    cancels = calendar.values.get("METHOD", "").upper() == "CANCEL"
    return cancels or latest.values.get("STATUS", "").upper() == "CANCELLED"


def _sequence(block: Block) -> int:
    text = block.values.get("SEQUENCE", "0")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0
