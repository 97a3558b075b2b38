"""A profile in words, as an audience would see it."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tessera.accounts.profiles.choices import label
from tessera.accounts.profiles.models import Profile
from tessera.accounts.profiles.visibility import FIELDS, SEEN_LABELS, Seen


class Said(NamedTuple):
    """One value in words. lang: of the text, empty where it is the page's. href: where it leads."""

    text: str
    lang: str = ""
    href: str = ""


class Fact(NamedTuple):
    """One field with its values. seen: who may see it, in words."""

    field: str
    label: Promise
    values: list[Said]
    seen: Promise


def facts(profile: Profile, audience: Seen | None = None) -> list[Fact]:
    """The fields that are filled in, for an audience, or all of them for their owner."""
    found = []
    for field, name in FIELDS.items():
        values = said(profile, field)
        if values and (audience is None or profile.shows(field, audience)):
            found.append(Fact(field, name, values, SEEN_LABELS[profile.seen(field)]))
    return found


def said(profile: Profile, field: str) -> list[Said]:
    """The values of a field in words; of the photo, where it is."""
    match field:
        case "name" | "can_offer":
            return _some(getattr(profile, field))
        case "photo":
            return [Said(profile.photo)] if profile.photo else []
        case "organisation":
            uid = profile.organisation_uid
            href = f"/organisation/{uid}" if uid else ""
            return [Said(profile.organisation_name, href=href)] if profile.organisation_name else []
        case "representing" | "country" | "region":
            value = getattr(profile, field)
            return [Said(label(field, value))] if value else []
        case "interested_in":
            return [Said(label(field, each)) for each in profile.interested_in]
        case "looking_for":
            return [*_looking_for(profile)]
        case "languages":
            return [Said(label("language", each)) for each in profile.languages]
        case "texts":
            return [Said(text, lang=lang) for lang, text in profile.texts.items()]
        case "links":
            return [Said(link, href=link) for link in profile.links]
        case "orcid":
            address = f"https://orcid.org/{profile.orcid}"
            return [Said(profile.orcid, href=address)] if profile.orcid else []
    raise KeyError(field)


def _some(text: str) -> list[Said]:
    return [Said(text)] if text else []


def _looking_for(profile: Profile) -> list[Said]:
    rows = (
        (_("Calls: %(values)s"), profile.seeks_calls),
        (_("Themes: %(values)s"), profile.seeks_themes),
        (_("Countries: %(values)s"), [label("country", each) for each in profile.seeks_countries]),
        (_("Partners: %(values)s"),
         [label("organisation_type", each) for each in profile.seeks_types]),
    )  # fmt: skip
    return [Said(line % {"values": "; ".join(values)}) for line, values in rows if values]
