"""Taking an account away at once, and everything of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models, transaction

from tessera.accounts.models import Profile, TakedownRequest, User
from tessera.accounts.profiles import photo
from tessera.accounts.profiles.parts import PARTS
from tessera.records.changes import writing

ERASED = "(erased account)"
"""What stands from then on where an editor signed a decision with their address."""

SIGNED = ("by", "undone_by", "changed_by")
"""The columns in which editors sign by address."""


def erase(user: User) -> None:
    """Delete the account, what belongs to it, its sessions and its photo; irrevocable.

    What others saw of its profile goes with that (`publication.end_with_profile`).
    """
    with writing():
        profile = Profile.objects.filter(user=user).first()
        name = profile.photo if profile else ""
        Session.objects.filter(session_key__in=list(_sessions(user))).delete()
        for model, column in signed_columns():
            model._base_manager.filter(**{column: user.email}).update(**{column: ERASED})
        TakedownRequest.objects.filter(reply_to__iexact=user.email).update(reply_to="")
        about = ContentType.objects.get_for_model(User)
        LogEntry.objects.filter(content_type=about, object_id=str(user.pk)).delete()
        for part in PARTS.values():
            part.erase(user)
        user.delete()
        if name:
            transaction.on_commit(lambda: photo.discard(name))


def signed_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Where an editor's address may stand in a row that isn't theirs."""
    for model in apps.get_models():
        if model.__module__.startswith("tessera."):
            for field in model._meta.concrete_fields:
                if field.name in SIGNED and isinstance(field, models.CharField):
                    yield model, field.name


def _sessions(user: User) -> Iterator[str]:
    """Keys of sessions in which they are signed in, or on the way there."""
    for session in Session.objects.iterator():
        held = session.get_decoded()
        if held.get("_auth_user_id") == str(user.pk) or user.email in json.dumps(held).lower():
            yield session.session_key
