"""How far a typed word is from one of the index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.spelling.distance import cost, edited, edits

WORDS = st.text("abcde", min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("typed", "meant", "number"),
    [
        ("cluster", "cluster", 0),
        ("clster", "cluster", 1),
        ("clusster", "cluster", 1),
        ("clustar", "cluster", 1),
        ("clutser", "cluster", 1),
        ("clutsre", "cluster", 2),
        ("harbour", "cluster", 3),
    ],
)
def test_edits_are_counted_up_to_a_limit(typed: str, meant: str, number: int) -> None:
    assert edits(typed, meant, 2) == number


@given(WORDS, WORDS)
def test_every_word_an_edit_away_is_made_and_no_other(one: str, other: str) -> None:
    assert (other in set(edited(one))) == (edits(one, other, 1) == 1 or one == other)


@given(WORDS, WORDS)
def test_both_ways_are_as_far(one: str, other: str) -> None:
    assert edits(one, other, 9) == edits(other, one, 9)
    assert (cost(one, other) == 0.0) == (one == other)


def test_what_happens_easily_costs_less() -> None:
    plain = cost("cluzter", "clupter")
    assert cost("clutser", "cluster") < plain
    assert cost("inovation", "innovation") < plain
    assert cost("clustwr", "cluster") < plain
    assert cost("xluster", "bluster") > plain


def test_digits_are_never_edited() -> None:
    made = set(edited("s3x7"))
    assert all([c for c in word if c.isdigit()] == ["3", "7"] for word in made)
