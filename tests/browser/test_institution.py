"""Signing in at one's institution in a real browser, with a provider that really runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.fit import is_fit
from tests.browser.test_accounts import Person, person
from tests.integration.accounts.provider import CLIENT, SECRET, Provider, institution
from tests.livesite import LiveSite, serving, tessera

__all__ = ["person"]


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with institution() as provider:
        provider.asks = True
        yield provider


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, running: Provider) -> Iterator[LiveSite]:
    home = tmp_path_factory.mktemp("institution") / "home"
    home.mkdir()
    assert tessera(home, "init").returncode == 0
    (home / "ministry.secret").write_text(SECRET, encoding="utf-8")
    with (home / "tessera.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            f'\n[institutions.ministry]\nname = "The Ministry"\nurl = "{running.url}"\n'
            f'client_id = "{CLIENT}"\nsecret_file = "ministry.secret"\n'
        )
    with serving(home) as served:
        yield served


@pytest.fixture
def provider(running: Provider, person: Person) -> Provider:
    """Who signs in there is this person, whose address the institution has checked."""
    running.person = {"sub": person.address, "email": person.address, "email_verified": True}
    return running


def to_the_provider(person: Person, provider: Provider) -> Page:
    page = person.go("/account/login/")
    page.get_by_role("link", name="Sign in with The Ministry").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{provider.url}/authorize?**")
    return page


def accounts(person: Person) -> int:
    with sqlite3.connect(f"file:{person.site.home / 'tessera.sqlite3'}?mode=ro", uri=True) as rows:
        (many,) = rows.execute(
            "SELECT count(*) FROM auth_user WHERE email = ?", [person.address]
        ).fetchone()
    return int(many)


@pytest.mark.parametrize("person", [{}, {"java_script_enabled": False}], indirect=True)
def test_there_and_back_and_once_again(person: Person, provider: Provider) -> None:
    assert accounts(person) == 0
    for _ in range(2):
        page = to_the_provider(person, provider)
        page.get_by_role("button", name="Agree").click()
        page.get_by_role("heading", name="Your account", level=1).wait_for()
        assert page.url == f"{person.site.url}/account/"
        assert person.address in page.inner_text("main")
        assert accounts(person) == 1
        person.sign_out()


def test_who_refuses_there_is_told_how_to_go_on(person: Person, provider: Provider) -> None:
    page = to_the_provider(person, provider)
    page.get_by_role("button", name="Refuse").click()
    page.get_by_role("heading", name="Your institution was not to tell who you are").wait_for()
    assert "This site learned nothing of you" in page.inner_text("main")
    is_fit(page)
    page.get_by_role("link", name="Try again, or sign in another way").click()
    page.get_by_role("heading", name="Sign in", level=1).wait_for()
    is_fit(page)
    assert accounts(person) == 0
    assert "/account/login/" in person.go("/account/").url


def test_an_institution_that_names_no_address(person: Person, provider: Provider) -> None:
    del provider.person["email"], provider.person["email_verified"]
    page = person.go("/account/login/")
    page.get_by_role("link", name="Sign in with The Ministry").click()
    is_fit(page)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("heading", name="Which address shall your account have?").wait_for()
    is_fit(page)
    page.locator("#id_email").fill(person.address)
    page.get_by_role("button", name="Sign up").click()
    person.confirm()
    page.get_by_role("heading", name="Your account", level=1).wait_for()
    page.get_by_role("link", name="Institutions").click()
    page.get_by_label("The Ministry").wait_for()
    is_fit(page)
