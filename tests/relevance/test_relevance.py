"""Relevance may not fall beyond noise, and the judged set on the demo catalogue is whole."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.relevance import demo_set
from tests.relevance.guard import EVERY, WITH_ENCODER, committed, fallen, scores

LANGUAGES = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()


@pytest.mark.parametrize("name", [*EVERY, *WITH_ENCODER])
def test_no_score_falls_beyond_noise(shared: Path, name: str) -> None:
    folder = shared / "eval" / name.partition(".")[0]
    if not folder.is_dir():
        pytest.skip(f"no judged set at {folder}; TESSERA_SHARED names the folder with it")
    assert fallen(name, scores(folder.parent, name)) == ""


def test_no_score_on_the_demo_catalogue_falls_beyond_noise(tmp_path: Path) -> None:
    assert fallen(demo_set.DEMO, demo_set.demo_scores(tmp_path)) == ""


def test_the_guard_tells_a_fall_from_noise() -> None:
    before = committed(demo_set.DEMO)
    assert fallen(demo_set.DEMO, before) == ""
    lower = {id_: max(0.0, score - 0.05) for id_, score in before.items()}
    assert "fell" in fallen(demo_set.DEMO, lower)
    one_lower = {**before, next(iter(before)): 0.0}
    assert fallen(demo_set.DEMO, one_lower) == ""


def test_each_topic_is_asked_in_all_languages_and_has_answers() -> None:
    asked = Counter((each.topic, each.lang) for each in demo_set.questions())
    topics = demo_set.grades()
    assert len(topics) >= 20
    assert asked == Counter((topic, lang) for topic in topics for lang in LANGUAGES)
    known = demo_set.languages_of_records()
    assert all(record in known for graded in topics.values() for record in graded)
