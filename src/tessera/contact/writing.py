"""Sending a message: who may, how many, and what of its author goes with it.

Everything is counted in the database, under a lock on both accounts, so that the limits hold
whatever number of processes serve the site.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from tessera.accounts.models import User
from tessera.contact.models import Block, Message, Party, Standing, Thread
from tessera.contact.people import is_reachable, shown

DAY = timedelta(days=1)


class Why(StrEnum):
    """Why a message is not taken."""

    STOPPED = "stopped"
    """Editors stopped its author."""
    CLOSED = "closed"
    """The other takes none: blocked, not reachable, gone; which of them is not told."""
    BLOCKED = "blocked"
    """Its author blocked the other, who couldn't answer."""
    UNANSWERED = "unanswered"
    """The other hasn't answered the last ones."""
    MESSAGES = "messages"
    """Its author sent too many today."""
    CONVERSATIONS = "conversations"
    """Its author began too many conversations today; with no time, none can be begun here."""


class Refused(Exception):
    """A message was not taken, and nothing is stored. until: from when on it may be sent."""

    def __init__(self, why: Why, until: datetime | None = None) -> None:
        super().__init__(why)
        self.why, self.until = why, until


def thread_of(first: User, second: User) -> Thread | None:
    """The conversation of two accounts, where there is one."""
    mine = Party.objects.filter(thread=OuterRef("pk"), user=first)
    theirs = Party.objects.filter(thread=OuterRef("pk"), user=second)
    return Thread.objects.filter(Exists(mine), Exists(theirs)).first()


def refusal(author: User, other: User | None, now: datetime | None = None) -> Refused | None:
    """Why the author can't write to the other now; None where they can."""
    now = now or timezone.now()
    if Standing.objects.filter(user=author).exclude(stopped_at=None).exists():
        return Refused(Why.STOPPED)
    if other is None or other == author:
        return Refused(Why.CLOSED)
    if Block.objects.filter(by=author, whom=other).exists():
        return Refused(Why.BLOCKED)
    thread = thread_of(author, other)
    if not _takes(other, author, thread):
        return Refused(Why.CLOSED)
    rules = settings.SITE.contact
    if thread is not None and _unanswered(thread, author) >= rules.unanswered:
        return Refused(Why.UNANSWERED)
    sent = Message.objects.filter(author__user=author)
    if until := _full(sent, "at", rules.messages_per_day, now):
        return Refused(Why.MESSAGES, until)
    if thread is None:
        if not rules.conversations_per_day:
            return Refused(Why.CONVERSATIONS)
        begun = Party.objects.filter(user=author, began=True)
        if until := _full(begun, "thread__started_at", rules.conversations_per_day, now):
            return Refused(Why.CONVERSATIONS, until)
    return None


def send(author: User, other: User | None, text: str, now: datetime | None = None) -> Message:
    """Store a message in the conversation of the two, begun now if there is none. Raises Refused.

    now: for counting; of the moment where it isn't given.
    """
    now = now or timezone.now()
    with transaction.atomic():
        lock([author, *([other] if other is not None else [])])
        if refused := refusal(author, other, now):
            raise refused
        assert other is not None
        thread = thread_of(author, other)
        if thread is None:
            thread = Thread.objects.create(started_at=now, last_at=now)
            Party.objects.create(thread=thread, user=author, began=True)
            Party.objects.create(thread=thread, user=other, began=False)
        mine = thread.parties.get(user=author)
        self_said = shown(author)
        message = Message.objects.create(
            thread=thread, author=mine, name=self_said.name, organisation=self_said.organisation,
            text=text, at=now,
        )  # fmt: skip
        Thread.objects.filter(pk=thread.pk).update(last_at=now)
        Party.objects.filter(pk=mine.pk).update(read_at=now)
    return message


def lock(users: list[User]) -> None:
    """Let nobody else send or delete what is between them until this transaction is through.

    One after the other, in the same order everywhere, so that no two wait for each other."""
    for user in sorted(users, key=lambda each: each.pk):
        Standing.objects.get_or_create(user=user)
        Standing.objects.select_for_update().get(user=user)


def _takes(other: User, author: User, thread: Thread | None) -> bool:
    """Whether somebody takes messages from the author: those who answered go on doing so."""
    if not other.is_active or Block.objects.filter(by=other, whom=author).exists():
        return False
    if thread is not None and thread.messages.filter(author__user=other).exists():
        return True
    return is_reachable(other)


def _unanswered(thread: Thread, author: User) -> int:
    """How many messages the author sent since the other's last one."""
    sent = thread.messages.filter(author__user=author)
    theirs = thread.messages.exclude(author__user=author).order_by("-pk").first()
    return sent.filter(pk__gt=theirs.pk).count() if theirs else sent.count()


def _full(
    rows: QuerySet[Message] | QuerySet[Party], at: str, most: int, now: datetime
) -> datetime | None:
    """From when on there may be one more, where the most were made within the last 24 hours."""
    times: list[datetime] = list(
        rows.filter(**{f"{at}__gt": now - DAY}).order_by(f"-{at}").values_list(at, flat=True)
    )
    if len(times) < most:
        return None
    return times[most - 1] + DAY
