"""Conversations that are too old go."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tessera.contact.models import Report, Thread, What


def forget() -> int:
    """Delete them; how many. Those stay that editors have still to decide on, and those because of
    which somebody may not write: without them nobody could let them write again."""
    reported = Report.objects.filter(message__thread=OuterRef("pk"))
    stopped = reported.filter(
        decisions__what=What.STOP, message__author__user__contact__stopped_at__isnull=False
    )
    late = Thread.objects.filter(
        ~Exists(reported.filter(decided_at=None)),
        ~Exists(stopped),
        last_at__lt=timezone.now() - timedelta(days=settings.SITE.contact.keep_days),
    )
    gone = late.count()
    late.delete()
    return gone
