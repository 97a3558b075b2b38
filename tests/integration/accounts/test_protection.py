"""What keeps accounts safe: limits, the same answer to all, cookies, caches, ways on."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tessera.accounts.models import Counted, User
from tests.integration.accounts.conftest import ADA, PASSWORD
from tests.integration.accounts.mailbox import code

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> User:
    return User.objects.create_user(ADA, PASSWORD)


def answers(path: str, sent: dict[str, str]) -> tuple[int, str, str, int]:
    """What a stranger can tell: status, way on, page (without its tokens), mails."""
    client, before = Client(), len(mail.outbox)
    first = client.post(path, sent)
    address = first.get("Location", "")
    page = (client.get(address) if address else first).content.decode()
    for value in sent.values():
        page = page.replace(value, "...")
    plain = "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
    return first.status_code, address, plain, len(mail.outbox) - before


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/account/signup/", "email", {}),
        ("/account/login/code/", "email", {}),
        ("/account/password/reset/", "email", {}),
        ("/account/login/", "login", {"password": "not the one"}),
    ],
)
def test_who_has_an_account_is_not_told(
    known: User, path: str, field: str, more: dict[str, str]
) -> None:
    there = answers(path, {field: ADA, **more})
    cache.clear()
    absent = answers(path, {field: "eve@portal.example", **more})
    assert there == absent
    assert there[3] == (0 if path == "/account/login/" else 1)


def test_a_wrong_password_takes_as_long_for_all(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    User.objects.create_user(ADA, PASSWORD)
    User.objects.create_user("bo@portal.example")
    taken: dict[str, list[float]] = {}
    for _ in range(7):
        for login in (ADA, "bo@portal.example", "nobody@portal.example"):
            Counted.objects.all().delete()
            start = time.process_time()
            Client().post("/account/login/", {"login": login, "password": "wrong"})
            taken.setdefault(login, []).append(time.process_time() - start)
    medians = [statistics.median(times) for times in taken.values()]
    # One hash more or less would be a factor of two and above.
    assert max(medians) < 1.5 * min(medians), taken


def test_a_password_cannot_be_guessed(known: User) -> None:
    for n in range(5):
        Client(REMOTE_ADDR=f"10.0.0.{n}").post("/account/login/", {"login": ADA, "password": "x"})
    late = Client(REMOTE_ADDR="10.0.0.99")
    page = late.post("/account/login/", {"login": ADA, "password": PASSWORD})
    assert "Too many failed" in page.content.decode()
    assert late.get("/account/").status_code == 302


@pytest.mark.parametrize(
    ("path", "field"),
    [("/account/login/code/", "email"), ("/account/password/reset/", "email")],
)
def test_one_address_gets_few_mails(known: User, path: str, field: str) -> None:
    for n in range(6):
        Client(REMOTE_ADDR=f"10.0.1.{n}").post(path, {field: ADA})
    assert len(mail.outbox) == 3


def test_one_visitor_gets_few_tries() -> None:
    statuses = [
        Client().post("/account/signup/", {"email": f"a{n}@portal.example"}).status_code
        for n in range(22)
    ]
    assert statuses.count(429) == 2
    page = Client().post("/account/signup/", {"email": "z@portal.example"}).content.decode()
    assert "Too many attempts" in page
    assert '<main id="main"' in page


@pytest.mark.parametrize(
    "wrong", ["https://evil.example/", "//evil.example", "javascript:x", "\\\\e"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(known: User, client: Client, wrong: str) -> None:
    sent = {"login": ADA, "password": PASSWORD, "next": wrong}
    client.post("/account/login/", sent)
    done = client.post("/account/confirm-email/", {"code": code(), "next": wrong})
    assert done.url == "/account/"
    again = client.get("/account/login/", {"next": wrong})
    assert "evil" not in again.get("Location", "")
    left = client.post("/account/logout/", {"next": wrong})
    assert left.url == "/"


def test_where_one_wanted_to_go_is_where_one_comes_to(known: User, client: Client) -> None:
    client.post(
        "/account/login/?next=/about", {"login": ADA, "password": PASSWORD, "next": "/about"}
    )
    done = client.post("/account/confirm-email/", {"code": code()})
    assert done.url == "/about"


def test_pages_of_someone_signed_in_are_kept_by_nobody(client: Client, known: User) -> None:
    plain = client.get("/about")
    assert "no-store" not in plain.get("Cache-Control", "")
    assert "Cookie" in plain["Vary"]
    assert client.cookies.keys() == set()
    stranger = plain.content.decode()
    client.force_login(known)
    for path in ("/about", "/account/", "/nowhere"):
        assert client.get(path)["Cache-Control"] == "private, no-store"
    page = client.get("/about").content.decode()
    assert "Sign out" in page and "Sign out" not in stranger
    assert ADA not in page
    assert Client().get("/account/login/")["Cache-Control"] == "private, no-store"


def test_editors_sign_in_as_everybody_does(client: Client, known: User) -> None:
    asked = client.get("/admin/")
    assert client.get(asked.url).url.startswith("/account/login/?next=")
    client.force_login(known)
    assert client.get("/admin/login/").status_code == 403
    User.objects.filter(pk=known.pk).update(is_staff=True, is_superuser=True)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get("/admin/mfa/authenticator/").status_code == 200


def test_a_foreign_host_is_refused() -> None:
    assert Client(headers={"Host": "evil.example"}).get("/account/login/").status_code == 400


def test_forms_need_their_token(known: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/login/code/", {"email": ADA}).status_code == 403
    assert mail.outbox == []


def test_what_ended_or_was_never_confirmed_is_forgotten(client: Client, known: User) -> None:
    from datetime import timedelta

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from tessera.accounts.forgetting import forget

    client.post("/account/signup/", {"email": "eve@portal.example"})
    assert forget() == 0
    long_ago = timezone.now() - timedelta(days=4)
    User.objects.update(date_joined=long_ago)
    Session.objects.update(expire_date=long_ago)
    assert forget() == 1
    assert list(User.objects.values_list("email", flat=True)) == [ADA]
    assert not Session.objects.exists()
