"""Profiles in the directory: each a record that says who may see what of it.

A record is made of a profile by `follow`, in the transaction that changed the profile, and holds
nothing that its owner lets nobody see. When they withdraw, it is emptied in the same way.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from tessera.accounts.models import Profile, User
from tessera.accounts.profiles.visibility import Seen
from tessera.engine.audience import Audience
from tessera.indexing.soon import catch_up
from tessera.records import members
from tessera.records.changes import writing
from tessera.schema.draft import RecordDraft

RECORDED: Final = {
    "name": "title",
    "organisation": "organisation",
    "representing": "representing",
    "country": "countries",
    "region": "regions",
    "interested_in": "interested_in",
    "looking_for": "looking_for",
    "can_offer": "can_offer",
    "languages": "speaks",
    "texts": "text",
    "links": "websites",
    "orcid": "orcid",
}
"""By field of a profile the field of the record; the photo is shown from the profile itself."""

_SEEN_BY: Final = {Audience.EVERYONE: Seen.EVERYONE, Audience.MEMBERS: Seen.MEMBERS}


def account_behind(uid: str) -> User | None:
    """Whose record it is; None unless they are in the directory now."""
    profile = profile_behind(uid)
    return profile.user if profile is not None else None


def profile_behind(uid: str) -> Profile | None:
    """The profile that a record shows; None unless it is in the directory now."""
    found = Profile.objects.select_related("user").filter(uid=uid, published=True)
    profile = found.first() if uid else None
    return profile if profile is not None and profile.listed else None


def may_be_recommended(uid: str) -> bool:
    """Whether a member agreed to be recommended to others. Nobody is without that.

    Similar records name no people at all (`tessera.search.similar.NOT_SHOWN`); whatever recommends
    people one day asks here.
    """
    profile = profile_behind(uid)
    return profile is not None and profile.recommended


def in_search_engines(uid: str) -> bool:
    """Whether search engines may find the page of a member, as everyone sees it."""
    profile = profile_behind(uid)
    return profile is not None and profile.search_engines and profile.shows("name", Seen.EVERYONE)


def portrait(profile: Profile, audience: Audience) -> str:
    """The name of the photo that an audience may see; empty where there is none."""
    seen = _SEEN_BY[audience]
    shown = profile.listed and profile.shows("name", seen) and profile.shows("photo", seen)
    return profile.photo if shown else ""


def active_now(uids: Iterable[str]) -> set[str]:
    """Those of these records whose owners were here in the present month."""
    month = this_month(timezone.now())
    return set(
        Profile.objects.filter(uid__in=list(uids), published=True, active_month=month)
        .exclude(uid="")
        .values_list("uid", flat=True)
    )


def this_month(at: datetime) -> date:
    """The first day of the month, in the site's time."""
    return timezone.localdate(at).replace(day=1)


def stamp(profile: Profile, at: datetime) -> None:
    """Note on a profile, without storing it, that its owner is here and vouches for it."""
    profile.active_month = this_month(at)
    profile.sure_at, profile.asked_at = at, None
    profile.reminded_at = profile.hidden_at = None
    if profile.published and not profile.uid:
        profile.uid = f"member:{secrets.token_hex(8)}"


def follow(profile: Profile) -> None:
    """Bring the record in line with a profile as stored. Call it within `writing`.

    The index is brought in step as soon as the transaction is through.
    """
    if not profile.uid:
        return
    if profile.listed:
        changed = members.keep(draft_of(profile), timezone.now())
    else:
        changed = members.end(profile.uid, timezone.now())
    if changed:
        transaction.on_commit(catch_up)


def draft_of(profile: Profile) -> RecordDraft:
    """The record of a profile: what somebody may see, and who."""
    shown = [each for each in RECORDED if profile.seen(each) is not Seen.NOBODY]
    values = _values(profile)
    return RecordDraft.from_json({
        "id": profile.uid,
        "kind": members.KIND,
        **{RECORDED[each]: values[each] for each in shown if values[each]},
        "visibility": {RECORDED[each]: profile.seen(each).value for each in shown if values[each]},
    })  # fmt: skip


def _values(profile: Profile) -> dict[str, Any]:
    """By field, what it says in the interchange format; empty where it says nothing."""
    sought = {
        name: getattr(profile, f"seeks_{name}")
        for name in ("calls", "themes", "countries", "types")
    }
    return {
        "name": {"und": profile.name} if profile.name else {},
        "organisation": profile.organisation_uid or profile.organisation_name,
        "representing": profile.representing,
        "country": [profile.country] if profile.country else [],
        "region": [{"nuts": profile.region}] if profile.region else [],
        "interested_in": profile.interested_in,
        "looking_for": {name: each for name, each in sought.items() if each},
        "can_offer": {"und": profile.can_offer} if profile.can_offer else {},
        "languages": profile.languages,
        "texts": profile.texts,
        "links": profile.links,
        "orcid": profile.orcid,
    }


@receiver(pre_delete, sender=Profile)
def end_with_profile(instance: Profile, **_: Any) -> None:
    """However an account goes, its record goes with it."""
    with writing():
        if instance.uid and members.end(instance.uid, timezone.now()):
            transaction.on_commit(catch_up)


@receiver(post_save, sender=User)
def follow_account(instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    """Who is locked out isn't shown: they couldn't withdraw."""
    if created or (update_fields is not None and "is_active" not in update_fields):
        return
    profile = Profile.objects.select_related("user").filter(user=instance, published=True).first()
    if profile is not None:
        with writing():
            follow(profile)
