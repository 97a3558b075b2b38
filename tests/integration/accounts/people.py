"""A person with an unmistakable word in every field of their profile, as they would write it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.integration.accounts.test_photo import picture

WORDS = {
    "name": "Zsuzsaquil",
    "organisation": "Brackwaterworks",
    "looking_for": "Ferrymoonshot",
    "can_offer": "Xylophagouscraft",
    "texts": "Quastenflosser",
    "links": "peregrinquay",
    "orcid": "0000-0002-1825-0097",
}
"""By field of the profile a word that occurs nowhere else."""

FIELDS = (
    "name", "photo", "organisation", "representing", "country", "region", "interested_in",
    "looking_for", "can_offer", "languages", "texts", "links", "orcid",
)  # fmt: skip


def sent(**seen: str) -> dict[str, dict[str, Any]]:
    """By page of the profile what is sent; seen: by field, who may see it (`every`: the rest)."""
    rest = seen.pop("every", "nobody")
    switches = {f"see_{field}": seen.get(field, rest) for field in FIELDS}
    pages: dict[str, dict[str, Any]] = {
        "about": {"name": f"{WORDS['name']} Vale", "orcid": WORDS["orcid"], "languages": ["mt"]},
        "organisation": {
            "organisation_name": f"{WORDS['organisation']} Ltd", "representing": "Sme"
        },
        "place": {"country": "MT", "region": "MT001"},
        "interests": {
            "interested_in": ["idea"], "seeks_calls": f"{WORDS['looking_for']} call",
            "seeks_countries": ["IS"], "seeks_types": ["Egtc"],
        },
        "offer": {
            "can_offer": f"{WORDS['can_offer']} of ropes",
            "links": f"https://{WORDS['links']}.example/",
        },
        "text": {"lang_0": "en", "text_0": f"A keeper of the {WORDS['texts']}."},
    }  # fmt: skip
    return {slug: values | switches for slug, values in pages.items()}


def fill(client: Client, **seen: str) -> None:
    """Write all of a profile."""
    for slug, values in sent(**seen).items():
        done = client.post(f"/account/profile/{slug}/", values)
        assert done.status_code == 302, done.content.decode()
    photo = SimpleUploadedFile("me.png", picture("PNG"))
    switch = seen.get("photo", seen.get("every", "nobody"))
    done = client.post("/account/profile/photo/", {"file": photo, "see_photo": switch})
    assert done.status_code == 302


def publish(client: Client, **chosen: str) -> None:
    done = client.post("/account/profile/publish/", chosen)
    assert done.status_code == 302, done.content.decode()
