"""Everything that is held of oneself, to take along; and nothing of it left once it is erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tessera.accounts.models import Consent, Invitation, Profile, User
from tessera.accounts.profiles.erasure import erase
from tessera.accounts.profiles.export import held_of
from tessera.accounts.profiles.register import entries
from tessera.trail.models import What, note
from tessera.trail.signing import signature, told
from tests.integration.accounts.conftest import ADA
from tests.integration.accounts.test_photo import picture

pytestmark = pytest.mark.django_db(transaction=True)

UNIQUE = "Zq7xunmistakable"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HOME = tmp_path
    yield tmp_path


@pytest.fixture
def full(client: Client, ada: User) -> User:
    """An account with something of everything in it."""
    nobody = {f"see_{each}": "everyone" for each in (
        "name", "orcid", "languages", "organisation", "representing", "can_offer", "links", "texts",
        "interested_in", "looking_for")}  # fmt: skip
    for slug, sent in {
        "about": {"name": f"{UNIQUE} name", "orcid": "0000-0002-1825-0097", "languages": ["mt"]},
        "organisation": {"organisation_name": f"{UNIQUE} works"},
        "interests": {"interested_in": ["leading"], "seeks_calls": f"{UNIQUE} call"},
        "offer": {"can_offer": f"{UNIQUE} offer", "links": f"https://{UNIQUE}.example/"},
        "text": {"lang_0": "en", "text_0": f"{UNIQUE} text"},
        "purposes": {"newsletter": "on"},
    }.items():
        assert client.post(f"/account/profile/{slug}/", sent | nobody).status_code == 302, slug
    file = SimpleUploadedFile("me.png", picture("PNG"))
    client.post("/account/profile/photo/", {"file": file, "see_photo": "nobody"})
    SocialAccount.objects.create(user=ada, provider="ministry", uid=f"{UNIQUE} uid",
                                 extra_data={"name": UNIQUE})  # fmt: skip
    Authenticator.objects.create(user=ada, type="totp", data={"secret": f"{UNIQUE} secret"})
    note(signature(ada), What.CORRECTED, "p:1", fields=["acronym"])
    note("account 999999", What.ROLE, signature(ada), before="reader", after="editor")
    Invitation.objects.create(email=ADA, role="reader", accepted_at=timezone.now())
    return ada


def test_the_last_administrator_is_told_what_to_do_before(
    client: Client, ada: User, prove: Callable[[], None]
) -> None:
    User.objects.filter(pk=ada.pk).update(is_staff=True, is_superuser=True)
    prove()
    for method in (client.get, client.post):
        page = method("/account/erase/", {"sure": "on"}).content.decode()
        assert "tessera init --admin ADDRESS" in page
        assert 'name="sure"' not in page
    assert User.objects.filter(pk=ada.pk).exists()
    User.objects.create_superuser("root@portal.example")
    assert 'name="sure"' in client.get("/account/erase/").content.decode()
    client.post("/account/erase/", {"sure": "on"})
    assert not User.objects.filter(pk=ada.pk).exists()


def test_the_export_has_everything_but_secrets(client: Client, full: User) -> None:
    answer = client.get("/account/data/my-data.json")
    assert answer["Content-Disposition"].startswith("attachment")
    held = json.loads(answer.content)
    assert held["account"]["email"] == ADA
    assert held["addresses"][0]["verified"] is True
    assert held["sessions"][0]["ip"] == "127.0.0.1"
    assert held["sign_in_methods"][0]["type"] == "totp"
    assert held["institutions"][0]["uid"] == f"{UNIQUE} uid"
    assert held["profile"]["texts"] == {"en": f"{UNIQUE} text"}
    assert held["photo"]["type"] == "image/webp"
    assert {"newsletter", "field:name"} <= {row["what"] for row in held["consents"]}
    assert [row["what"] for row in held["acts"]] == ["corrected", "role"]
    assert held["invitations"][0]["email"] == ADA
    text = answer.content.decode()
    page = client.get("/account/data/").content.decode()
    session = Session.objects.get().session_key
    for secret in (f"{UNIQUE} secret", full.password, session):
        assert secret not in text + page
    for each in ("name", "works", "call", "offer", "text", "uid"):
        assert f"{UNIQUE} {each}" in page, each


def test_every_model_of_an_account_is_exported_and_in_the_register(full: User) -> None:
    held = held_of(full)
    own = {rel.related_model for rel in User._meta.related_objects if not rel.many_to_many}
    assert {each._meta.label_lower for each in own} == {
        "account.emailaddress", "usersessions.usersession", "mfa.authenticator",
        "socialaccount.socialaccount", "accounts.profile", "accounts.consent", "admin.logentry",
        "contact.standing", "contact.party", "contact.block", "contact.decision",
        "accounts.invitation",
    }  # fmt: skip
    assert len(held) == 11 + 7
    registered = {model for entry in entries() for model in entry.models}
    assert {each._meta.label_lower for each in own} <= registered
    known = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert registered <= known
    accounts = {m._meta.label_lower for m in apps.get_app_config("accounts").get_models(True)}
    assert accounts <= registered


def test_the_register_is_a_page_that_privacy_leads_to(client: Client) -> None:
    assert 'href="/about/register"' in client.get("/about/privacy").content.decode()
    page = client.get("/about/register").content.decode()
    for entry in entries():
        assert str(entry.what).replace("'", "&#x27;") in page


def everything() -> str:
    """Every row of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join([*found, *(repr(each.get_decoded()) for each in Session.objects.all())])


def test_nothing_is_left_of_what_is_erased(
    client: Client, full: User, home: Path, prove: Callable[[], None]
) -> None:
    from tessera.wording.models import Synonym

    waiting = Client()
    waiting.post("/account/login/code/", {"email": ADA})
    Synonym.objects.create(words="port, harbour", changed_by=signature(full))
    bo = User.objects.create_user("bo@portal.example")
    Consent.objects.create(user=bo, what="listed", version=1, text="", given=True)
    before = everything()
    unique = (UNIQUE, ADA, "0000-0002-1825-0097", Profile.objects.get().photo)
    for each in unique:
        assert each in before
    assert list((home / "photos").iterdir())
    step = Authenticator.objects.get()
    Authenticator.objects.all().delete()
    prove()
    step.save(force_insert=True)
    page = client.get("/account/erase/").content.decode()
    assert "What remains, and why" in page
    assert "This could not be done" in client.post("/account/erase/", {}).content.decode()
    assert User.objects.filter(pk=full.pk).exists()
    done = client.post("/account/erase/", {"sure": "on"})
    assert "Your account is erased" in done.content.decode()
    after = everything()
    for each in unique:
        assert each not in after, each
    assert not list((home / "photos").iterdir())
    assert client.get("/account/").status_code == 302
    assert told(Synonym.objects.get().changed_by) == f"account {full.pk} (erased)"
    assert Consent.objects.get().user == bo
    assert User.objects.get() == bo


def test_erasing_asks_for_a_proof(client: Client, ada: User) -> None:
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.post("/account/erase/", {"sure": "on"})
    assert asked.status_code == 302
    assert "/reauthenticate/" in asked.url
    assert User.objects.filter(pk=ada.pk).exists()


def test_nobody_erases_another(client: Client, ada: User) -> None:
    eve = Client()
    bad = User.objects.create_user("eve@portal.example")
    EmailAddress.objects.create(user=bad, email=bad.email, verified=True, primary=True)
    eve.force_login(bad)
    eve.post("/account/erase/", {"sure": "on", "user": ada.pk, "id": ada.pk})
    assert User.objects.filter(pk=ada.pk).exists()
    assert Client().post("/account/erase/", {"sure": "on"}).status_code == 302


def test_forged_forms_are_refused(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    for path in ("/account/erase/", "/account/profile/about/", "/account/profile/photo/"):
        assert strict.post(path, {"sure": "on", "name": "x"}).status_code == 403, path
    assert User.objects.filter(pk=ada.pk).exists()


def test_whoever_never_wrote_a_profile_is_erased_as_well() -> None:
    erase(User.objects.create_user("cy@portal.example"))
    assert not User.objects.exists()
