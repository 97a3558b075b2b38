"""What synonyms and stop terms must be like."""

from __future__ import annotations

import pytest

from tessera.wording.models import StopTerm, Synonym
from tessera.wording.rules import Rules, WordingError


@pytest.fixture
def rules() -> Rules:
    return Rules([Synonym(words="SME, PMI")], [StopTerm(word="Interreg")])


@pytest.mark.parametrize(
    ("text", "lang", "said"),
    [
        ("", "", "at least two"),
        ("SME", "", "at least two"),
        ("Río, rio", "", "synonym of itself"),
        ("e-mail, E mail", "", "synonym of itself"),
        ("pmi, sme", "", "already: SME, PMI"),
        ("a, –", "", "no letter or digit"),
        ("a, " + "b" * 101, "", "too long"),
        ("a, one two three four five six seven eight nine", "", "too long"),
        (", ".join(f"w{n}" for n in range(21)), "", "too many"),
        (", ".join(f"word{n:>50}" for n in range(10)), "", "too long"),
        ("a, b", "English", "no language code"),
    ],
)
def test_a_synonym_that_is_none(rules: Rules, text: str, lang: str, said: str) -> None:
    with pytest.raises(WordingError, match=said):
        rules.synonym(text, False, lang)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "letters or digits"),
        ("–", "letters or digits"),
        ("two words", "one word"),
        ("two,words", "one word"),
        ("INTERREG", "Interreg is a stop term already"),
        ("b" * 101, "at most 100"),
    ],
)
def test_a_stop_term_that_is_none(rules: Rules, text: str, said: str) -> None:
    with pytest.raises(WordingError, match=said):
        rules.stop_term(text)


def test_the_same_words_in_a_language_are_others(rules: Rules) -> None:
    assert rules.synonym("sme,  pmi", False, "en").words == ("sme", "pmi")
