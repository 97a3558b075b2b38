"""The nearest in meaning: exactly, nearly, and only of what the index has."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from tessera.engine.audience import Audience
from tessera.engine.meaning.meaning import (
    PASSAGES,
    REMEMBERED,
    Meaning,
    _together,
    members_name,
)
from tessera.engine.meaning.neighbours import BLOCK, Neighbours, bring_up_to_date
from tessera.engine.meaning.store import SIGNS, VectorReader, VectorWriter

SIZE = 64


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


class Plane:
    """Texts that are angles in degrees, as vectors; counts how often it is asked."""

    asked = 0

    def query_tokens(self, text: str) -> list[int]:
        return [int(text.split()[0])]

    def encode(self, texts: Sequence[Sequence[int]]) -> np.ndarray:
        self.asked += len(texts)
        return np.array([angle(degrees) for (degrees,) in texts], np.float32)


def angle(degrees: float) -> list[float]:
    return [float(np.cos(np.radians(degrees))), float(np.sin(np.radians(degrees)))]


class Everywhere:
    """An index that has all documents but some."""

    def __init__(self, *without: str) -> None:
        self.without = set(without)

    def __call__(self, ids: Sequence[str], audience: Audience) -> Collection[str]:
        return set(ids) - self.without


def meaning(
    folder: Path, documents: Mapping[str, Sequence[float]], index: Everywhere
) -> tuple[Meaning, Plane]:
    flat = [(id_, degrees) for id_, each in documents.items() for degrees in each]
    with VectorWriter(folder, 2) as writer:
        writer.add(
            {str(at).encode().ljust(16): np.array(angle(d)) for at, (_, d) in enumerate(flat)}
        )
        writer.commit(
            {id_: [at for at, (of, _) in enumerate(flat) if of == id_] for id_ in documents}
        )
    plane = Plane()
    reader = VectorReader(folder, 2)
    return Meaning(
        plane, frozenset({"en"}), reader,
        detect=lambda text: "fi" if "fi" in text else "en", present=index,
    ), plane  # fmt: skip


DOCUMENTS = {"a": [0, 90], "b": [10], "c": [40, 50], "d": [78], "e": [180]}


def test_the_best_passage_of_each_document_counts(tmp_path: Path) -> None:
    found, _ = meaning(tmp_path, DOCUMENTS, Everywhere())
    assert [id_ for id_, _ in found.nearest("86", "en", 5)] == ["a", "d", "c", "b", "e"]
    assert [id_ for id_, _ in found.nearest("86", "en", 1)] == ["a"]


def test_several_passages_tell_more_as_far_as_they_differ(tmp_path: Path) -> None:
    """Angles of 60 degrees on both sides of the question are new to each other, two equal not."""
    documents = {"one": [60], "both": [60, -60], "same": [60, 61], "near": [30], "far": [180]}
    found, _ = meaning(tmp_path, documents, Everywhere())
    scores = dict(found.nearest("0", "en", 9))
    assert scores["far"] == 0.0, "all else is told by how much nearer it is"
    assert scores["one"] == pytest.approx(1.5, abs=2e-3)
    assert scores["both"] == pytest.approx(3.0, abs=4e-3)
    assert scores["same"] == pytest.approx(scores["one"], abs=1e-3)
    assert list(scores)[:2] == ["both", "near"]


def test_what_is_half_new_adds_a_quarter(tmp_path: Path) -> None:
    found, _ = meaning(tmp_path, {"turning": [0, 60], "far": [180]}, Everywhere())
    scores = dict(found.nearest("0", "en", 9))
    assert scores["turning"] == pytest.approx(2.0 + 1.5 / 4, abs=4e-3)


def test_many_passages_that_say_nearly_the_same_tell_what_one_does(tmp_path: Path) -> None:
    wide = [float(degrees) for degrees in range(-88, 89, 2)]
    found, _ = meaning(tmp_path, {"book": wide, "page": [0]}, Everywhere())
    scores = dict(found.nearest("0", "en", 2))
    assert scores["book"] == pytest.approx(scores["page"], abs=1e-3)


def test_of_a_document_with_very_many_passages_the_nearest_few_tell() -> None:
    many = 2 * PASSAGES
    near = np.eye(many + 1, dtype=np.float16)
    scores = np.array([0.5] * many + [0.0], np.float32)
    told = _together(near, scores, {"book": list(range(many)), "page": [0], "far": [many]})
    assert told == {"book": PASSAGES / 2, "page": 0.5, "far": 0.0}


def test_a_document_that_the_index_lacks_is_never_answered(tmp_path: Path) -> None:
    index = Everywhere("a", "b")
    found, _ = meaning(tmp_path, DOCUMENTS, index)
    assert [id_ for id_, _ in found.nearest("0", "en", 2)] == ["c", "d"]
    assert [id_ for id_, _ in found.similar("c", 3)] == ["d", "e"]
    index.without.clear()
    assert [id_ for id_, _ in found.nearest("0", "en", 2)] == ["a", "b"]


def test_similar_is_by_the_mean_of_the_passages_and_never_the_document_itself(
    tmp_path: Path,
) -> None:
    found, _ = meaning(tmp_path, DOCUMENTS, Everywhere())
    assert [id_ for id_, _ in found.similar("a", 2)] == ["c", "d"]
    assert found.similar("unheard of", 2) == []


def test_no_vote_on_a_language_that_is_not_known(tmp_path: Path) -> None:
    found, plane = meaning(tmp_path, DOCUMENTS, Everywhere())
    assert found.languages == {"en"}
    for text, lang in (("3", "fi"), ("3 fi", ""), ("3 fi", "und"), ("", "en"), ("  ", "")):
        assert found.nearest(text, lang, 3) == []
    assert plane.asked == 0
    assert found.nearest("3", "", 3)


def test_a_question_is_encoded_once(tmp_path: Path) -> None:
    found, plane = meaning(tmp_path, DOCUMENTS, Everywhere())
    for _ in range(3):
        found.nearest("3", "en", 3)
    assert plane.asked == 1
    for number in range(REMEMBERED + 1):
        found.nearest(str(number + 4), "en", 1)
    found.nearest("3", "en", 3)
    assert plane.asked == REMEMBERED + 3


def test_new_commits_are_seen_without_a_restart(tmp_path: Path) -> None:
    found, _ = meaning(tmp_path, DOCUMENTS, Everywhere())
    assert found.nearest("0", "en", 1)[0][0] == "a"
    with VectorWriter(tmp_path, 2) as writer:
        writer.commit({"a": []})
    assert found.nearest("0", "en", 1)[0][0] == "b"


def test_of_very_many_nearly_all_are_found_and_those_without_signs_exactly(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    centres = rng.standard_normal((40, SIZE))
    size = 2 * BLOCK + 1000
    rows = unit(centres[rng.integers(0, 40, size)] + 0.4 * rng.standard_normal((size, SIZE)))
    path = tmp_path / "vectors"
    rows.astype(np.float16).tofile(path)
    whole = np.memmap(path, np.float16, "r", shape=(size, SIZE))
    first = whole[: BLOCK + 10]
    assert not bring_up_to_date(tmp_path, first, exact=len(first))
    assert bring_up_to_date(tmp_path, first, exact=1000)
    assert not bring_up_to_date(tmp_path, first, exact=1000)
    near, exact = Neighbours(exact=1000, at_least=0), Neighbours(exact=size)
    for held in (BLOCK, 2 * BLOCK):
        shared = 0
        for wanted in unit(rows[:20] + 0.05 * rng.standard_normal((20, SIZE))):
            truth, scores = exact.nearest(tmp_path, whole, wanted, 100)
            found, others = near.nearest(tmp_path, whole, wanted, 100)
            assert np.allclose(
                scores, np.sort(whole.astype(np.float32) @ wanted)[::-1][:100], atol=2e-3
            )
            assert len(found) == 100 and list(others) == sorted(others, reverse=True)
            assert set(truth[truth >= held]) <= set(found), "rows without signs are all read"
            shared += len(set(truth) & set(found))
        assert shared >= 0.99 * 20 * 100
        assert bring_up_to_date(tmp_path, whole, exact=1000) == (held == BLOCK)
    assert np.array_equal(
        np.fromfile(tmp_path / SIGNS, np.uint64).reshape(2, 1, BLOCK)[1, 0, :9],
        np.packbits(whole[BLOCK : BLOCK + 9] > 0, axis=1).view(np.uint64)[:, 0],
    )
    few, _ = near.nearest(tmp_path, first, rows[3], 5000)
    assert few[0] == 3 and max(few) < len(first), "signs of rows that aren't known yet"


def test_numbers_that_fill_no_word_have_signs_too(tmp_path: Path) -> None:
    rows = unit(np.random.default_rng(6).standard_normal((BLOCK, 70))).astype(np.float16)
    assert bring_up_to_date(tmp_path, rows, exact=1)
    near, exact = Neighbours(exact=1, at_least=200), Neighbours()
    for wanted in rows[:5].astype(np.float32):
        truth, _ = exact.nearest(tmp_path, rows, wanted, 1)
        assert list(near.nearest(tmp_path, rows, wanted, 1)[0]) == list(truth)


def test_what_is_not_for_an_audience_tells_it_nothing(tmp_path: Path) -> None:
    """A document for members alone, and one of a record that says less to everyone."""
    vectors = {"a": [60], "b": [20], members_name("a"): [1], members_name("c"): [2]}
    found, _ = meaning(tmp_path, vectors, Everywhere())
    everyone = found.nearest("0", "en", 9)
    above = np.cos(np.radians(20)) - np.cos(np.radians(60))
    assert everyone == [("b", pytest.approx(above, abs=1e-3)), ("a", 0.0)]
    members = found.nearest("0", "en", 9, audience=Audience.MEMBERS)
    assert [id_ for id_, _ in members] == ["a", "c", "b"]
    assert [id_ for id_, _ in found.similar("b", 9)] == ["a"]
    assert found.similar("c", 9) == []
    near = found.similar("a", 9, audience=Audience.MEMBERS)
    assert [id_ for id_, _ in near] == ["c", "b"]
