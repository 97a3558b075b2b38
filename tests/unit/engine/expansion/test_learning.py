"""A dictionary learned from a small parallel text: what corresponds, and what is left out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

import pytest

from tessera.engine.expansion import (
    Dictionary,
    DictionaryError,
    Label,
    LearningReport,
    Pair,
    alignment,
    learn,
    pairs_of,
    read_pairs,
)

PHRASES = [
    {"en": "clean water", "it": "acqua pulita", "de": "sauberes Wasser"},
    {"en": "clean air", "it": "aria pulita", "de": "saubere Luft"},
    {"en": "water mills", "it": "mulini ad acqua"},
    {"en": "old mills", "it": "vecchi mulini", "de": "alte Mühlen"},
    {"en": "old bridges", "it": "vecchi ponti", "de": "alte Brücken"},
    {"en": "bridges over water", "it": "ponti sull'acqua", "de": "Brücken über Wasser"},
]


def pairs(rows: Iterable[dict[str, str]] = PHRASES) -> list[Pair]:
    return [pair for texts in rows for pair in pairs_of(texts)]


def translated(dictionary: Dictionary, key: str, lang: str) -> list[str]:
    (number,) = dictionary.words([key]).values()
    return [each.word for each in dictionary.translations(number) if each.lang == lang]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "d.sqlite3"


def test_what_stands_in_the_same_texts_corresponds(path: Path) -> None:
    report = learn(pairs(), path)
    dictionary = Dictionary(path)
    assert report.pairs == 11
    assert dictionary.languages() == ("de", "en", "it")
    assert translated(dictionary, "en:water", "it")[0] == "acqua"
    assert translated(dictionary, "en:mill", "it")[0] == "mulini"
    assert translated(dictionary, "en:bridg", "de")[0] == "Brücken"
    assert translated(dictionary, "it:pont", "en")[0] == "bridges"
    assert dictionary.counts()["words"] == report.words
    assert dictionary.counts()["translations"] == report.translations


def test_company_is_explained_away(path: Path) -> None:
    rows = [{"en": f"{a} {b}", "it": f"{x} {y}"}
            for a, x in (("red", "rosso"), ("green", "verde"), ("blue", "blu"))
            for b, y in (("boat", "barca"), ("house", "casa"))]  # fmt: skip
    learn(pairs(rows), path)
    assert translated(Dictionary(path), "en:boat", "it") == ["barca"]


def test_equal_pairs_make_equal_files(tmp_path: Path) -> None:
    labels = [Label("1", "en", "mill race", True, "Mills"), Label("1", "it", "gora", True, "Mills")]
    for name in ("a", "b"):
        learn(pairs(), tmp_path / name, labels, {"change": "7"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert Dictionary(tmp_path / "a").about()["change"] == "7"


def test_numbers_equal_texts_and_long_ones_teach_nothing(path: Path) -> None:
    long = " ".join(f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" * 2)
    report = learn(
        [
            Pair("NUTS", "en", "NUTS", "it"),
            Pair("2021", "en", "nel 2021", "it"),
            Pair("water", "en", "waters", "en"),
            Pair(long, "en", "acqua", "it"),
        ],
        path,
    )
    assert report == LearningReport(long=1)


def test_what_is_too_much_for_memory_is_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alignment, "MAX_LINKS", 4)
    report = learn(pairs(PHRASES[:2]), path)
    assert (report.pairs, report.crowded) == (2, 2)


def test_little_words_are_left_out_and_short_nouns_are_not(path: Path) -> None:
    nouns = [("house", "casa"), ("water", "agua"), ("bridge", "puente"), ("forest", "bosque")]
    rows = [
        {"en": f"the {a} and the {b} {n}", "es": f"la {x} y la {y} {n}"}
        for n in range(70)
        for a, x in nouns
        for b, y in nouns
    ]
    learn(pairs(rows), path)
    dictionary = Dictionary(path)
    assert translated(dictionary, "en:water", "es") == ["agua"]
    assert translated(dictionary, "en:the", "es") == []
    assert translated(dictionary, "en:and", "es") == []


def test_pairs_go_through_the_hub_and_sentence_by_sentence() -> None:
    assert [*pairs_of({"it": "a", "und": "b", "fr": " "})] == []
    found = list(pairs_of({"it": "Uno. Due.", "en": "One. Two.", "de": "Eins und zwei."}))
    assert found == [
        Pair("One. Two.", "en", "Eins und zwei.", "de"),
        Pair("One.", "en", "Uno.", "it"),
        Pair("Two.", "en", "Due.", "it"),
    ]
    without = list(pairs_of({"it": "uno", "de": "eins", "fr": "un"}))
    assert [(each.lang, each.other_lang) for each in without] == [
        ("de", "fr"), ("de", "it"), ("fr", "it"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2: is not JSON"),
        ("[1]", "line 2: holds list"),
        ('{"english": "water"}', "'english' is no language code"),
        ('{"en": 3}', "the text in 'en' is 3"),
    ],
)
def test_a_bad_line_is_said_with_its_place(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({"id": "1", "en": "water", "it": "acqua"}) + "\n" + line + "\n")
    with pytest.raises(DictionaryError, match=why):
        list(read_pairs(path))


def test_a_file_that_is_none_or_not_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(DictionaryError, match="can't be read: No such file"):
        list(read_pairs(tmp_path / "none"))
    (tmp_path / "latin").write_bytes(b'{"de": "M\xfchle", "en": "mill"}')
    with pytest.raises(DictionaryError, match="not UTF-8"):
        list(read_pairs(tmp_path / "latin"))


def test_what_is_no_dictionary_is_said(path: Path) -> None:
    with pytest.raises(DictionaryError, match="There is no dictionary"):
        Dictionary(path).languages()
    path.write_text("words")
    with pytest.raises(DictionaryError, match="is no dictionary"):
        Dictionary(path).languages()
    path.unlink()
    learn(pairs(), path)
    with sqlite3.connect(path) as file:
        file.execute("update about set value = 'tessera dictionary 0'")
    with pytest.raises(DictionaryError, match="was made otherwise"):
        Dictionary(path).languages()


def test_a_run_that_fails_leaves_the_old_one(path: Path) -> None:
    learn(pairs(), path)
    before = path.read_bytes()

    def broken() -> Iterable[Label]:
        yield Label("1", "en", "mill", True, "Mills")
        raise KeyError("stopped")

    with pytest.raises(KeyError):
        learn(pairs(PHRASES[:1]), path, broken())
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with pytest.raises(DictionaryError, match="can't be written"):
        learn(pairs(), path / "below")
