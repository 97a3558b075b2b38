"""Each page on the demonstration's records: status, headers, well-formed markup, no way off."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from html.parser import HTMLParser
from typing import Any

import pytest

from tessera.schema.kinds import KIND_NAMES
from tests.livesite import LiveSite

VOID = {"meta", "link", "input", "br", "hr", "img", "source", "wbr"}
PAGES = (
    "/",
    "/explore",
    "/explore?q=cluster",
    "/explore?q=cluster&kind=project&country=AT&-country=IT&year=2014..2020&open=region:AT",
    "/explore?q=qwertzuiop",
    "/explore?kind=event&when=past&sort=soonest",
    "/explore?q=%3Cscript%3Ealert(1)%3C/script%3E&find.theme=%22%3E%3Cimg",
    "/explore?page=900",
    "/about",
    "/about/ordering",
    "/about/accessibility",
    "/about/privacy",
    "/about/glossary",
    "/about/api",
)


class Markup(HTMLParser):
    """Reads a page strictly: each element closed in order, ids once, what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: set[str] = set()
        self.loaded: list[str] = []
        self.data: dict[str, list[str]] = {"title": [], "h1": [], "ld": []}
        self.scripts: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if len(found) != len(attrs):
            self.wrong.append(f"an attribute twice on {tag}: {attrs}")
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if "id" in found:
            if found["id"] in self.ids:
                self.wrong.append(f"the id {found['id']} twice")
            self.ids.add(str(found["id"]))
        if "style" in found or any(name.startswith("on") for name in found):
            self.wrong.append(f"inline style or script on {tag}")
        if tag in ("script", "img", "iframe", "source", "use") or (
            tag == "link" and found.get("rel") != "canonical"
        ):
            self.loaded += [v for n, v in attrs if n in ("src", "href") and v]
        if tag == "script":
            self.scripts.append(found)
        if tag not in VOID:
            self.open.append("ld" if found.get("type") == "application/ld+json" else tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        last = self.open.pop() if self.open else "nothing"
        if last != tag and not (last == "ld" and tag == "script"):
            self.wrong.append(f"</{tag}> closes {last}")

    def handle_data(self, data: str) -> None:
        for name in self.data:
            if self.open and self.open[-1] == name:
                self.data[name].append(data)

    def text(self, name: str) -> str:
        return " ".join("".join(self.data[name]).split())


def read(html: str) -> Markup:
    page = Markup()
    page.feed(html)
    assert page.wrong == []
    assert page.open == []
    return page


def first_of(site: LiveSite, kind: str, q: str = "") -> dict[str, Any]:
    _status, body = site.get(f"/api/v1/search?kind={kind}&size=1&q={q}")
    hit: dict[str, Any] = json.loads(body)["hits"][0]
    return hit


def check(page: Markup) -> None:
    assert page.lang == "en"
    assert page.text("title") and page.text("h1")
    assert page.headings.count(1) == 1
    assert all(address.startswith("/") and address[1:2] != "/" for address in page.loaded)
    for script in page.scripts:
        assert script.get("type") == "application/ld+json" or script.get("src")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed_and_load_nothing_from_elsewhere(
    demo_site: LiveSite, path: str
) -> None:
    status, html = demo_site.get(path)
    assert status == 200
    check(read(html))


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_record_pages_have_facts_provenance_and_json_ld(demo_site: LiveSite, kind: str) -> None:
    hit = first_of(demo_site, kind)
    status, html = demo_site.get(hit["url"])
    assert status == 200
    page = read(html)
    check(page)
    for words in ("Where this comes from", "Licence", "First seen", "Cite or share"):
        assert words in html
    data = json.loads(page.text("ld"))
    assert data["@context"] == "https://schema.org"
    assert data["url"].endswith(hit["url"])
    assert '<meta name="robots" content="noindex">' in html if kind == "person" else True


def test_a_title_in_another_language_says_so(demo_site: LiveSite) -> None:
    _status, html = demo_site.get("/explore?language=el&kind=project&lang=el")
    assert re.search(r'<h3><a href="/project/[^"]+\?lang=el" lang="el">', html)


def test_the_policy_allows_nothing_but_this_site(demo_site: LiveSite) -> None:
    with urllib.request.urlopen(demo_site.url + "/explore", timeout=30) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Language"] == "en"
        assert not response.headers.get_all("Set-Cookie")
        etag = response.headers["ETag"]
    again = urllib.request.Request(demo_site.url + "/explore", headers={"If-None-Match": etag})
    with pytest.raises(urllib.error.HTTPError) as same:
        urllib.request.urlopen(again, timeout=30)
    assert same.value.code == 304


def test_a_form_that_was_sent_leads_to_the_tidy_address(demo_site: LiveSite) -> None:
    address = demo_site.url + "/explore?q=&kind=project&year.from=2014&year.to=2020&sort="
    with urllib.request.urlopen(address, timeout=30) as response:
        assert response.url == demo_site.url + "/explore?kind=project&year=2014..2020"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "There is nothing at this address"),
        ("/project/demo:no-such", 404, "No record has this address"),
        ("/project/%00%ff", 404, "There is nothing at this address"),
        ("/explore?" + "&".join("a" * 600), 400, "can't be read"),
    ],
)
def test_errors_are_in_the_sites_clothes(
    demo_site: LiveSite, path: str, status: int, words: str
) -> None:
    got, html = demo_site.get(path)
    assert got == status
    assert words in html
    page = read(html)
    check(page)
    assert "q" in page.ids, "a search box to go on with"


@pytest.mark.parametrize(
    "path",
    [
        "/explore?q=" + "x" * 3000,
        "/explore?q=%00%07%ff%fe",
        "/explore?page=1000000000&size=100",
        "/explore?page=-1&size=0&year=9999..1&sort=up&lang=%3Cb%3E&colour=red&kind=nothing",
        "/explore?-when=past&when=upcoming&when=past",
        "/explore?region=XX99&country=Atlantis&organisation=%F0%9F%98%80",
        "/explore?open=region:XX&find.nothing=x&find.region=%F0%9F%98%80",
    ],
)
def test_whatever_is_asked_the_page_answers(demo_site: LiveSite, path: str) -> None:
    status, html = demo_site.get(path)
    assert status == 200
    check(read(html))


def test_health_and_robots(demo_site: LiveSite) -> None:
    assert demo_site.get("/healthz") == (200, "ok\n")
    assert "Disallow: /explore?" in demo_site.get("/robots.txt")[1]
