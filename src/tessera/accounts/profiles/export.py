"""Everything that the site holds of an account, for its owner: no secrets, and nothing left out."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import models

from tessera.accounts.models import Consent, Invitation, Profile, User
from tessera.accounts.profiles import photo
from tessera.accounts.profiles.parts import PARTS
from tessera.trail.models import Act
from tessera.trail.signing import signature

FORMAT = 1
"""Raised when keys change their meaning."""

KEPT_BACK = {User: ("password",), Authenticator: ("data",), UserSession: ("session_key", "data")}
"""What isn't given out: with it someone else could sign in."""

HELD = (EmailAddress, UserSession, Authenticator, SocialAccount, Consent)
"""Models that have rows of an account, by their field `user`, beside the profile."""


def held_of(user: User) -> dict[str, Any]:
    """By heading, rows as JSON values."""
    profile = Profile.objects.filter(user=user).first()
    account = _row(user) | {
        "has_password": user.has_usable_password(),
        "groups": sorted(user.groups.values_list("name", flat=True)),
        "permissions": sorted(user.user_permissions.values_list("codename", flat=True)),
    }
    others = {key: rows for part in PARTS.values() for key, rows in part.held(user).items()}
    return {
        "format": FORMAT,
        "account": account,
        "addresses": _rows(EmailAddress, user),
        "sessions": _rows(UserSession, user),
        "sign_in_methods": _rows(Authenticator, user),
        "institutions": _rows(SocialAccount, user),
        "profile": _row(profile) if profile else None,
        "photo": _photo(profile),
        "consents": _rows(Consent, user),
        "invitations": [
            _row(each)
            for each in Invitation._base_manager.filter(
                models.Q(email=user.email) | models.Q(invited_by=user)
            ).order_by("pk")
        ],
        "acts": [
            _row(each)
            for each in Act._base_manager.filter(
                models.Q(by=signature(user)) | models.Q(on=signature(user))
            ).order_by("pk")
        ],
        **others,
    }


def _rows(model: type[models.Model], user: User) -> list[dict[str, Any]]:
    return [_row(each) for each in model._base_manager.filter(user=user).order_by("pk")]


def _row(row: models.Model) -> dict[str, Any]:
    """All columns but secrets, and but the number of the account on each."""
    # A request's user is a lazy stand-in, whose own type isn't its model.
    back = (*KEPT_BACK.get(row._meta.model, ()), "user")
    values = {}
    for column in row._meta.concrete_fields:
        if column.name not in back:
            value = column.value_from_object(row)
            values[column.name] = value.isoformat() if hasattr(value, "isoformat") else value
    return values


def _photo(profile: Profile | None) -> dict[str, str] | None:
    path = photo.stored(profile.photo) if profile else None
    if path is None:
        return None
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return {"type": photo.CONTENT_TYPE, "base64": content}
