"""axe on every page and state, light and dark, on a phone and on a desk."""

from __future__ import annotations

import json

import pytest

from tessera.schema.kinds import KIND_NAMES
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.fit import findings
from tests.livesite import LiveSite

STATES = {
    "home": "/",
    "explore": "/explore",
    "explore-results": "/explore?q=cluster",
    "explore-none": "/explore?q=qwertzuiopx&country=LT",
    "explore-corrected": "/explore?q=hospitl",
    "explore-offered": "/explore?q=hospitl&spelling=as-typed",
    "explore-related": "/explore?q=wasser%20energie&without=acqua",
    "explore-close": "/explore?q=hospital%20ferry%20orchards%20zzyzx",
    "explore-as-typed": "/explore?q=water&match=words",
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
LOOKS = [(size, scheme) for size in (DESK, PHONE) for scheme in ("light", "dark")]


def first_of(site: LiveSite, kind: str) -> str:
    """The address of a record of that kind, about clusters if there is one."""
    for words in ("&q=cluster", ""):
        _, body = site.get(f"/api/v1/search?kind={kind}&size=1{words}")
        hits = json.loads(body)["hits"]
        if hits:
            break
    assert hits, f"the demo has no {kind}"
    url: str = hits[0]["url"]
    return url


def check(visitor: Visitor, path: str) -> None:
    """No finding of axe in any look, and nothing wider than the window."""
    visit = visitor()
    page = visit.go(path)
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        look = f"{path}, {size['width']} px, {scheme}"
        said = findings(page)
        assert not said, f"{look}:\n" + "\n".join(said)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{look}: {wide} px wider than the window"


@pytest.mark.parametrize("state", STATES)
def test_pages_and_states(visitor: Visitor, state: str) -> None:
    check(visitor, STATES[state])


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_record_pages(visitor: Visitor, demo_site: LiveSite, kind: str) -> None:
    check(visitor, first_of(demo_site, kind))


def test_related_words_unfolded(visitor: Visitor) -> None:
    page = visitor(viewport={"width": 320, "height": 800}, color_scheme="dark").go(
        "/explore?q=How%20do%20hospitals%20in%20border%20regions%20share%20water%20and%20energy%3F"
    )
    page.locator("#added summary").click()
    assert page.locator("#added .chip").count() > 60
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_suggestions_while_they_are_shown(visitor: Visitor) -> None:
    page = visitor().go("/explore")
    page.locator("#q").fill("clus")
    page.get_by_role("option").first.wait_for()
    assert findings(page) == []


def test_the_sheet_of_filters_on_a_phone(visitor: Visitor) -> None:
    page = visitor(viewport=PHONE).go("/explore?q=cluster")
    page.locator(".open-filters").click()
    page.get_by_role("dialog").wait_for()
    assert findings(page) == []
