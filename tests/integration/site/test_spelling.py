"""Corrections on the page, in the API and in the command, on the demonstration's records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.livesite import LiveSite, serving, tessera

TYPED, MEANT = "hospitl", "hospital"


def answer(site: LiveSite, params: str) -> dict[str, Any]:
    status, body = site.get(f"/api/v1/search?{params}")
    assert status == 200, body
    values: dict[str, Any] = json.loads(body)
    return values


def line(site: LiveSite, params: str) -> str:
    """What the page says of the spelling, its links as (address)."""
    status, body = site.get(f"/explore?{params}")
    assert status == 200
    found = re.search(r'<p class="spelling" id="spelling">(.*?)</p>', body, re.DOTALL)
    if found is None:
        return ""
    text = re.sub(r'<a href="([^"]*)">', r"(\1) ", found[1])
    return " ".join(re.sub(r"<[^>]+>", "", text).split())


def test_the_results_are_those_of_the_correction(demo_site: LiveSite) -> None:
    found, meant = answer(demo_site, f"q={TYPED}"), answer(demo_site, f"q={MEANT}")
    assert found["total"] == meant["total"] > 0
    assert [hit["id"] for hit in found["hits"]] == [hit["id"] for hit in meant["hits"]]
    assert found["facets"] == meant["facets"]
    assert found["query"]["q"] == TYPED
    assert found["correction"] == {
        "typed": TYPED,
        "corrected": MEANT,
        "words": [{"typed": TYPED, "offered": MEANT}],
        "applied": True,
    }
    assert meant["correction"] is None


def test_every_count_holds_for_the_correction(demo_site: LiveSite) -> None:
    found = answer(demo_site, f"q={TYPED}&facet=country")
    for bucket in found["facets"]["country"]["buckets"][:4]:
        chosen = answer(demo_site, f"q={TYPED}&country={bucket['value']}")
        assert chosen["total"] == bucket["count"]
        assert chosen["correction"] == found["correction"]


def test_the_page_leads_back_to_what_was_typed(demo_site: LiveSite) -> None:
    assert line(demo_site, f"q={TYPED}") == (
        f"Results for {MEANT}. (/explore?q={TYPED}&amp;spelling=as-typed)"
        f" Search for {TYPED} as typed instead"
    )
    typed = answer(demo_site, f"q={TYPED}&spelling=as-typed")
    assert typed["sections"][0] == {"way": "words", "total": 0}
    assert not typed["correction"]["applied"]
    total = answer(demo_site, f"q={MEANT}")["total"]
    assert line(demo_site, f"q={TYPED}&spelling=as-typed") == (
        f"Did you mean (/explore?q={MEANT}) {MEANT}? {total} results"
    )
    assert line(demo_site, f"q={MEANT}") == ""
    _, body = demo_site.get(f"/explore?q={TYPED}")
    assert f'<a href="/explore?q={MEANT}&amp;match=words">Only records with all of these' in body


def test_a_hostile_word_is_escaped(demo_site: LiveSite) -> None:
    said = line(demo_site, f"q={TYPED}%20%3Cb%3E&spelling=as-typed")
    assert "<b>" not in said


def test_the_command_says_it(demo_site: LiveSite) -> None:
    done = tessera(demo_site.home, "search", TYPED)
    assert done.stdout.startswith(f"Results for {MEANT}; --as-typed searches for {TYPED}.\n")
    plain = tessera(demo_site.home, "search", TYPED, "--as-typed", "--match", "words")
    assert plain.stdout == "0 results\n"
    close = tessera(demo_site.home, "search", TYPED, "--as-typed")
    assert close.stdout.startswith(f"Did you mean {MEANT}?\n")
    assert "\nNo record has this word. These come close.\n" in close.stdout


def test_suggestions_forgive_an_error(demo_site: LiveSite) -> None:
    def texts(typed: str) -> list[str]:
        _, body = demo_site.get(f"/api/v1/suggest?q={typed}")
        return [each["text"] for each in json.loads(body)["suggestions"]]

    assert texts("clusternova")[0] in texts("clustrenova")


def test_a_site_can_do_without(tmp_path: Path) -> None:
    (tmp_path / "tessera.toml").write_text("[search]\nspelling = false\n")
    assert tessera(tmp_path, "demo", "--no-serve").returncode == 0
    with serving(tmp_path, workers=1) as site:
        found = answer(site, f"q={TYPED}")
        assert found["sections"][0]["total"] == 0 and found["correction"] is None
        assert line(site, f"q={TYPED}") == ""
