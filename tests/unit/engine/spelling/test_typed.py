"""Which words of a typed text may be corrected."""

from __future__ import annotations

import pytest

from tessera.engine.spelling.typed import is_grouped, replaced, words_to_correct, written_like


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cluster sumit", ["cluster", "sumit"]),
        ('"exact wrods" other', ["other"]),
        ("this -taht NOT htis", ["this"]),
        ("clus* sumit", ["sumit"]),
        ("(one OR tow) three", ["one", "tow", "three"]),
        ("e-mial cross-boarder,", ["e", "mial", "cross", "boarder"]),
        ("mail@example.org see www.example.org a_b CURA.Alp", ["see", "CURA", "Alp"]),
        ("word -word", []),
        ("", []),
    ],
)
def test_words_that_are_asked_for_plainly(text: str, words: list[str]) -> None:
    found = words_to_correct(text)
    assert [word.text for word in found] == words
    assert all(text[word.start : word.end] == word.text for word in found)


def test_in_a_sentence_a_minus_means_nothing() -> None:
    assert [word.text for word in words_to_correct("so -called things", plain=True)] == [
        "so", "called", "things",
    ]  # fmt: skip


def test_the_rest_of_the_text_stays() -> None:
    assert replaced("A  (tow) -B", {(4, 7): "two"}) == "A  (two) -B"


def test_capitals_are_those_typed() -> None:
    assert written_like("CLUSTR", ["cluster"]) == "CLUSTER"
    assert written_like("Clustr", ["cluster"]) == "Cluster"
    assert written_like("clustr", ["cross", "border"]) == "cross border"


def test_groups() -> None:
    assert is_grouped("a OR b") and is_grouped("(a | b) c")
    assert not is_grouped("a b -c")
