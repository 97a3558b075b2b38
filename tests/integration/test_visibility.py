"""What people keep of themselves, through everything that the site puts out."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tessera.engine.audience import Audience
from tessera.engine.query import Query
from tessera.indexing.current import current
from tessera.indexing.dictionary import materials
from tessera.indexing.rebuild import rebuild
from tessera.indexing.sync import sync
from tessera.indexing.verify import verify
from tessera.records.corrections import correct
from tessera.records.models import Record
from tessera.schema.draft import DraftError
from tests.integration.conftest import Deliver
from tests.integration.deliveries import project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]

EVERYONE, MEMBERS = Audience.EVERYONE, Audience.MEMBERS
NAME, WORD, THEME = "Zsuzsa Quastenfloss", "xylophagous", "zymurgy"
QUAY = {"id": "org:quay", "kind": "organisation", "title": {"en": "Quay Institute"}}
PUBLIC = {"id": "m:2", "kind": "person", "title": {"en": "Public Person"}}


def person(**visibility: str) -> dict[str, Any]:
    return {
        "id": "m:1",
        "kind": "person",
        "title": {"en": NAME},
        "text": {"en": f"She studies {WORD} beetles."},
        "summary": {"en": f"Mother of {WORD} beetles", "de": f"Mutter der {WORD} Käfer"},
        "themes": [THEME],
        "countries": ["MT"],
        "organisation": "org:quay",
        "visibility": visibility,
    }


def world(deliver: Deliver, **visibility: str) -> None:
    deliver([project(1), project(2), QUAY, PUBLIC, person(**visibility)])
    sync()


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def member() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.create_user("m@example.org", "secret"))
    return client


ADDRESSES = (
    "/", "/about/", "/explore", "/explore?kind=person", "/explore?q=xylophagous",
    "/explore?q=Quastenflos", "/explore?q=xylophagou+beetls&match=words",
    "/explore?theme=zymurgy", "/organisation/org:quay", "/person/m:2", "/person/m:1",
    "/project/m:1", "/api/v1/search?q=xylophagous&facet=theme", "/api/v1/search?facet=theme",
    "/api/v1/search?q=Quastenflosz", "/api/v1/suggest?q=zsuz", "/api/v1/suggest?q=zymu",
    "/api/v1/suggest?q=Quostenfloss", "/api/v1/records/m:1", "/api/v1/records/org:quay",
    "/robots.txt", "/person/m:1?lang=de",
)  # fmt: skip


def told(client: Client) -> dict[str, str]:
    """What is said at each address, without what was asked for."""
    asked = ("q=xylophagous", "q=Quastenflos", "theme=zymurgy", "q=zymu", "q=Quostenfloss")
    found = {}
    for address in ADDRESSES:
        response = client.get(address)
        text = response.content.decode() + str(dict(response.headers))
        found[address] = text if not any(each in address for each in asked) else ""
        found[f"{address} {response.status_code}"] = ""
    return found


def holding(client: Client, *words: str) -> set[str]:
    return {
        address
        for address, text in told(client).items()
        if any(word.casefold() in text.casefold() for word in words)
    }


def total(client: Client, params: str) -> int:
    return int(client.get(f"/api/v1/search?{params}").json()["total"])


@pytest.mark.parametrize("shown", [{}, {"text": "everyone", "themes": "members"}])
def test_who_shows_nobody_a_name_is_nowhere(
    deliver: Deliver, visitor: Client, member: Client, shown: dict[str, str]
) -> None:
    world(deliver, **shown)
    for client in (visitor, member):
        assert holding(client, NAME, "Quastenfloss", WORD, THEME, "m:1") <= {
            # Both addresses say what was asked for, as for any id that there never was.
            "/person/m:1", "/project/m:1", "/person/m:1?lang=de",
        }  # fmt: skip
        assert client.get("/person/m:1").status_code == 404
        assert client.get("/api/v1/records/m:1").status_code == 404
        assert total(client, "kind=person") == 1
    assert verify().problem == ""


def test_a_hidden_person_is_answered_like_one_that_never_was(
    deliver: Deliver, visitor: Client
) -> None:
    world(deliver, title="members", organisation="members")
    for address in ("/person/{}", "/project/{}", "/api/v1/records/{}"):
        hidden, never = (visitor.get(address.format(uid)) for uid in ("m:1", "m:9"))
        assert hidden.status_code == never.status_code == 404
        assert hidden.content.replace(b"m:1", b"m:9") == never.content


def test_members_see_what_is_for_members_and_visitors_do_not(
    deliver: Deliver, visitor: Client, member: Client
) -> None:
    world(deliver, title="members", text="members", themes="members", organisation="members")
    for client, found in ((visitor, 0), (member, 1)):
        assert total(client, "kind=person") == 1 + found
        assert total(client, f"q={WORD}&match=words") == found
        assert total(client, f"theme={THEME}") == found
        assert len(client.get("/api/v1/suggest?q=zsuz").json()["suggestions"]) == found
        assert len(client.get("/api/v1/suggest?q=zymu").json()["suggestions"]) == found
        assert client.get("/person/m:1").status_code == (200 if found else 404)
        quay = client.get("/organisation/org:quay").content.decode()
        assert quay.count("Quastenfloss") == found
        links = client.get("/api/v1/records/org:quay").json()["links"]
        assert [link["id"] for link in links] == ["m:1"] * found
        kinds = client.get("/api/v1/search?q=quay").json()["hits"]
        assert [hit["id"] for hit in kinds if hit["kind"] == "organisation"] == ["org:quay"]


def test_a_page_says_to_each_what_is_for_them(
    deliver: Deliver, visitor: Client, member: Client
) -> None:
    world(deliver, title="everyone", countries="everyone", text="members")
    for client, found in ((member, 1), (visitor, 0)):
        page = client.get("/person/m:1").content.decode()
        values = client.get("/api/v1/records/m:1").json()
        assert NAME in page
        assert (WORD in page) == bool(found)
        assert THEME not in page
        assert "visibility" not in values["data"]
        assert set(values["data"]) == {"id", "kind", "title", "countries", *["text"] * found}
        assert values["links"] == []
        assert "Quay" not in page
        assert total(client, f"q={WORD}&match=words") == found
        assert total(client, "q=Quastenfloss") == total(client, "country=MT&kind=person") == 1
    assert len(current(EVERYONE)) == len(current(MEMBERS)) == Record.objects.count()


def test_nobody_keeps_an_answer_for_members(
    deliver: Deliver, visitor: Client, member: Client
) -> None:
    world(deliver, title="members")
    for address in ("/", "/explore", "/project/p:1", "/api/v1/search", "/api/v1/suggest?q=zs",
                    "/api/v1/records/p:1", "/api/v1/records/m:9"):  # fmt: skip
        theirs, public = member.get(address), visitor.get(address)
        assert {each.strip() for each in theirs["Cache-Control"].split(",")} == {
            "private", "no-store",
        }  # fmt: skip
        assert "ETag" not in theirs
        assert "no-store" not in public["Cache-Control"]
        for response in (theirs, public):
            assert "Cookie" in response["Vary"], address
    seen = visitor.get("/explore")
    again = member.get("/explore", headers={"If-None-Match": seen["ETag"]})
    assert again.status_code == 200


@pytest.mark.parametrize("forged", ["audience=members", "members=1", "visibility=members"])
def test_nobody_can_ask_to_be_a_member(deliver: Deliver, visitor: Client, forged: str) -> None:
    world(deliver, title="members")
    answer = visitor.get(
        f"/api/v1/search?q=Quastenfloss&match=words&{forged}",
        headers={"Cookie": "sessionid=forged", "X-Audience": "members"},
    ).json()
    assert answer["total"] == 0
    assert answer["problems"]


def test_withdrawal_reaches_everything_with_the_next_commit(
    deliver: Deliver, visitor: Client, member: Client
) -> None:
    every = ("title", "text", "summary", "themes", "countries", "organisation")
    world(deliver, **dict.fromkeys(every, "everyone"))
    assert total(visitor, f"q={WORD}") == 1
    assert "Quastenfloss" in visitor.get("/organisation/org:quay").content.decode()
    assert WORD in str([*materials.pairs()])
    world(deliver, title="members", text="members")
    for client, found in ((visitor, 0), (member, 1)):
        assert total(client, f"q={WORD}&match=words") == found
        assert total(client, f"theme={THEME}") == 0
    assert not holding(visitor, "Quastenfloss", WORD, THEME) - {"/person/m:1", "/project/m:1"}
    assert WORD not in str([*materials.pairs()])
    world(deliver)
    for client in (visitor, member):
        assert not holding(client, "Quastenfloss", WORD, THEME)
    for audience in Audience:
        index = current(audience)
        assert "m:1" not in set(index.ids())
        assert WORD not in dict(index.words())
        assert index.count(Query("quay")) == 1
    assert verify().problem == ""


def test_a_rebuilt_index_keeps_audiences_apart(deliver: Deliver) -> None:
    world(deliver, title="members", text="members", organisation="members")
    made = rebuild()
    assert made.documents == Record.objects.count() - 1
    assert WORD not in dict(current().words())
    assert current(MEMBERS).count(Query(WORD)) == 1
    assert verify().problem == ""


def test_no_editor_can_widen_it(deliver: Deliver) -> None:
    world(deliver, title="members")
    with pytest.raises(DraftError, match="can't be corrected"):
        correct(Record.objects.get(uid="m:1"), {"visibility": None})
