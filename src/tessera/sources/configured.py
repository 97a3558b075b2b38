"""A source as a site sets it up in tessera.toml: what reads it, whence, when, in what limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tessera.sources.fetch.addresses import Endpoint

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY: Final = re.compile(r"every (\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?)")
_DAILY: Final = re.compile(r"daily ([01]?\d|2[0-3]):([0-5]\d)")
_WEEKLY: Final = re.compile(rf"weekly ({'|'.join(_DAYS)})\w* ([01]?\d|2[0-3]):([0-5]\d)")
_UNITS: Final[Mapping[str, timedelta]] = {
    "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1),
}  # fmt: skip

LEAST: Final = timedelta(minutes=10)
"""Between two runs; asking more often is no politeness."""

RETRY: Final = timedelta(hours=1)
"""After a failed run, unless its next turn comes before."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a source is harvested: every so often, or at a time (UTC) of each day or week.

    every: between the beginnings of two runs. at: minutes after midnight; weekday: 0 is Monday.
    """

    written: str
    every: timedelta = timedelta(0)
    at: int = 0
    weekday: int | None = None

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Raises ValueError with what is expected."""
        written = " ".join(text.lower().split())
        if found := _EVERY.fullmatch(written):
            every = int(found[1]) * _UNITS[found[2][0]]
            if every < LEAST:
                raise ValueError(f"{text!r} is too often; expected 10 minutes or more")
            return cls(text, every)
        if found := _DAILY.fullmatch(written):
            return cls(text, at=int(found[1]) * 60 + int(found[2]))
        if found := _WEEKLY.fullmatch(written):
            at = int(found[2]) * 60 + int(found[3])
            return cls(text, at=at, weekday=_DAYS.index(found[1]))
        raise ValueError(
            f"{text!r} is no schedule; expected such as 'every 6h', 'daily 03:00' or "
            "'weekly mon 03:00' (UTC)"
        )

    def due(self, last: datetime | None, now: datetime, *, failed: bool = False) -> bool:
        """Whether a run is due, `last` being the beginning of the last one. Both in UTC."""
        if last is None or (failed and now - last >= RETRY):
            return True
        if self.every:
            return now - last >= self.every
        return last < self._turn(now)

    def _turn(self, now: datetime) -> datetime:
        """The last time that a run was to begin."""
        turn = now.replace(hour=self.at // 60, minute=self.at % 60, second=0, microsecond=0)
        if self.weekday is not None:
            turn -= timedelta(days=(now.weekday() - self.weekday) % 7)
        if turn > now:
            turn -= timedelta(days=1 if self.weekday is None else 7)
        return turn


LIMITS: Final[Mapping[str, str]] = {
    "max_requests": "requests", "max_megabytes": "total_size", "max_minutes": "total_seconds",
    "delay": "delay",
}  # fmt: skip
"""Key of tessera.toml -> field of `tessera.sources.fetch.fetcher.Limits`."""

UNITS: Final[Mapping[str, float]] = {"total_size": 1_000_000, "total_seconds": 60}
"""What one of a key's unit is in that of the field."""


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """One `[sources.SLUG]`: an importer over files or folders, or over addresses.

    schedule: None where it is harvested by hand alone. minimum, max_loss, max_errors: promises
    instead of the importer's own. limits: fields of `Limits` that differ. private: addresses of
    private networks that may be asked.
    """

    slug: str
    importer: str
    paths: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()
    name: str = ""
    licence: str = ""
    schedule: Schedule | None = None
    minimum: int | None = None
    max_loss: float | None = None
    max_errors: float | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    private: frozenset[Endpoint] = frozenset()


@dataclass(frozen=True, slots=True)
class LinkChecking:
    """Whether and when the links of records are checked, and what one run of that may take.

    schedule: None where it is done by hand alone. links: that are asked for. delay: seconds
    between two requests to one host. private: as of a source.
    """

    schedule: Schedule | None = None
    links: int = 1_000
    minutes: float = 30.0
    delay: float = 1.0
    private: frozenset[Endpoint] = frozenset()
