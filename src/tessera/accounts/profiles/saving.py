"""The one way in which a profile changes: some fields at once, with what was agreed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from tessera.accounts.models import User
from tessera.accounts.profiles import photo, publication
from tessera.accounts.profiles.consents import LISTED, LISTING, PURPOSES, VISIBILITY
from tessera.accounts.profiles.models import Consent, Profile
from tessera.accounts.profiles.visibility import Seen
from tessera.records.changes import writing
from tessera.schema import vocabularies


def profile_of(user: User) -> Profile:
    """Their profile; an empty one that is not stored yet where they never said anything."""
    return Profile.objects.filter(user=user).first() or Profile(user=user)


def save_fields(
    user: User,
    values: Mapping[str, Any],
    seen: Mapping[str, str],
    purposes: Mapping[str, bool] | None = None,
) -> Profile:
    """Store values by model field, visibility by field, purposes by name; log each change.

    What others see of a published profile changes with it. Nothing but what is named changes, so
    two pages saved at once don't undo each other.
    """
    with writing():
        Profile.objects.get_or_create(user=user)
        profile = Profile.objects.select_for_update().get(user=user)
        old_photo = profile.photo
        for name, value in values.items():
            setattr(profile, name, value)
        log = [*_seen(profile, seen), *_purposes(profile, purposes or {})]
        publication.stamp(profile, timezone.now())
        profile.save()
        publication.follow(profile)
        Consent.objects.bulk_create(log)
        if old_photo and old_photo != profile.photo:
            transaction.on_commit(lambda: photo.discard(old_photo))
    return profile


def publish(user: User, seen: Mapping[str, str], purposes: Mapping[str, bool]) -> Profile:
    """Put their profile into the directory; seen, purposes: chosen along with it."""
    return save_fields(user, {}, seen, {**purposes, LISTED: True})


def withdraw(user: User) -> Profile:
    """Take their profile out of everything that others see, at once."""
    return save_fields(user, {}, {}, {LISTED: False})


def confirm(user: User) -> Profile:
    """Note that a published profile is still right; one that was hidden is seen again."""
    return save_fields(user, {}, {})


_COLUMN = {LISTED: "published"}


def _seen(profile: Profile, seen: Mapping[str, str]) -> Iterable[Consent]:
    for field, wanted in seen.items():
        now = Seen(wanted)
        if profile.seen(field) == now:
            continue
        if now is Seen.NOBODY:
            del profile.visibility[field]
        else:
            profile.visibility[field] = now.value
        yield Consent(
            user=profile.user,
            what=f"field:{field}",
            extent=now.value,
            version=VISIBILITY.version,
            text=str(VISIBILITY.text),
            given=now is not Seen.NOBODY,
        )


def _purposes(profile: Profile, purposes: Mapping[str, bool]) -> Iterable[Consent]:
    for name, wanted in purposes.items():
        wording, column = PURPOSES.get(name, LISTING), _COLUMN.get(name, name)
        if getattr(profile, column) == wanted:
            continue
        setattr(profile, column, wanted)
        yield Consent(
            user=profile.user, what=name, version=wording.version, text=str(wording.text),
            given=wanted,
        )  # fmt: skip


def told_by_institution(user: User) -> dict[str, str]:
    """Name and country as an institution's sign-in gave them, where it did."""
    told: dict[str, str] = {}
    for account in SocialAccount.objects.filter(user=user).order_by("pk"):
        data = account.extra_data if isinstance(account.extra_data, dict) else {}
        said = data.get("userinfo") or data.get("id_token") or data
        given = said.get("name") or " ".join(
            str(said[part]) for part in ("given_name", "family_name") if said.get(part)
        )
        address = said.get("address")
        country = address.get("country") if isinstance(address, dict) else said.get("country")
        if isinstance(given, str) and given.strip():
            told.setdefault("name", given.strip()[:200])
        code = vocabularies.country_code(country) if isinstance(country, str) else None
        if code:
            told.setdefault("country", code)
    return told
