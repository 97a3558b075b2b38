"""What typed words are expanded with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tessera.engine.expansion import Dictionary, Expander, Expansion, Label, learn, pairs_of
from tessera.engine.expansion.expander import LEARNED, MAX_WORDS, PER_LANGUAGE

ROWS = [
    {"en": "renewable water", "it": "acqua rinnovabile"},
    {"en": "renewable air", "it": "aria rinnovabile"},
    {"en": "clean water", "it": "acqua pulita"},
    {"en": "water", "el": "νερό"},
    {"en": "air", "el": "αέρας"},
    {"en": "Interreg water", "it": "acqua Interreg"},
    {"en": "energy", "it": "energia"},
    {"en": "energy", "pl": "energia"},
]
LABELS = [
    Label("c1", "en", "renewable energy", True, "EuroVoc"),
    Label("c1", "en", "soft energy", False, "EuroVoc"),
    Label("c1", "it", "energia rinnovabile", True, "EuroVoc"),
    Label("c1", "fi", "uusiutuva energia", True, "EuroVoc"),
    Label("c2", "en", "Horizon 2020", True, "Programmes"),
    Label("c2", "it", "Orizzonte 2020", True, "Programmes"),
    *(Label("c3", lang, f"{lang} mill {n}", n == 0, "Mills") for lang in ("en", "it")
      for n in range(9)),
    Label("c3", "en", "millrace", False, "Mills"),
    Label("c4", "en", "a label of far more than five words", True, "Long"),
]  # fmt: skip
INTO = ("en", "it", "el", "fi", "pl")


@pytest.fixture(scope="module")
def expander(tmp_path_factory: pytest.TempPathFactory) -> Expander:
    path = tmp_path_factory.mktemp("dictionary") / "d.sqlite3"
    report = learn((pair for row in ROWS for pair in pairs_of(row)), path, LABELS)
    assert report.labels == len(LABELS) - 1
    return Expander(Dictionary(path))


def said(expander: Expander, text: str, lang: str = "", into: tuple[str, ...] = INTO) -> list[str]:
    return [
        f"{' '.join(each.words)}={each.alternative}"
        for each in expander.expand(text.split(), lang, into)
    ]


def test_labels_of_several_words_come_first(expander: Expander) -> None:
    found = expander.expand(["Renewable", "energies"], "en", ["it"])
    assert found[0] == Expansion(
        ("Renewable", "energies"), "energia rinnovabile", "it", 1.0, "EuroVoc"
    )
    rest = {each.words: each for each in found[1:]}
    assert rest["Renewable",].alternative == "rinnovabile"
    assert rest["Renewable",].source == LEARNED
    assert all(0 < each.weight <= 1 for each in found)


def test_other_labels_of_the_same_language_are_synonyms(expander: Expander) -> None:
    found = expander.expand(["renewable", "energy"], "en", ["en"])
    assert [(each.alternative, each.weight) for each in found] == [("soft energy", 0.8)]


def test_only_the_languages_of_the_index(expander: Expander) -> None:
    assert said(expander, "water", "en", ("el",)) == ["water=νερό"]
    assert said(expander, "water", "en", ()) == []


def test_two_languages_meet_through_a_third(expander: Expander) -> None:
    assert said(expander, "acqua", "it", ("el",)) == ["acqua=νερό"]
    assert said(expander, "νερού", "el", ("it",)) == ["νερού=acqua"]


def test_the_language_is_judged_where_it_is_not_known(expander: Expander) -> None:
    assert expander.languages_of(["acqua", "pulita", "zzz"]) == ("it",)
    assert expander.languages_of(["energia"]) == ("it", "pl")
    assert expander.languages_of(["zzz"]) == ()
    assert said(expander, "uusiutuva energia", "", ("en",))[0] == (
        "uusiutuva energia=renewable energy"
    )
    assert said(expander, "energia", "xx", ("en",)) == ["energia=energy"]


@pytest.mark.parametrize("word", ["2021", "H2020", "WATER", "Xyzzy", "clean-water", "&", ""])
def test_numbers_acronyms_and_names_stay(expander: Expander, word: str) -> None:
    assert said(expander, f"{word} pulita".strip(), "en") == []


def test_capitals_say_nothing_where_all_are(expander: Expander) -> None:
    assert "WATER=acqua" in said(expander, "CLEAN WATER 2021", "en")


def test_numbers_are_part_of_a_label(expander: Expander) -> None:
    assert said(expander, "horizon 2020", "en") == ["horizon 2020=Orizzonte 2020"]
    assert said(expander, "horizon 2021", "en") == []


def test_expansions_of_a_word_are_few(expander: Expander) -> None:
    found = expander.expand(["millrace"], "en", INTO)
    assert [each.lang for each in found] == ["en"] * PER_LANGUAGE + ["it"] * PER_LANGUAGE
    assert found[0].alternative == "en mill 0"


def test_long_texts_are_expanded_as_far_as_the_bound(expander: Expander) -> None:
    assert said(expander, "zzz " * (MAX_WORDS - 1) + "water", "en", ("it",)) == ["water=acqua"]
    assert said(expander, "zzz " * MAX_WORDS + "water", "en", ("it",)) == []


def test_the_same_from_several_threads(expander: Expander) -> None:
    asked = ["renewable energy", "acqua", "energia", "water"] * 25
    expected = [said(expander, text) for text in asked]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: said(expander, text), asked)) == expected
