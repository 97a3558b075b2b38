"""Two people who write to each other: from a profile's page to answer, block and report."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK
from tests.browser.fit import NARROW, is_fit
from tests.browser.test_accounts import EDITOR, Person, run, site
from tests.livesite import LiveSite

__all__ = ["site"]

NUMBERS = itertools.count(1)


@dataclass
class Two:
    """Ada, who has no profile, and Bo, who is published by that name and may be written to.

    scripted: whether their browsers run JavaScript, which axe needs.
    """

    ada: Person
    bo: Person
    name: str
    scripted: bool

    def is_fit(self, page: Page, within: str = "html") -> None:
        if self.scripted:
            is_fit(page, within)


@pytest.fixture
def two(chromium: Browser, site: LiveSite, request: pytest.FixtureRequest) -> Iterator[Two]:
    options = {"viewport": DESK, "locale": "en-GB"} | getattr(request, "param", {})
    number = next(NUMBERS)
    with chromium.new_context(**options) as first, chromium.new_context(**options) as second:
        ada = Person(first, site, f"ada-zq7x-{number}@portal.example")
        bo = Person(second, site, f"bo-zq7x-{number}@portal.example")
        scripted = bool(options.get("java_script_enabled", True))
        made = Two(ada, bo, f"Bo Zq7x {number}", scripted)
        ada.sign_up()
        bo.sign_up()
        publish(bo, made.name)
        yield made
        assert ada.complaints == []
        assert bo.complaints == []
        log = (site.home / "serve.log").read_text(encoding="utf-8")
        assert ada.address not in log
        assert bo.address not in log


def publish(bo: Person, name: str) -> None:
    page = bo.go("/account/profile/about/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("group", name="Who may see: Name").get_by_label("Everyone").check()
    page.get_by_role("button", name="Save").click()
    bo.go("/account/profile/publish/")
    page.get_by_role("button", name="Publish my profile").click()
    page.get_by_role("link", name="Choose who may write to you").click()
    page.get_by_role("button", name="Let members write to me").click()
    page.get_by_role("status").wait_for()


@pytest.mark.parametrize(
    "two", [{"java_script_enabled": False, "viewport": NARROW}, {}], indirect=True
)
def test_from_message_to_decision(two: Two) -> None:
    ada, bo = two.ada, two.bo
    ada.sign_out()
    page = ada.go(f"/explore?q={two.name.replace(' ', '+')}")
    page.get_by_role("link", name=two.name, exact=True).first.click()
    page.get_by_role("link", name="Send a message").wait_for()
    two.is_fit(page)
    page.get_by_role("link", name="Send a message").click()
    page.locator("#id_email").fill(ada.address)
    page.get_by_role("button", name="Send me a code").click()
    ada.confirm()
    page.get_by_role("heading", name=f"Message to {two.name}", level=1).wait_for()
    two.is_fit(page)
    page.get_by_label("Message", exact=True).fill("Shall we cross the river?")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Your name").click()
    assert page.get_by_label("Message", exact=True).input_value() == "Shall we cross the river?"
    two.is_fit(page)
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("status").inner_text() == "Your message is sent."
    two.is_fit(page)

    other = bo.go("/account/")
    other.get_by_role("link", name="Messages (1 new)").click()
    other.get_by_text("Last message:").wait_for()
    two.is_fit(other)
    other.get_by_role("link", name="Ada Byron").click()
    assert "Shall we cross the river?" in other.inner_text("main")
    assert ada.address not in other.content()
    two.is_fit(other)
    other.get_by_label("Message", exact=True).fill("By which bridge?")
    other.get_by_role("button", name="Send").click()
    other.get_by_role("status").wait_for()

    page.reload()
    assert "By which bridge?" in page.inner_text("main")
    page.get_by_role("button", name="Give them my e-mail address").click()
    page.get_by_role("button", name="Don't show it to them any more").wait_for()
    other.reload()
    assert ada.address in other.inner_text("main")
    two.is_fit(other)

    other.get_by_role("link", name="Report the message").click()
    two.is_fit(other)
    other.get_by_role("button", name="Report").click()
    other.get_by_role("alert").get_by_role("link", name="Reason").wait_for()
    two.is_fit(other)
    other.get_by_label("Insults, threats or harassment").check()
    other.get_by_role("button", name="Report").click()
    assert "Editors will look at this message" in other.get_by_role("status").inner_text()
    other.get_by_role("button", name="Block").click()
    assert "You blocked them" in other.inner_text("main")
    two.is_fit(other)
    other.get_by_role("link", name="Messages").first.click()
    other.get_by_role("heading", name="Blocked").wait_for()
    two.is_fit(other)

    page = ada.go("/account/messages/")
    page.get_by_role("link", name=two.name).click()
    assert "this person doesn't take messages" in page.inner_text("main")
    assert "block" not in page.locator(".problems").inner_text()
    two.is_fit(page)

    run(ada.site, EDITOR, bo.address)
    other.goto(f"{bo.site.url}/admin/contact/report/?state=open")
    two.is_fit(other, "#content")
    other.get_by_role("link", name=re.compile(r"\d{4}")).last.click()
    other.get_by_label("Warn the sender, by mail").wait_for()
    two.is_fit(other, "#content")
    other.get_by_role("button", name="Record the decision").click()
    other.get_by_text("Nothing is recorded yet").wait_for()
    two.is_fit(other, "#content")
    other.get_by_label("Warn the sender, by mail").check()
    other.get_by_label("Reasons").fill("Be kind.")
    other.get_by_role("button", name="Record the decision").click()
    assert "Warn the sender" in other.inner_text("#content")
    two.is_fit(other, "#content")
    assert ada.address not in other.content()
