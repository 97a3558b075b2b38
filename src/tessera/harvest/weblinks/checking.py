"""Asking, politely and within bounds, whether the links of live records still work.

Records are never written. What is known of a link stands in `WebLink`; each answer is stored as
it comes, so that a run may be stopped or killed anywhere and the next one goes on.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from tessera.harvest.models import LinkProgress, WebLink, WebLinkUse
from tessera.harvest.weblinks.collecting import collect
from tessera.sources.configured import LinkChecking
from tessera.sources.fetch.errors import (
    AddressRefused,
    BudgetSpent,
    FetchError,
    HttpError,
    RobotsRefused,
)
from tessera.sources.fetch.fetcher import Fetcher, Limits

Outcome = WebLink.Outcome

BROKEN_AFTER: Final = 3
"""A link is broken when it failed on so many different days (UTC), with no answer in between."""

FAILURES: Final = frozenset({
    Outcome.GONE, Outcome.SERVER_ERROR, Outcome.NO_NAME, Outcome.NO_CONNECTION, Outcome.TLS,
    Outcome.TIMEOUT, Outcome.REDIRECTS,
})  # fmt: skip
"""What counts against a link. A refusal says nothing about what stands there."""

GOOD: Final = frozenset({Outcome.OK, Outcome.MOVED})

MONTH: Final = timedelta(days=30)
SOONER: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""After the first, second and third day of failures; then monthly, as for all others."""

CLAIM: Final = timedelta(hours=1)
"""For so long a link that is being asked for is left alone by other runs."""

SILENCES: Final = 3
"""After so many links of a host that did not answer, its others are left for the next run."""

CUT_OFF: Final = 5
"""If none of so many hosts answered in a run, and no other one did, the fault is taken as ours."""

_OF_REASON: Final = {
    "name": Outcome.NO_NAME, "tls": Outcome.TLS, "time": Outcome.TIMEOUT,
    "redirects": Outcome.REDIRECTS,
}  # fmt: skip
_SILENT: Final = frozenset({Outcome.NO_NAME, Outcome.NO_CONNECTION, Outcome.TIMEOUT, Outcome.TLS})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for one link. detail: for people."""

    outcome: WebLink.Outcome
    status: int | None = None
    detail: str = ""
    moved_to: str = ""


@dataclass(slots=True)
class Checked:
    """What one run came to. left: links that are due and were not asked for."""

    asked: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    newly_broken: int = 0
    mended: int = 0
    left: int = 0
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The shape of `tessera links check --json`."""
        return {
            "asked": self.asked, "outcomes": dict(sorted(self.outcomes.items())),
            "newly_broken": self.newly_broken, "mended": self.mended, "left": self.left,
            "notes": list(self.notes),
        }  # fmt: skip

    def sentence(self) -> str:
        """Such as "120 links asked for: 110 ok, 10 gone; 2 newly broken, 0 mended, 30 left"."""
        counted = ", ".join(f"{number:,} {name}" for name, number in self.outcomes.most_common())
        return (
            f"{self.asked:,} links asked for{': ' * bool(counted)}{counted}; "
            f"{self.newly_broken:,} newly broken, {self.mended:,} work again, "
            f"{self.left:,} are due and left"
        )


Progress = Callable[[Checked], None]


def check(
    agent: str, bounds: LinkChecking, *, source: str = "", progress: Progress | None = None
) -> Checked:
    """One run: links are collected, and those that are due asked for, the longest due first.

    agent: how we name ourselves. source: the slug of a source to whose live records to keep.
    """
    collect()
    begun = timezone.now()
    LinkProgress.objects.filter(pk=1).update(begun_at=begun)
    limits = Limits(
        seconds=20.0, retries=0, delay=bounds.delay, requests=bounds.links * 20,
        total_seconds=bounds.minutes * 60,
    )  # fmt: skip
    run = _Run(Fetcher(agent, limits, bounds.private), Checked())
    due = _due(source).order_by("due_at", "pk")
    chosen = list(due.values_list("pk", "url", "host")[: bounds.links])
    for pk, url, host in _in_turn(chosen):
        if not run.take(pk, url, host):
            break
        if progress is not None:
            progress(run.checked)
    run.finish()
    run.checked.left = _due(source).count()
    run.checked.notes += run.silent_hosts()
    return run.checked


def _due(source: str) -> QuerySet[WebLink]:
    due = WebLink.objects.filter(due_at__lte=timezone.now())
    if source:
        uses = WebLinkUse.objects.filter(record__source__slug=source)
        due = due.filter(pk__in=uses.order_by().values("link"))
    return due


def last_run() -> datetime | None:
    """When links were checked last."""
    found = LinkProgress.objects.filter(pk=1).first()
    return found.begun_at if found else None


def _in_turn(links: Iterable[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
    """Links so that one host after the other is asked, and none has to be waited for."""
    by_host: dict[str, deque[tuple[int, str, str]]] = {}
    for link in links:
        by_host.setdefault(link[2], deque()).append(link)
    waiting = deque(by_host.values())
    while waiting:
        those = waiting.popleft()
        yield those.popleft()
        if those:
            waiting.append(those)


@dataclass(slots=True)
class _Run:
    fetcher: Fetcher
    checked: Checked
    silences: Counter[str] = field(default_factory=Counter)
    nameless: dict[str, Answer] = field(default_factory=dict)
    passed_over: Counter[str] = field(default_factory=Counter)
    held: list[tuple[int, str, Answer]] = field(default_factory=list)
    heard: bool = False

    def take(self, pk: int, url: str, host: str) -> bool:
        """Ask for one link and store the answer; False where the run may take no more."""
        if self.silences[host] >= SILENCES and host not in self.nameless:
            self.passed_over[host] += 1
            return True
        now = timezone.now()
        claimed = WebLink.objects.filter(pk=pk, due_at__lte=now).update(due_at=now + CLAIM)
        if not claimed:
            return True  # another run has it
        answer = self.nameless.get(host)
        try:
            answer = answer or asked(self.fetcher, url)
        except BudgetSpent as error:
            WebLink.objects.filter(pk=pk).update(due_at=now)
            self.checked.notes.append(f"{error.message}: the rest is left for the next run.")
            return False
        if answer.outcome == Outcome.NO_NAME and answer.status is None:
            self.nameless[host] = answer
        if answer.outcome in _SILENT:
            self.silences[host] += 1
        self.held.append((pk, host, answer))
        self.heard = self.heard or answer.status is not None
        if self.heard:
            self._store_held()
        return True

    def finish(self) -> None:
        """Store what is held back, unless it is we who are cut off."""
        hosts = {host for _, host, answer in self.held if answer.outcome in _SILENT}
        if len(hosts) >= CUT_OFF:
            self.checked.notes.append(
                f"None of {len(hosts):,} hosts answered: is this machine connected? Nothing of "
                "that was noted; try again later."
            )
            return
        self._store_held()

    def _store_held(self) -> None:
        for pk, _, answer in self.held:
            self._store(pk, answer)
        self.held.clear()

    def _store(self, pk: int, answer: Answer) -> None:
        link = WebLink.objects.filter(pk=pk).first()
        if link is None:
            return  # no record carries it any more
        was = link.broken
        note(link, answer, timezone.now())
        link.save()
        self.checked.asked += 1
        self.checked.outcomes[answer.outcome.value] += 1
        self.checked.newly_broken += link.broken and not was
        self.checked.mended += was and not link.broken

    def silent_hosts(self) -> Iterator[str]:
        for host, number in self.passed_over.items():
            yield (
                f"{host} did not answer {SILENCES} times; its {number:,} other links are left for "
                "the next run."
            )


def asked(fetcher: Fetcher, url: str) -> Answer:
    """What comes of asking for a link; raises BudgetSpent where the run may ask no more."""
    try:
        found = fetcher.probe(url)
    except BudgetSpent:
        raise
    except HttpError as error:
        return Answer(_of_status(error), error.status, error.message)
    except (AddressRefused, RobotsRefused) as error:
        return Answer(_OF_REASON.get(error.reason, Outcome.REFUSED), None, error.message)
    except FetchError as error:
        return Answer(_OF_REASON.get(error.reason, Outcome.NO_CONNECTION), None, error.message)
    if found.moved:
        return Answer(Outcome.MOVED, found.status, "", found.url)
    return Answer(Outcome.OK, found.status)


def _of_status(error: HttpError) -> WebLink.Outcome:
    if error.gone:
        return Outcome.GONE
    return Outcome.SERVER_ERROR if error.status >= 500 else Outcome.REFUSED


def note(link: WebLink, answer: Answer, now: datetime) -> None:
    """Write down on a link what came of asking for it, and when to ask again."""
    if answer.outcome in FAILURES:
        link.failing_since = link.failing_since or now
        if link.failed_at is None or link.failed_at.date() != now.date():
            link.failed_days += 1
        link.failed_at = now
        link.broken = link.failed_days >= BROKEN_AFTER
        place = link.failed_days - 1
        link.due_at = now + (SOONER[place] if place < len(SOONER) else MONTH)
    else:
        if answer.outcome in GOOD:
            link.failing_since = link.failed_at = None
            link.failed_days, link.broken = 0, False
            link.good_at = now
        link.due_at = now + MONTH
    link.outcome, link.status = answer.outcome, answer.status
    link.detail, link.moved_to, link.checked_at = answer.detail, answer.moved_to, now
