"""Conversations go: those that are too old, and those that both people deleted."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from tessera.contact.inbox import having
from tessera.contact.models import Message, Party, Report, Thread, What
from tessera.contact.writing import DAY, lock


def forget() -> int:
    """Delete those that are too old; how many. Clear those that nobody has any more."""
    old = timezone.now() - timedelta(days=settings.SITE.contact.keep_days)
    late = _free().filter(last_at__lt=old)
    gone = late.count()
    late.delete()
    clear(Thread.objects.all())
    return gone


def delete_for(mine: Party) -> None:
    """Delete a conversation for one of the two, who takes back the address they gave along with
    it. The other has theirs still; once they delete it, too, nothing of it is left."""
    thread = mine.thread
    with transaction.atomic():
        lock([each.user for each in thread.parties.select_related("user") if each.user])
        last = thread.messages.aggregate(last=Max("pk"))["last"] or 0
        Party.objects.filter(pk=mine.pk).update(
            deleted_to=last, address="", address_given_at=None, read_at=None
        )
        clear(Thread.objects.filter(pk=thread.pk))


def clear(threads: QuerySet[Thread]) -> None:
    """Delete what was written in those that nobody has any more.

    That the two wrote, and when, stays as long as a limit counts it: whoever deletes could else
    begin anew. Those that editors need wait.
    """
    having_it = having().filter(thread=OuterRef("pk"))
    bare = threads.filter(~Exists(having_it), pk__in=_free().values("pk"))
    Report.objects.filter(message__thread__in=bare).delete()
    Message.objects.filter(thread__in=bare).update(name="", organisation="", text="")
    both = Party.objects.filter(thread=OuterRef("pk"))
    silent = both.filter(~Exists(Message.objects.filter(author=OuterRef("pk"))))
    uncounted = Exists(both.filter(user=None)) | ~Exists(silent)
    bare.filter(uncounted, last_at__lt=timezone.now() - DAY).delete()


def _free() -> QuerySet[Thread]:
    """All but those that editors have still to decide on, and those because of which somebody may
    not write: without them nobody could let them write again."""
    reported = Report.objects.filter(message__thread=OuterRef("pk"))
    stopped = reported.filter(
        decisions__what=What.STOP, message__author__user__contact__stopped_at__isnull=False
    )
    return Thread.objects.filter(~Exists(reported.filter(decided_at=None)), ~Exists(stopped))
