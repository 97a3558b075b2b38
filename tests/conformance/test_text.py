"""What a typed text finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.query import Query
from tests.conformance.catalogue import CATALOGUE
from tests.conformance.conftest import build

EVERY = {document.id for document in CATALOGUE}


def found(index: Index, text: str) -> set[str]:
    result = index.search(Query(text, size=100))
    ids = [hit.id for hit in result.hits]
    assert len(ids) == len(set(ids)) == result.total == index.count(Query(text))
    return set(ids)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", EVERY),
        ("cluster", {"p1", "p2", "e1", "e2"}),
        ("clusters", {"p1", "e1", "e2"}),
        ("cluster small", {"p1", "p2"}),
        ("cluster -small", {"e1", "e2"}),
        ("-cluster", EVERY - {"p1", "p2", "e1", "e2"}),
        ("summit OR danube", {"e1", "e2", "p2"}),
        ("summit OR danube -past", {"e1", "p2"}),
        ('"small and medium"', {"p1"}),
        ('"small medium"', set()),
        ('"cluster summit"', {"e1"}),
        ('"ends in"', {"e1"}),
        ('"Łódź begins"', set()),
        ('-"small and medium" cluster', {"p2", "e1", "e2"}),
        ("clu*", {"p1", "p2", "e1", "e2"}),
        ("clusterf", {"p1"}),
        ("oesterreich", {"p3"}),
        ("Österreich", {"p3"}),
        ("osterreich", {"p3"}),
        ("haefen", {"p3"}),
        ("Athina", {"n1", "n2"}),
        ("Αθήνα", {"n1", "n2"}),
        ("lodz", {"n2", "e1"}),
        ("Kosice", {"e1"}),
        ("klasteris", {"e1"}),
        ("sea", {"p3"}),
        ("e-mail", {"n2"}),
        ("end of may", {"n2"}),
        ("nowhere", set()),
        ("cluster nowhere", set()),
    ],
)
def test_a_text_finds(catalogue: Index, text: str, ids: set[str]) -> None:
    assert found(catalogue, text) == ids


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "-",
        "OR",
        "OR OR",
        "* *",
        "((((",
        'a"b"c',
        "NOT",
        "-OR",
        "\x00",
        "�",
        "AND:field^2~[",
        "title:cluster",
        "a" * 5000,
        "🙂",
        "' OR 1=1 --",
    ],
)
def test_any_text_is_answered(catalogue: Index, text: str) -> None:
    assert found(catalogue, text) <= EVERY


def test_what_comes_close_follows_a_question_that_nothing_holds_all_words_of(
    catalogue: Index,
) -> None:
    query = Query("which innovative cluster of firms is on the Danube", size=100)
    result = catalogue.search(query)
    assert [(section.way, section.total > 0) for section in result.sections] == [
        ("words", False),
        ("close", True),
    ]
    assert result.total == sum(section.total for section in result.sections)
    assert {hit.way for hit in result.hits} == {"close"}
    assert result.hits[0].id == "p2"
    assert catalogue.search(replace(query, match="words")).total == 0


def test_what_comes_close_to_one_word_comes_in_that_order(backend: Backend) -> None:
    """And not by boost or id, as documents do whose plan has no words to score."""
    titles = ("Biodiversity", "Biodiversitas", "Biology")
    documents = [
        Document(id_, number, {"title": (Text(title, "en"),)}, {"kind": ("news",)})
        for number, (id_, title) in enumerate(zip("abc", titles, strict=True))
    ]
    index = build(backend, [documents])
    hits = index.search(Query("biodiversitat", sort="relevance")).hits
    assert [(hit.id, hit.way) for hit in hits] == [("b", "close"), ("a", "close")]
    second = index.search(Query("biodiversitat", sort="relevance", page=2, size=1))
    assert (second.total, [hit.id for hit in second.hits]) == (2, ["a"])


def test_in_how_many_documents_a_word_occurs(catalogue: Index) -> None:
    words = {"cluster": 4, "Lodz": 2, "e-mail": 1, "nowhere": 0, "&": 0, "": 0, "OR": 0}
    assert {word: catalogue.frequency(word) for word in words} == words


def test_every_hit_by_text_shows_why(catalogue: Index) -> None:
    for hit in catalogue.search(Query("cluster")).hits:
        assert "<mark>" in hit.highlights[0].html, hit.id
    assert catalogue.search(Query("")).hits[0].highlights == ()
    assert catalogue.search(Query("cluster"), highlight=False).hits[0].highlights == ()


def test_a_passage_keeps_its_label(catalogue: Index) -> None:
    (hit,) = catalogue.search(Query("begins")).hits
    assert [(h.field, h.html, h.lang, h.label) for h in hit.highlights] == [
        ("text", "<mark>Begins</mark> in Košice.", "en", "2")
    ]


def test_hits_bring_what_was_stored(catalogue: Index) -> None:
    (hit,) = catalogue.search(Query("ClusterFY")).hits
    assert (hit.id, hit.key, dict(hit.stored)) == ("p1", 1, {"acronym": "ClusterFY"})
    assert catalogue.get(["p1", "p9", "p2"]) == {"p1": {"acronym": "ClusterFY"}, "p2": {}}
    assert catalogue.present(["p1", "p9", "p2"]) == {"p1", "p2"}
    assert set(catalogue.ids()) == EVERY
    assert len(catalogue) == len(EVERY)
