"""How somebody works a page: with a mouse, with a finger, or with the keys alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 120
"""Presses of Tab that somebody has patience for."""

SEEN = """each => {
    const { outlineStyle, outlineWidth } = getComputedStyle(each);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}"""


class Mouse:
    """Presses, chooses and writes by clicks. `follow` waits for the page that it leads to."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, what: Locator) -> None:
        what.click()

    def choose(self, what: Locator) -> None:
        """Tick or switch to a box or one of several."""
        self.press(what)
        expect(what).to_be_checked()

    def write(self, where: Locator, text: str) -> None:
        """In the place of what stands there."""
        self.press(where)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def follow(self, what: Locator) -> None:
        with self.page.expect_navigation():
            self.press(what)

    def enter(self) -> None:
        """Send the form in which was just written."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def give(self, where: Locator, file: Path) -> None:
        """Choose a file in the window that the browser opens for it."""
        with self.page.expect_file_chooser() as opened:
            self.press(where)
        opened.value.set_files(file)


class Finger(Mouse):
    """The same by taps."""

    def press(self, what: Locator) -> None:
        what.tap()


class Keys(Mouse):
    """Goes to everything by Tab, sees where the focus is, and presses Enter, Space or an arrow."""

    def reach(self, what: Locator) -> None:
        what.wait_for()
        for _ in range(MOST_STOPS):
            if what.evaluate("each => each === document.activeElement"):
                assert what.evaluate(SEEN), f"{self.page.url}: no focus to be seen on {what}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: {what} is not reached with Tab")

    def press(self, what: Locator) -> None:
        self.reach(what)
        is_link = what.evaluate("each => each.matches('a')")
        self.page.keyboard.press("Enter" if is_link else "Space")

    def choose(self, what: Locator) -> None:
        if what.evaluate("each => each.type === 'checkbox'"):
            super().choose(what)
            return
        # Tab leads to one of the group, the arrows to the others.
        group = what.locator("xpath=ancestor::fieldset[1]").get_by_role("radio")
        for _ in range(MOST_STOPS):
            if group.locator("visible=true").evaluate_all(
                "all => all.includes(document.activeElement)"
            ):
                break
            self.page.keyboard.press("Tab")
        for _ in range(group.count()):
            if what.is_checked():
                break
            self.page.keyboard.press("ArrowDown")
        expect(what).to_be_checked()
        self.reach(what)

    def write(self, where: Locator, text: str) -> None:
        self.reach(where)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
