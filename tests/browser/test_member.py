"""Two people from sign-up to erasure: by keyboard alone, without JavaScript, and on a phone."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.fit import NARROW
from tests.browser.hands import Finger, Keys, Mouse
from tests.browser.test_accounts import Person, site
from tests.livesite import LiveSite

__all__ = ["site"]

WAYS: dict[str, tuple[type[Mouse], dict[str, Any]]] = {
    "keys": (Keys, {"viewport": DESK}),
    "scriptless": (Mouse, {"viewport": NARROW, "java_script_enabled": False}),
    "phone": (Finger, {"viewport": PHONE, "has_touch": True, "is_mobile": True}),
}


ORCIDS = dict(
    zip(WAYS, ("0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"), strict=True)
)


def photos(site: LiveSite) -> frozenset[str]:
    return frozenset(file.name for file in (site.home / "photos").glob("*"))


class Somebody(Person):
    """A person who works pages in one of the ways, and sees that nothing is wider than them."""

    hands: Mouse

    def at(self, heading: str) -> Page:
        """Once that page is there; it fits into the window, and one can be where one is."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.fits()
        return self.page

    def fits(self) -> None:
        """Whether nothing on the page is wider than the window."""
        page, size = self.page, self.page.viewport_size
        assert size is not None
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size["width"], f"{page.url}: {wide} px wide in a window of {size['width']}"

    def follow(self, name: str | re.Pattern[str], *, heading: str, among: str = "main") -> Page:
        """To that page by the link of that name."""
        link = self.page.locator(among).get_by_role("link", name=name, exact=True)
        self.hands.follow(link.first)
        return self.at(heading)

    def send(self, name: str, *, heading: str) -> Page:
        """Press the button of that name; what comes is that page."""
        button = self.page.locator("main").get_by_role("button", name=name, exact=True)
        self.hands.follow(button.first)
        return self.at(heading)

    def write(self, label: str, text: str) -> None:
        # Some have a colon after them.
        self.hands.write(self.page.get_by_label(re.compile(f"^{label}:?$")), text)

    def said(self) -> str:
        return self.page.get_by_role("status").inner_text()

    def menu(self) -> Locator:
        """What folds out below "Account"."""
        self.hands.press(self.page.locator("details.menu summary"))
        return self.page.locator("details.menu")

    def search(self, words: str) -> Page:
        """Ask Explore for people and that."""
        self.go("/explore?kind=person")
        self.hands.write(self.page.locator("main input[name=q]"), words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(re.compile(r"[?&]q="))
        return self.page


@dataclass
class Two:
    """Ada, who publishes herself, and Bo, who looks for her. Their words are nobody else's.

    photos: of others, that were there before.
    """

    ada: Somebody
    bo: Somebody
    ada_name: str
    bo_name: str
    answer: str
    orcid: str
    photos: frozenset[str]


@pytest.fixture(params=WAYS)
def two(chromium: Browser, site: LiveSite, request: pytest.FixtureRequest) -> Iterator[Two]:
    way: str = request.param
    hands, options = WAYS[way]
    with (
        chromium.new_context(locale="en-GB", **options) as first,
        chromium.new_context(locale="en-GB", **options) as second,
    ):
        ada = Somebody(first, site, f"ada-{way}@quibbleford.example")
        bo = Somebody(second, site, f"bo-{way}@quibbleford.example")
        ada.hands, bo.hands = hands(ada.page), hands(bo.page)
        yield Two(
            ada, bo, f"Ada Zwickelmoor-{way}", f"Bo Trundleby-{way}", f"By which bridge? ({way})",
            ORCIDS[way], photos(site),
        )  # fmt: skip
        assert ada.complaints == []
        assert bo.complaints == []


def test_from_sign_up_to_erasure(two: Two, tmp_path: Path) -> None:
    ada, bo = two.ada, two.bo
    ada.go("/")
    ada.follow("Sign in", heading="Sign in", among="body")
    ada.follow("Sign up", heading="Sign up")
    sign_up(ada, heading="Your account")
    write_profile(two, tmp_path / "me.png")
    found(bo, two.ada_name, 0)
    publish(ada)
    found(bo, two.ada_name, 1)
    page = bo.follow(two.ada_name, heading=two.ada_name)
    address, photo = page.url, page.get_by_alt_text(f"Photo of {two.ada_name}")
    assert photo.evaluate("each => each.naturalWidth") > 0
    picture = str(photo.get_attribute("src"))

    bo.follow("Send a message", heading="Sign in")
    bo.follow("Sign up", heading="Sign up")
    sign_up(bo, heading=f"Message to {two.ada_name}")
    bo.write("Your name", two.bo_name)
    bo.write("Message", "Shall we cross the river?")
    bo.send("Send", heading=f"Conversation with {two.ada_name}")
    assert bo.said() == "Your message is sent."
    answer(two)

    ada.follow("Profile", heading="Profile")
    ada.send("Withdraw my profile", heading="Profile")
    assert "withdrawn" in ada.said()
    for each in (ada, bo):
        found(each, two.ada_name, 0)
        assert each.page.goto(address).status == 404  # type: ignore[union-attr]

    take_along(two)
    erase(two)
    nothing_is_left(two, address, picture)
    bo.hands.follow(bo.menu().get_by_role("button", name="Sign out"))
    bo.page.get_by_role("link", name="Sign in").wait_for()


def sign_up(somebody: Somebody, *, heading: str) -> None:
    """On the page for it, to the page where it ends."""
    page = somebody.page
    somebody.hands.write(page.locator("#id_email"), somebody.address)
    somebody.send("Sign up", heading="Enter the code")
    somebody.write("Code", somebody.code())
    somebody.send("Confirm", heading=heading)


def write_profile(two: Two, photo: Path) -> None:
    """A name with a mistake beside it, languages, and a photo."""
    ada = two.ada
    page = ada.follow("Profile", heading="Profile", among=".account-nav")
    assert "Nobody but you sees this profile" in page.inner_text("main")
    ada.follow("Change: Name and languages", heading="Name and languages")
    ada.write("Name", two.ada_name)
    see(ada, "Name", "Everyone")
    ada.write("ORCID iD", "1234")
    ada.send("Save", heading="Name and languages")
    ada.hands.press(page.get_by_role("alert").get_by_role("link", name="ORCID iD"))
    assert page.locator("#id_orcid").evaluate("each => each === document.activeElement")
    ada.write("ORCID iD", two.orcid)
    ada.hands.press(page.get_by_text("Choose: Languages that you speak"))
    ada.hands.choose(page.get_by_label("Maltese"))
    ada.send("Save", heading="Name and languages")
    assert ada.said() == "Saved."
    assert page.get_by_label("Name", exact=True).input_value() == two.ada_name

    ada.follow("Profile", heading="Profile")
    ada.follow("Change: Photo", heading="Photo")
    Image.new("RGB", (300, 200), "#0b6070").save(photo)
    ada.hands.give(page.get_by_label("File"), photo)
    see(ada, "Photo", "Everyone")
    ada.send("Save", heading="Photo")
    assert page.get_by_alt_text("Your photo").is_visible()

    ada.follow("Profile", heading="Profile")
    ada.follow("as everyone sees it", heading="Your profile as everyone sees it")
    assert two.ada_name in page.inner_text("dl.facts")
    assert two.orcid not in page.inner_text("dl.facts")


def see(somebody: Somebody, field: str, who: str) -> None:
    """Let them see that field."""
    switch = somebody.page.get_by_role("group", name=f"Who may see: {field}", exact=True)
    somebody.hands.choose(switch.get_by_label(who, exact=True))


def found(somebody: Somebody, name: str, many: int) -> None:
    """Explore lists so many people for the name of one."""
    page = somebody.search(f'"{name}"')
    expect(page).to_have_title(re.compile(re.escape(name)))
    expect(page.get_by_role("link", name=name, exact=True)).to_have_count(many)
    assert page.locator("li.card").count() == many
    somebody.fits()


def publish(ada: Somebody) -> None:
    ada.follow("Profile", heading="Profile")
    ada.follow("Publish my profile", heading="Publish your profile")
    ada.send("Publish my profile", heading="Profile")
    assert ada.said() == "Your profile is published."
    ada.follow("Choose who may write to you", heading="Messages")
    ada.send("Let members write to me", heading="Messages")
    assert ada.said() == "Saved."


def answer(two: Two) -> None:
    """Ada reads and answers; to block Bo and take it back are two buttons there."""
    ada, bo = two.ada, two.bo
    ada.go("/account/")
    ada.follow("Messages (1 new)", heading="Messages")
    page = ada.follow(two.bo_name, heading=(talk := f"Conversation with {two.bo_name}"))
    assert "Shall we cross the river?" in page.inner_text("main")
    ada.write("Message", two.answer)
    ada.send("Send", heading=talk)
    ada.send("Block", heading=talk)
    assert "You blocked them" in page.inner_text("main")
    ada.send("Take messages from them again", heading="Messages")
    assert "can write to you again" in ada.said()
    bo.page.reload()
    assert two.answer in bo.page.inner_text("main")
    for each, other in ((ada, bo), (bo, ada)):
        assert other.address not in each.page.content()


def take_along(two: Two) -> None:
    ada = two.ada
    ada.go("/account/")
    ada.follow("Your data", heading="Your data", among=".account-nav")
    with ada.page.expect_download() as waiting:
        ada.hands.press(ada.page.get_by_role("link", name="Download it as JSON"))
    held = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert held["profile"]["name"] == two.ada_name
    assert [each["text"] for each in held["messages"]] == [
        "Shall we cross the river?", two.answer,
    ]  # fmt: skip


def erase(two: Two) -> None:
    """After a code that shows that it is her."""
    ada = two.ada
    ada.follow("Erase the account", heading="Show that it is you")
    ada.send("Send me a code", heading="Show that it is you")
    ada.write("Code", ada.code())
    ada.send("Confirm", heading="Erase the account")
    ada.hands.choose(ada.page.get_by_label("Erase my account"))
    ada.send("Erase the account", heading="Your account is erased")


def nothing_is_left(two: Two, address: str, picture: str) -> None:
    """On no page, in no table, and in no file but the mail that was sent."""
    ada, bo = two.ada, two.bo
    ada.go("/account/")
    ada.at("Sign in")
    for each in (ada, bo):
        found(each, two.ada_name, 0)
        for gone in (address, ada.site.url + picture):
            assert each.page.goto(gone).status == 404  # type: ignore[union-attr]
    bo.go("/account/messages/")
    page = bo.follow("(erased account)", heading="Conversation with (erased account)")
    assert two.answer not in page.inner_text("main")
    assert "Shall we cross the river?" in page.inner_text("main")
    (file,) = ada.site.home.glob("*.sqlite3")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        rows = "\n".join(database.iterdump())
    assert two.bo_name in rows
    for secret in (two.ada_name, ada.address, two.answer, two.orcid):
        assert secret not in rows
    assert photos(ada.site) <= two.photos
    assert ada.address not in (ada.site.home / "serve.log").read_text(encoding="utf-8")
