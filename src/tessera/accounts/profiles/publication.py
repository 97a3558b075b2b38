"""Profiles in the directory: made public by their owners, and taken back at once."""

from __future__ import annotations

from tessera.accounts.models import Profile, User


def account_behind(uid: str) -> User | None:
    """Whose record it is; None unless they are in the directory now."""
    profile = Profile.objects.select_related("user").filter(uid=uid, published=True).first()
    return profile.user if profile is not None and profile.listed else None
