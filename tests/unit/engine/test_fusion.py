"""One order from several: standard scores, weighted lists, and what neighbours lend."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine import fusion

NOISE = 1e-7
"""Relative; what a score of 32 bits leaves out."""

some_scores = st.lists(st.floats(0.1, 50), min_size=1, max_size=30)


def test_standard_scores_tell_how_far_each_stands_out() -> None:
    np.testing.assert_allclose(
        fusion.standard(np.array([4.0, 2.0, 0.0])), [1.5**0.5, 0, -(1.5**0.5)]
    )
    assert fusion.standard(np.array([7.0, 7.0])).tolist() == [0.0, 0.0]
    assert fusion.standard(np.array([0.0])).tolist() == [0.0]


@given(scores=some_scores, noise=st.lists(st.floats(-NOISE, NOISE), min_size=30, max_size=30))
def test_the_last_digits_of_scores_change_nothing(scores: list[float], noise: list[float]) -> None:
    clean = np.array(scores)
    noisy = clean * (1 + np.array(noise[: len(scores)]))
    np.testing.assert_allclose(fusion.standard(noisy), fusion.standard(clean), atol=1e-4)


def test_a_list_that_lacks_a_document_gives_it_its_lowest_score() -> None:
    by_words = [(1, 3.0), (2, 2.0), (3, 1.0)]
    by_meaning = [(2, 0.9), (4, 0.5)]
    found = fusion.fused([(1.0, by_words), (3.0, by_meaning)])
    assert [key for key, _ in found] == [2, 1, 3, 4]
    assert dict(found)[3] == dict(found)[4] == round((-(1.5**0.5) - 3) / 4, fusion.DIGITS)
    assert fusion.fused([(1.0, by_words), (5.0, [])]) == fusion.fused([(1.0, by_words)])


def test_equal_scores_are_in_the_order_of_keys() -> None:
    assert fusion.in_order([9, 4, 7], np.array([1.00001, 1.0, 2.0])) == [
        (7, 2.0),
        (4, 1.0),
        (9, 1.0),
    ]


def test_a_document_close_to_good_ones_rises() -> None:
    alone, friend, best = 1, 2, 3
    order = [(best, 2.0), (alone, 0.5), (friend, 0.4)]
    closeness = np.array([[1, 0, 0.9], [0, 1, 0], [0.9, 0, 1]], np.float32)
    found = fusion.smoothed(order, closeness)
    assert [key for key, _ in found] == [friend, best, alone]
    assert dict(found)[friend] == dict(found)[best] == 1.2
    assert fusion.smoothed(order[:2], closeness[:2, :2]) == order[:2]


def test_words_that_all_documents_share_bring_none_together() -> None:
    def row(*words: int) -> list[int]:
        return [word << 8 | 1 for word in words] + [0] * (4 - len(words))

    keywords = np.array([row(1, 2, 3), row(1, 2, 4), row(1, 5, 6)], np.uint32)
    closeness = fusion.keyword_closeness(keywords)
    assert closeness[0, 1] > 3 * closeness[0, 2] > 0
    np.testing.assert_allclose(closeness, closeness.T)
