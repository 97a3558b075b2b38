"""Records that went (410), and the site without its index (503)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.site.test_pages import check, read
from tests.livesite import LiveSite, serving, tessera

RECORDS = [
    {"id": "t:stays", "kind": "project", "title": {"en": "It stays"}, "acronym": "STAY"},
    {"id": "t:goes", "kind": "project", "title": {"en": "A secret title"}, "acronym": "GO"},
    {"id": "t:with/slash:and-ü", "kind": "news", "title": {"de": "Mit Schrägstrich"}},
]


def deliver(home: Path, *records: dict[str, object]) -> None:
    path = home / "delivery.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in records), "utf-8")
    done = tessera(home, "import", "jsonl", str(path))
    assert done.returncode == 0, done.stderr
    assert tessera(home, "index", "sync").returncode == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    home = tmp_path_factory.mktemp("withdrawn")
    assert tessera(home, "init").returncode == 0
    deliver(home, *RECORDS)
    deliver(home, RECORDS[0], RECORDS[2])
    with serving(home, workers=1) as running:
        yield running


def test_a_withdrawn_record_says_so_and_shows_nothing_of_it(site: LiveSite) -> None:
    status, html = site.get("/project/t:goes")
    assert status == 410
    assert "This record has been withdrawn" in html
    assert "secret" not in html
    check(read(html))
    status, body = site.get("/api/v1/records/t:goes")
    assert status == 410
    assert json.loads(body)["error"]["code"] == "withdrawn"
    for path in ("/", "/explore", "/api/v1/search", "/api/v1/suggest?q=secr"):
        assert "secret" not in site.get(path)[1], path


def test_ids_with_slashes_and_letters_of_all_kinds_have_pages(site: LiveSite) -> None:
    _status, body = site.get("/api/v1/search?kind=news")
    url = json.loads(body)["hits"][0]["url"]
    status, html = site.get(url)
    assert status == 200
    assert "Mit Schrägstrich" in html
    assert site.get(f"/api/v1/records/{url.removeprefix('/news/')}")[0] == 200


def test_a_record_under_another_kind_leads_to_its_page(site: LiveSite) -> None:
    status, html = site.get("/event/t:stays")
    assert status == 200
    assert "It stays" in html


def test_without_an_index_the_site_says_so_and_records_stay(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("down")
    assert tessera(home, "init").returncode == 0
    deliver(home, RECORDS[0])
    with serving(home, workers=1) as site:
        assert site.get("/explore?q=stays")[0] == 200
    shutil.rmtree(home / "index")
    with serving(home, workers=1) as site:
        for path in ("/", "/explore?q=stays"):
            status, html = site.get(path)
            assert status == 503
            assert "The search is not available" in html
            check(read(html))
        assert 'value="stays"' in html
        assert site.get("/project/t:stays")[0] == 200
        assert site.get("/about")[0] == 200
        status, body = site.get("/api/v1/search?q=stays")
        assert (status, json.loads(body)["error"]["code"]) == (503, "search_unavailable")
        assert site.get("/healthz")[0] == 503
