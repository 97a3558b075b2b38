"""Whether a published profile is still right: asked by mail, then hidden, at last erased.

`tessera.toml` [people] has the days. Any act of the owner's answers: the link in the mail, which
works without signing in, saving something, publishing. Nobody is hidden who was not written to.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from tessera.accounts.models import Consent, Profile
from tessera.accounts.profiles import photo, publication
from tessera.accounts.profiles.consents import LAPSED, LISTED
from tessera.records.changes import writing

log = logging.getLogger(__name__)

SALT: Final = "tessera.profiles.alive"
TEMPLATE: Final = "account/email/still_right"
_DAY: Final = 86_400


@dataclass(slots=True)
class Asked:
    """What one look came to, in numbers of people. problem: why mail could not be sent."""

    asked: int = 0
    reminded: int = 0
    hidden: int = 0
    erased: int = 0
    problem: str = ""

    def sentence(self) -> str:
        return (
            f"{self.asked} asked whether their profile is still right, {self.reminded} reminded, "
            f"{self.hidden} hidden, {self.erased} erased"
        )

    def __bool__(self) -> bool:
        return bool(self.asked or self.reminded or self.hidden or self.erased)


def look(now: datetime) -> Asked:
    """Do what is due. Where mail can't be sent, what depends on it waits, and `problem` says so."""
    done = Asked()
    days = settings.SITE.people
    published = Profile.objects.select_related("user").filter(published=True, user__is_active=True)
    try:
        if days.ask:
            late = published.filter(asked_at=None, sure_at__lt=now - timedelta(days=days.ask))
            done.asked = sum(_write_to(late, "asked_at", now))
        late = published.filter(reminded_at=None, asked_at__lt=now - timedelta(days=days.remind))
        done.reminded = sum(_write_to(late, "reminded_at", now))
        late = published.filter(hidden_at=None, reminded_at__lt=now - timedelta(days=days.hide))
        done.hidden = sum(_write_to(late, "hidden_at", now))
    except NotSent as error:
        done.problem = str(error)
    done.erased = sum(
        _erase(profile.pk, now - timedelta(days=days.erase))
        for profile in published.filter(hidden_at__lt=now - timedelta(days=days.erase))
    )
    return done


class NotSent(Exception):
    """Mail can't be sent now; says why, without an address."""


def _write_to(late: QuerySet[Profile], column: str, now: datetime) -> Iterator[bool]:
    """Write to each, then note it: a crash in between has them written to twice, but never not."""
    for profile in late.order_by("pk"):
        _send(profile, column)
        # Who has answered meanwhile isn't among the late any more.
        with writing():
            known = late.filter(pk=profile.pk, sure_at=profile.sure_at)
            yield bool(known.update(**{column: now}))
            publication.follow(Profile.objects.select_related("user").get(pk=profile.pk))


def _send(profile: Profile, column: str) -> None:
    if not settings.PUBLIC_URL:
        raise NotSent("TESSERA_URL is not set, so mail can't lead back to this site")
    address = settings.PUBLIC_URL.rstrip("/")
    context = {
        "stage": column.removesuffix("_at"),
        "days": settings.SITE.people,
        "link": address + reverse("profile_still_right", args=[token(profile)]),
        "sign_in_url": address + reverse("profile"),
        "home_url": address + reverse("home"),
    }
    subject = render_to_string(f"{TEMPLATE}_subject.txt", context).strip()
    message = render_to_string(f"{TEMPLATE}_message.txt", context).strip()
    mail = EmailMessage(f"{settings.SITE.name}: {subject}", message, to=[profile.user.email])
    try:
        mail.send()
    except (OSError, SMTPException) as error:
        raise NotSent(f"the mail server does not take it ({type(error).__name__})") from error


def token(profile: Profile) -> str:
    """What the link in a mail proves: that its reader was asked about this profile."""
    return signing.dumps(profile.uid, salt=SALT)


def asked(text: str) -> Profile | None:
    """The published profile that a link is about; None for one that is forged, old or over."""
    days = settings.SITE.people
    most = (days.remind + days.hide + days.erase + 1) * _DAY
    try:
        uid = signing.loads(text, salt=SALT, max_age=most)
    except signing.BadSignature:
        return None
    return Profile.objects.select_related("user").filter(uid=uid, published=True).first()


def _erase(pk: int, before: datetime) -> bool:
    """Erase a profile that has been hidden since before a time; the account stays."""
    with writing():
        profile = Profile.objects.select_for_update().filter(pk=pk, hidden_at__lt=before).first()
        if profile is None:
            return False
        name = profile.photo
        Consent.objects.create(
            user=profile.user, what=LISTED, version=LAPSED.version, text=str(LAPSED.text),
            given=False,
        )  # fmt: skip
        profile.delete()
        if name:
            transaction.on_commit(lambda: photo.discard(name))
    return True
