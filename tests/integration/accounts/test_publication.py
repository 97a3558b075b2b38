"""Profiles in the directory."""

from __future__ import annotations

from re import fullmatch
from typing import Any

import pytest
from django.test import Client

from tessera.accounts.models import Consent, Profile, User
from tessera.accounts.profiles.consents import LISTING
from tessera.accounts.profiles.publication import account_behind, may_be_recommended
from tessera.accounts.profiles.saving import save_fields, withdraw
from tessera.harvest.report import HarvestError
from tessera.indexing.sync import sync
from tessera.records.corrections import correct
from tessera.records.models import Link, Record, Source
from tessera.schema.draft import DraftError
from tests.integration.accounts.people import WORDS, fill, publish, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]


def test_an_account_is_found_by_a_profile_in_the_directory_alone() -> None:
    user = User.objects.create_user("ada@portal.example")
    shown = {"published": True, "name": "Ada", "visibility": {"name": "members"}}
    profile = Profile.objects.create(user=user, uid="member:1", **shown)
    assert account_behind("member:1") == user
    assert account_behind("member:2") is None
    for name, value in {"published": False, "name": "", "visibility": {}}.items():
        Profile.objects.filter(pk=profile.pk).update(**shown | {name: value})
        assert account_behind("member:1") is None, name


def test_a_profile_without_a_name_is_not_published(client: Client, ada: User) -> None:
    page = client.get("/account/profile/publish/").content.decode()
    assert "nobody is listed without one" in page
    client.post("/account/profile/publish/", {"see_name": "everyone"})
    assert not Consent.objects.exists()


def test_the_act_shows_what_is_agreed_to_and_logs_it(client: Client, ada: User) -> None:
    fill(client, texts="members")
    page = client.get("/account/profile/publish/").content.decode()
    assert str(LISTING.text) in page
    assert page.count("Nothing at all") == 2, "the name isn't shown yet"
    assert WORDS["texts"] in page
    assert client.post("/account/profile/publish/", {}).status_code == 200, "who sees the name?"
    publish(client, see_name="members", recommended="on")
    said = list(Consent.objects.values_list("what", "version", "given")[1:])
    assert said == [("field:name", 1, True), ("recommended", 1, True), ("listed", 2, True)]
    assert Consent.objects.get(what="listed").text == str(LISTING.text)
    profile = Profile.objects.get()
    assert (profile.recommended, profile.search_engines, profile.newsletter) == (True, False, False)
    assert may_be_recommended(profile.uid) and not may_be_recommended("member:2")
    page = client.get("/account/profile/").content.decode()
    assert f"/person/{profile.uid}" in page and "Withdraw my profile" in page
    assert client.get("/account/profile/withdraw/").status_code == 405


def test_an_id_tells_nothing_of_the_account(client: Client, ada: User) -> None:
    fill(client, name="members")
    publish(client)
    uid = Profile.objects.get().uid
    assert fullmatch(r"member:[0-9a-f]{16}", uid)
    record = Record.objects.get()
    assert (record.first_seen.day, record.first_seen.hour, record.changed_at.day) == (1, 0, 1)
    assert ada.email not in str(record.__dict__)


def test_who_shows_a_name_alone_has_no_empty_list_of_facts(client: Client, ada: User) -> None:
    fill(client, name="everyone", country="members")
    publish(client)
    address = f"/person/{Profile.objects.get().uid}"
    assert "In brief" in client.get(address).content.decode()
    assert "In brief" not in Client().get(address).content.decode()


def test_who_hides_the_name_is_not_listed_and_is_told_so(client: Client, ada: User) -> None:
    fill(client, every="everyone")
    publish(client)
    for slug, values in sent(every="everyone", name="nobody").items():
        client.post(f"/account/profile/{slug}/", values)
    record = Record.objects.get()
    assert record.withdrawn_at is not None and WORDS["texts"] not in str(record.__dict__)
    assert "only who shows a name is listed" in client.get("/account/profile/").content.decode()
    client.post("/account/profile/about/", sent(every="everyone")["about"])
    assert Record.objects.get().withdrawn_at is None


def test_an_organisation_lists_its_people(client: Client, ada: User, deliver: Any) -> None:
    deliver([{"id": "org:quay", "kind": "organisation", "title": {"en": "Quay Institute"}}])
    Profile.objects.create(user=ada, name="Ada Vale", organisation_uid="org:quay",
                           organisation_name="Quay Institute")  # fmt: skip
    save_fields(ada, {}, {"name": "everyone", "organisation": "members"}, {"listed": True})
    assert Link.objects.get().rel == "member_of"
    assert "Ada Vale" in client.get("/organisation/org:quay").content.decode()
    assert "Ada Vale" not in Client().get("/organisation/org:quay").content.decode()
    withdraw(ada)
    assert not Link.objects.exists()
    assert "Ada Vale" not in client.get("/organisation/org:quay").content.decode()


def test_search_engines_are_let_in_by_consent_alone(client: Client, ada: User) -> None:
    fill(client, name="everyone", texts="members")
    publish(client)
    path = f"/person/{Profile.objects.get().uid}"
    for consent, sends in (({}, "noindex"), ({"search_engines": "on"}, None)):
        client.post("/account/profile/purposes/", consent)
        answer = Client().get(path)
        assert answer.get("X-Robots-Tag") == sends
        assert ('name="robots"' in answer.content.decode()) == bool(sends)
    client.post("/account/profile/about/", sent(name="members")["about"])
    assert client.get(path)["X-Robots-Tag"] == "noindex", "no engine is a member"


def test_who_is_locked_out_or_deleted_is_not_listed(client: Client, ada: User) -> None:
    fill(client, name="everyone")
    publish(client)
    path = f"/person/{Profile.objects.get().uid}"
    ada.is_active = False
    ada.save()
    assert Client().get(path).status_code == 404
    ada.is_active = True
    ada.save()
    assert Client().get(path).status_code == 200
    User.objects.filter(pk=ada.pk).delete()
    assert Client().get(path).status_code == 404
    assert WORDS["name"] not in str(Record.objects.get().__dict__)


def test_no_import_and_no_editor_speaks_for_a_member(
    client: Client, ada: User, deliver: Any
) -> None:
    fill(client, name="everyone")
    publish(client)
    uid = Profile.objects.get().uid
    with pytest.raises(DraftError, match="they alone correct"):
        correct(Record.objects.get(), {"themes": ["x"]})
    for _ in range(2):
        person = {"kind": "person", "title": {"en": "Someone else"}}
        deliver([{"id": uid, **person}, {"id": "s:1", **person}])
        record = Record.objects.get(uid=uid)
        assert record.source.slug == "members" and record.title != "Someone else"
        withdraw(ada)
        assert Client().get(f"/person/{uid}").status_code == 404
    with pytest.raises(HarvestError, match="taken"):
        deliver([], source="members")


def test_who_publishes_a_person_is_said(client: Client, ada: User, deliver: Any) -> None:
    deliver([{"id": "s:1", "kind": "person", "title": {"en": "Contact Person"}}])
    fill(client, every="everyone")
    publish(client)
    sync()
    uid = Profile.objects.get().uid
    page = Client().get("/explore?kind=person").content.decode()
    assert page.count("Published by this person, who was here this month") == 1
    assert page.count(f"Published by {Source.objects.get(slug='lines').name}") == 1
    own = Client().get(f"/person/{uid}").content.decode()
    assert "who was here this month" in own and "First seen" not in own
    assert 'rel="nofollow ugc"' in own
    Profile.objects.update(active_month="2020-01-01")
    assert "Published by this person<" in Client().get(f"/person/{uid}").content.decode()
    assert "First seen" in Client().get("/person/s:1").content.decode()
