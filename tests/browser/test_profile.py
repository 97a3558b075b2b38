"""Every page of a profile, in every state: axe, and a narrow screen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.browser.fit import is_fit
from tests.browser.test_accounts import Person, person, prove, site

__all__ = ["person", "site"]

GROUPS = ("about", "organisation", "place", "interests", "offer", "text", "photo", "purposes")


def test_every_page_is_fit(person: Person, tmp_path: Path) -> None:
    page = person.page
    person.sign_up()
    for slug in GROUPS:
        is_fit(person.go(f"/account/profile/{slug}/"))
        for each in page.locator("details.many").all():
            each.locator("summary").click()
        is_fit(page)
    person.go("/account/profile/about/")
    page.get_by_label("Name", exact=True).fill("Donaudampfschifffahrtsgesellschaft" * 4)
    page.get_by_label("ORCID iD", exact=True).fill("wrong")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Error")
    is_fit(page)
    page.get_by_label("ORCID iD", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").wait_for()
    Image.new("RGB", (300, 200), "#0b6070").save(tmp_path / "me.png")
    person.go("/account/profile/photo/")
    page.get_by_label("File").set_input_files(tmp_path / "me.png")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").wait_for()
    for path in ("/account/profile/", "/account/profile/seen-by/everyone/", "/account/data/",
                 "/account/profile/seen-by/members/", "/account/erase/", "/about/register",
                 "/account/profile/photo/"):  # fmt: skip
        prove(person, path)
        is_fit(page)
        assert page.locator("h1").count() == 1, path
    person.go("/account/erase/")
    page.get_by_label("Erase my account").check()
    page.get_by_role("button", name="Erase the account").click()
    page.get_by_role("heading", name="Your account is erased").wait_for()
    is_fit(page)
