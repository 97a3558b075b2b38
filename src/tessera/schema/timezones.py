"""Time zones by the names that people and programs give them."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def time_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name such as "Europe/Vilnius"; None for any other text.

    A name is looked up as a file: one that is a folder there ("Europe") or too long for a file
    is an OSError, and no zone either.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
