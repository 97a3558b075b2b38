"""When something was published, or takes place, as programs write it."""

from __future__ import annotations

from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tessera.sources.formats.dates import DateError, parse_date
from tessera.sources.formats.text import clean_line


def moment_of(text: str) -> tuple[date | datetime, str]:
    """A date or time, and its zone; ISO 8601, RFC 822, or as people write. Raises DateError."""
    written = clean_line(text)
    try:
        # Basic form, too: 20261004T090000Z.
        found = datetime.fromisoformat(written)
    except ValueError:
        pass
    else:
        short = len(written) == 8 and written.isdigit()
        return (found.date() if short or len(written) == 10 else found), ""
    try:
        return parsedate_to_datetime(written), ""
    except (ValueError, IndexError, OverflowError):
        parsed = parse_date(written)
        if parsed.precision in ("month", "year"):
            raise DateError(f"{parsed.note or repr(written)}; expected a day") from None
        return parsed.value, parsed.timezone


def day_of(text: str) -> date:
    """The day, in the zone in which it is written; raises DateError."""
    found, _ = moment_of(text)
    return found.date() if isinstance(found, datetime) else found


def moments(starts: str, ends: str, timezone: str = "") -> dict[str, Any]:
    """`starts`, `ends`, `timezone` of an event; raises DateError."""
    first, zone = moment_of(starts)
    found: dict[str, Any] = {"starts": first.isoformat()}
    if ends:
        last, _ = moment_of(ends)
        if last.isoformat()[:10] < first.isoformat()[:10]:
            raise DateError(f"the end, {ends}, lies before the start, {starts}")
        found["ends"] = last.isoformat()
    if timezone or zone:
        found["timezone"] = timezone or zone
    return found
