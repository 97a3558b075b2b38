"""The API: the shape of CONTRACTS, the numbers of the pages, errors in one shape."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest

from tessera.schema.kinds import KIND_NAMES
from tests.livesite import LiveSite

SEARCH = "/api/v1/search"


def answer(site: LiveSite, path: str) -> dict[str, Any]:
    status, body = site.get(path)
    assert status == 200, body
    values: dict[str, Any] = json.loads(body)
    return values


def send(site: LiveSite, method: str, path: str) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(site.url + path, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, dict(response.headers), response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def test_the_shape_of_a_search(demo_site: LiveSite) -> None:
    found = answer(demo_site, f"{SEARCH}?q=cluster&kind=project&size=5")
    assert found["query"] == {"q": "cluster", "params": "q=cluster&kind=project&size=5"}
    assert found["total"] == found["kinds"]["project"] > 5
    assert list(found["kinds"]) == list(KIND_NAMES)
    assert found["problems"] == []
    assert found["page"]["size"] == 5 and found["page"]["number"] == 1
    hit = found["hits"][0]
    assert {"id", "kind", "title", "lang", "url", "score", "highlights", "fields"} <= hit.keys()
    assert any("<mark>" in each["html"] for each in hit["highlights"])
    country = found["facets"]["country"]
    assert (country["label"], country["type"]) == ("Country", "terms")
    assert {"value", "label", "count", "selected"} == country["buckets"][0].keys()


def test_every_result_can_be_reached_by_following_next(demo_site: LiveSite) -> None:
    address: str | None = f"{SEARCH}?q=cluster&size=7&facet=country"
    ids: list[str] = []
    while address:
        found = answer(demo_site, address)
        assert set(found["facets"]) == {"country"}
        ids += [hit["id"] for hit in found["hits"]]
        address = found["page"]["next"]
    assert len(ids) == len(set(ids)) == found["total"]


@pytest.mark.parametrize(
    "params", ["", "q=cluster", "q=cluster&kind=project&country=AT", "kind=event&when=past"]
)
def test_the_page_shows_the_same_numbers(demo_site: LiveSite, params: str) -> None:
    found = answer(demo_site, f"{SEARCH}?{params}")
    _status, html = demo_site.get(f"/explore?{params}")
    tabs = dict(re.findall(r'id="tab-(\w+)".*?<span class="count">([\d,]+)<', html))
    assert {kind: int(tabs[kind].replace(",", "")) for kind in KIND_NAMES} == found["kinds"]
    rows = re.findall(r'name="country" value="([^"]+)".*?class="count">([\d,]+)<', html)
    shown = {value: int(count.replace(",", "")) for value, count in rows}
    told = {b["value"]: b["count"] for b in found["facets"].get("country", {}).get("buckets", ())}
    assert shown == {value: told[value] for value in shown}
    assert bool(shown) == bool(told)


def test_problems_are_reported_not_refused(demo_site: LiveSite) -> None:
    found = answer(demo_site, f"{SEARCH}?q=cluster&year=soon&colour=red&facet=shape")
    assert [each["parameter"] for each in found["problems"]] == ["year", "colour", "facet"]
    assert found["total"] == answer(demo_site, f"{SEARCH}?q=cluster")["total"]


def test_a_record_with_its_links_and_provenance(demo_site: LiveSite) -> None:
    hit = answer(demo_site, f"{SEARCH}?q=cluster&kind=project")["hits"][0]
    record = answer(demo_site, f"/api/v1/records/{hit['id']}")
    assert (record["id"], record["kind"], record["url"]) == (hit["id"], "project", hit["url"])
    assert record["data"]["id"] == hit["id"]
    assert {"partner"} <= {link["rel"] for link in record["links"]}
    told = record["provenance"]
    assert told["licence"] and told["licence_of"] in ("record", "source")
    assert told["key"] == hit["id"] and told["url"] == record["data"].get("url", "")
    assert told["first_seen"] <= told["last_seen"]


def test_suggestions_name_records_organisations_and_themes(demo_site: LiveSite) -> None:
    found = answer(demo_site, "/api/v1/suggest?q=clus")["suggestions"]
    kinds = {each["kind"] for each in found}
    assert "theme" in kinds and "project" in kinds
    assert len(found) <= 10
    for each in found:
        assert demo_site.get(each["url"])[0] == 200
    assert answer(demo_site, "/api/v1/suggest?q=")["suggestions"] == []


def test_errors_have_one_shape(demo_site: LiveSite) -> None:
    for path, status in (
        ("/api/v1/records/demo:no-such", 404),
        ("/api/v1/nowhere", 404),
        (SEARCH + "?" + "&".join("a" * 600), 400),
    ):
        got, body = demo_site.get(path)
        assert got == status
        error = json.loads(body)["error"]
        assert {"code", "message", "problems"} == error.keys()


def test_methods(demo_site: LiveSite) -> None:
    for path in (f"{SEARCH}?q=cluster", "/api/v1/records/demo:no-such", "/api/v1/openapi.json"):
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            status, headers, body = send(demo_site, method, path)
            assert status == 405
            assert headers["Allow"] == "GET, HEAD, OPTIONS"
            assert json.loads(body)["error"]["code"] == "method_not_allowed"
        status, headers, body = send(demo_site, "OPTIONS", path)
        assert (status, headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
        assert headers["Access-Control-Allow-Origin"] == "*"
    status, headers, body = send(demo_site, "HEAD", SEARCH)
    assert (status, body) == (200, "")
    assert headers["Content-Type"].startswith("application/json")


def test_the_document_describes_what_is_there(demo_site: LiveSite) -> None:
    document = answer(demo_site, "/api/v1/openapi.json")
    assert set(document["paths"]) == {
        "/api/v1/search", "/api/v1/suggest", "/api/v1/records/{id}",
    }  # fmt: skip
    names = {p["name"] for p in document["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {"q", "kind", "-country", "year", "sort", "page", "size", "lang", "facet"} <= names
    responses = document["paths"]["/api/v1/records/{id}"]["get"]["responses"]
    assert {"200", "404", "410", "503"} <= set(responses)
