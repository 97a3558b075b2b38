"""A real Chromium on the live demo site, with nothing but that site within reach."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from tests.conftest import missing
from tests.livesite import LiveSite

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}


@dataclass
class Visit:
    """One visitor's page, and what went wrong while it was used.

    strangers: addresses off the site that the page asked for (none was let through).
    complaints: errors on the console, Content-Security-Policy's among them.
    """

    page: Page
    site: LiveSite
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.site.url + path, wait_until="load")
        return self.page

    def back(self) -> None:
        """Go back, from a page that is there: Chromium has no history of one that just comes."""
        self.page.wait_for_load_state("load")
        self.page.go_back()

    @property
    def path(self) -> str:
        """The address shown, from its path on."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


Visitor = Callable[..., Visit]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed after each module: while Playwright runs in a thread, Django takes what follows there
    for asynchronous and refuses it the database."""
    path = shutil.which("chromium")
    if path is None:
        missing("no chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser, demo_site: LiveSite) -> Iterator[Visitor]:
    """Opens a fresh page of the demo site: `visitor(viewport=..., color_scheme=..., ...)`.

    After the test, nothing off the site may have been asked for, and the console is clean.
    """
    with ExitStack() as contexts:
        visits: list[Visit] = []

        def open_page(**options: Any) -> Visit:
            context = chromium.new_context(**{"viewport": DESK, "locale": "en-GB"} | options)
            contexts.callback(context.close)
            visit = Visit(context.new_page(), demo_site)
            visits.append(visit)
            _watch(context, visit)
            return visit

        yield open_page
        for visit in visits:
            assert visit.strangers == []
            assert visit.complaints == []


def _watch(context: BrowserContext, visit: Visit) -> None:
    home = urlsplit(visit.site.url).netloc

    def route(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.scheme in ("data", "blob") or address.netloc == home:
            route.continue_()
        else:
            visit.strangers.append(route.request.url)
            route.abort()

    context.route("**/*", route)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on(
        "console",
        lambda said: (
            visit.complaints.append(said.text)
            if said.type == "error" and "the server responded with a status of" not in said.text
            else None
        ),
    )
