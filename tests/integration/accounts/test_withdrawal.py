"""A published person, found where they should be; then withdrawn, and nowhere any more.

What is asked are all addresses that the site has, with everything that a reader could ask them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tessera.accounts.models import Consent, Profile, User
from tessera.accounts.profiles.erasure import erase
from tessera.engine.audience import Audience
from tessera.engine.meaning.folder import find_encoder
from tessera.indexing import meaning
from tessera.indexing.current import current
from tessera.indexing.dictionary import materials
from tessera.indexing.sync import sync
from tessera.indexing.verify import verify
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA
from tests.integration.accounts.people import WORDS, fill, publish, sent
from tests.integration.conftest import Deliver
from tests.integration.deliveries import project
from tests.unit.engine.meaning import tiny

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tantivy_index")
]  # fmt: skip

OTHERS = [
    project(1), project(2),
    {"id": "org:quay", "kind": "organisation", "title": {"en": "Quay Institute"}},
    {"id": "s:1", "kind": "person", "title": {"en": "Contact Person"}, "countries": ["LT"],
     "interested_in": ["leading"], "text": {"en": "Contact of a programme in Vilnius."}},
]  # fmt: skip

FOUND_BY = (
    "interested_in=idea", "representing=Sme", "country=MT", "region=MT001", "language=mt",
    *(f"q={WORDS[field]}&match=words"
      for field in ("name", "organisation", "looking_for", "can_offer", "texts")),
)  # fmt: skip

NOT_ASKED = {
    "account/", "admin/",  # of one's own, and of editors: other tests hold them to their owner
    "healthz", "theme.css", "api/v1/openapi.json",  # say nothing of records
}  # fmt: skip
OF_CONVERSATIONS = ("account/messages/<uuid", "account/messages/blocked/")
"""Conversations go on after a withdrawal; tests/integration/contact holds what they say."""


@pytest.fixture
def world(deliver: Deliver) -> None:
    deliver(OTHERS)
    sync()


@pytest.fixture
def member(world: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_user("mo@portal.example"))
    return client


@pytest.fixture
def visitor(world: None) -> Client:
    return Client()


def routes(of: Any = None, start: str = "") -> Iterator[str]:
    """The patterns of all addresses."""
    for each in (of or get_resolver()).url_patterns:
        route = f"{start}{each.pattern}"
        if isinstance(each, URLResolver) and route not in NOT_ASKED:
            yield from routes(each, route)
        elif isinstance(each, URLPattern):
            yield route


def addresses(uid: str) -> list[str]:
    """Each address of the site, with what leads to a person there."""
    facets = [facet.name for facet in SCHEMA.facets]
    asked = [f"q={word[:cut]}" for word in WORDS.values() for cut in (None, -1, 5)]
    asked += ["", "kind=person", "interested_in=idea", "representing=Sme", "country=MT",
              "region=MT001", "language=mt", "q=Zsuzsaqil", "q=ropes", "q=%22keeper%20of%20the%22",
              "kind=person&sort=title", "kind=person&page=2", "theme=zymurgy"]  # fmt: skip
    known = {
        "": [""],
        "explore": [f"explore?{each}" for each in asked],
        "api/v1/search": [
            f"api/v1/search?{each}&" + "&".join(f"facet={name}" for name in facets)
            for each in asked
        ],
        "api/v1/suggest": [f"api/v1/suggest?{each}" for each in asked],
        "api/v1/records/<path:id>": [
            f"api/v1/records/{each}" for each in (uid, "org:quay", "p:1", "s:1")
        ],
        "account/messages/to/<path:uid>/": [
            f"account/messages/to/{each}/" for each in (uid, "s:1")
        ],
        "takedown/<path:uid>": [f"takedown/{each}" for each in (uid, "s:1")],
        "kind": [f"{kind}/{each}" for each in (uid, "org:quay", "p:1", "s:1")
                 for kind in ("person", "organisation", "project")],
    }  # fmt: skip
    found: list[str] = []
    for route in routes():
        if route in NOT_ASKED or route.startswith(OF_CONVERSATIONS):
            continue
        name = "kind" if route.startswith("^(?P<kind>") else route
        plain = [route] if "<" not in route and "?P" not in route else None
        found += known.get(name) or plain or pytest.fail(f"nothing is asked at {route}")
    return [f"/{each}" for each in found]


def telling(client: Client, uid: str, *words: str) -> dict[str, set[str]]:
    """By address the words that are told there, of those that weren't asked for."""
    found: dict[str, set[str]] = {}
    for address in addresses(uid):
        response = client.get(address)
        content = b"".join(response) if response.streaming else response.content
        text = content.decode() + str(dict(response.headers))
        told = {word for word in words if word.casefold() in text.casefold()}
        # Words that the question itself has are repeated to whoever asks.
        if told := {word for word in told if word[:5].casefold() not in address.casefold()}:
            found[address] = told
    return found


def lines(path: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(path.rglob("*.log")):
        yield str(file), file.read_text(encoding="utf-8", errors="replace")


def stored(but: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """All rows of all tables but those that are somebody's own."""
    for model in apps.get_models():
        if model._meta.label_lower not in but:
            for row in model._base_manager.values():
                yield model._meta.label, str(row)


def total(client: Client, params: str) -> int:
    return int(client.get(f"/api/v1/search?{params}").json()["total"])


def uid_of(email: str) -> str:
    return Profile.objects.get(user__email=email).uid


def test_all_of_a_published_person_is_found_and_after_withdrawal_nothing(
    client: Client, ada: User, visitor: Client, member: Client, tmp_path: Path, caplog: Any
) -> None:
    caplog.set_level("DEBUG", logger="tessera")
    fill(client, every="everyone")
    assert not Record.objects.filter(source__slug="members").exists()
    publish(client)
    uid = uid_of(ada.email)
    photo = Profile.objects.get().photo
    for reader in (visitor, member):
        page = reader.get(f"/person/{uid}").content.decode()
        for field, word in WORDS.items():
            assert word.casefold() in page.casefold(), field
        for params in FOUND_BY:
            assert total(reader, f"kind=person&{params}") == 1, params
        assert total(reader, "kind=person") == 2
        told = telling(reader, uid, *WORDS.values())
        assert {f"/person/{uid}", f"/api/v1/records/{uid}", "/explore?interested_in=idea"} <= set(
            told
        )
        assert reader.get(f"/account/profile/photo/{photo}").status_code == 200
    client.post("/account/profile/withdraw/")
    for reader in (visitor, member):
        assert telling(reader, uid, *WORDS.values(), photo) == {}
        assert reader.get(f"/person/{uid}").status_code == 404
        assert reader.get(f"/api/v1/records/{uid}").status_code == 404
        assert reader.get(f"/account/profile/photo/{photo}").status_code == 404
        assert total(reader, "kind=person") == 1
        assert total(reader, "interested_in=idea") == total(reader, "country=MT") == 0
    nothing_is_left(uid, caplog, tmp_path, but=("accounts.profile", "accounts.consent"))
    assert Consent.objects.filter(what="listed").values_list("given", flat=True).last() is False
    publish(client)
    assert uid_of(ada.email) == uid
    assert visitor.get(f"/person/{uid}").status_code == 200
    erase(User.objects.get(pk=ada.pk))
    for reader in (visitor, member):
        assert telling(reader, uid, *WORDS.values(), photo) == {}
    nothing_is_left(uid, caplog, tmp_path, but=())


def nothing_is_left(uid: str, caplog: Any, home: Path, but: tuple[str, ...]) -> None:
    """In the index's live documents, the database beside one's own rows, logs, and files."""
    words = [each.casefold() for each in WORDS.values()]

    def holding(text: str) -> list[str]:
        return [word for word in words if word in text.casefold()]

    for audience in Audience:
        index = current(audience)
        assert uid not in set(index.ids())
        known = dict(index.words())
        assert not [word for word in words if word in known]
        for id_, values in index.get(list(index.ids())).items():
            assert not holding(json.dumps(values, ensure_ascii=False)), id_
    assert verify().problem == ""
    for table, row in stored(but):
        assert not holding(row), table
    assert not holding(str([*materials.pairs()]))
    assert not holding(caplog.text)
    for file, text in lines(home):
        assert not holding(text), file
    record = Record.objects.get(uid=uid)
    assert record.data == {"id": uid, "kind": "person", "visibility": {}}
    assert (record.title, record.face, record.links.count()) == ("", {"visibility": {}}, 0)


def test_a_person_for_members_is_never_counted_for_visitors(
    client: Client, ada: User, visitor: Client, member: Client
) -> None:
    fill(client, every="everyone", name="members")
    before = {each: visitor.get(each).content for each in addresses("member:none")}
    publish(client)
    uid = uid_of(ada.email)
    assert telling(visitor, uid, *WORDS.values()) == {}
    for address, answer in before.items():
        if "/api/" in address and "search" in address:
            now, then = (json.loads(each) for each in (visitor.get(address).content, answer))
            for each in (now, then):
                each.pop("took_ms")
            assert now == then, address
        elif "/api/" in address:
            assert visitor.get(address).content == answer, address
    assert total(visitor, "kind=person") == 1
    assert total(member, "kind=person") == 2
    assert visitor.get(f"/person/{uid}").status_code == 404
    assert WORDS["texts"] in member.get(f"/person/{uid}").content.decode()
    photo = Profile.objects.get(user=ada).photo
    assert visitor.get(f"/account/profile/photo/{photo}").status_code == 404
    answer = member.get(f"/account/profile/photo/{photo}")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("field", [each for each in WORDS if each != "name"])
def test_a_field_that_nobody_may_see_any_more_is_gone(
    client: Client, ada: User, visitor: Client, member: Client, field: str, tmp_path: Path
) -> None:
    fill(client, every="everyone")
    publish(client)
    uid = uid_of(ada.email)
    assert telling(visitor, uid, WORDS[field])
    for slug, values in sent(every="everyone", **{field: "nobody"}).items():
        client.post(f"/account/profile/{slug}/", values)
    for reader in (visitor, member):
        assert telling(reader, uid, WORDS[field]) == {}
        assert WORDS["name"] in reader.get(f"/person/{uid}").content.decode()
    assert WORDS[field] not in str(Record.objects.get(uid=uid).__dict__)
    assert verify().problem == ""


@pytest.fixture
def encoder(tantivy_index: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A tiny encoder, set as `search.meaning` would."""
    tiny.make(tmp_path / "tiny")
    settings.SITE = replace(settings.SITE, meaning=find_encoder("tiny", tmp_path))
    yield
    meaning._opened.cache_clear()
    meaning._encoder.cache_clear()


@pytest.mark.usefixtures("encoder")
def test_vectors_go_too(client: Client, ada: User, visitor: Client) -> None:
    text = "People work together for clean water in the river region, and for fish."
    told = {"lang_0": "en", "text_0": text, "see_texts": "everyone"}
    meaning.build()
    before = meaning.status().documents
    fill(client, name="everyone")
    client.post("/account/profile/text/", told)
    publish(client)
    meaning.build()
    found = meaning.current_meaning()
    assert found is not None and meaning.status().documents == before + 1
    uid = uid_of(ada.email)
    assert uid in dict(found.nearest(text, "en", 9))
    client.post("/account/profile/withdraw/")
    assert uid not in dict(found.nearest(text, "en", 9)), "never answered from"
    meaning.build()
    assert meaning.status().documents == before
