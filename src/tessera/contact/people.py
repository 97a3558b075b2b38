"""Who can be written to, and what of somebody goes with what they write."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tessera.accounts.models import Consent, User
from tessera.accounts.profiles.consents import Wording
from tessera.accounts.profiles.saving import profile_of
from tessera.accounts.profiles.visibility import Seen
from tessera.contact.models import Party, Standing

REACHABLE = Wording(
    1,
    _("Messages"),
    _("Members who are signed in may write to me through this site while my profile is published. "
      "They don't see my e-mail address."),
)  # fmt: skip
"""What is agreed to; a changed text is a new version, as in accounts.profiles.consents."""

ASKED = _("May people write to you?")
CLOSED = _("Nobody may begin to write to me.")


class Shown(NamedTuple):
    """What goes with a message. uid: of the record of a published profile, or empty."""

    name: str
    organisation: str
    uid: str


def shown(user: User) -> Shown:
    """Their name; organisation and record only where the profile shows them to members."""
    profile = profile_of(user)
    uid = (profile.uid or "") if profile.listed else ""
    seen = bool(uid) and profile.shows("organisation", Seen.MEMBERS)
    return Shown(profile.name, profile.organisation_name if seen else "", uid)


def is_reachable(user: User) -> bool:
    """Whether somebody may begin to write to them."""
    return profile_of(user).listed and agrees(user)


def agrees(user: User) -> bool:
    """Whether they said that one may write to them."""
    return Standing.objects.filter(user=user, reachable=True).exists()


def choose(user: User, reachable: bool) -> None:
    """Store what they chose, and log it in the words that they saw."""
    with transaction.atomic():
        Standing.objects.get_or_create(user=user)
        standing = Standing.objects.select_for_update().get(user=user)
        if standing.reachable == reachable:
            return
        standing.reachable = reachable
        standing.save(update_fields=["reachable"])
        Consent.objects.create(
            user=user, what="contact", version=REACHABLE.version, text=str(REACHABLE.text),
            given=reachable,
        )  # fmt: skip


def name_of(party: Party) -> str:
    """What the other of a conversation sees one called: as on one's last message in it, else as in
    the published profile."""
    if party.user is None:
        return gettext("(erased account)")
    last = party.messages.order_by("-pk").first()
    if last is not None and last.name:
        return last.name
    return public_name(party.user) or gettext("(profile withdrawn)")


def public_name(user: User) -> str:
    """The name that their published profile shows to members, or empty."""
    profile = profile_of(user)
    return profile.name if profile.listed and profile.shows("name", Seen.MEMBERS) else ""
