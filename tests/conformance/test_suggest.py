"""Suggestions while someone types."""

from __future__ import annotations

import pytest

from tessera.engine.backend import Index
from tessera.engine.document import Document, Text
from tessera.engine.query import Query
from tests.conformance.conftest import MakeBackend, build


def suggested(index: Index, text: str, limit: int = 8) -> list[str]:
    return [suggestion.id for suggestion in index.suggest(text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("clu", ["e1", "p1", "p2"]),
        ("cluster", ["e1", "p1", "p2"]),
        ("cluster su", ["e1"]),
        ("summit", ["e1", "e2"]),
        ("clusterfy", ["p1"]),
        ("Αθή", ["n1", "n2"]),
        ("athi", ["n1", "n2"]),
        ("hafen ost", ["p3"]),
        ("danube life", ["p2"]),
        ("small", []),
        ("", []),
        ("-", []),
        ('"', []),
        ("cluster nowhere", []),
    ],
)
def test_names_that_go_on_from_what_was_typed(catalogue: Index, text: str, ids: list[str]) -> None:
    assert suggested(catalogue, text) == ids


def test_suggestions_bring_what_was_stored(catalogue: Index) -> None:
    (suggestion,) = catalogue.suggest("clusterfy")
    assert dict(suggestion.stored) == {"acronym": "ClusterFY"}


def test_filters_are_honoured(catalogue: Index) -> None:
    events = Query("ignored").with_filter("kind", "event")
    found = catalogue.suggest("cluster", filters=events)
    assert [suggestion.id for suggestion in found] == ["e1"]


def test_the_whole_name_first_then_by_boost_then_by_id(make_backend: MakeBackend) -> None:
    documents = [
        Document("d", 1, {"title": (Text("Green harbour towns"),)}, boost=2.0),
        Document("c", 2, {"title": (Text("Green harbour"),)}, boost=0.5),
        Document("b", 3, {"title": (Text("Green harbours"),)}),
        Document("a", 4, {"title": (Text("A green harbour"),)}),
    ]
    index = build(make_backend(), [documents])
    assert suggested(index, "green harbour") == ["c", "d", "a", "b"]
    assert suggested(index, "green harbour", limit=2) == ["c", "d"]
    assert suggested(index, "green harbour", limit=1) == ["c"]
    assert suggested(index, "GREEN") == ["d", "a", "b", "c"]


@pytest.fixture(scope="session")
def people(make_backend: MakeBackend) -> Index:
    names = (
        "Martin Novák",
        "Mária Nováková",
        "Jan Novotný",
        "University of Ljubljana",
        "ClusteriX",
    )
    documents = [Document(n, i, {"title": (Text(n),)}) for i, n in enumerate(names, 1)]
    return build(make_backend(), [documents])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("M. Novák", ["Martin Novák", "Mária Nováková"]),
        ("novak m", ["Martin Novák", "Mária Nováková"]),
        ("novak martin", ["Martin Novák"]),
        ("j novotny", ["Jan Novotný"]),
        ("k novak", []),
        ("universty", ["University of Ljubljana"]),
        ("ljublajna universty", ["University of Ljubljana"]),
        ("univerzitya", ["University of Ljubljana"]),
        ("clutserix", ["ClusteriX"]),
        ("nvk", []),
        ("jxn", []),
    ],
)
def test_initials_any_order_and_typing_errors(people: Index, text: str, ids: list[str]) -> None:
    assert suggested(people, text) == ids
