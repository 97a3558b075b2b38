"""The pages that Tessera adds to the admin: axe, small windows, no script, no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, Visit
from tests.integration.deliveries import project, write
from tests.livesite import LiveSite, serving, tessera

NARROW = {"width": 320, "height": 640}
WORDING = 'kind,words\nsynonym,"river, stream"\nstop,interreg\n'
WRONG = {**project(2), "start": "soon", "title": {"en": "A title of many words " * 8}}


@pytest.fixture(scope="module")
def password(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("admin") / "home"
    home.mkdir()
    made = tessera(home, "init", "--admin", "editor@portal.example")
    path = write(home.parent / "in.jsonl", [project(1), WRONG, "{"])
    assert tessera(home, "import", "jsonl", str(path)).returncode == 0
    return home, made.stdout.strip().split()[-1]


@pytest.fixture(scope="module")
def site(password: tuple[Path, str]) -> Iterator[LiveSite]:
    file = password[0].parent / "wording.csv"
    file.write_text(WORDING, encoding="utf-8")
    assert tessera(password[0], "wording", "import", str(file)).returncode == 0
    with serving(password[0]) as served:
        for _ in range(2):
            served.get("/explore?q=zzyzx%20and%20more", **{"User-Agent": "Mozilla/5.0"})
        yield served


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/admin/harvest/run/1/change/", "What to do next"),
        ("/admin/whereabouts/?q=p:2", "Invalid"),
        ("/admin/whereabouts/?q=p:nothing", "most like it"),
        ("/admin/wording/synonym/", "river, stream"),
        ("/admin/wording/stopterm/", "interreg"),
        ("/admin/wording/synonym/import/", "A CSV file in UTF-8"),
        ("/admin/wording/unanswered/", "zzyzx and more"),
    ],
)
def test_pages_for_editors_without_script(
    chromium: Browser, site: LiveSite, password: tuple[Path, str], path: str, words: str
) -> None:
    with chromium.new_context(viewport=DESK, java_script_enabled=False) as context:
        visit = Visit(context.new_page(), site)
        page = _signed_in(visit, password[1])
        page.on("console", lambda message: visit.complaints.append(message.text))
        visit.go(path)
        assert words in page.inner_text("#content")
        state = context.storage_state()
        assert visit.complaints == []
    with chromium.new_context(viewport=NARROW, storage_state=state) as context:
        page = context.new_page()
        page.goto(site.url + path, wait_until="load")
        _is_fit(page)


def test_the_effect_of_a_synonym_without_script(
    chromium: Browser, site: LiveSite, password: tuple[Path, str]
) -> None:
    with chromium.new_context(viewport=NARROW, java_script_enabled=False) as context:
        visit = Visit(context.new_page(), site)
        page = _signed_in(visit, password[1])
        visit.go("/admin/wording/unanswered/")
        page.click("text=Make a synonym")
        page.fill("#id_words", "zzyzx, title")
        page.keyboard.press("Tab")
        page.click("text=Show the effect")
        page.wait_for_selector("#effect")
        assert "zzyzx and more" in page.inner_text("#effect")
        assert visit.complaints == []
        state = context.storage_state()
    with chromium.new_context(viewport=NARROW, storage_state=state) as context:
        page = context.new_page()
        page.goto(f"{site.url}/admin/wording/synonym/add/?words=river%2C+creek&trial=creek")
        page.click("text=Show the effect")
        page.wait_for_selector("#effect")
        _is_fit(page)


def _is_fit(page: Page) -> None:
    """At 320 px nothing is wider than the window, and axe has no complaint in either scheme."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Buttons fade from one ground to the other.
        page.evaluate("Promise.all(document.getAnimations().map((a) => a.finished)).then(() => 0)")
        found = Axe().run(page, context="#content").response["violations"]
        assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
    wide = page.evaluate("document.querySelector('#content').scrollWidth - innerWidth")
    assert wide <= 0


def _signed_in(visit: Visit, password: str) -> Page:
    page = visit.go("/admin/login/")
    page.click("summary:has-text('password')")
    page.fill("#id_login", "editor@portal.example")
    page.fill("#id_password", password)
    page.click("details [type=submit]")
    page.wait_for_load_state("load")
    return page
