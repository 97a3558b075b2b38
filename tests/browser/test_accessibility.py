"""axe on every page and state, light and dark, on a phone and on a desk."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tessera.schema.kinds import KIND_NAMES
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.livesite import LiveSite

STATES = {
    "home": "/",
    "explore": "/explore",
    "explore-results": "/explore?q=cluster",
    "explore-none": "/explore?q=qwertzuiopx&country=LT",
    "explore-chips": "/explore?q=cluster&kind=project&kind=event&country=AT&country=SI&country=IT"
    "&year=2014..2027&-country=FR&period=2021-2027&language=en&status=ongoing",
    "explore-problems": "/explore?q=cluster&year=nonsense&nothing=1&page=900",
    "explore-people": "/explore?kind=person&interested_in=leading",
    "explore-upcoming": "/explore?kind=event&when=upcoming",
    "explore-page": "/explore?page=2",
    "about": "/about",
    "ordering": "/about/ordering",
    "accessibility": "/about/accessibility",
    "privacy": "/about/privacy",
    "glossary": "/about/glossary",
    "api": "/about/api",
    "not-found": "/nowhere",
    "login": "/admin/login/",
}
SCHEMES = {
    "desk-light": {"viewport": DESK, "color_scheme": "light"},
    "desk-dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
}


def first_of(site: LiveSite, kind: str) -> str:
    """The address of a record of that kind with many things on its page."""
    _, body = site.get(f"/api/v1/search?kind={kind}&size=1&q=cluster")
    hits = json.loads(body)["hits"]
    assert hits, f"the demo has no {kind} about clusters"
    url: str = hits[0]["url"]
    return url


@pytest.fixture
def no_violations(visitor: Visitor) -> Callable[[str, str], None]:
    def check(path: str, scheme: str) -> None:
        visit = visitor(**SCHEMES[scheme])
        page = visit.go(path)
        found = Axe().run(page).response["violations"]
        said = [
            f"{each['id']} ({each['impact']}): {each['help']}\n    "
            + "\n    ".join(node["html"][:200] for node in each["nodes"][:3])
            for each in found
        ]
        assert not said, f"{path}, {scheme}:\n" + "\n".join(said)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path}, {scheme}: {wide} px wider than the window"

    return check


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
def test_pages_and_states(
    no_violations: Callable[[str, str], None], state: str, scheme: str
) -> None:
    no_violations(STATES[state], scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KIND_NAMES)
def test_record_pages(
    no_violations: Callable[[str, str], None], demo_site: LiveSite, kind: str, scheme: str
) -> None:
    no_violations(first_of(demo_site, kind), scheme)


def test_suggestions_while_they_are_shown(visitor: Visitor) -> None:
    page = visitor().go("/explore")
    page.locator("#q").fill("clus")
    page.get_by_role("option").first.wait_for()
    assert Axe().run(page).response["violations"] == []


def test_the_sheet_of_filters_on_a_phone(visitor: Visitor) -> None:
    page = visitor(viewport=PHONE).go("/explore?q=cluster")
    page.locator(".open-filters").click()
    page.get_by_role("dialog").wait_for()
    assert Axe().run(page).response["violations"] == []
