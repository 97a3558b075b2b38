"""What holds of every address of the site, whoever asks: no list of them is kept by hand."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tessera.accounts.models import User
from tests.integration.endpoints import path_of, routes
from tests.integration.security.conftest import Asker, signed_in

pytestmark = pytest.mark.django_db

METHODS = ("get", "post")

EXEMPT = {"/account/profile/still-right/<str:token>/"}
"""Links of mails: whoever has the link may do what it does, with or without cookies."""

HEADERS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
           "Referrer-Policy", "Cross-Origin-Opener-Policy")  # fmt: skip


def answers(*askers: Asker) -> list[tuple[str, Any]]:
    """Of every address, asked both ways by each."""
    return [
        (f"{method} {path}", asker(method, path))
        for asker in askers
        for path in map(path_of, routes())
        for method in METHODS
    ]


def test_every_answer_has_its_headers(visitor: Asker, administrator: Asker) -> None:
    """Policy of contents, no frames, no guessed types, no address to others; no page fails."""
    wrong = []
    for said, answer in answers(visitor, administrator):
        policy = answer.get("Content-Security-Policy", "")
        good = (
            answer.status_code < 500
            and "default-src 'self'" in policy
            and "script-src 'self'" in policy
            and "frame-ancestors 'none'" in policy
            and "base-uri 'self'" in policy
            and "form-action 'self'" in policy
            and "unsafe" not in policy
            and (answer.get("X-Frame-Options") == "DENY" or "json" in answer["Content-Type"])
            and answer.get("X-Content-Type-Options") == "nosniff"
            and answer.get("Referrer-Policy") == "same-origin"
            and answer.get("Cross-Origin-Opener-Policy") == "same-origin"
        )
        if not good:
            lacks = {name: answer.get(name) for name in HEADERS}
            wrong.append((said, answer.status_code, lacks))
    assert wrong == []


def test_no_page_holds_what_the_policy_forbids(visitor: Asker, administrator: Asker) -> None:
    from tests.integration.test_hostile_texts import Found

    wrong = []
    for said, answer in answers(visitor, administrator):
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
            page = answer.content.decode()
            found = Found(data=True)
            found.feed(page)
            if found.bad or " style=" in page or "<style" in page:
                wrong.append((said, found.bad or "style"))
    assert wrong == []


def test_nothing_is_done_without_the_token(furnished: User) -> None:
    """Every address that takes a POST refuses one from another site's page."""
    root = User.objects.create_superuser("root@portal.example")
    strict = signed_in(root, enforce_csrf_checks=True)
    done = []
    for route in routes():
        if route in EXEMPT:
            continue
        path = path_of(route)
        answer = strict("post", path, headers={"Origin": "https://evil.example"})
        if answer.status_code not in (403, 404, 405):
            done.append((path, answer.status_code))
    assert done == []


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:80@evil",
                                  "evil.example:80", ""])  # fmt: skip
def test_a_foreign_host_is_refused_everywhere(visitor: Asker, host: str) -> None:
    wrong = []
    for path in map(path_of, routes()):
        answer = visitor("get", path, headers={"Host": host})
        if answer.status_code != 400 or (host and host in answer.content.decode()):
            wrong.append((path, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "///evil.example", "\\\\evil.example",
     "/\\evil.example", "https:evil.example", "javascript:alert(1)", "http://testserver@evil.example",
     "\t//evil.example", "%2f%2fevil.example"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(visitor: Asker, administrator: Asker, elsewhere: str) -> None:
    """Whatever an address takes for the way on: all names for it, at every address, both ways."""
    names = ("next", "to", "url", "return", "redirect", "redirect_to", "continue", "lang",
             "_changelist_filters")  # fmt: skip
    sent = dict.fromkeys(names, elsewhere)
    away = []
    for asker in (visitor, administrator):
        for path in map(path_of, routes()):
            for answer in (
                asker("get", path, sent, headers={"Referer": "https://evil.example/"}),
                asker("post", path, sent, headers={"Referer": "https://evil.example/"}),
            ):
                # Browsers take a backslash for a slash, and leave out tabs.
                to = answer.get("Location", "").replace("\\", "/").replace("\t", "").strip()
                there = urlsplit(urljoin(f"http://testserver{path}", to))
                if (there.scheme, there.netloc) != ("http", "testserver"):
                    away.append((path, to))
    assert away == []


def test_cookies_are_for_this_site_alone(client: Client, db: None, settings: Any) -> None:
    User.objects.create_user("ada@portal.example", "a lighthouse in the fog")
    page = client.get("/account/login/")
    client.post(
        "/account/login/",
        {"login": "ada@portal.example", "password": "a lighthouse in the fog"},
    )
    assert page.cookies.keys() | client.cookies.keys() >= {"csrftoken", "sessionid"}
    for cookie in client.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
        assert not cookie["domain"]


def test_cookies_need_tls_where_the_site_has_it() -> None:
    """Settings are made of the address: with https, cookies are Secure and browsers stay on TLS."""
    import json
    import subprocess
    import sys
    import tempfile
    from pathlib import Path

    from tests.livesite import environment

    code = (
        "import json; from tessera.site import settings as s; print(json.dumps(["
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        "getattr(s, 'SECURE_HSTS_SECONDS', 0) >= 31536000, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN]))"
    )
    for url, wanted in (
        ("https://portal.example", [True, True, True, True, False]),
        ("http://portal.example", [False, False, False, False, True]),
    ):
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True,
                                  env=environment(Path(home), TESSERA_URL=url))  # fmt: skip
        assert json.loads(done.stdout) == wanted


def test_a_session_is_another_one_after_signing_in(client: Client, db: None) -> None:
    """Whoever planted a session's key has none once somebody signed in with it."""
    from allauth.account.models import EmailAddress
    from django.contrib.sessions.models import Session

    ada = User.objects.create_user("ada@portal.example", "a lighthouse in the fog")
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    client.post("/account/login/", {"login": ada.email, "password": "a lighthouse in the fog"})
    assert client.get("/account/").status_code == 200
    key = client.cookies["sessionid"].value
    assert key != planted
    assert not Session.objects.filter(session_key=planted).exists()
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key
    assert client.get("/account/").status_code == 302


def test_what_a_form_does_not_ask_for_is_not_taken(administrator: Asker, furnished: User) -> None:
    """Rights, owners and states, sent along to every address by somebody without rights."""
    member = User.objects.create_user("bo@portal.example", "a lighthouse in the fog")
    asker = signed_in(member)
    more = {
        "is_staff": "on", "is_superuser": "on", "role": "administrator", "groups": "1",
        "user_permissions": "1", "user": furnished.pk, "user_id": furnished.pk, "id": furnished.pk,
        "pk": furnished.pk, "verified": "on", "primary": "on", "listed": "on", "accepted_at": "1",
        "password": "x", "is_active": "", "last_login": "", "invited_by": furnished.pk,
    }  # fmt: skip
    owner = dict(User.objects.filter(pk=furnished.pk).values()[0])
    for path in map(path_of, routes()):
        if path == "/account/logout/":
            continue
        answer = asker("post", path, more)
        assert answer.status_code < 500, path
    # Nothing is rolled back here: the same again, for good, where a member may post.
    for path in map(path_of, routes()):
        if path.startswith("/account/profile/") or path in (
            "/account/email/",
            "/account/3rdparty/",
        ):
            asker.client.post(path, more)
    member.refresh_from_db()
    assert (member.is_staff, member.is_superuser, member.is_active) == (False, False, True)
    assert not member.groups.exists() and not member.user_permissions.exists()
    assert User.objects.filter(pk=furnished.pk).values()[0] == owner


def test_other_peoples_things_are_not_there(furnished: User) -> None:
    """By number or name: sessions, keys, photos, invitations of somebody else."""
    from allauth.mfa.models import Authenticator
    from allauth.usersessions.models import UserSession

    from tessera.accounts.models import Invitation, Profile

    Profile.objects.create(user=furnished, name="Unmistakable", photo="owners.webp")
    eve = User.objects.create_user("eve@portal.example")
    asker = signed_in(eve)
    key, open_session = Authenticator.objects.latest("pk").pk, UserSession.objects.order_by("pk")[0]
    for method, path in (
        ("post", f"/account/sessions/{open_session.pk}/end/"),
        ("post", f"/account/2fa/webauthn/keys/{key}/remove/"),
        ("get", f"/account/2fa/webauthn/keys/{key}/edit/"),
        ("get", "/account/profile/photo/owners.webp"),
        ("get", "/account/profile/photo/..%2f..%2fsecret-key"),
        ("get", "/account/profile/photo/%2e%2e%2fsecret-key"),
    ):
        assert asker(method, path).status_code == 404, path
    for path in map(path_of, routes()):
        answer = asker("get", path)
        if not answer.streaming:
            page = answer.content.decode()
            assert "Unmistakable" not in page and "owner@portal" not in page, path
    assert Authenticator.objects.filter(pk=key).exists()
    assert Invitation.objects.exists()
