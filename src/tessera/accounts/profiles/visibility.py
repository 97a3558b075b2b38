"""The fields of a profile, and who may see each."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Seen(StrEnum):
    """Who may see a field; nobody is what holds where nothing was chosen."""

    NOBODY = "nobody"
    MEMBERS = "members"
    EVERYONE = "everyone"


SEEN_LABELS: Final[dict[str, Promise]] = {
    Seen.NOBODY: _("Nobody"),
    Seen.MEMBERS: _("Members who are signed in"),
    Seen.EVERYONE: _("Everyone"),
}

FIELDS: Final[dict[str, Promise]] = {
    "name": _("Name"),
    "photo": _("Photo"),
    "organisation": _("Organisation"),
    "representing": _("Representing"),
    "country": _("Country"),
    "region": _("Region"),
    "interested_in": _("Interested in"),
    "looking_for": _("Looking for"),
    "can_offer": _("Can offer"),
    "languages": _("Languages"),
    "texts": _("About yourself"),
    "links": _("Links"),
    "orcid": _("ORCID iD"),
}
"""Each has one switch of its own."""


def reaches(seen: str, audience: Seen) -> bool:
    """Whether what `seen` allows includes that audience: what everyone sees, members see too."""
    return seen == Seen.EVERYONE or (seen == Seen.MEMBERS and audience is Seen.MEMBERS)
