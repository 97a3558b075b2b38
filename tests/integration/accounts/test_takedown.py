"""Contacts that programmes publish ask to be taken down, and an editor decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from tessera.accounts.forgetting import KEPT_DAYS, forget
from tessera.accounts.models import TakedownRequest, User
from tessera.accounts.takedown import MOST_OPEN
from tessera.indexing.sync import sync
from tessera.records.corrections import correct, uncorrect
from tessera.records.models import Record
from tessera.schema.draft import DraftError
from tessera.trail.signing import told
from tests.integration.accounts.people import fill, publish
from tests.integration.conftest import Deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]

CONTACT = {"id": "s:1", "kind": "person", "title": {"en": "Contact Quibbleford"},
           "organisation": "org:quay", "links": [{"rel": "about", "id": "org:quay"}]}  # fmt: skip
QUAY = {"id": "org:quay", "kind": "organisation", "title": {"en": "Quay Institute"}}
QUEUE = "/admin/accounts/takedownrequest/"


@pytest.fixture
def editor() -> Client:
    user = User.objects.create_user("ed@portal.example", is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def ask() -> TakedownRequest:
    page = Client().get("/person/s:1").content.decode()
    assert "Published by" in page and "/takedown/s:1" in page
    answer = Client().post("/takedown/s:1", {"said": "I left <b>long</b> ago."})
    assert "An editor of this site" in answer.content.decode()
    return TakedownRequest.objects.latest("pk")


def decide(editor: Client, action: str) -> None:
    pks = list(TakedownRequest.objects.values_list("pk", flat=True))
    answer = editor.post(QUEUE, {"action": action, "_selected_action": pks}, follow=True)
    assert "Decided: 1." in answer.content.decode()


def test_asked_decided_and_gone_for_good(editor: Client, deliver: Deliver) -> None:
    deliver([CONTACT, QUAY])
    sync()
    ask()
    assert "I left &lt;b&gt;long&lt;/b&gt; ago." in editor.get(QUEUE).content.decode()
    decide(editor, "take_down")
    assert told(TakedownRequest.objects.get().by) == "ed@portal.example"
    for _ in range(2):
        assert Client().get("/person/s:1").status_code == 404
        assert Client().get("/api/v1/records/s:1").status_code == 404
        assert Client().get("/api/v1/search?kind=person").json()["total"] == 0
        assert "Quibbleford" not in Client().get("/organisation/org:quay").content.decode()
        assert Client().get("/takedown/s:1").status_code == 404
        deliver([CONTACT | {"text": {"en": "New."}}, QUAY])
        sync()
    record = Record.objects.get(uid="s:1")
    with pytest.raises(DraftError):
        correct(record, {"themes": ["x"]})
    assert uncorrect(record, "visibility")
    assert Client().get("/person/s:1").status_code == 200
    assert Record.objects.get(uid="s:1").corrections == {}


def test_left_as_it_is(editor: Client, deliver: Deliver) -> None:
    deliver([CONTACT, QUAY])
    ask()
    decide(editor, "leave")
    assert Client().get("/person/s:1").status_code == 200
    long_ago = timezone.now() - timedelta(days=KEPT_DAYS + 1)
    open_one = TakedownRequest.objects.create(uid="s:1", said="again")
    TakedownRequest.objects.update(at=long_ago)
    TakedownRequest.objects.exclude(decided="").update(decided_at=long_ago)
    forget()
    assert list(TakedownRequest.objects.all()) == [open_one]


def test_nobody_fills_the_queue(deliver: Deliver) -> None:
    deliver([CONTACT, QUAY])
    for _ in range(MOST_OPEN + 2):
        ask()
    assert TakedownRequest.objects.count() == MOST_OPEN
    refused = Client().post("/takedown/s:1", {"said": "", "reply_to": "nowhere"}).content.decode()
    assert "Nothing was saved yet" in refused


def test_only_people_of_sources_have_it(client: Client, ada: User, deliver: Deliver) -> None:
    deliver([QUAY])
    fill(client, name="everyone")
    publish(client)
    uid = Record.objects.get(kind="person").uid
    for each in (uid, "org:quay", "s:404"):
        assert Client().get(f"/takedown/{each}").status_code == 404
    assert "takedown" not in Client().get(f"/person/{uid}").content.decode()


def test_who_may_not_decide_does_not(deliver: Deliver) -> None:
    deliver([CONTACT, QUAY])
    ask()
    reader: Any = Client()
    user = User.objects.create_user("re@portal.example")
    user.user_permissions.set(Permission.objects.filter(codename="change_takedownrequest"))
    reader.force_login(user)
    pks = list(TakedownRequest.objects.values_list("pk", flat=True))
    reader.post(QUEUE, {"action": "take_down", "_selected_action": pks})
    assert TakedownRequest.objects.get().decided == ""
