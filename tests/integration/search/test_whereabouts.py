"""Why an item isn't shown: each answer for an item in that state."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tessera.accounts.models import User
from tessera.cli import main
from tessera.indexing.current import backend
from tessera.indexing.sync import sync
from tessera.records.corrections import correct
from tessera.records.models import Record
from tessera.schema.fields import SCHEMA
from tessera.search.whereabouts import State, whereabouts
from tests.integration.conftest import Deliver


def item(uid: str, title: str, **more: Any) -> dict[str, Any]:
    return {"id": uid, "kind": "project", "title": {"en": title}, **more}


def states(typed: str) -> list[State]:
    return [finding.state for finding in whereabouts(typed).findings]


@pytest.mark.django_db
def test_each_state_has_its_answer(deliver: Deliver, tantivy_index: None) -> None:
    deliver([item("t:one", "Early bird"), item("t:two", "Short guest")])
    assert states("t:one") == [State.WAITING]
    sync()
    assert states("t:one") == [State.PUBLISHED]
    assert states("early") == [State.PUBLISHED]
    assert states("http://portal.example/project/t:one?lang=el") == [State.PUBLISHED]
    assert backend().current(SCHEMA).get(["t:one"])

    wrong = item("t:three", "Wrong end", start="2020-01-01", end="2019-01-01")
    deliver([item("t:one", "Early bird, again"), wrong])
    (published,) = whereabouts("t:one").findings
    assert published.state is State.PUBLISHED and "earlier state" in published.why
    (withdrawn,) = whereabouts("t:two").findings
    assert withdrawn.state is State.WITHDRAWN and "no longer had it" in withdrawn.why
    assert withdrawn.since is not None
    (invalid,) = whereabouts("t:three").findings
    assert invalid.state is State.INVALID and "2019" in invalid.why
    assert states("t:nothing") == []


@pytest.mark.django_db
def test_refused_merged_corrected_and_never_received(
    client: Client, deliver: Deliver, tantivy_index: None
) -> None:
    deliver([item("t:one", "Early bird")], source="one")
    deliver([item("t:two", "Other"), {"key": "theirs", "records": [item("t:one", "X")]}])
    (refused,) = whereabouts("theirs").findings
    assert refused.state is State.REFUSED and "comes from the source 'one'" in refused.why
    assert refused.run is not None and '"t:one"' in refused.raw and refused.draft == ""

    client.force_login(User.objects.create_superuser("editor@portal.example", "secret"))
    html = client.get("/admin/whereabouts/?q=theirs").content.decode()
    assert f"/admin/harvest/run/{refused.run}/change/" in html and "Refused" in html

    correct(Record.objects.get(uid="t:one"), {"acronym": "BIRD"}, by="editor")
    Record.objects.filter(uid="t:one").update(answers_as="t:two")
    (merged,) = whereabouts("t:one").findings
    assert merged.state is State.MERGED and "t:two" in merged.why and merged.locked == ("acronym",)
    assert '"Early bird"' in merged.draft

    found = whereabouts("t:onn")
    assert found.findings == () and found.nearest[0] == "t:one"
    html = client.get("/admin/whereabouts/?q=t:onn").content.decode()
    assert 'href="?q=t%3Aone"' in html


@pytest.mark.django_db
def test_why_on_the_command_line(
    deliver: Deliver, tantivy_index: None, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver([item("t:one", "Early bird"), item("t:bad", "Wrong", period="never")])
    assert main(["why", "t:bad"]) == 0
    told = capsys.readouterr().out
    assert "t:bad: Invalid" in told and "period" in told and ", run " in told
    assert main(["why", "early bird", "--json"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert (answer["state"], answer["uid"]) == ("waiting", "t:one")
    assert main(["why", "t:on"]) == 0
    assert main(["why", "t:nine"]) == 1
    assert "most like it: t:" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_page_is_for_editors_alone(
    client: Client, deliver: Deliver, tantivy_index: None
) -> None:
    deliver([item("t:one", "Early bird")])
    assert client.get("/admin/whereabouts/?q=early").status_code == 302
    client.force_login(User.objects.create_superuser("editor@portal.example", "secret"))
    response = client.get("/admin/whereabouts/?q=early")
    assert response.status_code == 200
    html = response.content.decode()
    assert "Early bird" in html and "no search index at the moment" in html


@pytest.mark.django_db
def test_editors_correct_a_field_and_take_it_back(
    client: Client, deliver: Deliver, tantivy_index: None
) -> None:
    from tessera.records.models import Record

    deliver([item("t:one", "Early bird", status="ongoing")])
    client.force_login(User.objects.create_superuser("editor@portal.example", "secret"))
    record = Record.objects.get(uid="t:one")
    address = f"/admin/records/record/{record.pk}/change/"
    refused = client.post(address, {"corrections": '{"status": "gone", "colour": "red"}'})
    assert refused.status_code == 200 and b"can&#x27;t be corrected: colour" in refused.content
    assert client.post(address, {"corrections": '{"status": "closed"}'}).status_code == 302
    record.refresh_from_db()
    assert record.current["status"] == "closed"
    assert record.changes.order_by("-sequence")[0].what == "changed"
    assert client.post(address, {"corrections": ""}).status_code == 302
    record.refresh_from_db()
    assert record.current["status"] == "ongoing"
    for name in ("record", "source", "sourcerecord", "change", "link"):
        assert client.get(f"/admin/records/{name}/").status_code == 200, name
    for path in ("", "harvest/run/", "harvest/runerror/", "indexing/indexstate/"):
        assert client.get(f"/admin/{path}").status_code == 200, path
