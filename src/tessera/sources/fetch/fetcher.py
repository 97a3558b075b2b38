"""One run's requests to other sites: polite, bounded, and only to public addresses.

A fetcher belongs to one run and keeps nothing of its own on disk: what it should know of earlier
runs is given to it as a `Memory`, which the shell stores.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from tessera.sources.fetch.addresses import Endpoint, Refusal
from tessera.sources.fetch.body import BadBody, TooLarge, read_body
from tessera.sources.fetch.connection import Deadline, reason_of, request
from tessera.sources.fetch.errors import (
    AddressRefused,
    BudgetSpent,
    FetchError,
    HttpError,
    LimitExceeded,
    RobotsRefused,
    Unreachable,
)
from tessera.sources.fetch.pace import Pace, retry_after
from tessera.sources.fetch.robots import Rules, rules_of
from tessera.sources.fetch.urls import Parts, UrlError, parts_of

PRODUCT: Final = "Tessera"
"""The name by which a robots.txt can speak to us."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})
_TRANSIENT: Final = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take, and one answer of it.

    size: bytes of one answer, unpacked. seconds: for one answer, from connecting to its last
    byte. redirects: of one request. depth: of lists that lead to lists (sitemaps). requests,
    total_size, total_seconds: of the whole run. delay: seconds between two requests to a host.
    retries: after a failure that may pass. patience: the longest pause that a site can ask for.
    """

    size: int = 50_000_000
    seconds: float = 60.0
    redirects: int = 5
    depth: int = 3
    requests: int = 5_000
    total_size: int = 500_000_000
    total_seconds: float = 3_600.0
    delay: float = 1.0
    retries: int = 3
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of an address from last time: its validators, and the body they stand for."""

    etag: str
    last_modified: str
    body: bytes


class Memory(Protocol):
    """What earlier runs learned; kept by whoever runs the fetcher."""

    def recall(self, url: str) -> Remembered | None:
        """What was remembered of an address."""

    def remember(self, url: str, what: Remembered) -> None:
        """Keep this for next time."""


@dataclass(frozen=True, slots=True)
class Response:
    """A good answer. url: where it came from in the end. body: unpacked, or its essence.

    content_type: as the site states it. unchanged: the site says that it is as last time, and
    `body` is that of last time.
    """

    url: str
    body: bytes
    content_type: str = ""
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """A good answer whose body wasn't read. url: where it came from in the end.

    moved: it stands there for good now (every redirect on the way was 301 or 308).
    """

    url: str
    status: int
    moved: bool


@dataclass(slots=True)
class Fetcher:
    """See the module.

    agent: of the User-Agent, such as "Tessera/1.0 (+https://portal.example.org)". allowed:
    addresses of private networks, each with its port, that may be asked all the same. noted:
    what the next run should know if this one goes well; whoever runs the fetcher keeps it then.
    """

    agent: str
    limits: Limits = Limits()
    allowed: Set[Endpoint] = frozenset()
    memory: Memory | None = None
    spent_requests: int = 0
    spent_bytes: int = 0
    noted: dict[str, bytes] = field(default_factory=dict)
    _started: float = field(default_factory=time.monotonic)
    _pace: Pace = field(default_factory=Pace)
    _rules: dict[str, Rules] = field(default_factory=dict)

    def get(
        self, url: str, *, accept: str = "*/*", essence: Callable[[bytes], bytes] | None = None
    ) -> Response:
        """What stands at an address; redirects are followed. Raises FetchError.

        essence: the part of the body that matters, which is then the body of the response and
        what is remembered, so that a large page costs little to keep.
        """
        parts = self._parts(url, url)
        known = None if self.memory is None else self.memory.recall(parts.url)
        headers = {"Accept": accept}
        if known and known.etag:
            headers["If-None-Match"] = known.etag
        if known and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        final, answer, body = self._followed(parts, headers)
        kind = answer.headers.get("Content-Type", "")
        if answer.status == 304:
            if known is None:
                raise HttpError(url, 304, "answers 304 though it was asked for no change")
            return Response(final, known.body, kind, unchanged=True)
        body = essence(body) if essence else body
        etag = answer.headers.get("ETag", "")
        modified = answer.headers.get("Last-Modified", "")
        if self.memory is not None and (etag or modified):
            self.memory.remember(parts.url, Remembered(etag, modified, body))
        return Response(final, body, kind)

    def known(self, key: str) -> bytes:
        """What an earlier run noted or kept under a key (no address); empty where none did."""
        found = self.memory.recall(key) if self.memory is not None else None
        return found.body if found else b""

    def keep(self, key: str, what: bytes) -> None:
        """Keep something for the next run, however this one ends."""
        if self.memory is not None:
            self.memory.remember(key, Remembered("", "", what))

    def _parts(self, url: str, asked: str) -> Parts:
        try:
            return parts_of(url)
        except UrlError as error:
            where = asked if url == asked else f"{asked} leads to {url[:200]}"
            raise AddressRefused(where, str(error)) from None

    def probe(self, url: str) -> Probe:
        """Whether something stands at an address; its body is not read. Raises FetchError.

        Asked by HEAD, and by GET up to the headers where a site answers that badly.
        """
        hops: list[int] = []
        final, answer, _ = self._followed(
            self._parts(url, url), {"Accept": "*/*"}, hops=hops, method="HEAD"
        )
        return Probe(final, answer.status, bool(hops) and set(hops) <= _PERMANENT)

    def _followed(
        self,
        parts: Parts,
        headers: dict[str, str],
        *,
        robots: bool = True,
        hops: list[int] | None = None,
        method: str = "GET",
    ) -> tuple[str, BaseHTTPResponse, bytes]:
        """The last answer of a chain of redirects, with its body where it is a good one.

        hops: gets the status of each redirect.
        """
        asked = parts.url
        seen = {parts.url}
        for _ in range(self.limits.redirects + 1):
            if robots:
                self._ask_robots(parts)
            answer, body = self._patiently(parts, headers, method)
            if answer.status not in _REDIRECTS:
                return parts.url, answer, body
            target = answer.headers.get("Location", "")
            if not target:
                raise HttpError(parts.url, answer.status, "is sent on to nowhere (no Location)")
            following = self._parts(urljoin(parts.url, target), asked)
            if following.url in seen:
                raise LimitExceeded(
                    asked, f"is sent on in a circle, by way of {following.url}", "redirects"
                )
            if parts.scheme == "https" and following.scheme == "http":
                raise AddressRefused(asked, f"is sent on without encryption, to {following.url}")
            seen.add(following.url)
            if hops is not None:
                hops.append(answer.status)
            parts = following
        message = f"is sent on more than {self.limits.redirects} times"
        raise LimitExceeded(asked, message, "redirects")

    def _ask_robots(self, parts: Parts) -> None:
        rules = self._rules.get(parts.origin)
        if rules is None:
            rules = self._rules[parts.origin] = self._read_robots(parts)
            self._pace.slow_down(parts.origin, rules.delay(PRODUCT))
        refused = rules.refusal(parts.url, PRODUCT)
        if refused:
            raise RobotsRefused(parts.url, refused, rules.reason)

    def _read_robots(self, parts: Parts) -> Rules:
        place = parts_of(f"{parts.origin}/robots.txt")
        try:
            _, answer, body = self._followed(place, {"Accept": "text/plain"}, robots=False)
        except HttpError as error:
            return rules_of(error.status, b"")
        except LimitExceeded as error:
            if isinstance(error, BudgetSpent):
                raise
            problem = f"its robots.txt can't be read: {error.message}"
            return Rules(problem=problem, reason=error.reason)
        return rules_of(answer.status, body)

    def _patiently(
        self, parts: Parts, headers: dict[str, str], method: str
    ) -> tuple[BaseHTTPResponse, bytes]:
        """One answer that is no error, tried again where a failure may pass."""
        if method == "HEAD":
            return self._lightly(parts, headers)
        for attempt in range(self.limits.retries + 1):
            last = attempt == self.limits.retries
            try:
                answer, body = self._once(parts, headers)
            except Unreachable:
                if last:
                    raise
                self._wait(self._pace.backoff(attempt))
                continue
            if answer.status < 400:
                return answer, body
            wait = retry_after(answer.headers.get("Retry-After", ""))
            if answer.status in _TRANSIENT and not last:
                pause = self._pace.backoff(attempt) if wait is None else wait
                if pause <= self.limits.patience:
                    self._wait(pause)
                    continue
            raise HttpError(parts.url, answer.status, _said(answer, wait))
        raise Unreachable(parts.url, "was not asked")  # a run without a single attempt

    def _lightly(self, parts: Parts, headers: dict[str, str]) -> tuple[BaseHTTPResponse, bytes]:
        """One answer's headers, once; many sites answer HEAD with an error, or not at all."""
        try:
            answer, body = self._once(parts, headers, "HEAD")
        except Unreachable as error:
            if error.reason:
                raise
        else:
            if answer.status < 400:
                return answer, body
            if answer.status == 429:
                raise HttpError(parts.url, 429, _said(answer, None))
        answer, body = self._once(parts, headers, read=False)
        if answer.status >= 400:
            raise HttpError(parts.url, answer.status, _said(answer, None))
        return answer, body

    def _once(
        self, parts: Parts, headers: dict[str, str], method: str = "GET", *, read: bool = True
    ) -> tuple[BaseHTTPResponse, bytes]:
        self._take_turn(parts)
        sent = {"User-Agent": self.agent, "Accept-Encoding": "gzip", **headers}
        whole = read and method == "GET"
        seconds = min(self.limits.seconds, self._seconds_left())
        most = min(self.limits.size, self.limits.total_size - self.spent_bytes)
        with Deadline(seconds) as deadline:
            try:
                answer = request(
                    parts.scheme, parts.host, parts.port, parts.target, sent,
                    allowed=self.allowed, deadline=deadline, method=method,
                )  # fmt: skip
                try:
                    body = read_body(answer, most) if whole and answer.status == 200 else b""
                finally:
                    answer.close()
            except Refusal as error:
                raise AddressRefused(parts.url, str(error)) from None
            except TooLarge:
                raise self._too_large(parts.url, most) from None
            except BadBody as error:
                raise LimitExceeded(parts.url, f"its answer {error}") from None
            except (HTTPError, OSError, ValueError) as error:
                if deadline.passed:
                    message = f"did not answer in full within {seconds:,.0f} seconds"
                    raise LimitExceeded(parts.url, message, "time") from None
                raise Unreachable(parts.url, _plainly(error), reason_of(error)) from None
        if deadline.passed:
            message = f"did not answer in full within {seconds:,.0f} seconds"
            raise LimitExceeded(parts.url, message, "time")
        self.spent_bytes += len(body)
        if whole and answer.status < 400 and answer.status not in {200, 304, *_REDIRECTS}:
            raise HttpError(parts.url, answer.status, f"answers {answer.status}, not 200")
        return answer, body

    def _too_large(self, url: str, most: int) -> FetchError:
        if most < self.limits.size:
            total = self.limits.total_size / 1e6
            return BudgetSpent(url, f"the run has fetched {total:,.0f} MB, all that it may")
        return LimitExceeded(url, f"is larger than {self.limits.size / 1e6:,.1f} MB")

    def _take_turn(self, parts: Parts) -> None:
        """Wait until the host may be asked again, and count the request."""
        if self.spent_requests >= self.limits.requests:
            message = f"the run has made {self.limits.requests:,} requests, all that it may"
            raise BudgetSpent(parts.url, message)
        self._wait(self._pace.until(parts.origin, self.limits.delay))
        if self._seconds_left() <= 0:
            minutes = self.limits.total_seconds / 60
            raise BudgetSpent(parts.url, f"the run has taken {minutes:,.0f} minutes, all it may")
        self.spent_requests += 1

    def _seconds_left(self) -> float:
        return self._started + self.limits.total_seconds - time.monotonic()

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(min(seconds, max(0.0, self._seconds_left())))


def _said(answer: BaseHTTPResponse, wait: float | None) -> str:
    what = f"answers {answer.status} {answer.reason or ''}".rstrip()
    if wait is not None:
        return f"{what} and asks for {wait:,.0f} seconds of patience"
    return what


def _plainly(error: Exception) -> str:
    """An error of the connection, without the names of Python's objects."""
    text = str(error)
    _, found, after = text.partition("): ")
    return f"can't be reached: {after if found else text or type(error).__name__}"
