"""A profile as people write it: by keyboard, without JavaScript, on a narrow screen, to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.browser.test_accounts import Person, is_fit, person, press_until, prove, site

__all__ = ["person", "site"]

GROUPS = ("about", "organisation", "place", "interests", "offer", "text", "photo", "purposes")


@pytest.mark.parametrize(
    "person", [{"java_script_enabled": False, "viewport": {"width": 320, "height": 700}}],
    indirect=True,
)  # fmt: skip
def test_from_profile_to_erasure_without_javascript(person: Person, tmp_path: Path) -> None:
    page = person.page
    person.sign_up()
    page.get_by_role("link", name="Profile", exact=True).click()
    assert "Nobody but you sees this profile" in page.inner_text("main")
    page.get_by_role("link", name="Change: Name and languages").click()
    page.get_by_label("Name", exact=True).fill("Ada Byron")
    page.get_by_role("group", name="Who may see: Name").get_by_label("Everyone").check()
    page.get_by_label("ORCID iD", exact=True).fill("1234")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_role("link", name="ORCID iD").click()
    assert page.get_by_label("Name", exact=True).input_value() == "Ada Byron"
    page.get_by_label("ORCID iD", exact=True).fill("0000-0002-1825-0097")
    page.get_by_text("Choose: Languages that you speak").click()
    page.get_by_label("Maltese").check()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").inner_text() == "Saved."
    person.go("/account/profile/photo/")
    Image.new("RGB", (300, 200), "#0b6070").save(tmp_path / "me.png")
    page.get_by_label("File").set_input_files(tmp_path / "me.png")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_alt_text("Your photo").is_visible()
    person.go("/account/profile/")
    page.get_by_role("link", name="as everyone sees it").click()
    assert "Ada Byron" in page.inner_text("dl.facts")
    assert "0000-0002-1825-0097" not in page.inner_text("dl.facts")
    with page.expect_download() as waiting:
        person.go("/account/data/")
        page.get_by_role("link", name="Download it as JSON").click()
    assert "Ada Byron" in waiting.value.path().read_text(encoding="utf-8")
    page.get_by_role("link", name="Erase the account").first.click()
    if "/reauthenticate/" in page.url:
        page.get_by_role("button", name="Send me a code").click()
        person.confirm()
    page.get_by_label("Erase my account").check()
    page.get_by_role("button", name="Erase the account").click()
    page.get_by_role("heading", name="Your account is erased").wait_for()
    assert "/account/login/" in person.go("/account/").url
    assert not list((person.site.home / "photos").iterdir())


def test_by_keyboard(person: Person) -> None:
    page = person.page
    person.sign_up()
    person.go("/account/profile/about/")
    page.locator("main").focus()
    press_until(page, "#id_name")
    page.keyboard.type("Ada Byron")
    press_until(page, "input[name=see_name]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press_until(page, "main form .actions button")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert page.locator("input[name=see_name][value=everyone]").is_checked()
    assert page.locator("#id_name").input_value() == "Ada Byron"


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
