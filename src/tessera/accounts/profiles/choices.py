"""What can be chosen in a profile, in the reader's language where the vocabularies have it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tessera.schema import vocabularies

Choices = list[tuple[str, str | Promise]]

INTERESTS: dict[str, Promise] = {
    "leading": _("Leading a project"),
    "joining": _("Joining a project"),
    "idea": _("Sharing a project idea"),
    "networking": _("Networking with peers"),
}


def label(vocabulary: str, value: str) -> str:
    """What people read for a value."""
    if vocabulary == "interested_in":
        return str(INTERESTS[value])
    return vocabularies.label(vocabulary, value, get_language() or "en") or value


def interests() -> Choices:
    return [(code, INTERESTS[code]) for code in vocabularies.INTERESTS]


def types() -> Choices:
    every = ((code, label("organisation_type", code)) for code in vocabularies.ORGANISATION_TYPES)
    return [("", _("Not stated")), *every]


def countries() -> Choices:
    """Those of the EU, then its neighbours, then all others, each by name."""
    near = vocabularies.EFTA_COUNTRIES | vocabularies.CANDIDATE_COUNTRIES | {"GB", "XK"}

    def place(code: str) -> tuple[int, str]:
        rank = 0 if code in vocabularies.EU_COUNTRIES else 1 if code in near else 2
        return rank, label("country", code)

    return [(code, place(code)[1]) for code in sorted(vocabularies.countries(), key=place)]


def languages() -> Choices:
    every = ((code, label("language", code)) for code in vocabularies.LANGUAGES)
    return sorted(every, key=lambda each: each[1])


def themes() -> Choices:
    return [(theme, theme) for theme in vocabularies.themes()]
