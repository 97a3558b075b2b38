"""One order from several: standard scores, weighted lists, and what neighbours lend."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine import fusion
from tessera.engine.fusion import Ranked

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
    by_words = Ranked.of([(1, 3.0), (2, 2.0), (3, 1.0)])
    by_meaning = Ranked.of([(2, 0.9), (4, 0.5)])
    found = fusion.fused([(1.0, by_words), (3.0, by_meaning)]).best(9).pairs()
    assert [key for key, _ in found] == [2, 1, 3, 4]
    assert dict(found)[3] == dict(found)[4] == round((-(1.5**0.5) - 3) / 4, fusion.DIGITS)
    without = fusion.fused([(1.0, by_words), (5.0, Ranked.of([]))])
    assert without.pairs() == fusion.fused([(1.0, by_words)]).pairs()
    assert fusion.fused([]).pairs() == []


@given(keys=st.lists(st.integers(1, 40), unique=True), most=st.integers(0, 50), data=st.data())
def test_the_best_are_the_first_of_all_in_order(
    keys: list[int], most: int, data: st.DataObject
) -> None:
    pairs = [(key, data.draw(st.sampled_from([0.5, 1.0, 2.0]))) for key in keys]
    in_order = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    assert Ranked.of(pairs).best(most).pairs() == in_order[:most]


def test_of_several_lists_each_document_has_its_best_score() -> None:
    several = [Ranked.of([(9, 1.0), (4, 0.5)]), Ranked.of([]), Ranked.of([(4, 1.0), (7, 2.0)])]
    assert fusion.best_of_each(several).pairs() == [(7, 2.0), (4, 1.0), (9, 1.0)]


def test_a_document_close_to_good_ones_rises() -> None:
    alone, friend, best = 1, 2, 3
    order = Ranked.of([(best, 2.0), (alone, 0.5), (friend, 0.4)])
    closeness = np.array([[1, 0, 0.9], [0, 1, 0], [0.9, 0, 1]], np.float32)
    found = fusion.smoothed(order, closeness).pairs()
    assert [key for key, _ in found] == [friend, best, alone]
    assert dict(found)[friend] == dict(found)[best] == 1.2
    two = order.best(2)
    assert fusion.smoothed(two, closeness[:2, :2]).pairs() == two.pairs()


def test_words_that_all_documents_share_bring_none_together() -> None:
    def row(*words: int) -> list[int]:
        return [word << 8 | 1 for word in words] + [0] * (4 - len(words))

    keywords = np.array([row(1, 2, 3), row(1, 2, 4), row(1, 5, 6)], np.uint32)
    closeness = fusion.keyword_closeness(keywords)
    assert closeness[0, 1] > 3 * closeness[0, 2] > 0
    np.testing.assert_allclose(closeness, closeness.T)
