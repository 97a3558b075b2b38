"""Taking an account away at once, and everything of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.contrib.sessions.models import Session
from django.db import transaction

from tessera.accounts.models import Invitation, Profile, TakedownRequest, User
from tessera.accounts.profiles import photo
from tessera.accounts.profiles.parts import PARTS
from tessera.accounts.roles import keep_one
from tessera.records.changes import writing


def erase(user: User) -> None:
    """Delete the account, what belongs to it, its sessions and its photo; irrevocable.

    Raises LastAdministrator, with nothing deleted.

    What others saw of its profile goes with that (`publication.end_with_profile`). Decisions and
    acts are signed by the account's number, which then leads nowhere.
    """
    with writing():
        keep_one(user)
        profile = Profile.objects.filter(user=user).first()
        name = profile.photo if profile else ""
        Session.objects.filter(session_key__in=list(_sessions(user))).delete()
        Invitation.objects.filter(email=user.email).delete()
        TakedownRequest.objects.filter(reply_to__iexact=user.email).update(reply_to="")
        for part in PARTS.values():
            part.erase(user)
        user.delete()
        if name:
            transaction.on_commit(lambda: photo.discard(name))


def _sessions(user: User) -> Iterator[str]:
    """Keys of sessions in which they are signed in, or on the way there."""
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or user.email in json.dumps(held).lower():
            yield session.session_key
