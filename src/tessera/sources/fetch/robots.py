"""robots.txt (RFC 9309): what a site wants fetched by programs, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from protego import Protego

from tessera.sources.fetch.errors import Reason

MAX_SIZE: Final = 512_000
"""Bytes of a robots.txt that are read; RFC 9309 asks for 500 KiB at least."""

MAX_DELAY: Final = 30.0
"""Seconds between requests that a Crawl-delay can ask for; more would make no run end."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. problem: why nothing may be fetched, where its rules are unknown.

    reason: what failed then, where that can be told.
    """

    parsed: Protego | None = None
    problem: str = ""
    reason: Reason = ""

    def refusal(self, url: str, agent: str) -> str:
        """Why an address is not to be fetched; empty where it may be."""
        if self.problem:
            return self.problem
        if self.parsed is not None and not self.parsed.can_fetch(url, agent):
            return "the site's robots.txt does not want it fetched by programs"
        return ""

    def delay(self, agent: str) -> float:
        """Seconds that the site asks for between two requests."""
        if self.parsed is None:
            return 0.0
        stated = self.parsed.crawl_delay(agent) or 0.0
        rate = self.parsed.request_rate(agent)
        if rate is not None and rate.requests:
            stated = max(stated, rate.seconds / rate.requests)
        return min(float(stated), MAX_DELAY)


def rules_of(status: int, body: bytes) -> Rules:
    """The rules that an answer to a request for robots.txt gives.

    Where there is none (4xx) all is allowed; where the server fails or asks for patience, nobody
    knows, and so nothing is.
    """
    if status == 429 or status >= 500:
        return Rules(problem=f"its robots.txt can't be read now (status {status}); try again later")
    if status >= 400:
        return Rules()
    return Rules(Protego.parse(body[:MAX_SIZE].decode("utf-8", "replace").lstrip("\ufeff")))
