"""Accounts as people use them: a real browser, mail in files, and keys that Chromium plays."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESK
from tests.browser.fit import is_fit
from tests.livesite import LiveSite, environment, serving, tessera

PASSWORD = "a lighthouse in the fog"
CODE = re.compile(r"^([A-Z]{4}-[A-Z]{4})$", re.MULTILINE)
INVITED_AT = re.compile(r"^http://[^/]+(/account/invitation/\S+)$", re.MULTILINE)

EDITOR = """
import sys
import django; django.setup()
from tessera.accounts.models import User
User.objects.filter(email=sys.argv[1]).update(is_staff=True, is_superuser=True)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    home = tmp_path_factory.mktemp("accounts") / "home"
    home.mkdir()
    assert tessera(home, "init").returncode == 0
    assert tessera(home, "index", "rebuild").returncode == 0
    with serving(home) as served:
        # Browsers know no passkeys at 127.0.0.1, but at localhost they do.
        yield LiveSite(served.url.replace("127.0.0.1", "localhost"), home, served.pid)


def run(site: LiveSite, script: str, *arguments: str) -> str:
    """What a script over the site's home prints."""
    variables = environment(site.home, DJANGO_SETTINGS_MODULE="tessera.site.settings")
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], env=variables, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


class Person:
    """Somebody with a browser and a mailbox. complaints: errors on the console."""

    def __init__(self, context: BrowserContext, site: LiveSite, address: str) -> None:
        self.page, self.site, self.address = context.new_page(), site, address
        self.page.set_default_timeout(6_000)
        self.complaints: list[str] = []
        self.since = time.time()
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text)
                if said.type == "error" and "the server responded with a status of" not in said.text
                else None
            ),
        )

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path, wait_until="load")
        return self.page

    def code(self) -> str:
        """The code in the newest mail to this address."""
        return self.mailed(CODE)

    def mailed(self, pattern: re.Pattern[str]) -> str:
        """What the newest mail to this address has of a pattern; it is not read again."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            for path in sorted(
                (self.site.home / "mail").glob("*.log"), key=lambda each: -each.stat().st_mtime
            ):
                text = path.read_text(encoding="utf-8")
                found = pattern.search(text)
                if f"To: {self.address}" in text and found and path.stat().st_mtime > self.since:
                    self.since = path.stat().st_mtime
                    return found[1]
            time.sleep(0.1)
        raise AssertionError(f"no mail with {pattern.pattern} to {self.address}")

    def confirm(self) -> None:
        self.page.get_by_label("Code").fill(self.code())
        self.page.get_by_role("button", name="Confirm").click()

    def sign_up(self) -> None:
        self.go("/")
        self.page.get_by_role("link", name="Sign in").click()
        self.page.get_by_role("link", name="Sign up").click()
        self.page.locator("#id_email").fill(self.address)
        self.page.get_by_role("button", name="Sign up").click()
        self.confirm()
        self.page.get_by_role("heading", name="Your account", level=1).wait_for()

    def sign_out(self) -> None:
        self.page.locator("details.menu summary").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_role("link", name="Sign in").wait_for()


@pytest.fixture
def person(chromium: Browser, site: LiveSite, request: pytest.FixtureRequest) -> Iterator[Person]:
    options = getattr(request, "param", {})
    name = re.sub(r"\W+", "-", request.node.name).lower()
    with chromium.new_context(**{"viewport": DESK, "locale": "en-GB"} | options) as context:
        someone = Person(context, site, f"{name.strip('-')}@portal.example")
        yield someone
        assert someone.complaints == []


@pytest.mark.parametrize("person", [{"java_script_enabled": False}], indirect=True)
def test_all_but_keys_works_without_javascript(person: Person) -> None:
    page = person.page
    person.sign_up()
    page.get_by_role("link", name="Set a password").click()
    if "Show that it is you" in page.content():
        page.get_by_role("button", name="Send me a code").click()
        person.confirm()
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="Set a password").click()
    person.sign_out()
    person.go("/account/login/")
    page.get_by_text("Sign in with a password").click()
    page.locator("#id_login").fill(person.address)
    page.locator("#id_password").fill("wrong")
    page.locator("details").get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    page.locator("#id_password").fill(PASSWORD)
    page.locator("details").get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your account", level=1).wait_for()
    person.go("/account/sessions/")
    page.get_by_role("button", name="Sign out").last.click()
    person.go("/account/login/")
    assert "Passkeys need JavaScript" in page.inner_text("main")


@pytest.mark.parametrize("passwordless", [True, False])
def test_a_key_by_itself_or_as_second_step(person: Person, passwordless: bool) -> None:
    page = person.page
    plug_in_key(page, knows_owner=True)
    person.sign_up()
    prove(person, "/account/2fa/webauthn/add/")
    is_fit(page)
    if passwordless:
        page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    is_fit(page)
    person.go("/account/2fa/webauthn/")
    assert ("passkey" if passwordless else "security key") in page.inner_text(".sessions .badge")
    is_fit(page)
    if passwordless:
        for name in ("Rename", "Remove"):
            page.get_by_role("link", name=name).click()
            page.wait_for_url("**/webauthn/keys/**")
            is_fit(page)
            page.go_back()
    person.sign_out()
    person.go("/account/login/")
    if passwordless:
        page.get_by_role("button", name="Sign in with a passkey").click()
    else:
        page.locator("#id_email").fill(person.address)
        page.get_by_role("button", name="Send me a code").click()
        person.confirm()
        page.wait_for_url("**/2fa/authenticate/**")
        is_fit(page)
        page.locator("#mfa_webauthn_authenticate").click()
    page.get_by_role("heading", name="Your account", level=1).wait_for()


def test_a_key_that_was_not_used_is_said(person: Person) -> None:
    page = person.page
    plug_in_key(page, knows_owner=False)
    person.go("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.locator("#key_failed").wait_for(state="visible", timeout=15_000)
    assert "You can try again" in page.inner_text("#key_failed")


def plug_in_key(page: Page, *, knows_owner: bool) -> None:
    """Chromium plays a key that is touched at once. knows_owner: by a finger or a number."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_owner,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def prove(person: Person, path: str) -> None:
    """Go there, by a code if one is asked for."""
    page = person.go(path)
    if "/reauthenticate/" in page.url:
        is_fit(page)
        page.get_by_role("button", name="Send me a code").click()
        is_fit(page)
        person.confirm()


def test_an_app_as_second_step(person: Person) -> None:
    page = person.page
    person.sign_up()
    prove(person, "/account/2fa/totp/activate/")
    picture = page.locator("img.qr")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 0")
    is_fit(page)
    secret = page.inner_text("#authenticator_secret").strip()
    page.get_by_label("Authenticator code").fill(shown_by_app(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    is_fit(page)
    recovery = page.locator(".codes li").first.inner_text()
    for path in ("", "totp/deactivate/", "recovery-codes/generate/"):
        is_fit(person.go(f"/account/2fa/{path}"))
    person.sign_out()
    person.go("/account/login/")
    page.locator("#id_email").fill(person.address)
    page.get_by_role("button", name="Send me a code").click()
    is_fit(page)
    person.confirm()
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name=re.compile("^Sign in$", re.IGNORECASE)).click()
    page.get_by_role("heading", name="Your account", level=1).wait_for()


def shown_by_app(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_every_page_of_an_account_is_fit(person: Person) -> None:
    page = person.page
    for path in ("/account/login/", "/account/signup/", "/account/login/code/",
                 "/account/password/reset/", "/account/login/?next=/about"):  # fmt: skip
        is_fit(person.go(path))
    page = person.go("/account/login/code/")
    page.locator("form").evaluate("(form) => { form.noValidate = true }")
    page.locator("#id_email").fill("not an address")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Error")
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "id_email"
    is_fit(page)
    person.sign_up()
    for path in ("/account/", "/account/email/", "/account/password/set/", "/account/2fa/",
                 "/account/sessions/", "/account/3rdparty/", "/account/logout/",
                 "/account/2fa/webauthn/"):  # fmt: skip
        prove(person, path)
        assert page.locator("h1").count() == 1, path
        is_fit(page)
    prove(person, "/account/email/")
    page.get_by_role("textbox").fill(f"new-{person.address}")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_role("heading", name="Enter the code").wait_for()
    is_fit(page)
    is_fit(person.go("/account/email/"))
    page = person.go("/")
    page.locator("details.menu summary").click()
    is_fit(page)


def is_fit_for_editors(person: Person) -> None:
    """What axe itself tries to style on pages of Django's admin is no complaint of theirs."""
    before = list(person.complaints)
    is_fit(person.page, "#content")
    said = person.complaints[len(before) :]
    person.complaints[:] = [*before, *(each for each in said if "style-src" not in each)]


def test_an_invitation_from_the_editors_page_to_its_end(chromium: Browser, person: Person) -> None:
    person.sign_up()
    run(person.site, EDITOR, person.address)
    page = person.go("/admin/accounts/invitation/add/")
    is_fit_for_editors(person)
    with chromium.new_context(viewport=DESK) as context:
        other = Person(context, person.site, "bo-invited@portal.example")
        page.get_by_label("E-mail address").fill(other.address)
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("link", name=other.address).first.wait_for()
        is_fit_for_editors(person)
        link = other.mailed(INVITED_AT)
        there = other.go(link)
        there.get_by_role("heading", name="You are invited").wait_for()
        is_fit(there)
        there.get_by_role("button", name="Accept the invitation").click()
        there.get_by_role("status").wait_for()
        is_fit(there)
        other.go(link)
        there.get_by_role("heading", name="This link is good no more").wait_for()
        is_fit(there)
        assert other.complaints == []
    page.get_by_role("link", name=other.address).last.click()
    assert "accepted" in page.inner_text("#content")
    is_fit_for_editors(person)


def test_where_one_is_signed_in(chromium: Browser, person: Person) -> None:
    person.sign_up()
    with chromium.new_context(viewport=DESK, user_agent="Another Browser/1.0") as context:
        other = Person(context, person.site, person.address)
        other.go("/account/login/")
        other.page.locator("#id_email").fill(person.address)
        other.page.get_by_role("button", name="Send me a code").click()
        other.confirm()
        other.page.get_by_role("heading", name="Your account", level=1).wait_for()
        page = person.go("/account/sessions/")
        is_fit(page)
        page.get_by_role("button", name="Sign out: Another Browser/1.0").click()
        page.get_by_role("status").wait_for()
        assert "/account/login/" in other.go("/account/").url


def test_the_mail_lies_where_the_site_says(site: LiveSite) -> None:
    said = (site.home / "serve.log").read_text(encoding="utf-8")
    assert str(Path(site.home) / "mail") in said
