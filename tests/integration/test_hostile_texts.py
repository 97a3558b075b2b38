"""Hostile texts in every field of every kind: nothing of them is markup on any page."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.kinds import KIND_NAMES
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

EVIL = (
    "Ferry<script>alert(1)</script><img src=x onerror=alert(2)>"
    '<a href="javascript:alert(3)">a</a>" onmouseover="alert(4)\' onfocus=\'alert(5)'
    "</script></title></style>--><svg/onload=alert(6)>&lt;script&gt;{{ 7|add:7 }}"
)
SCHEMES = ("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
           " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)")  # fmt: skip


def hostile(kind: str) -> dict[str, Any]:
    return {
        "id": f"x:{kind}", "kind": kind, "title": {"en": EVIL, "de": EVIL}, "acronym": EVIL[:60],
        "summary": {"en": EVIL}, "text": {"en": f"{EVIL} other"}, "language": "en",
        "programme": {"name": EVIL}, "themes": [EVIL], "objectives": [EVIL], "licence": EVIL,
        "organisations": [{"name": EVIL, "town": EVIL, "source_type": EVIL, "role": "lead"}],
        "regions": [{"nuts": "LT011", "stated": EVIL}], "notes": [EVIL], "place": EVIL,
        "starts": "2026-05-01T10:00:00", "timezone": EVIL, "deadline": "2026-09-17",
        "names": [{"name": EVIL, "lang": "\"onclick=alert(1) x"}], "organisation": EVIL,
        "budget": {EVIL: {"amount": "5", "currency": "EUR"}}, "source_type": EVIL,
        "pages": [{"page": 1, "text": EVIL}], "path": EVIL, "published": "2026-01-01",
        "url": "https://x.example/\"onmouseover=\"alert(1)<script>alert(2)</script>",
        "links": [{"rel": EVIL[:40], "id": "x:project"}], "stated": {"name": EVIL},
        "unknown": EVIL, "websites": ["https://x.example/\"onmouseover=\"alert(1)<script>alert(2)</script>"],
        "mended": [{"field": EVIL, "what": "markup", "before": EVIL, "after": EVIL}],
    }  # fmt: skip


class Found(HTMLParser):
    """What a page has of elements that run something, and of addresses."""

    def __init__(self, *, data: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.bad: list[str] = []
        # Blocks of data, which nothing runs, are the site's own on some pages.
        self._types = ("ld+json", "application/json") if data else ("ld+json",)
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        own = values.get("src", "").startswith(("/static/", "/admin/jsi18n/")) or any(
            each in values.get("type", "") for each in self._types
        )
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and not own):
            self.bad.append(f"<{tag} {values}>")
        if tag == "img" and "x" in values.get("src", "") and not values["src"].startswith("data:"):
            self.bad.append(f"<{tag} {values}>")
        for name, value in values.items():
            scheme = "".join(value.split()).lower().partition(":")[0]
            drawn = tag == "img" and value.startswith("data:image/svg+xml;base64,")  # a QR code
            if drawn:
                continue
            if name.startswith("on") or scheme in ("javascript", "data", "vbscript"):
                self.bad.append(f"<{tag} {name}={value}>")
        self._script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            json.loads(data)  # nothing of JSON-LD ends the element before its time

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def test_no_page_runs_what_a_record_says(
    deliver: Deliver, client: Client, admin_client: Client, memory_index: None
) -> None:
    report = deliver([hostile(kind) for kind in KIND_NAMES])
    assert report.errors == [] and report.added == len(KIND_NAMES)
    addresses = ["/", "/explore", "/explore?q=ferry", "/explore?q=alert&kind=project"]
    addresses += [f"/{kind}/x:{kind}" for kind in KIND_NAMES]
    addresses += [f"/{kind}/x:{kind}?lang=de" for kind in KIND_NAMES]
    addresses += [f"/explore?q=ferry&kind={kind}" for kind in KIND_NAMES]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found = Found()
        found.feed(answer.content.decode())
        assert found.bad == [], address
    from tessera.records.models import Record

    record = Record.objects.get(uid="x:project")
    for address in (
        "/admin/records/record/", f"/admin/records/record/{record.pk}/change/",
        f"/admin/records/sourcerecord/{record.item_id}/change/", "/admin/records/link/",
    ):  # fmt: skip
        page = admin_client.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, address


def test_the_api_answers_json_alone(deliver: Deliver, client: Client, memory_index: None) -> None:
    deliver([hostile("project")])
    for address in ("/api/v1/records/x:project", "/api/v1/search?q=ferry", "/api/v1/suggest?q=fer"):
        answer = client.get(address)
        assert answer["Content-Type"].startswith("application/json")
        assert answer["X-Content-Type-Options"] == "nosniff"
        for hit in answer.json().get("hits", ()):
            for each in hit["highlights"]:
                found = Found()
                found.feed(each["html"])
                assert found.bad == [] and "<script" not in each["html"]


@pytest.mark.parametrize("url", SCHEMES)
def test_an_address_of_another_scheme_is_none(url: str) -> None:
    with pytest.raises(DraftError):
        RecordDraft.from_json(hostile("project") | {"url": url})
    with pytest.raises(DraftError):
        RecordDraft.from_json(hostile("person") | {"websites": [url]})
