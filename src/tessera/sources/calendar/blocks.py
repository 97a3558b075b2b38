"""An iCalendar text as its events, each as text, so that a broken one costs no other.

What concerns persons (attendees, organisers, contacts) and what changes with every export
(`DTSTAMP`) is left out before anything is stored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tessera.sources.delivered import Unreadable
from tessera.sources.formats.encoding import decode

_LEFT_OUT: Final = frozenset(
    {"ATTENDEE", "ORGANIZER", "CONTACT", "DTSTAMP", "CREATED", "ATTACH", "LAST-MODIFIED",
     "X-MICROSOFT-CDO-APPT-SEQUENCE", "COMMENT", "REQUEST-STATUS"}
)  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_ZONE: Final = re.compile(r";TZID=(?:\"([^\"]+)\"|([^;:]+))", re.IGNORECASE)
_TEMPLATE: Final = re.compile(
    r"^(?:BEGIN|END|UID|DTSTART|DTEND|METHOD)\b.*\{[{%]", re.IGNORECASE | re.MULTILINE
)
"""A place where a generator of sites puts in what an event has."""
MAX_LINE: Final = 200_000


@dataclass(slots=True)
class Block:
    """A VEVENT: its lines, unfolded; line: where it begins, from 1. values: the first of each
    property, as written. complete: its END was there."""

    line: int
    lines: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    complete: bool = False

    @property
    def text(self) -> str:
        return "\n".join(["BEGIN:VEVENT", *self.lines, "END:VEVENT"])

    @property
    def zones(self) -> set[str]:
        """Names of the time zones that it goes by."""
        return {quoted or bare for line in self.lines for quoted, bare in _ZONE.findall(line)}


@dataclass(slots=True)
class CalendarText:
    """values: of the calendar, such as X-WR-CALNAME. zones: the VTIMEZONE of each name."""

    values: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    events: list[Block] = field(default_factory=list)


def read_calendar(data: bytes) -> CalendarText:
    """The parts of a calendar; raises Unreadable where it is none."""
    found = CalendarText()
    inside: list[str] = []
    block: Block | None = None
    zone: list[str] = []
    text = decode(data)[0]
    if _TEMPLATE.search(text):
        raise Unreadable(
            "is the template from which a site makes its calendar; give the calendar itself, as "
            "the site publishes it"
        )
    for number, line in _unfolded(text):
        name = (_NAME.match(line) or [""])[0].upper()
        value = line.partition(":")[2].strip()
        if name == "BEGIN":
            inside.append(value.upper())
            if value.upper() == "VEVENT":
                block = Block(number)
                found.events.append(block)
                continue
        if "VTIMEZONE" in inside:
            zone.append(line)
        if name == "END":
            ended = value.upper()
            if ended == "VEVENT" and block is not None:
                block.complete, block = True, None
            if ended == "VTIMEZONE":
                _keep_zone(found, zone)
                zone = []
            if ended in inside:
                del inside[len(inside) - 1 - inside[::-1].index(ended) :]
            continue
        if block is not None and inside[-1:] == ["VEVENT"] and name and name not in _LEFT_OUT:
            block.lines.append(line)
            block.values.setdefault(name, value)
        elif inside[-1:] == ["VCALENDAR"]:
            found.values.setdefault(name, value)
    if not found.events and not found.values and "VCALENDAR" not in inside:
        raise Unreadable("is no calendar; expected iCalendar, which begins with BEGIN:VCALENDAR")
    return found


def _keep_zone(found: CalendarText, lines: list[str]) -> None:
    name = next((line.partition(":")[2].strip() for line in lines if line[:5] == "TZID:"), "")
    if name:
        found.zones[name] = "\n".join(lines)


def _unfolded(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; those that begin with a blank go on from the one before."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line[:1] in (" ", "\t") and found:
            found[-1][1].append(line[1:])
        elif line.strip():
            found.append((number, [line]))
    return [(number, "".join(parts)[:MAX_LINE]) for number, parts in found]
