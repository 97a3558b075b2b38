from __future__ import annotations

import pytest

from tessera.search.labels import Labels, listed
from tessera.search.sentence import sentence
from tests.unit.search.pages import query_of


@pytest.mark.parametrize(
    ("params", "total", "expected"),
    [
        (
            "q=cluster&kind=project&country=LT&country=SI&year=2014..2020",
            23,
            "23 projects about cluster in Lithuania or Slovenia, 2014 to 2020",
        ),
        ("", 1234, "All 1,234 records"),
        ("sort=oldest", 1, "1 record in all"),
        ("", 0, "No results"),
        ("q=cluster", 1, "1 result about cluster"),
        ("kind=person", 0, "No people"),
        ("kind=person&kind=event", 12, "12 results among events and people"),
        ("kind=event&when=upcoming", 3, "3 events, upcoming"),
        ("kind=call&when=upcoming", 3, "3 calls, deadline to come"),
        ("kind=call&when=past", 0, "No calls, deadline passed"),
        ("country=none", 2, "2 results of no stated country"),
        ("country=LT&country=none", 2, "2 results in Lithuania or of no stated country"),
        ("-country=AT&theme=Water", 5, "5 results, not in Austria, filtered by theme"),
        ("region=LT01&year=2014..", 5, "5 results, region"),
        ("year=..2020", 5, "5 results, until 2020"),
        ("period=2014-2020", 5, "5 results, period 2014–2020 (Interreg V)"),
        ("theme=a&status=closed&-status=ongoing", 5, "5 results, filtered by status and theme"),
        (
            "country=LT&country=SI&country=AT&country=DE&country=IT",
            9,
            "9 results in Austria, Germany, Italy or 2 more",
        ),
    ],
)
def test_sentence(params: str, total: int, expected: str) -> None:
    assert sentence(query_of(params), total, Labels("en")).startswith(expected)


def test_long_texts_are_cut_at_a_word() -> None:
    text = sentence(query_of("q=" + "competitiveness " * 20), 1, Labels("en"))
    assert text.endswith("competitiveness…")
    assert len(text) < 130


def test_lists() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c"], either=True) == "a, b or c"
