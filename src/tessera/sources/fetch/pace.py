"""How fast a host is asked, and how long to wait after a failure."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


@dataclass(slots=True)
class Pace:
    """When each host was asked last, and the pauses that they want.

    first_pause: seconds after a first failure; each further one doubles it.
    """

    first_pause: float = 1.0
    _last: dict[str, float] = field(default_factory=dict)
    _slower: dict[str, float] = field(default_factory=dict)

    def slow_down(self, origin: str, delay: float) -> None:
        """Leave at least so many seconds between two requests to an origin."""
        self._slower[origin] = delay

    def until(self, origin: str, delay: float) -> float:
        """Seconds until an origin may be asked again; it counts as asked then."""
        now = time.monotonic()
        pause = max(delay, self._slower.get(origin, 0.0))
        at = max(now, self._last.get(origin, now - pause) + pause)
        self._last[origin] = at
        return at - now

    def backoff(self, attempt: int) -> float:
        """Seconds before another attempt; a little different for everyone who waits."""
        spread = 0.75 + random.random() / 2  # noqa: S311 - no secret hangs on it  # nosec B311
        return self.first_pause * float(2**attempt) * spread


def retry_after(header: str) -> float | None:
    """The pause that a Retry-After asks for: seconds, or a date; None where it states neither."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
