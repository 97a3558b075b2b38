"""ACCEPTANCE 1 to 5, 8, 9 and 11: what a search must find and count."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Search
from tests.livesite import LiveSite, tessera

PAIRS = 1000


@pytest.fixture(scope="module")
def demo_index(demo_home: Path) -> Any:
    """The demo site's own index, opened from its home."""
    from tessera.engine.backends.open import open_backend
    from tessera.schema.fields import SCHEMA

    return open_backend("tantivy:", demo_home).current(SCHEMA)


def random_queries(index: Any, seed: int) -> Iterator[Any]:
    """Searches such as people make: a word or none, and choices in up to three facets."""
    from tessera.engine.fields import FacetType
    from tessera.engine.query import Query
    from tessera.schema.fields import SCHEMA

    rng = random.Random(seed)
    names = [facet.name for facet in SCHEMA.facets]
    everything = index.search(Query(), facets=names).facets
    words = ["", "", "cluster", "flood", "школа", "νερό", "region*", '"cross-border"', "-tourism"]
    while True:
        query = Query(text=rng.choice(words))
        for name in rng.sample(names, rng.randint(0, 3)):
            buckets = everything[name].buckets
            if not buckets:
                continue
            if everything[name].type is FacetType.WHEN:
                chosen = [rng.choice(buckets).value]
            else:
                chosen = [b.value for b in rng.sample(buckets, min(len(buckets), 2))]
            exclude = rng.random() < 0.15
            query = query.with_filter(name, *chosen, exclude=exclude)
        yield query


def test_01_every_count_is_the_size_of_the_list_that_it_leads_to(demo_index: Any) -> None:
    from tessera.schema.fields import SCHEMA

    now = datetime.now(UTC)
    rng = random.Random(1)
    names = [facet.name for facet in SCHEMA.facets]
    checked = 0
    for query in random_queries(demo_index, seed=1):
        name = rng.choice(names)
        buckets = demo_index.search(query, facets=[name], now=now).facets[name].buckets
        if not buckets:
            continue
        bucket = rng.choice(buckets)
        chosen = query.without_filter(name, exclude=False).with_filter(name, bucket.value)
        assert demo_index.count(chosen, now=now) == bucket.count, (query.to_params(), name, bucket)
        checked += 1
        if checked == PAIRS:
            return


def test_02_the_kinds_add_up_and_the_last_result_is_reached(demo_site: LiveSite) -> None:
    seen: list[str] = []
    address: str | None = "/api/v1/search?q=cluster&size=7"
    while address:
        status, body = demo_site.get(address)
        assert status == 200, body
        answer = json.loads(body)
        seen += [hit["id"] for hit in answer["hits"]]
        assert sum(answer["kinds"].values()) == answer["total"]
        last, address = answer, answer["page"]["next"]
    assert len(seen) == len(set(seen)) == last["total"] > 7
    number = -(-last["total"] // 7)
    by_number = json.loads(demo_site.get(f"/api/v1/search?q=cluster&size=7&page={number}")[1])
    assert [hit["id"] for hit in by_number["hits"]] == seen[(number - 1) * 7 :]


def test_03_cluster_finds_the_three_acronyms_and_shows_why_for_all_ten(search: Search) -> None:
    answer = search("cluster", "--limit", "10")
    assert answer["total"] == 10
    acronyms = {hit["fields"].get("acronym") for hit in answer["hits"]}
    assert {"ClusterFY", "ClusteriX 2.0", "CLUSTERS3"} <= acronyms
    for hit in answer["hits"]:
        passages = " ".join(each["html"] for each in hit["highlights"])
        marked = re.findall(r"<mark>(.*?)</mark>", passages)
        assert any("cluster" in mark.lower() for mark in marked), hit["id"]


def test_04_sea_is_not_in_research_and_words_are_all_asked_for(search: Search) -> None:
    found = {hit["id"] for hit in search("sea")["hits"]}
    assert "spelling:sea" in found
    assert "spelling:research" not in found
    assert {hit["id"] for hit in search("trams Kosice")["hits"]} == {"spelling:kosice-plain"}
    both = search('"rail line"')["total"], search("steelworks line")["total"]
    assert both == (0, 1)
    assert search('"renews the line"')["total"] == 1


@pytest.mark.parametrize(
    "spellings",
    [
        ("Österreich", "Oesterreich", "Osterreich"),
        ("Αθήνα", "Athina", "ΑΘΗΝΑ"),
        ("Košice", "Kosice"),
        ("Łódź", "Lodz"),
        ("Пловдив", "Plovdiv"),
        ("Århus", "Aarhus", "Arhus"),
    ],
)
def test_05_spellings_find_the_same(search: Search, spellings: tuple[str, ...]) -> None:
    sets = [{hit["id"] for hit in search(word)["hits"]} for word in spellings]
    assert len(sets[0]) >= 2
    assert all(found == sets[0] for found in sets)


def test_08_a_project_of_two_countries_is_found_under_each_and_counted_once(
    reference_home: Path, tmp_path: Path
) -> None:
    from tests.acceptance.conftest import run_json

    lines = [
        {"id": "x:1", "kind": "project", "title": "Bridge", "countries": ["LT", "EL"]},
        {"id": "x:2", "kind": "project", "title": "Bridge too", "countries": ["LT"]},
    ]
    (tmp_path / "two.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    run_json(tmp_path, "import", "jsonl", str(tmp_path / "two.jsonl"), "--json")

    def total(*filters: str) -> int:
        options = [part for value in filters for part in ("--filter", value)]
        return int(run_json(tmp_path, "search", "bridge", *options, "--json")["total"])

    assert total("country=GR") == total("country=EL") == 1
    assert total("country=LT") == 2
    assert total("country=LT", "country=EL") == 2


def test_09_a_choice_without_results_stays_and_can_be_removed(demo_site: LiveSite) -> None:
    status, page = demo_site.get("/explore?q=cluster&country=MT&country=LT&theme=none")
    assert status == 200
    checked = re.findall(r'<input[^>]*name="country"[^>]*>', page)
    assert any('value="MT"' in box and "checked" in box for box in checked), checked
    assert re.search(r'href="/explore\?q=cluster&amp;country=LT&amp;theme=none"', page), (
        "the chip that takes Malta away"
    )


def test_11_upcoming_and_past_are_both_counted(demo_site: LiveSite, search: Search) -> None:
    answer = json.loads(demo_site.get("/api/v1/search?kind=event&when=upcoming")[1])
    buckets = {b["value"]: b["count"] for b in answer["facets"]["when"]["buckets"]}
    assert buckets["upcoming"] == answer["total"] > 0
    past = json.loads(demo_site.get("/api/v1/search?kind=event&when=past")[1])
    assert past["total"] == buckets["past"] > 0


def test_11_without_upcoming_events_the_past_ones_are_offered(tmp_path: Path) -> None:
    from tests.livesite import serving

    event = {"id": "e:1", "kind": "event", "title": "Kick-off", "starts": "2018-11-13"}
    (tmp_path / "event.jsonl").write_text(json.dumps(event) + "\n")
    done = tessera(tmp_path, "import", "jsonl", str(tmp_path / "event.jsonl"))
    assert done.returncode == 0, done.stderr
    with serving(tmp_path, workers=1) as site:
        status, page = site.get("/explore?kind=event&when=upcoming")
    assert status == 200
    assert re.search(r'href="/explore\?kind=event&amp;when=past"', page)
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Past (1)" in words
    assert "Upcoming (0)" in words
