"""What is deleted by itself: sessions that ended, accounts never confirmed, photos of nobody."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tessera.accounts.invitations import inviting as invitations
from tessera.accounts.models import Profile, TakedownRequest, User
from tessera.accounts.profiles import photo
from tessera.trail import models as trail

UNCONFIRMED_DAYS = 3
"""Days after which an account whose address nobody confirmed goes."""


KEPT_DAYS = 90
"""Days after which a request to take a page down that was decided is deleted."""


def forget() -> int:
    """Delete them; how many accounts went. Nothing is deleted a second time."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    # Address and browser of a session are kept no longer than the session itself.
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(live)).delete()
    # Accounts that an administrator made have no such row until they sign in.
    addresses = EmailAddress.objects.filter(user_id=OuterRef("pk"))
    late = User.objects.filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        is_staff=False,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
        date_joined__lt=now - timedelta(days=UNCONFIRMED_DAYS),
    )
    invitations.forget()
    trail.forget()
    gone = late.count()
    late.delete()
    old = now - timedelta(days=KEPT_DAYS)
    TakedownRequest.objects.filter(decided_at__lt=old).delete()
    photo.sweep(set(Profile.objects.exclude(photo="").values_list("photo", flat=True)))
    return gone
