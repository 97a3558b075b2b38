from __future__ import annotations

import pytest

from tessera.schema.initials import of_organisation, of_person
from tessera.schema.told import (
    CHARACTERS,
    OPENING,
    OPENINGS,
    RECORDS,
    Telling,
    opening,
    told,
)


def telling(number: int, **data: object) -> Telling:
    return Telling(f"p:{number}", "project", {"title": {"en": f"T{number}"}, **data})


def test_an_opening_is_a_summary_or_a_text_or_a_page_cut_at_a_word() -> None:
    assert opening({"summary": {"en": "A b"}, "text": {"en": "C"}}) == {"en": "A b"}
    assert opening({"text": {"en": " C\n d "}}) == {"en": "C d"}
    pages = [{"page": 1, "text": ""}, {"page": 2, "text": "Two"}]
    assert opening({"pages": pages, "language": "fr"}) == {"fr": "Two"}
    assert opening({"pages": pages}) == {"und": "Two"}
    assert opening({}) == {}
    cut = opening({"summary": {"en": "mussels " * 200}})
    assert cut == {"en": ("mussels " * 37).rstrip()}
    assert len(cut["en"]) <= OPENING
    assert opening({"summary": cut}) == cut
    assert opening({"summary": {"en": "x" * 900}}) == {"en": "x" * OPENING}


def test_openings_in_many_languages_are_bounded() -> None:
    many = {"summary": {f"l{n}": "y" * OPENING for n in range(9)}}
    assert list(opening(many)) == [f"l{n}" for n in range(OPENINGS // OPENING)]
    assert opening({"summary": opening(many)}) == opening(many)


def test_the_newest_tell_first_and_the_undated_last() -> None:
    found = told([telling(1), telling(2, start="2020-01-01"), telling(3, start="2021-01-01")])
    assert [text.label for text in found] == ["project p:3", "project p:2", "project p:1"]


def test_a_record_tells_once_in_each_language() -> None:
    one = telling(1, title={"en": "One", "lt": "Vienas"}, acronym="ONE", summary={"en": "Of it."})
    found = told([one, one])
    assert [(t.text, t.lang, t.label) for t in found] == [
        ("ONE\nOne\nOf it.", "en", "project p:1 ONE"),
        ("ONE\nVienas", "lt", "project p:1 ONE"),
    ]


def test_others_than_projects_news_files_and_events_tell_nothing() -> None:
    assert told([Telling("x", "person", {"title": {"en": "X"}})]) == ()


def test_what_is_told_is_bounded() -> None:
    assert len(told(telling(n) for n in range(500))) == RECORDS
    long = [telling(n, summary=dict.fromkeys("abcd", "z" * OPENING)) for n in range(500)]
    total = sum(len(text.text) for text in told(long))
    assert CHARACTERS - 1_300 < total <= CHARACTERS


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Jana Müller", ["J Müller", "J M"]),
        ("Hans-Peter Schäfer", ["H P Schäfer", "H P S"]),
        ("Plato", []),
        ("", []),
    ],
)
def test_a_persons_name_in_short(name: str, short: list[str]) -> None:
    assert [*of_person(name)] == short


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Technische Universität München", ["TUM"]),
        ("National Institute of Public Health Ltd", ["NIPH"]),
        ("Österreichische Akademie der Wissenschaften", ["ÖAW"]),
        ("Università di Bologna", []),
        ("Agency 2000 of Things and More", []),
        (" ".join(["Word"] * 8), []),
    ],
)
def test_an_organisations_name_in_short(name: str, short: list[str]) -> None:
    assert [*of_organisation(name)] == short
