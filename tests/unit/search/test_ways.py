"""What Explore says of how results were found, and of the words that were looked for besides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.template.loader import render_to_string

from tessera.engine.aids import Aids
from tessera.engine.backend import Index
from tessera.engine.expansion import Dictionary, Expander, Expansion, learn, pairs_of
from tessera.engine.query import WORDS
from tessera.search.added import MOST, Added, added
from tessera.search.explore import explore
from tessera.search.labels import Labels
from tessera.search.page import Page
from tessera.search.state import TYPED, split, stamp
from tests.unit.search.pages import index_of, query_of, read_back, record

BRIDGES: list[dict[str, Any]] = [
    record("t:1", title="A bridge over the river"),
    record("t:2", title="Bridge works"),
    record("t:3", countries=["AT"]) | {"title": {"de": "Eine Brücke"}},
    record("t:4", countries=["IT"]) | {"title": {"it": "Il ponte vecchio"}},
    record("t:5", title="Harbour walls of stone and timber"),
    record("t:6", title="Timber roofs of old harbour houses", countries=["AT"]),
]
WORDS_THAT_CORRESPOND = [
    {"en": "bridge", "de": "Brücke", "it": "ponte"},
    {"en": "harbour", "de": "Hafen", "it": "porto"},
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    path = tmp_path_factory.mktemp("words") / "dictionary.sqlite3"
    learn((pair for texts in WORDS_THAT_CORRESPOND for pair in pairs_of(texts)), path)
    aids = Aids(Expander(Dictionary(path)))
    return index_of(BRIDGES, lambda: aids)


def shown(index: Index, params: str) -> Page:
    return explore(index, query_of(params))


def told(page: Page) -> list[tuple[str, int, int]]:
    return [(run.heading, run.first, len(run.cards)) for run in page.runs]


def test_each_section_says_how_it_was_found_and_how_many(index: Index) -> None:
    page = shown(index, "q=bridge")
    assert told(page) == [
        ("The word itself: 2 records", 1, 2),
        ("In other words or languages: 2 more records", 3, 2),
    ]
    assert page.total == 4
    assert page.sentence == "4 results about bridge"
    assert page.account == "2 with the word itself, 2 by related words."


def test_a_page_that_begins_within_a_section_says_so_again(index: Index) -> None:
    second = shown(index, "q=bridge&size=3&page=2")
    assert told(second) == [("In other words or languages: 2 more records", 4, 1)]
    assert second.account == shown(index, "q=bridge").account


def test_sections_without_results_under_the_filters_are_not_mentioned(index: Index) -> None:
    page = shown(index, "q=bridge&country=AT")
    assert told(page) == [("In other words or languages: 1 record", 1, 1)]
    assert page.account == "Under the filters in force, no record has this word."
    assert page.exact is None
    assert not shown(index, "q=bridge&country=MT").account


def test_where_all_is_as_typed_nothing_is_said(index: Index) -> None:
    page = shown(index, "q=bridge&match=words")
    assert told(page) == [("", 1, 2)]
    assert (page.account, page.exact, page.added) == ("", None, None)
    assert told(shown(index, ""))[0][0] == ""


def test_the_way_to_the_words_as_typed_and_back(index: Index) -> None:
    page = shown(index, "q=bridge&page=1")
    assert page.exact is not None
    exact = page.exact.link.query
    assert (exact.match, page.exact.count) == (WORDS, index.count(exact))
    (chip,) = [each for each in shown(index, exact.to_params()).chips if each.name == "match"]
    assert chip.link.query == page.query


def test_what_comes_close_follows_a_line_and_what_to_leave_out(index: Index) -> None:
    page = shown(index, "q=harbour timber stone zebras")
    assert page.account == "No record has all of these words. These come close."
    assert page.sentence.endswith(" results close to harbour timber stone zebras")
    (run,) = page.runs
    assert run.heading.startswith("Most of the words, or close in meaning or spelling: ")
    (offer,) = page.offers
    assert offer.label == "without “zebras”, which occurs nowhere"
    assert offer.count == index.count(offer.link.query) == 1
    assert read_back(offer.link.href) == offer.link.query
    long = shown(index, "q=harbour timber stone zebras and a few other things that are not there")
    assert long.offers == ()


def test_only_the_words_as_typed_lead_back_to_more(index: Index) -> None:
    page = shown(index, "q=ponte bridge&match=words")
    assert page.total == 0
    first = page.offers[0]
    assert first.label == "with related words, and what comes close"
    assert first.count == index.count(first.link.query) > 0


def test_a_related_word_is_removed_and_brought_back(index: Index) -> None:
    page = shown(index, "q=bridge")
    assert page.added is not None and not page.added.folded
    (meant,) = page.added.meant
    assert meant.typed == "bridge"
    assert {(each.text, each.codes) for each in meant.related} == {
        ("Brücke", "de"),
        ("ponte", "it"),
    }
    ponte = next(each for each in meant.related if each.text == "ponte")
    assert f"{ponte.before}{ponte.text}{ponte.after}" == (
        "Don’t look for ponte (Italian for “bridge”, from texts in both languages)"
    )
    less = shown(index, ponte.link.query.to_params())
    assert less.total == page.total - 1
    assert less.added is not None
    (unwanted,) = less.added.unwanted
    assert unwanted.text == "ponte"
    assert unwanted.link.query == page.query


def test_the_form_forgets_what_was_said_of_other_words(index: Index) -> None:
    page = shown(index, "q=bridge&without=ponte&match=words&spelling=as-typed&lang=de")
    kept = [("q", "bridge"), *page.kept]
    assert (TYPED, stamp("bridge")) in kept
    assert split(kept) == (
        [
            ("q", "bridge"), ("lang", "de"), ("spelling", "as-typed"), ("match", "words"),
            ("without", "ponte"),
        ],
        split([])[1],
        True,
    )  # fmt: skip
    others = split([("q", "harbour"), *page.kept])[0]
    assert others == [("q", "harbour"), ("lang", "de"), ("match", "words")]
    assert TYPED not in dict(shown(index, "q=bridge&match=words").kept)


def many(count: int, langs: str = "it") -> Iterator[Expansion]:
    for number in range(count):
        yield Expansion(("bridge",), f"w{number}", langs, 1 / (1 + number), "A <vocabulary>")


def disclosed(expansions: list[Expansion]) -> Added:
    found = added(query_of("q=bridge"), expansions, Labels("en"))
    assert found is not None
    return found


def test_many_are_folded_and_of_very_many_the_number_is_said() -> None:
    found = disclosed([*many(MOST + 5)])
    assert found.folded and (found.total, found.rest) == (MOST + 5, 5)
    (meant,) = found.meant
    assert [each.text for each in meant.related] == [f"w{n}" for n in range(MOST)]
    html = render_to_string("search/added.html", {"added": found})
    assert "and 98 more related words" in html
    assert "5 less likely ones aren’t listed here" in html
    assert found.every == "/api/v1/search?q=bridge"
    assert "<vocabulary>" not in html and "A &lt;vocabulary&gt;" in html


def test_one_word_of_several_languages_is_one_chip() -> None:
    ponte = next(many(1))
    same = [replace(ponte, alternative="ponte", lang=lang) for lang in ("it", "pt")]
    (meant,) = disclosed(same).meant
    (chip,) = meant.related
    assert (chip.codes, chip.languages) == ("it, pt", "Italian and Portuguese")
    html = render_to_string("search/added.html", {"added": disclosed(same)})
    assert re.search(r'<span lang="it">ponte</span>', html)


def test_no_words_no_related_ones(index: Index) -> None:
    assert shown(index, "without=ponte").added is None
