"""Compound words: which come apart, how, and what finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.analysis import compound_parts, terms_by_position, word_terms
from tessera.engine.analysis.compounds import LANGUAGES

COMPOUNDS = [
    ("de", "abwasserreinigung", "abwasser reinigung"),
    ("de", "klimawandel", "klima wandel"),
    ("de", "gesundheitsversorgung", "gesundheit versorgung"),
    ("de", "straßenverkehr", "verkehr"),
    ("de", "projektpartner", "projekt partner"),
    ("nl", "afvalwaterzuivering", "afval water afvalwater zuivering"),
    ("nl", "klimaatverandering", "klimaat verandering"),
    ("sv", "klimatförändringar", "klimat förändringar"),
    ("sv", "avloppsrening", "avlopp rening"),
    ("da", "spildevandsrensning", "spildevand rensning"),
    ("da", "klimaforandringer", "klima forandringer"),
    ("fi", "jätevedenpuhdistus", "jäteveden puhdistus"),
    ("fi", "ilmastonmuutos", "ilmaston muutos"),
    ("fi", "ympäristönsuojelu", "ympäristön suojelu"),
    ("hu", "szennyvíztisztítás", "szennyvíz tisztítás"),
    ("hu", "környezetvédelem", "környezet védelem"),
]


@pytest.mark.parametrize(("lang", "whole", "parts"), COMPOUNDS, ids=lambda value: value[:20])
def test_compounds_come_apart(lang: str, whole: str, parts: str) -> None:
    assert set(parts.split()) <= set(compound_parts(whole, lang))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", "staubecken arbeitsamt wirtschaft universität zusammenarbeit entwicklung hamburg"),
        ("de", "unternehmen gesellschaft informationen münchen göttingen liechtenstein poeten"),
        ("nl", "samenwerking evenementen waterschap wetenschappelijk groningen ontwikkeling"),
        ("sv", "samarbete göteborg utveckling möjligheter universitet"),
        ("da", "samarbejde kompostering udvikling københavn universitet"),
        ("fi", "helsingissä kehittäminen kansainvälinen kirjallisuus"),
        ("hu", "lehetőségek fejlesztés"),
        ("en", "wastewater understanding"),
    ],
)
def test_other_words_stay_whole(lang: str, words: str) -> None:
    assert {word: parts for word in words.split() if (parts := compound_parts(word, lang))} == {}


def test_a_part_of_several_words_is_found_too() -> None:
    parts = compound_parts("abwasserreinigungsanlage", "de")
    assert parts == (
        *("abwasser", "wasser", "abwasserreinigung", "reinigung", "reinigungsanlage", "anlage"),
    )


@pytest.mark.parametrize(
    ("typed", "written", "lang"),
    [
        ("Wasser", "Abwasserreinigung", "de"),
        ("Abwässer", "Abwasserreinigung", "de"),
        ("Reinigungen", "Abwasserreinigung", "de"),
        ("Strassen", "Straßenverkehr", "de"),
        ("water", "Afvalwater", "nl"),
        ("klimat", "Klimatförändringar", "sv"),
        ("ilmaston", "ilmastonmuutoksen", "fi"),
        ("környezet", "környezetvédelmi", "hu"),
    ],
)
def test_a_part_finds_the_compound(typed: str, written: str, lang: str) -> None:
    (held,) = terms_by_position(written, lang)
    (asked,) = word_terms(typed, ["en", *LANGUAGES])
    assert set(asked) & set(held)
    (alone,) = word_terms(typed, ["en", *LANGUAGES], within=False)
    assert not set(alone) & set(held)


def test_a_part_finds_no_word_of_another_language() -> None:
    (held,) = terms_by_position("Klimawandel", "en")
    assert not set(word_terms("Klima", ["de", "en"])[0]) & set(held)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
@given(word=st.text("abdeghiklmnorstuväöß", min_size=1, max_size=60))
def test_parts_are_pieces_of_the_word(lang: str, word: str) -> None:
    plain = word.replace("ß", "ss")
    for part in compound_parts(word, lang):
        assert part in plain
        assert 3 <= len(part) < len(plain)


def test_the_longest_words_take_no_long_time() -> None:
    for lang in LANGUAGES:
        compound_parts("wasser" * 8, lang)
        compound_parts("a" * 10_000, lang)
