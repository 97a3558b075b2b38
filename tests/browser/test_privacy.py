"""Nothing but the site itself is asked for, on any page (ACCEPTANCE 37)."""

from __future__ import annotations

from tests.browser.conftest import Visitor
from tests.browser.test_accessibility import STATES

INLINE = """() => [...document.querySelectorAll('script:not([src]), style, [style], [onclick]')]
    .filter((each) => each.type !== 'application/ld+json').map((each) => each.outerHTML)"""


def test_no_page_asks_for_anything_elsewhere(visitor: Visitor) -> None:
    # What a page asked for off the site is collected by the fixture, and fails there.
    visit = visitor()
    for path in STATES.values():
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")
    page = visit.go("/explore")
    page.locator("#q").fill("clus")
    page.get_by_role("option").first.wait_for()
    page.get_by_role("option").first.click()
    page.wait_for_load_state("networkidle")


def test_a_page_that_asks_elsewhere_would_be_noticed(visitor: Visitor) -> None:
    visit = visitor(bypass_csp=True)
    page = visit.go("/")
    page.evaluate("fetch('http://stranger.invalid/x').catch(() => 0)")
    assert visit.strangers == ["http://stranger.invalid/x"]
    visit.strangers.clear()
    visit.complaints.clear()


def test_readers_get_no_cookie(visitor: Visitor) -> None:
    visit = visitor()
    for path in ("/", "/explore?q=cluster", "/about"):
        visit.go(path)
    assert visit.page.context.cookies() == []


def test_pages_hold_no_inline_script_or_style(visitor: Visitor) -> None:
    visit = visitor()
    for name, path in STATES.items():
        if name != "login":
            assert visit.go(path).evaluate(INLINE) == [], path


def test_headers_keep_strangers_out(visitor: Visitor) -> None:
    visit = visitor()
    response = visit.page.goto(visit.site.url + "/explore")
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
