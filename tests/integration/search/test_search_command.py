"""`tessera search` on the demonstration's records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.livesite import LiveSite, tessera


def asked(home: Path, *arguments: str) -> dict[str, Any]:
    done = tessera(home, "search", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def test_json_has_the_numbers_of_the_api(demo_site: LiveSite) -> None:
    home = demo_site.home
    found = asked(home, "cluster", "--kind", "project", "--facet", "country", "--limit", "3")
    _status, body = demo_site.get("/api/v1/search?q=cluster&kind=project&facet=country&size=3")
    api = json.loads(body)
    for name in ("total", "kinds", "facets", "hits", "problems"):
        assert found[name] == api[name], name


def test_offset_need_not_be_a_multiple_of_limit(demo_site: LiveSite) -> None:
    home = demo_site.home
    every = [hit["id"] for hit in asked(home, "cluster", "--limit", "40")["hits"]]
    some = asked(home, "cluster", "--limit", "5", "--offset", "13")
    assert [hit["id"] for hit in some["hits"]] == every[13:18]
    assert some["page"] == {"size": 5, "offset": 13, "next": 18}
    long = asked(home, "--limit", "250")
    assert len({hit["id"] for hit in long["hits"]}) == 250
    assert asked(home, "--limit", "0")["hits"] == []


def test_plain_output_can_be_read(demo_site: LiveSite) -> None:
    done = tessera(demo_site.home, "search", "cluster", "--kind", "project", "--facet", "country")
    assert done.returncode == 0 and done.stderr == ""
    first, second, third, *_rest = done.stdout.splitlines()
    assert first.endswith(" results") and second.endswith(" by related words.")
    assert third.startswith("By kind: ")
    assert "\nCountry\n" in done.stdout
    assert "<mark>" not in done.stdout


def test_wrong_usage_is_two_and_says_what_is_expected(demo_site: LiveSite) -> None:
    home = demo_site.home
    for arguments in (
        ("x", "--filter", "colour=red"),
        ("x", "--filter", "country"),
        ("x", "--facet", "colour"),
        ("x", "--kind", "dog"),
        ("x", "--sort", "up"),
        ("x", "--limit", "-1"),
    ):
        done = tessera(home, "search", *arguments)
        assert done.returncode == 2, arguments
        assert done.stdout == "" and done.stderr
    done = tessera(home, "search", "cluster", "--filter", "year=soon")
    assert done.returncode == 0 and "year" in done.stderr


def test_without_an_index_it_fails_in_a_sentence(tmp_path: Path) -> None:
    assert tessera(tmp_path, "init").returncode == 0
    done = tessera(tmp_path, "search", "cluster")
    assert done.returncode in (0, 1)
    if done.returncode:
        assert done.stderr.startswith("tessera search: ")
