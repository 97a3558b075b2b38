"""Whether a page is fit to use: axe is content with it, and it fits into a narrow window."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

NARROW = {"width": 320, "height": 700}


def findings(page: Page, within: str = "html") -> list[str]:
    """What axe has against the page as it is now."""
    return [
        f"{each['id']} ({each['impact']}): {each['help']}\n    "
        + "\n    ".join(node["html"][:200] for node in each["nodes"][:3])
        for each in Axe().run(page, context=within).response["violations"]
    ]


def is_fit(page: Page, within: str = "html") -> None:
    """No finding of axe in either scheme, and at 320 px nothing is wider than the window.

    within: the part that is looked at; what stands around it on editors' pages is Django's.
    """
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size(NARROW)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Buttons fade from one ground to the other.
        page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished)).then(() => 0)")
        said = findings(page, within)
        assert not said, f"{page.url}, {scheme}:\n" + "\n".join(said)
    wide = page.evaluate("(s) => document.querySelector(s).scrollWidth - innerWidth", within)
    assert wide <= 0, f"{page.url}: {wide} px wider than the window"
    page.set_viewport_size(before)
