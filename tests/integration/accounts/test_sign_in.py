"""Signing up and in: by code, password, second step; out again; and what is asked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client

from tessera.accounts.models import Counted, User
from tests.integration.accounts.conftest import ADA, PASSWORD
from tests.integration.accounts.mailbox import code

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def app_code(secret: str) -> str:
    """What an authenticator app shows for that secret now."""
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def by_code(client: Client) -> None:
    """Ask for a code by mail, and enter it."""
    count_anew()
    client.post("/account/login/code/", {"email": ADA})
    client.post("/account/login/code/confirm/", {"code": code()})


def count_anew() -> None:
    """As if the attempts made so far were long ago; what was used up stays so."""
    Counted.objects.filter(cache_key__contains=":rl:").delete()


def set_password(client: Client, prove: Callable[[], None]) -> None:
    prove()
    done = client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert done.status_code == 302, done.content.decode()


def test_signing_up_takes_an_address_and_its_code(client: Client) -> None:
    shown = client.post("/account/signup/", {"email": "Ada@Portal.Example"}, follow=True)
    assert "Enter the code" in shown.content.decode()
    assert not signed_in(client)
    assert mail.outbox[-1].to == [ADA]
    wrong = client.post("/account/confirm-email/", {"code": "BBBB-BBBB"})
    assert "This could not be done" in wrong.content.decode()
    assert client.post("/account/confirm-email/", {"code": code()}).url == "/account/"
    page = client.get("/account/").content.decode()
    assert ADA in page
    assert not User.objects.get(email=ADA).has_usable_password()


def test_signing_in_by_code(client: Client, ada: User) -> None:
    client.post("/account/logout/")
    assert not signed_in(client)
    shown = client.post("/account/login/code/", {"email": ADA}, follow=True)
    assert "Enter the code" in shown.content.decode()
    assert client.post("/account/login/code/confirm/", {"code": code().lower()}).status_code == 302
    assert signed_in(client)


def test_a_code_is_good_for_one_browser_and_three_tries(client: Client, ada: User) -> None:
    other = Client()
    other.post("/account/login/code/", {"email": ADA})
    right = code()
    thief = Client()
    thief.post("/account/login/code/confirm/", {"code": right})
    assert not signed_in(thief)
    for _ in range(3):
        other.post("/account/login/code/confirm/", {"code": "BBBB-BBBB"})
    other.post("/account/login/code/confirm/", {"code": right})
    assert not signed_in(other)


def test_a_password_if_one_wants(client: Client, ada: User, prove: Callable[[], None]) -> None:
    set_password(client, prove)
    assert signed_in(client)
    client.post("/account/logout/")
    wrong = client.post("/account/login/", {"login": ADA, "password": "something else"})
    page = wrong.content.decode()
    assert '<details class="more" open>' in page
    assert "This could not be done" in page
    client.post("/account/login/", {"login": ADA, "password": PASSWORD})
    assert signed_in(client)


def test_a_weak_password_is_refused(client: Client, ada: User, prove: Callable[[], None]) -> None:
    prove()
    for weak in ("short", "passwordpassword"[:8], ADA):
        client.post("/account/password/set/", {"password1": weak, "password2": weak})
        ada.refresh_from_db()
        assert not ada.has_usable_password()


def test_a_forgotten_password(client: Client, ada: User, prove: Callable[[], None]) -> None:
    set_password(client, prove)
    other = Client()
    other.post("/account/password/reset/", {"email": ADA})
    done = other.post("/account/password/reset/confirm/", {"code": code()})
    assert done.status_code == 302
    new = {"password1": "another lighthouse", "password2": "another lighthouse"}
    other.post(done.url, new)
    ada.refresh_from_db()
    assert ada.check_password("another lighthouse")
    assert not signed_in(client), "sessions of before end with a new password"


def test_an_app_as_second_step_and_codes_for_when_it_is_lost(
    client: Client, ada: User, prove: Callable[[], None]
) -> None:
    prove()
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r'id="authenticator_secret">([A-Z0-9]+)<', page)
    assert secret
    done = client.post("/account/2fa/totp/activate/", {"code": app_code(secret[1])})
    assert done.status_code == 302, done.content.decode()
    codes = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in client.get("/account/2fa/recovery-codes/").content.decode()
    client.post("/account/logout/")
    now = app_code(secret[1])
    for second, right in (("000000", False), (now, True), (now, False), (codes[0], True),
                          (codes[0], False)):  # fmt: skip
        by_code(client)
        assert not signed_in(client)
        client.post("/account/2fa/authenticate/", {"code": second})
        assert signed_in(client) is right, second
        client.post("/account/logout/")


@pytest.mark.parametrize(
    "path",
    [
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/password/set/",
    ],
)
def test_what_protects_the_account_is_changed_after_a_proof_alone(
    client: Client, ada: User, prove: Callable[[], None], path: str
) -> None:
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.get(path)
    assert asked.status_code == 302
    assert asked.url.startswith("/account/reauthenticate/code/?next=")
    shown = client.get(asked.url).content.decode()
    assert ADA in shown
    prove()
    assert client.get(path).status_code == 200


def test_a_change_of_address_asks_for_a_proof_and_for_the_code_sent_there(
    client: Client, ada: User, prove: Callable[[], None]
) -> None:
    prove()
    client.post("/account/email/", {"action_add": "", "email": "ada@new.example"})
    ada.refresh_from_db()
    assert ada.email == ADA
    client.post("/account/confirm-email/", {"code": code()})
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    told = [each for each in mail.outbox if each.to == [ADA] and "ada@new.example" in each.body]
    assert told, "the old address hears of it"


def test_sessions_end_one_by_one_and_all_at_once(client: Client, ada: User) -> None:
    others = [Client(headers={"User-Agent": f"Browser {n}"}) for n in range(3)]
    for other in others:
        by_code(other)
        assert signed_in(other)
    page = client.get("/account/sessions/").content.decode()
    assert "Browser 0" in page
    ends = re.findall(r'action="(/account/sessions/\d+/end/)"', page)
    assert len(ends) == 3
    stranger = Client()
    stranger.force_login(User.objects.create_user("eve@portal.example"))
    assert stranger.post(ends[0]).status_code == 404
    assert client.get(ends[0]).status_code == 405
    client.post(ends[0])
    assert [signed_in(other) for other in others].count(False) == 1
    client.post("/account/sessions/")
    assert not any(signed_in(other) for other in others)
    assert signed_in(client)


def test_mail_is_plain_and_holds_nothing_remote(client: Client, ada: User) -> None:
    said = mail.outbox[-1]
    assert not getattr(said, "alternatives", [])
    assert said.subject == "Tessera: confirm your address"
    assert re.findall(r"https?://[^/\s]+", said.body) == ["http://testserver"]
    assert said.from_email == "Tessera <noreply@localhost>"


def test_signing_up_can_be_closed(client: Client, settings: Any) -> None:
    from dataclasses import replace

    settings.SITE = replace(settings.SITE, sign_up="closed")
    page = client.get("/account/signup/").content.decode()
    assert "Nobody can sign up here" in page
    client.post("/account/signup/", {"email": ADA})
    assert not User.objects.exists()
    client.post("/account/login/code/", {"email": ADA})
    assert "Those who run this site make its accounts" in mail.outbox[-1].body
    assert "Sign up" not in client.get("/account/login/").content.decode()
