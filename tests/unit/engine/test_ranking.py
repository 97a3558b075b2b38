"""The numbers of docs/reference/ranking.md."""

import math
from itertools import pairwise

import pytest

from tessera.engine.plan import plan
from tessera.engine.ranking import (
    K1,
    checked_boost,
    idf,
    rounded_length,
    saturation,
    scoring_words,
    word_frequency,
)


def test_rarer_words_tell_more_and_none_tells_less_than_nothing() -> None:
    weights = [idf(frequency, 100) for frequency in range(1, 101)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_further_occurrences_count_less_and_less() -> None:
    worth = [saturation(count, 10, 10.0) for count in range(1, 50)]
    steps = [after - before for before, after in pairwise(worth)]
    assert steps == sorted(steps, reverse=True)
    assert worth[0] == pytest.approx(1.0)
    assert worth[-1] < K1 + 1
    assert saturation(1, 30, 10.0) < saturation(1, 10, 10.0) < saturation(1, 3, 10.0)


@pytest.mark.parametrize(
    ("length", "kept"),
    [(0, 0), (39, 39), (40, 40), (41, 40), (42, 42), (55, 54), (56, 56), (59, 56), (1000, 984)],
)
def test_lengths_as_search_engines_keep_them(length: int, kept: int) -> None:
    assert rounded_length(length) == kept


def test_rounding_keeps_the_order_and_an_eighth() -> None:
    kept = [rounded_length(length) for length in range(100_000)]
    assert kept == sorted(kept)
    assert all(length - k <= length / 8 for length, k in enumerate(kept))


def test_a_words_terms_have_one_frequency() -> None:
    terms = {"clusters": 10, "en:cluster": 30, "lt:cluster": 5}
    assert word_frequency(terms, 0, 1000) == 35
    assert word_frequency(terms, 50, 1000) == 50
    assert word_frequency(terms, 0, 20) == 20
    assert word_frequency({}, 0, 20) == 0


def test_only_words_that_are_asked_for_give_a_score() -> None:
    def words(text: str) -> int:
        return len(scoring_words(plan(text, ("en",))))

    assert words('cluster "small firms" har* -zebra') == 4
    assert (words(""), words("-zebra"), words("-")) == (0, 0, 0)


@pytest.mark.parametrize("boost", [0.0, 0.09, 10.1, -1.0, math.nan, math.inf])
def test_boosts_out_of_bounds(boost: float) -> None:
    with pytest.raises(ValueError, match="boost"):
        checked_boost(boost)


def test_boosts_keep_four_decimals() -> None:
    assert [checked_boost(b) for b in (0.1, 1, 1.23456, 10)] == [0.1, 1.0, 1.2346, 10.0]
