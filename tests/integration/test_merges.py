"""Organisations that are one: shown under one id, with all their names and links, until undone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tessera.indexing.sync import sync
from tessera.records.matching import match
from tessera.records.merges import MergeError, accept, merge, reject, undo
from tessera.records.models import Candidate, Change, Merge, Record
from tessera.trail.signing import told
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

ME = "admin@example.com"


def partner(name: str, role: str = "partner", **more: Any) -> dict[str, Any]:
    return {"name": name, "role": role, **more}


def project(number: int, *partners: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"p:{number}", "kind": "project", "title": {"en": f"Project {number}"},
            "organisations": list(partners)}  # fmt: skip


VIENNA = {"id": "pic:999999999", "kind": "organisation", "title": {"en": "University of Vienna"},
          "countries": ["AT"], "place": "Vienna"}  # fmt: skip
WIEN = {"id": "x:wien", "name": "Universität Wien", "country": "AT", "town": "Wien"}
LAW = {
    "id": "x:law",
    "name": "Universität Wien, Fakultät für Recht",
    "country": "AT",
    "town": "Wien",
}
GRAZ = {"id": "x:graz", "name": "Universität Graz", "country": "AT", "town": "Graz"}
RECORDS = [
    VIENNA,
    project(1, partner(**WIEN), partner(**GRAZ)),
    project(2, partner(**WIEN), partner(role="lead", name="UV", id="pic:999999999")),
    project(3, partner(**LAW)),
]


@pytest.fixture
def there(deliver: Deliver, memory_index: None) -> None:
    deliver(RECORDS)
    sync()


def api(path: str) -> Any:
    response = Client().get(f"/api/v1/{path}", follow=True)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


def answers() -> dict[str, Any]:
    """All that the API says, but for how long it took."""
    found = {uid: api(f"records/{uid}") for uid in Record.objects.values_list("uid", flat=True)}
    search = api("search?size=100&facet=organisation&facet=country")
    return found | {"search": {name: search[name] for name in ("total", "kinds", "hits", "facets")}}


def test_what_is_sure_is_merged(there: None) -> None:
    report = match()
    assert (report.merged, report.organisations) == (1, 4)
    made = Merge.objects.get()
    assert (made.kept, made.merged) == ("pic:999999999", "x:wien")
    assert made.score == round(sum(part["weight"] for part in made.evidence), 2)
    assert made.said["x:wien"]["title"] == {"und": "Universität Wien"}
    assert match().merged == 0


def test_the_merged_id_leads_to_the_kept_one(there: None) -> None:
    merge("pic:999999999", "x:wien", by="ed")
    sync()
    page = Client().get("/organisation/x:wien")
    assert (page.status_code, page["Location"]) == (302, "/organisation/pic:999999999")
    assert Client().get("/api/v1/records/x:wien").status_code == 302
    found = api("records/x:wien")
    assert (found["id"], found["aliases"]) == ("pic:999999999", ["x:wien"])
    assert {"name": "Universität Wien"} in found["data"]["names"]
    assert [link["id"] for link in found["links"]] == ["p:1", "p:2"]
    assert [link["id"] for link in api("records/p:1")["links"]] == ["pic:999999999", "x:graz"]
    shown = Client().get("/organisation/pic:999999999").content.decode()
    assert "Universität Wien" in shown and "Project 1" in shown
    search = api("search?q=Universität Wien&kind=organisation")
    assert "pic:999999999" in [hit["id"] for hit in search["hits"]]
    assert "x:wien" not in [hit["id"] for hit in search["hits"]]
    assert api("search?organisation=pic:999999999&kind=project")["total"] == 2


def test_undoing_restores_everything(there: None) -> None:
    before = answers()
    made = merge("pic:999999999", "x:wien", by="ed", why="same")
    other = merge("x:law", "pic:999999999", by="ed")
    sync()
    assert answers() != before
    undo(made.pk, by="ed", why="not so")
    undo(other.pk, by="ed")
    sync()
    assert answers() == before
    assert match().merged == 0


def test_a_second_import_changes_nothing(there: None, deliver: Deliver) -> None:
    merge("pic:999999999", "x:wien", by="ed")
    sync()
    before, changes = answers(), Change.objects.count()
    report = deliver(RECORDS)
    assert (report.added, report.changed, report.unchanged) == (0, 0, 4)
    sync()
    assert Change.objects.count() == changes
    assert answers()["search"] == before["search"]


def test_ids_survive_the_one_that_is_kept(there: None, deliver: Deliver) -> None:
    merge("pic:999999999", "x:wien", by="ed")
    deliver([project(1, partner(**WIEN))], max_loss=1.0)
    sync()
    assert Record.objects.get(uid="pic:999999999").withdrawn_at is not None
    assert api("records/pic:999999999")["id"] == "x:wien"
    assert api("search?kind=organisation")["total"] == 1
    deliver(RECORDS, max_loss=1.0)
    sync()
    assert api("records/x:wien")["id"] == "pic:999999999"


def test_a_university_is_never_merged_with_its_faculty(there: None) -> None:
    match()
    assert Record.objects.get(uid="x:law").answers_as == ""
    assert not Merge.objects.filter(merged="x:law").exists()


def test_candidates_wait_for_an_editor(deliver: Deliver, memory_index: None) -> None:
    deliver([
        project(1, partner("Grad Varaždin", id="x:1", country="HR")),
        project(2, partner("Town of Varaždin", id="x:2", country="HR")),
        project(3, partner("Town of Varaždinn", id="x:3", country="HR")),
    ])  # fmt: skip
    assert (match().merged, Candidate.objects.filter(state="open").count()) == (0, 3)
    first = Candidate.objects.get(one="x:1", other="x:2")
    made = accept(first, by="ed", why="the same town")
    assert (first.state, first.by, made.by) == ("accepted", "ed", "ed")
    reject(Candidate.objects.get(one="x:1", other="x:3"), by="ed", why="another")
    match()
    assert list(Candidate.objects.filter(state="open").values_list("one", "other")) == [
        ("x:2", "x:3")
    ]


def test_what_cannot_be_merged(there: None) -> None:
    with pytest.raises(MergeError, match="no record nobody"):
        merge("pic:999999999", "nobody", by="ed")
    with pytest.raises(MergeError, match="only organisations"):
        merge("pic:999999999", "p:1", by="ed")
    made = merge("pic:999999999", "x:wien", by="ed")
    with pytest.raises(MergeError, match="one organisation already"):
        merge("x:wien", "pic:999999999", by="ed")
    undo(made.pk, by="ed")
    with pytest.raises(MergeError, match="already"):
        undo(made.pk, by="ed")
    with pytest.raises(MergeError, match="no merge"):
        undo(made.pk + 1, by="ed")


def test_an_editor_decides_side_by_side(
    deliver: Deliver, memory_index: None, admin_client: Client
) -> None:
    deliver([
        project(1, partner("Grad Varaždin", id="x:1", country="HR")),
        project(2, partner("Town of Varaždin", id="x:2", country="HR")),
        project(3, partner("Town of Varaždinn", id="x:3", country="HR")),
    ])  # fmt: skip
    match()
    listed = admin_client.get("/admin/records/candidate/").content.decode()
    assert "Grad Varaždin | Town of Varaždin" in listed
    first = Candidate.objects.get(one="x:1", other="x:2")
    address = f"/admin/records/candidate/{first.pk}/change/"
    shown = admin_client.get(address).content.decode()
    for part in first.evidence:
        assert part["reason"] in shown
    assert "Grad Varaždin" in shown and "Town of Varaždin" in shown
    assert admin_client.post(address, {"decision": "accept", "why": ""}).status_code == 200
    assert not Merge.objects.exists()
    admin_client.post(address, {"decision": "accept", "why": "the same town"})
    made = Merge.objects.get()
    assert (told(made.by), made.why, made.undone_at) == (ME, "the same town", None)
    other = Candidate.objects.get(one="x:1", other="x:3")
    admin_client.post(
        f"/admin/records/candidate/{other.pk}/change/", {"decision": "reject", "why": "no"}
    )
    other.refresh_from_db()
    assert (other.state, told(other.by), other.why) == ("rejected", ME, "no")
    again = admin_client.post(address, {"decision": "reject", "why": "no"})
    assert "decided already" in again.content.decode()
    undoing = f"/admin/records/merge/{made.pk}/change/"
    assert admin_client.get(undoing).status_code == 200
    admin_client.post(undoing, {"undo": "on", "undone_why": "a slip"})
    made.refresh_from_db()
    assert (told(made.undone_by), made.undone_why) == (ME, "a slip")
    assert Record.objects.exclude(answers_as="").count() == 0
    assert admin_client.get("/admin/records/merge/").status_code == 200


@pytest.fixture(params=["memory_index", "tantivy_index"])
def merged(request: pytest.FixtureRequest, deliver: Deliver) -> Merge:
    """RECORDS on either backend, with x:wien shown as pic:999999999."""
    request.getfixturevalue(request.param)
    deliver(RECORDS)
    made = merge("pic:999999999", "x:wien", by="ed")
    sync()
    return made


def test_a_search_for_a_merged_id_is_answered_for_the_kept_one(merged: Merge) -> None:
    for old in ("organisation=x:wien", "organisation=x:wien&organisation=pic:999999999"):
        page = Client().get(f"/explore?kind=project&{old}")
        assert (page.status_code, page["Location"]) == (
            302, "/explore?kind=project&organisation=pic:999999999"
        )  # fmt: skip
        found = api(f"search?kind=project&{old}")
        assert (found["total"], len(found["hits"])) == (2, 2)
        assert found["query"]["params"] == "kind=project&organisation=pic:999999999"
        (told,) = found["problems"]
        assert told["parameter"] == "organisation" and "'pic:999999999'" in told["message"]
    buckets = api("search?kind=project&facet=organisation")["facets"]["organisation"]["buckets"]
    counts = {bucket["value"]: bucket["count"] for bucket in buckets}
    assert counts == {"pic:999999999": 2, "x:graz": 1, "x:law": 1}
    for uid, count in counts.items():
        assert api(f"search?kind=project&organisation={uid}")["total"] == count
    assert api("search?kind=project&-organisation=x:wien")["total"] == 1
    page_two = api("search?kind=project&organisation=x:wien&size=1&page=2")
    assert (page_two["page"]["number"], len(page_two["hits"])) == (2, 1)


def test_an_old_address_follows_the_head_of_its_group(merged: Merge, deliver: Deliver) -> None:
    merge("x:law", "pic:999999999", by="ed")
    sync()
    for uid in ("x:wien", "pic:999999999", "x:law"):
        found = api(f"search?kind=project&organisation={uid}")
        assert (found["total"], bool(found["problems"])) == (3, uid != "x:law")
        assert found["query"]["params"] == "kind=project&organisation=x:law"
    undo(merged.pk, by="ed", why="not so")
    sync()
    assert api("search?kind=project&organisation=x:wien")["problems"] == []
    assert api("search?kind=project&organisation=x:wien")["total"] == 2
    assert api("search?kind=project&organisation=pic:999999999")["total"] == 2
    # The one that is kept goes, and the next one of its group stands for both.
    deliver([each for each in RECORDS if each["id"] != "p:3"], max_loss=1.0)
    sync()
    found = api("search?kind=project&organisation=x:law")
    assert (found["total"], found["query"]["params"]) == (
        1, "kind=project&organisation=pic:999999999"
    )  # fmt: skip


def test_an_editor_decides_many_at_once_and_goes_on_to_the_next_pair(
    deliver: Deliver, memory_index: None, admin_client: Client
) -> None:
    deliver([
        project(number, partner(name, id=f"x:{number}", country="HR"))
        for number, name in enumerate(
            ("Grad Varaždin", "Town of Varaždin", "Grad Karlovac", "Town of Karlovac",
             "Grad Sisak", "Town of Sisak"), 1
        )
    ])  # fmt: skip
    match()
    pairs = {each.one: each for each in Candidate.objects.filter(state="open")}
    assert sorted(pairs) == ["x:1", "x:3", "x:5"]
    first = pairs["x:1"]
    address = f"/admin/records/candidate/{first.pk}/change/"
    shown = admin_client.get(address).content.decode()
    assert "<td>Grad Varaždin</td><td>Town of Varaždin</td>" in shown
    assert "/project/p:1" in shown and "Project 2" in shown and "autofocus" in shown
    done = admin_client.post(address, {"decision": "accept", "why": "the same town"}, follow=True)
    path, _ = done.redirect_chain[-1]
    assert path in {f"/admin/records/candidate/{pairs[u].pk}/change/" for u in ("x:3", "x:5")}
    made = Merge.objects.get()
    assert f"/admin/records/merge/{made.pk}/change/" in done.content.decode()
    rest = [pairs["x:3"].pk, pairs["x:5"].pk]
    ticked = {"action": "reject_ticked", "_selected_action": rest}
    refused = admin_client.post("/admin/records/candidate/", {**ticked, "why": " "}, follow=True)
    assert "Say why" in refused.content.decode()
    assert Candidate.objects.filter(state="open").count() == 2
    admin_client.post("/admin/records/candidate/", {**ticked, "why": "two towns"})
    apart = Candidate.objects.filter(state="rejected", why="two towns")
    assert [told(each.by) for each in apart] == [ME, ME]
    admin_client.post("/admin/records/candidate/", {**ticked, "action": "ask_again"})
    assert Candidate.objects.filter(state="open").count() == 2
    admin_client.post(
        "/admin/records/candidate/", {**ticked, "action": "accept_ticked", "why": "the same"}
    )
    assert Merge.objects.filter(undone_at=None, why="the same").count() == 2
    assert not Candidate.objects.filter(state="open").exists()


def test_long_names_are_kept_whole_and_found(deliver: Deliver, memory_index: None) -> None:
    """No text is cut on its way; every name that was ever written finds the one that is kept."""
    long = "Udruga " + "starih zanata i obrta " * 60 + "Kvarnerska"
    deliver([VIENNA, project(1, partner(long, id="x:long", country="AT"))])
    merge("pic:999999999", "x:long", by="ed")
    sync()
    assert {"name": long} in api("records/x:long")["data"]["names"]
    assert Merge.objects.get().said["x:long"]["title"] == {"und": long}
    found = api("search?q=Kvarnerska&kind=organisation")
    assert [hit["id"] for hit in found["hits"]] == ["pic:999999999"]


def test_within_the_filter_a_line_of_an_address_finds_its_organisation(
    deliver: Deliver, memory_index: None
) -> None:
    others = [partner(f"Firm {number}", id=f"x:{number}") for number in range(40)]
    deliver([*RECORDS, project(9, *others)])
    sync()
    line = "find.organisation=Institut für Chemie, Universität Graz, 8010 Graz"
    shown = Client().get(f"/explore?kind=project&{line}").content.decode()
    assert "x:graz" in shown and "x:7" not in shown
