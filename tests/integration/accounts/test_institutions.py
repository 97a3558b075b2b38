"""Signing in at one's institution, against a provider that really runs and signs real tokens."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from tessera.accounts.models import User
from tests.integration.accounts.mailbox import code
from tests.integration.accounts.provider import CLIENT, SECRET, Provider, institution

pytestmark = pytest.mark.django_db
PERSON = {"sub": "u-17", "email": "ada@ministry.example", "email_verified": True, "name": "Ada"}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    with institution() as running:
        app = {
            "provider_id": "ministry", "name": "The Ministry", "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": running.url, "oauth_pkce_enabled": True},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
        running.person = dict(PERSON)
        yield running


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


def at_the_provider(address: str) -> str:
    """What a browser does there: it is sent back, to this address."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as sent:
        back = urlsplit(sent.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not send the browser back")


def sign_in(client: Client) -> Any:
    """There and back again; the answer to the way back."""
    page = client.post("/account/oidc/ministry/login/").content.decode()
    onward = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
    assert onward, page
    return client.get(at_the_provider(unescape(onward[1])))


def test_an_account_is_made_and_found_again(client: Client, provider: Provider) -> None:
    assert "Sign in with The Ministry" in client.get("/account/login/").content.decode()
    assert sign_in(client).url == "/account/"
    user = User.objects.get()
    assert user.email == PERSON["email"]
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert provider.asked[0]["code_challenge_method"] == "S256"
    other = Client()
    sign_in(other)
    assert other.get("/account/").status_code == 200
    assert User.objects.count() == 1
    assert not SocialToken.objects.exists()


def test_an_address_that_the_institution_did_not_check_is_confirmed_by_a_code(
    client: Client, provider: Provider
) -> None:
    provider.person["email_verified"] = False
    assert sign_in(client).url == "/account/confirm-email/"
    assert client.get("/account/").status_code == 302
    client.post("/account/confirm-email/", {"code": code()})
    assert client.get("/account/").status_code == 200


def test_an_institution_opens_nobodys_account_by_naming_its_address(
    client: Client, provider: Provider
) -> None:
    there = User.objects.create_user(PERSON["email"])
    EmailAddress.objects.create(user=there, email=there.email, verified=True, primary=True)
    sign_in(client)
    assert client.get("/account/").status_code == 302
    assert not SocialAccount.objects.filter(user=there).exists()


def test_a_token_for_another_site_is_refused(client: Client, provider: Provider) -> None:
    provider.audience = "another site"
    assert "could not be asked" in sign_in(client).content.decode()
    assert not User.objects.exists()


def test_an_answer_that_was_not_asked_for_is_refused(client: Client, provider: Provider) -> None:
    page = Client().post("/account/oidc/ministry/login/").content.decode()
    onward = re.search(r'content="0; url=([^"]+)"', page)
    assert onward
    stolen = at_the_provider(unescape(onward[1]))
    client.get(stolen)
    assert client.get("/account/").status_code == 302
    assert not User.objects.exists()


def test_an_institution_that_is_down_is_said(client: Client, provider: Provider) -> None:
    with institution() as gone:
        pass
    provider_settings = {"server_url": gone.url}
    from django.conf import settings

    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = provider_settings
    answer = client.post("/account/oidc/ministry/login/")
    assert answer.status_code == 503
    assert "could not be asked" in answer.content.decode()


def test_it_can_be_connected_to_an_account_and_taken_off(
    client: Client, provider: Provider
) -> None:
    client.post("/account/signup/", {"email": "ada@portal.example"})
    client.post("/account/confirm-email/", {"code": code()})
    client.post("/account/reauthenticate/code/", {"action": "send"})
    client.post("/account/reauthenticate/code/", {"code": code()})
    page = client.post("/account/oidc/ministry/login/?process=connect").content.decode()
    onward = re.search(r'content="0; url=([^"]+)"', page)
    assert onward
    client.get(at_the_provider(unescape(onward[1])))
    connected = SocialAccount.objects.get()
    assert "The Ministry" in client.get("/account/3rdparty/").content.decode()
    client.post("/account/3rdparty/", {"account": connected.pk})
    assert not SocialAccount.objects.exists()
