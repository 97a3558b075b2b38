"""Error pages that no address leads to."""

from __future__ import annotations

import json
from urllib.parse import quote

from django.test import RequestFactory

from tessera.site import errors
from tests.livesite import LiveSite


def test_500_in_the_sites_clothes(rf: RequestFactory) -> None:
    response = errors.failed(rf.get("/explore", {"q": "cluster"}))
    assert response.status_code == 500
    html = response.content.decode()
    assert "The site failed to answer" in html
    assert 'value="cluster"' in html


def test_500_of_the_api(rf: RequestFactory) -> None:
    response = errors.failed(rf.get("/api/v1/search"))
    assert response.status_code == 500
    assert json.loads(response.content)["error"]["code"] == "failed"


def test_403(rf: RequestFactory) -> None:
    response = errors.forbidden(rf.get("/admin/"))
    assert (response.status_code, b"not open to you" in response.content) == (403, True)
    response = errors.csrf_failure(rf.post("/admin/"))
    assert (response.status_code, b"load the page again" in response.content) == (403, True)


def test_too_long_an_address_is_told_on_a_page(demo_site: LiveSite) -> None:
    greek = quote("ενέργεια και νερό " * 120)
    status, html = demo_site.get(f"/explore?q={greek}")
    assert status == 414
    assert "Nothing was searched for" in html and "8,190" in html and "1,300" in html
    status, _html = demo_site.get(f"/explore?q={greek[:6000]}")
    assert status == 200
