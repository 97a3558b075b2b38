"""Searches that found nothing: counted by text and day, and forgotten soon.

Nothing of who searched, from where or at what time is kept, or could be told from what is.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count, Max, Min, QuerySet, Sum
from django.utils import timezone

from tessera.engine.backend import Index
from tessera.engine.query import AS_TYPED, Query
from tessera.engine.result import Result
from tessera.wording.models import Unanswered
from tessera.wording.personal import kept_form

log = logging.getLogger(__name__)

LEAST: Final = 2
"""Times that a text must have been searched for to be shown: once may be one person's matter."""
ROOM: Final = 500
"""Texts that wait to be written; what comes while there are so many is not counted."""
PATIENCE: Final = 0.05
"""Seconds that writing may wait for the database, which answers others first."""
PAUSE: Final = 5.0
"""Seconds after which writing is tried again when the database was busy."""

_NO_READER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|archiver|preview|monitor|headless|scrapy|curl|wget|"
    r"python|java/|go-http|okhttp|libwww|httpclient|http_client|axios|node-fetch|perl",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Missed:
    """A text that found nothing: how often, on how many days, the first and the last of them."""

    text: str
    times: int
    days: int
    first: date
    last: date


def is_reader(agent: str) -> bool:
    """Whether a browser's name for itself is that of a person's, as far as it tells."""
    return bool(agent) and not _NO_READER.search(agent)


def answered(index: Index, query: Query, result: Result) -> bool:
    """Whether the words as typed found anything, or what the site says stands for them.

    True for what can't be told: the result of filters, and of a search that was changed by hand.
    """
    plain = Query(query.text, page=query.page, size=query.size, lang=query.lang, sort=query.sort)
    if not query.text or query.page != 1 or query != replace(plain, spelling=query.spelling):
        return True
    if result.correction is not None and result.correction.applied:
        typed = Query(query.text, size=1, spelling=AS_TYPED)
        result = index.search(typed, highlight=False)
    return any(section.total for section in result.sections if section.way != "close")


def note(text: str) -> None:
    """Count a text that found nothing. Never raises, and takes PATIENCE at most."""
    if settings.SITE.unanswered_days:
        kept = kept_form(text)
        if kept:
            _WAITING.add(kept)
        _WAITING.write()


def forget() -> int:
    """Delete what is too old, or all where nothing is to be kept; how many rows that were."""
    old = Unanswered.objects.filter(day__lt=_oldest())
    return old.delete()[0] if old.exists() else 0


def _oldest() -> date:
    """The first day of which something is kept; with 0 days to keep, tomorrow."""
    return timezone.now().date() - timedelta(days=settings.SITE.unanswered_days - 1)


def missed(*, holding: str = "") -> QuerySet[Unanswered, Any]:
    """The texts that were searched for at least LEAST times, the commonest first, as dicts with
    the fields of `Missed`. holding: letters that stand in them."""
    rows = Unanswered.objects.filter(day__gte=_oldest())
    if holding:
        rows = rows.filter(text__contains=holding)
    return (
        rows.values("text")
        .annotate(times=Sum("times"), days=Count("day"), first=Min("day"), last=Max("day"))
        .filter(times__gte=LEAST)
        .order_by("-times", "-last", "text")
    )


def rare() -> int:
    """How many texts were searched for too rarely to be shown."""
    grouped = (
        Unanswered.objects.filter(day__gte=_oldest()).values("text").annotate(all=Sum("times"))
    )
    return grouped.filter(all__lt=LEAST).count()


class _Waiting:
    """Counts that are not in the database yet."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, date]] = Counter()
        self._lock = threading.Lock()
        self._again = 0.0
        self._lost = 0

    def add(self, text: str) -> None:
        key = (text, timezone.now().date())
        with self._lock:
            if key in self._counts or len(self._counts) < ROOM:
                self._counts[key] += 1
            else:
                self._lost += 1

    def write(self) -> None:
        """Write them in one statement; where the database is busy, they wait for the next time."""
        with self._lock:
            if not self._counts or time.monotonic() < self._again:
                return
            counts, self._counts = self._counts, Counter()
        try:
            with _briefly():
                _write(counts)
        except Error as error:
            with self._lock:
                self._counts.update(counts)
                self._again = time.monotonic() + PAUSE
            log.info("%d searches that found nothing wait to be counted: %s", len(counts), error)
            return
        with self._lock:
            lost, self._lost = self._lost, 0
        if lost:
            log.warning(
                "%d searches that found nothing were not counted: the database was busy.", lost
            )


def _write(counts: Mapping[tuple[str, date], int]) -> None:
    rows = [value for (text, day), times in sorted(counts.items()) for value in (text, day, times)]
    marks = ", ".join(["(%s, %s, %s)"] * len(counts))
    with connection.cursor() as cursor:
        cursor.execute(
            # Only marks are put together here, no values.
            f"INSERT INTO wording_unanswered (text, day, times) VALUES {marks}"  # noqa: S608  # nosec B608
            " ON CONFLICT (text, day) DO UPDATE"
            " SET times = wording_unanswered.times + excluded.times",
            rows,
        )


@contextmanager
def _briefly() -> Iterator[None]:
    """A transaction that waits for PATIENCE at most until it may write."""
    milliseconds = round(1000 * PATIENCE)
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {milliseconds}")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


_WAITING = _Waiting()
