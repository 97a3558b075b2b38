from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Item
from tessera.sources.fetch.errors import Unusable
from tessera.sources.pages.importer import PagesImporter
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, sorted_out
from tests.websites import website

SAMPLE = SOURCES / "pages" / "sample"


def made() -> PagesImporter:
    found = importer("pages")
    assert isinstance(found, PagesImporter)
    return found


def post(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": "post",
        "title": {"rendered": f"News {number}"},
        "content": {"rendered": "<p>x</p>"},
        "date": "2026-03-03T09:00:00",
    }


def node(number: int, kind: str = "news") -> dict[str, Any]:
    return {
        "type": f"node--{kind}",
        "id": f"uuid-{number}",
        "attributes": {"title": f"Node {number}", "created": "2026-01-01T00:00:00Z"},
    }


def test_saved_answers_of_both() -> None:
    items, drafts, errors = run(made(), SAMPLE)
    fair, school, maps = drafts
    assert (fair.kind, fair.place, fair.countries) == ("event", "Harbour, Quay 1, Riverton", ["PL"])
    assert (fair.timezone, fair.canonical()["starts"]) == ("Europe/Warsaw", "2026-09-12T10:00:00")
    assert fair.id == "pages:rivers-example:event:9"
    assert (school.kind, school.url) == ("event", "https://drupal.example/events/autumn-school")
    assert school.canonical()["ends"] == "2026-10-07T13:00:00+02:00"
    assert (maps.kind, maps.themes) == ("news", ["Water"])
    assert maps.title == {"en": "Flood maps of both banks are one now – at last"}
    assert maps.summary == {"en": "Two maps, one river."}
    assert [each.where for each in failures(errors)] == ["posts.json, entry 2, title"]
    assert sum("neither news nor events" in each.message for each in errors) == 2
    assert not any("someone" in item.written.lower() for item in items)


def test_wordpress_is_asked_for_its_lists_page_by_page() -> None:
    with website() as site:
        routes = [
            "/wp/v2/posts",
            "/wp/v2/posts/(?P<id>[\\d]+)",
            "/wp/v2/pages",
            "/wp/v2/tribe_events",
            "/wp/v2/event-category",
            "/tribe/events/v1/events",
        ]
        site.pages["/wp-json/"] = json.dumps({"routes": {route: {} for route in routes}})
        posts = "/wp-json/wp/v2/posts?per_page=100&page={}&_embed=wp%3Aterm"
        site.pages[posts.format(1)] = json.dumps([post(n) for n in range(100)])
        site.pages[posts.format(2)] = json.dumps([post(n) for n in range(100, 103)])
        events = json.loads((SAMPLE / "events.json").read_text(encoding="utf-8"))
        site.pages["/wp-json/tribe/events/v1/events"] = json.dumps(events)
        stream = made().gather_remote([site.url], site.fetcher())
        items, drafts, errors = sorted_out(made(), stream)
        assert len(items) == len(drafts) == 104 and errors == []
        assert sum(draft.kind == "event" for draft in drafts) == 1
        assert "start_date=2000-01-01" in next(each for each in site.asked if "tribe" in each)


def test_drupal_is_asked_for_its_lists_link_by_link() -> None:
    with website() as site:
        u = site.url
        site.pages["/jsonapi"] = json.dumps(
            {
                "links": {
                    "self": {"href": f"{u}/jsonapi"},
                    "node--news": {"href": f"{u}/jsonapi/node/news"},
                    "node--page": {"href": f"{u}/jsonapi/node/page"},
                }
            }
        )
        after = {"href": f"{u}/jsonapi/node/news?page%5Boffset%5D=50"}
        site.pages["/jsonapi/node/news"] = json.dumps({"data": [node(1)], "links": {"next": after}})
        site.pages["/jsonapi/node/news?page%5Boffset%5D=50"] = json.dumps({"data": [node(2)]})
        stream = made().gather_remote([u], site.fetcher())
        _, drafts, errors = sorted_out(made(), stream)
        assert [draft.id for draft in drafts] == ["pages:uuid-1", "pages:uuid-2"] and errors == []
        site.pages["/jsonapi/node/news?page%5Boffset%5D=50"] = json.dumps(
            {"data": [], "links": {"next": after}}
        )
        with pytest.raises(Unusable, match="circle"):
            list(made().gather_remote([u], site.fetcher()))


def test_a_site_without_either_is_said() -> None:
    with website() as site:
        site.pages["/wp-json/"] = "<html>Not found, kindly</html>"
        with pytest.raises(Unusable, match="no interface"):
            list(made().gather_remote([site.url], site.fetcher()))


NAMES = (
    "title",
    "type",
    "date",
    "content",
    "excerpt",
    "venue",
    "start_date",
    "end_date",
    "acf",
    "path",
    "langcode",
    "_embedded",
    "categories",
    "field_date",
    "attributes",
    "link",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*NAMES, "rendered", "value", "wp:term"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_nothing_that_an_entry_says_makes_a_traceback(entry: dict[str, Any]) -> None:
    list(made().map(Item("k", {"base": "", "entry": {"id": 1, **entry}}, "here")))
