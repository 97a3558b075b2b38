"""The pages that Tessera adds to the admin: axe, small windows, no script, no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, Visit
from tests.browser.fit import NARROW, is_fit
from tests.integration.deliveries import project, write
from tests.livesite import LiveSite, serving, tessera

WORDING = 'kind,words\nsynonym,"river, stream"\nstop,interreg\n'
WRONG = {**project(2), "start": "soon", "title": {"en": "A title of many words " * 8}}
CONTACT = {"id": "p:3", "kind": "person", "title": {"en": "Contact Quibbleford"}}


@pytest.fixture(scope="module")
def password(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("admin") / "home"
    home.mkdir()
    made = tessera(home, "init", "--admin", "editor@portal.example")
    path = write(home.parent / "in.jsonl", [project(1), WRONG, "{", CONTACT])
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
        is_fit(page, "#content")


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
        is_fit(page, "#content")


def test_a_page_to_be_taken_down(
    chromium: Browser, site: LiveSite, password: tuple[Path, str]
) -> None:
    with chromium.new_context(viewport=DESK) as context:
        page = context.new_page()
        page.goto(f"{site.url}/takedown/p:3")
        is_fit(page)
        page.get_by_role("button", name="Send").click()
        page.get_by_role("alert").wait_for()
        is_fit(page)
        page.get_by_label("What you ask for").fill("I left long ago.")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("An editor of this site will look at it").wait_for()
        is_fit(page)
    with chromium.new_context(viewport=DESK) as context:
        visit = Visit(context.new_page(), site)
        page = _signed_in(visit, password[1])
        visit.go("/admin/accounts/takedownrequest/")
        page.get_by_text("I left long ago.").wait_for()
        is_fit(page, "#content")


def _signed_in(visit: Visit, password: str) -> Page:
    page = visit.go("/admin/login/")
    page.click("summary:has-text('password')")
    page.fill("#id_login", "editor@portal.example")
    page.fill("#id_password", password)
    page.click("details [type=submit]")
    page.wait_for_load_state("load")
    return page
