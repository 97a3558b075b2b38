"""The words of an index, and those that are like a typed one."""

from __future__ import annotations

from tessera.engine.spelling.speller import Speller
from tessera.engine.spelling.vocabulary import Vocabulary

WORDS = {
    "innovation": 500, "innovations": 40, "inovation": 1, "cluster": 200, "clusters3": 2,
    "competitiveness": 90, "cross": 300, "border": 310, "crossborder": 3, "athina": 4,
    "2021": 900, "ab": 70, "x" * 60: 8,
}  # fmt: skip


def speller() -> Speller:
    return Speller(Vocabulary(iter(WORDS.items())))


def offered(typed: str, *, far: bool = True) -> list[str]:
    return [" ".join(each.words) for each in speller().candidates(typed, far=far)]


def test_frequencies_are_kept_of_words_that_can_be_misspelt() -> None:
    vocabulary = Vocabulary(iter(WORDS.items()))
    kept = {word: vocabulary.frequency(word) for word in WORDS}
    gone = {"2021", "ab", "x" * 60}
    assert kept == {word: 0 if word in gone else n for word, n in WORDS.items()}
    assert vocabulary.frequency("nowhere") == 0
    assert vocabulary.size == len(WORDS) - len(gone)


def test_the_likeliest_word_comes_first() -> None:
    assert offered("innovatoin")[0] == "innovation"
    assert offered("clustr") == ["cluster"]


def test_two_edits_are_thought_of_in_long_words_alone() -> None:
    assert offered("competiveness") == ["competitiveness"]
    assert offered("competiveness", far=False) == []
    assert offered("clter") == []


def test_other_letters_fold_before_they_are_compared() -> None:
    assert offered("Αθίνη") == ["athina"]
    assert offered("ÏNNOVÀTIÒNN")[0] == "innovation"


def test_digits_stay_as_they_are() -> None:
    assert offered("clsuters3") == ["clusters3"]
    assert offered("clusters4") == []
    assert offered("2022") == []


def test_words_are_divided_and_joined() -> None:
    assert [each.words for each in speller().divided("crossborder")] == [("cross", "border")]
    joined = speller().joined("cross", "border")
    assert joined is not None and joined.words == ("crossborder",)
    assert speller().joined("border", "cross") is None
