"""What editors decide on a report, and what follows from it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tessera.accounts.models import User
from tessera.contact.models import Decision, Message, Report, Standing, What
from tessera.trail.models import What as Deed
from tessera.trail.models import note
from tessera.trail.signing import signature

BEFORE = 5
"""Messages of the conversation, before the reported one, that editors see with it."""


def context_of(report: Report) -> list[Message]:
    """The reported message at the end, and what went before it."""
    found = Message.objects.filter(thread=report.message.thread_id, pk__lte=report.message_id)
    return [*reversed(found.select_related("author").order_by("-pk")[: BEFORE + 1])]


def reported_before(report: Report) -> int:
    """How many other messages of the same author people reported."""
    author = report.message.author.user_id
    if author is None:
        return 0
    others = Message.objects.filter(author__user=author, reports__isnull=False)
    return others.exclude(pk=report.message_id).distinct().count()


def is_stopped(report: Report) -> bool:
    """Whether the author of the reported message may not write."""
    author = report.message.author.user_id
    return Standing.objects.filter(user=author).exclude(stopped_at=None).exists()


def choices(report: Report) -> list[What]:
    """What can be decided now: of an erased account, nothing more."""
    if report.message.author.user_id is None:
        return [What.NOTHING]
    return [What.NOTHING, What.WARN, What.ALLOW if is_stopped(report) else What.STOP]


def decide(report: Report, what: What, words: str, editor: User) -> Decision:
    """Record a decision and do what it says; the author is to be told afterwards."""
    now = timezone.now()
    with transaction.atomic():
        user = report.message.author.user
        if user is not None and what in (What.STOP, What.ALLOW):
            stopped_at = now if what is What.STOP else None
            Standing.objects.update_or_create(user=user, defaults={"stopped_at": stopped_at})
        Report.objects.filter(pk=report.pk).update(decided_at=now)
        on = f"{Report._meta.label_lower} {report.pk}"
        note(signature(editor), Deed.DECIDED, on, decision=what.value)
        return Decision.objects.create(report=report, what=what, words=words, editor=editor)
