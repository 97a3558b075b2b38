"""Where words begin and end."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.analysis import tokens, word_terms
from tessera.engine.analysis.stem import LANGUAGES, stem

ANY_TEXT = st.text(st.characters(), max_size=200)  # lone surrogates, too
MIXED = st.lists(
    st.sampled_from(
        [
            *(
                "l'",
                "d’",
                "é",
                "e\u0301",
                "\u0301",
                "·",
                "l",
                "ʼ",
                "'s",
                "S",
                "_",
                "-",
                " ",
                "\n",
                "я",
            ),
            *("研", "\u00ad", "\u200d", "½", "ﬁ", "İ", "A", "7", "\ud800", "\x00", "ς", "٣", "ा"),
        ]
    )
).map("".join)


def surfaces(text: str) -> list[str]:
    return [token.terms[0] for token in tokens(text)]


@given(st.one_of(ANY_TEXT, MIXED), st.sampled_from(["und", "en", "el", "bg", "xx", ""]))
def test_any_text_gives_ordered_words(text: str, lang: str) -> None:
    end = 0
    for number, token in enumerate(tokens(text, lang)):
        assert end <= token.start < token.end <= len(text)
        assert token.position == number
        assert token.terms
        assert all(term and not any(c.isspace() for c in term) for term in token.terms)
        assert len(set(token.terms)) == len(token.terms)
        end = token.end


@given(ANY_TEXT)
def test_any_typed_word_has_terms_or_none(text: str) -> None:
    for terms in word_terms(text, ["en", "el", "bg"]):
        assert terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e-mail 2.0", ["e", "mail", "2", "0"]),
        ("snake_case", ["snake", "case"]),
        ("l'eau d'un d’", ["eau", "un", "d"]),
        ("Qu’est-ce que l'Europe?", ["est", "ce", "que", "europe"]),
        ("O'Brien's", ["o", "brien"]),
        ("研究 ABC研究", ["研", "究", "abc", "研", "究"]),
        ("a\u00adb", ["ab"]),
        ("½ m² ﬁn", ["12", "m2", "fin"]),
        ("", []),
        (" -- !? ", []),
    ],
)
def test_words_are_split(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_offsets_are_of_the_original_text() -> None:
    text = "x e\u0301te\u0301 Θ"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "x",
        "e\u0301te\u0301",
        "Θ",
    ]


def test_only_stems_have_a_colon() -> None:
    (token,) = tokens("Universitäten", "de")
    assert token.terms == ("universitaten", "universitaeten", "de:universitat", "de:universitaet")


def test_runs_of_data_are_cut_short() -> None:
    (token,) = tokens("a" * 100_000, "en")
    assert all(len(term) < 120 for term in token.terms)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_stemming_in_threads_is_right(lang: str) -> None:
    words = [f"{start}{end}" for start in ("projekt", "region", "klaster") for end in "aeiou"] * 20
    expected = [stem(word, lang) for word in words]
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append([stem(word, lang) for word in words]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4
