"""Records that are full of markup, on the live site in a real browser: nothing of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog

from tessera.schema.kinds import KIND_NAMES
from tests.integration.deliveries import write
from tests.integration.test_hostile_texts import hostile
from tests.livesite import LiveSite, serving, tessera

RECORDS = [f"/{kind}/x:{kind}" for kind in KIND_NAMES]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    home: Path = tmp_path_factory.mktemp("hostile") / "home"
    home.mkdir()
    path = write(home.parent / "in.jsonl", [hostile(kind) | {"path": ""} for kind in KIND_NAMES])
    done = tessera(home, "import", "jsonl", str(path))
    assert done.returncode == 0, done.stderr
    with serving(home) as served:
        yield served


def test_nothing_runs(chromium: Browser, site: LiveSite) -> None:
    context = chromium.new_context()
    page = context.new_page()
    ran: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        ran.append(f"{page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", on_dialog)
    page.on("pageerror", lambda error: ran.append(f"{page.url}: {error}"))
    page.on("console", lambda said: ran.append(said.text) if said.type == "error" else None)
    typed = quote("<script>alert(1)</script>")
    for path in ("/", "/explore", "/explore?q=ferry", f"/explore?q={typed}", *RECORDS):
        answer = page.goto(site.url + path)
        assert answer is not None and answer.status == 200, path
        page.mouse.move(200, 200)
        for _ in range(5):
            page.keyboard.press("Tab")
    context.close()
    assert ran == []
