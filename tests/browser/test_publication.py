"""A profile published, found as it should be, and withdrawn: as its owner and as others see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK
from tests.browser.fit import is_fit
from tests.browser.test_accounts import Person, person, run, site

__all__ = ["person", "site"]

TOKEN = """
import sys
import django; django.setup()
from tessera.accounts.models import Profile
from tessera.accounts.profiles.alive import token
print(token(Profile.objects.get(user__email=sys.argv[1])))
"""

NARROW = {"java_script_enabled": False, "viewport": {"width": 320, "height": 700}}


def write(person: Person, photo: Path, *, seen: str) -> None:
    """A name, an interest and a photo; seen: who may see the interest, by its label."""
    page = person.page
    person.go("/account/profile/about/")
    page.get_by_label("Name", exact=True).fill("Ada Byron")
    page.get_by_role("button", name="Save").click()
    person.go("/account/profile/interests/")
    page.get_by_label("Sharing a project idea").check()
    page.get_by_role("group", name="Who may see: Interested in").get_by_label(seen).check()
    page.get_by_role("button", name="Save").click()
    Image.new("RGB", (300, 200), "#0b6070").save(photo)
    person.go("/account/profile/photo/")
    page.get_by_label("File").set_input_files(photo)
    page.get_by_role("group", name="Who may see: Photo").get_by_label("Members").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").wait_for()


def found(page: Page, person: Person) -> int:
    """How many people Explore tells to share an idea, which is as many as it then lists."""
    page.goto(f"{person.site.url}/explore?kind=person")
    option = page.locator("label", has_text="Sharing a project idea")
    told = int(option.first.inner_text().split()[-1]) if option.count() else 0
    page.goto(f"{person.site.url}/explore?kind=person&interested_in=idea")
    assert page.locator("li.card").count() == told
    return told


@pytest.mark.parametrize("person", [NARROW], indirect=True)
def test_to_withdrawal_without_javascript(
    person: Person, chromium: Browser, tmp_path: Path
) -> None:
    page = person.page
    person.sign_up()
    write(person, tmp_path / "me.png", seen="Everyone")
    with chromium.new_context(java_script_enabled=False) as context:
        visitor = context.new_page()
        assert found(visitor, person) == found(page, person) == 0
        person.go("/account/profile/")
        page.get_by_role("link", name="Publish my profile").click()
        assert "Only who shows a name is listed" in page.inner_text("main")
        page.get_by_role("button", name="Publish my profile").click()
        page.get_by_role("alert").wait_for()
        page.get_by_label("Members who are signed in", exact=True).check()
        page.get_by_role("button", name="Publish my profile").click()
        assert page.get_by_role("status").inner_text() == "Your profile is published."
        assert (found(visitor, person), found(page, person)) == (0, 1), "members alone see it"
        assert "Published by this person" in page.locator("li.card").inner_text()
        page.get_by_role("link", name="Ada Byron").click()
        assert page.get_by_alt_text("Photo of Ada Byron").evaluate("each => each.naturalWidth") > 0
        address = page.url
        assert visitor.goto(address).status == 404  # type: ignore[union-attr]
        person.go("/account/profile/about/")
        page.get_by_role("group", name="Who may see: Name").get_by_label("Everyone").check()
        page.get_by_role("button", name="Save").click()
        assert (found(visitor, person), found(page, person)) == (1, 1)
        assert visitor.goto(address).status == 200  # type: ignore[union-attr]
        assert visitor.get_by_role("heading", name="Ada Byron").is_visible()
        assert visitor.locator("img.portrait").count() == 0, "the photo is for members"
        person.go("/account/profile/")
        page.get_by_role("button", name="Withdraw my profile").click()
        assert "withdrawn" in page.get_by_role("status").inner_text()
        assert found(visitor, person) == found(page, person) == 0
        assert visitor.goto(address).status == 404  # type: ignore[union-attr]


def test_every_page_on_the_way_is_fit(person: Person, chromium: Browser, tmp_path: Path) -> None:
    page = person.page
    person.sign_up()
    is_fit(person.go("/account/profile/publish/"))
    write(person, tmp_path / "me.png", seen="Everyone")
    is_fit(person.go("/account/profile/publish/"))
    page.get_by_label("Everyone", exact=True).check()
    page.get_by_role("button", name="Publish my profile").click()
    page.get_by_role("status").wait_for()
    is_fit(page)
    assert found(page, person) == 1
    page.get_by_role("link", name="Ada Byron").click()
    page.get_by_role("heading", name="Ada Byron").wait_for()
    is_fit(page)
    with chromium.new_context(viewport=DESK) as context:
        visitor = context.new_page()
        visitor.goto(page.url)
        visitor.get_by_role("heading", name="Ada Byron").wait_for()
        is_fit(visitor)
        # The mail that asks is held by tests/integration/accounts/test_alive.py.
        token = run(person.site, TOKEN, person.address).strip()
        link = f"{person.site.url}/account/profile/still-right/{token}/"
        visitor.goto(link)
        is_fit(visitor)
        visitor.get_by_role("button", name="It is still right").click()
        visitor.get_by_role("heading", name="Thank you").wait_for()
        is_fit(visitor)
        person.go("/account/profile/")
        page.get_by_role("button", name="Withdraw my profile").click()
        page.get_by_role("status").wait_for()
        is_fit(page)
        visitor.goto(link)
        visitor.get_by_role("heading", name="This link is no longer good").wait_for()
        is_fit(visitor)
