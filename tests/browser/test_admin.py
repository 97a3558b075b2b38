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
WRONG = {**project(2), "start": "soon", "title": {"en": "A title of many words " * 8}}


@pytest.fixture(scope="module")
def password(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("admin") / "home"
    home.mkdir()
    made = tessera(home, "init", "--admin", "editor")
    path = write(home.parent / "in.jsonl", [project(1), WRONG, "{"])
    assert tessera(home, "import", "jsonl", str(path)).returncode == 0
    return home, made.stdout.strip().split()[-1]


@pytest.fixture(scope="module")
def site(password: tuple[Path, str]) -> Iterator[LiveSite]:
    with serving(password[0]) as served:
        yield served


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/admin/harvest/run/1/change/", "What to do next"),
        ("/admin/whereabouts/?q=p:2", "Invalid"),
        ("/admin/whereabouts/?q=p:nothing", "most like it"),
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
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page, context="#content").response["violations"]
            assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]
        wide = page.evaluate("document.querySelector('#content').scrollWidth - innerWidth")
        assert wide <= 0


def _signed_in(visit: Visit, password: str) -> Page:
    page = visit.go("/admin/login/")
    page.fill("#id_username", "editor")
    page.fill("#id_password", password)
    page.click("[type=submit]")
    page.wait_for_load_state("load")
    return page
