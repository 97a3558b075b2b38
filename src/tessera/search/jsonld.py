"""A record as schema.org JSON-LD, for machines that read pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tessera.search.record_page import RecordPage, schema_type

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def jsonld(page: RecordPage, address: str) -> SafeString:
    """A data block for `<script type="application/ld+json">`. address: of the page, with host."""
    text = json.dumps(values(page, address), ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 - no markup is left in it  # nosec B308


def values(page: RecordPage, address: str) -> dict[str, Any]:
    """The record as JSON-LD values; what isn't stated is left out."""
    data = page.data
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": schema_type(page.kind),
        "@id": address,
        "url": address,
        "name": _versions(data.get("title")),
        "alternateName": data.get("acronym"),
        "description": _versions(data.get("summary") or data.get("text")),
        "sameAs": page.url or None,
        "keywords": data.get("themes"),
    }
    if page.provenance.licence and page.kind in ("news", "file", "good_practice", "call"):
        found["license"] = page.provenance.licence
    found.update(_by_kind(page, data))
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def _versions(texts: object) -> object:
    """A text, or one for each of its languages."""
    if not isinstance(texts, Mapping) or not texts:
        return None
    made = [
        {"@value": text, "@language": lang} if lang != "und" else text
        for lang, text in texts.items()
    ]
    return made[0] if len(made) == 1 else made


def _by_kind(page: RecordPage, data: Mapping[str, Any]) -> dict[str, Any]:
    match page.kind:
        case "project":
            partners = [
                {"@type": "Organization", "name": each["name"]}
                for each in data.get("organisations") or ()
            ]
            programme = data.get("programme") or {}
            funder = programme.get("name") or programme.get("id")
            return {
                "startDate": data.get("start"),
                "endDate": data.get("end"),
                "member": partners,
                "funding": {"@type": "Grant", "name": funder} if funder else None,
            }
        case "event":
            place = data.get("place")
            attendance = "OfflineEventAttendanceMode"
            if data.get("online"):
                attendance = "MixedEventAttendanceMode" if place else "OnlineEventAttendanceMode"
            return {
                "startDate": data.get("starts"),
                "endDate": data.get("ends"),
                "location": {"@type": "Place", "name": place} if place else None,
                "eventAttendanceMode": f"https://schema.org/{attendance}",
            }
        case "news":
            return {"headline": page.title.text, "datePublished": data.get("published")}
        case "file":
            size = data.get("size")
            return {
                "datePublished": data.get("published"),
                "inLanguage": data.get("language"),
                "numberOfPages": len(data["pages"]) if data.get("pages") else None,
                "contentSize": f"{size} B" if size else None,
            }
        case "good_practice":
            return {"datePublished": data.get("published")}
        case "call":
            programme = data.get("programme") or {}
            funder = programme.get("name") or programme.get("id")
            return {
                "datePublished": data.get("opens") or data.get("published"),
                "expires": data.get("deadline"),
                "funder": {"@type": "Organization", "name": funder} if funder else None,
            }
        case "organisation":
            countries = data.get("countries") or []
            return {
                "alternateName": [each["name"] for each in data.get("names") or ()],
                "address": {"@type": "PostalAddress", "addressCountry": countries[0]}
                if countries
                else None,
            }
        case "person":
            employer = str(data.get("organisation") or "")
            named = next((fact for fact in page.facts if fact.values[0].text == employer), None)
            return {"affiliation": employer if named else None}
    return {}
