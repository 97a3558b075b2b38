from __future__ import annotations

import pytest

from tessera.engine.backend import Index
from tessera.search.cards import Card
from tests.unit.search.pages import PLACES, index_of, page_of, record


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(PLACES)


def card(index: Index, uid: str, params: str = "") -> Card:
    return next(card for card in page_of(index, params).cards if card.id == uid)


def test_a_project_says_who_leads_it_and_when(index: Index) -> None:
    found = card(index, "t:fy", "q=cluster")
    assert (found.lead_partner, found.lead_country) == ("Agency for Science", "Lithuania")
    assert (found.programme, found.years) == ("Interreg Europe", "2017 to 2021")
    assert found.countries == "Lithuania and Slovenia"
    assert found.acronym_html == "<mark>ClusterFY</mark>"
    assert found.passage is not None
    assert "<mark>clusters</mark>" in found.passage.said.shown


def test_a_match_on_a_page_leads_to_the_page(index: Index) -> None:
    found = card(index, "t:file", "q=zeppelin")
    assert found.passage is not None
    assert found.passage.where == "p. 37"
    assert found.passage.url == "/file/t:file#p-37"


def test_a_text_in_another_language_says_which(index: Index) -> None:
    found = card(index, "t:news")
    assert found.title.attr == ""
    assert found.passage is not None and found.passage.said.attr == ' lang="el"'


def test_people_say_what_they_look_for(index: Index) -> None:
    assert card(index, "t:ann").interests == "Leading a project, Sharing a project idea"


def test_events_say_when_and_where(index: Index) -> None:
    found = card(index, "t:meet")
    assert (found.when, found.place) == ("13 to 14 November 2018", "Košice")
    assert found.party == "Organised by a project"


def test_calls_say_when_they_close_and_for_which_programme(index: Index) -> None:
    found = card(index, "t:call", "kind=call")
    assert (found.deadline, found.programme) == ("Deadline: 1 October 2026", "Danube Ways")
    assert card(index, "t:ann").deadline == ""


def test_markup_in_texts_is_text() -> None:
    hostile = "<script>alert(1)</script> & cluster"
    index = index_of([record("t:x", title=hostile, summary={"en": hostile * 3})])
    found = page_of(index, "q=cluster").cards[0]
    assert "<script>" not in found.title.shown + (found.passage.said.shown if found.passage else "")
    assert "&lt;script&gt;" in found.title.shown


def test_many_countries_are_counted() -> None:
    index = index_of([record("t:x", countries=["AT", "BE", "CZ", "DE", "EE", "FI"])])
    assert page_of(index, "").cards[0].countries == "Austria, Belgium, Czechia, Germany and 2 more"


def test_a_programme_known_by_its_code_alone_says_what_the_code_says() -> None:
    code = {"id": "2007DE052PO002", "name": "2007DE052PO002"}
    index = index_of([record("t:esf", programme=code, period="2007-2013")])
    found = page_of(index, "").cards[0]
    assert found.programme == "Germany, ESF 2007–2013 (2007DE052PO002)"
    assert found.period == "period 2007–2013"
    labels = [
        c.label for f in page_of(index, "").facets if f.name == "programme" for c in f.choices
    ]
    assert labels == ["Germany, ESF 2007–2013 (2007DE052PO002)"]


def test_a_long_title_ends_at_a_word_and_keeps_its_marks() -> None:
    title = "Cluster <b> & " + "very long words " * 40
    index = index_of([record("t:long", title=title)])
    found = page_of(index, "q=cluster").cards[0].title
    assert found.short.startswith("<mark>Cluster</mark> &lt;b&gt; &amp; very long")
    assert found.short.endswith("…") and len(found.short) < 300
    plain = page_of(index, "").cards[0].title
    assert plain.short.startswith("Cluster &lt;b&gt; &amp; very") and plain.short.endswith("…")
    assert (found.length, str(found)) == ("longest", title.strip())
