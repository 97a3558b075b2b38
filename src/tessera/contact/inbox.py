"""One's conversations, and which of them have something new."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from tessera.accounts.models import User
from tessera.contact.models import Message, Party


def having() -> QuerySet[Party]:
    """Those who have something of their conversation: neither erased, nor deleted by them."""
    left = Message.objects.filter(thread=OuterRef("thread"), pk__gt=OuterRef("deleted_to"))
    return Party.objects.exclude(user=None).filter(Exists(left))


def conversations_of(user: User) -> QuerySet[Party]:
    """One's own part in each, the newest first; without those that one deleted."""
    mine = having().filter(user=user).select_related("thread")
    return mine.order_by("-thread__last_at", "pk")


def with_news(user: User) -> QuerySet[Party]:
    """Those in which the other wrote since one read."""
    theirs = Message.objects.filter(thread=OuterRef("thread")).exclude(author=OuterRef("pk"))
    unread = Q(read_at=None) | Exists(theirs.filter(at__gt=OuterRef("read_at")))
    return conversations_of(user).filter(Exists(theirs) & unread)
