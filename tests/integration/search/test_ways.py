"""How results were found, told alike by the page, the API and the command; every number exact."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.livesite import LiveSite, tessera

SEARCH = "/api/v1/search"
QUESTION = "q=How%20can%20hospitals%20in%20border%20regions%20share%20their%20water%3F"


def answer(site: LiveSite, params: str) -> dict[str, Any]:
    status, body = site.get(f"{SEARCH}?{params}")
    assert status == 200, body
    values: dict[str, Any] = json.loads(body)
    return values


def totals(found: dict[str, Any]) -> dict[str, int]:
    return {each["way"]: each["total"] for each in found["sections"]}


@pytest.mark.parametrize(
    "params", ["q=water", "q=vesi", QUESTION, f"{QUESTION}&kind=project", "q=water&sort=newest"]
)
def test_every_way_has_as_many_hits_as_it_says(demo_site: LiveSite, params: str) -> None:
    found = answer(demo_site, f"{params}&size=100")
    sections = totals(found)
    assert sum(sections.values()) == found["total"] > 0
    if "kind=" not in params:
        assert sum(found["kinds"].values()) == found["total"]
    ways = [hit["way"] for hit in found["hits"]]
    address = found["page"]["next"]
    while address:
        following = answer(demo_site, address.partition("?")[2])
        assert totals(following) == sections
        ways += [hit["way"] for hit in following["hits"]]
        address = following["page"]["next"]
    assert {way: ways.count(way) for way in sections} == sections
    order = list(sections)
    assert ways == sorted(ways, key=order.index)


@pytest.mark.parametrize("params", ["q=water", "q=vesi", QUESTION, "q=water&page=5"])
def test_the_page_says_what_the_api_does(demo_site: LiveSite, params: str) -> None:
    found = answer(demo_site, params)
    _status, html = demo_site.get(f"/explore?{params}")
    said = re.findall(r'<h2 class="way">.*?([\d,]+)(?: more)? records?</h2>', html)
    shown = dict.fromkeys(hit["way"] for hit in found["hits"])
    assert [int(each.replace(",", "")) for each in said] == [totals(found)[way] for way in shown]
    links = re.findall(r'<a class="chip" href="[^"]*?without=([^"&]+)"', html)
    assert len(links) == len({each["alternative"].casefold() for each in found["expansions"]})


def test_a_related_word_can_be_removed(demo_site: LiveSite) -> None:
    found = answer(demo_site, "q=water")
    words = {each["alternative"]: each for each in found["expansions"]}
    assert words["Wasser"] == {
        "words": ["water"], "alternative": "Wasser", "lang": "de",
        "weight": words["Wasser"]["weight"], "source": "parallel texts",
    }  # fmt: skip
    assert 0 < words["Wasser"]["weight"] <= 1
    less = answer(demo_site, "q=water&without=wasser&without=eau")
    assert set(words) - {each["alternative"] for each in less["expansions"]} == {"Wasser", "eau"}
    assert totals(less)["words"] == totals(found)["words"]
    assert totals(less)["related"] < totals(found)["related"]


def test_only_the_words_as_typed(demo_site: LiveSite) -> None:
    found = answer(demo_site, "q=water&match=words")
    assert found["sections"] == [{"way": "words", "total": found["total"]}]
    assert found["expansions"] == []
    assert found["total"] == totals(answer(demo_site, "q=water"))["words"]
    _status, html = demo_site.get("/explore?q=water")
    link = re.search(r'<a href="([^"]*match=words)">[^<]*</a> <span class="count">\((\d+)\)', html)
    assert link is not None and int(link[2]) == found["total"]
    assert demo_site.get(unescape(link[1]))[0] == 200


@pytest.mark.parametrize("params", ["q=vesi", "q=vesi&kind=project", "q=vesi&kind=call"])
def test_a_word_with_related_ones_is_no_typing_error(demo_site: LiveSite, params: str) -> None:
    found = answer(demo_site, params)
    assert found["correction"] is None
    assert totals(found)["words"] == 0 < totals(found)["related"]


def test_the_form_sent_with_other_words_forgets_what_was_removed(demo_site: LiveSite) -> None:
    _status, html = demo_site.get("/explore?q=water&without=Wasser")
    form = html.partition('id="search"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', form)
    kept = "&".join(f"{name}={value}" for name, value in hidden)
    _status, same = demo_site.get(f"/explore?q=water&{kept}")
    assert "not: Wasser" in same
    _status, other = demo_site.get(f"/explore?q=energy&{kept}")
    assert "not: Wasser" not in other and "about energy</h1>" in other


def test_the_command_says_it(demo_site: LiveSite) -> None:
    found = answer(demo_site, "q=water&size=100")
    lines = tessera(demo_site.home, "search", "water", "--limit", "100").stdout.splitlines()
    words, told, related = (totals(found)[way] for way in ("words", "linked", "related"))
    assert lines[0] == f"{found['total']} results"
    assert lines[1] == (
        f"{words} with the word itself, {told} by what their projects, news, files and events say, "
        f"{related} by related words."
    )
    assert next(line for line in lines if line.startswith("Besides water, also: "))
    at = lines.index(f"In other words or languages: {related} more records")
    assert lines[at + 2].startswith(f"{words + told + 1:>4}. ")
    plain = tessera(demo_site.home, "search", "water", "--match", "words", "--limit", "0")
    assert plain.stdout.startswith(f"{words} results\nBy kind")
    without = tessera(demo_site.home, "search", "water", "--without", "Wasser", "--json")
    assert (
        json.loads(without.stdout)["total"] == answer(demo_site, "q=water&without=Wasser")["total"]
    )
    assert tessera(demo_site.home, "search", "water", "--match", "most").returncode == 2
