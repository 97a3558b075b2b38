"""What of a document is encoded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tessera.engine.document import Document, Text
from tessera.engine.meaning.passages import OVERLAP, SENTENCE, WIDTH, key_of, passages

LONG = " ".join(str(number) for number in range(1000, 1400))
SENTENCE_EN = "Farmers on both sides learn how to keep the river clean."


class Words:
    """A tokenizer of words that are numbers or not; a marker before and after."""

    room = 240

    def tokens(self, text: str) -> list[int]:
        return [int(word) if word.isdigit() else sum(map(ord, word)) for word in text.split()]

    def passage_tokens(self, head: Sequence[int], tokens: Sequence[int]) -> list[int]:
        return [0, *head, *tokens, 1]


def cut(detected: str = "", **texts: Sequence[Text]) -> list[list[int]]:
    document = Document("a", 1, {name: tuple(each) for name, each in texts.items()})
    return list(passages(document, Words(), frozenset({"en"}), lambda text: detected))


def test_a_long_text_is_cut_with_overlap_and_its_title_before_each() -> None:
    found = cut(title=[Text("7 8", "en")], text=[Text(LONG, "en")])
    assert [each[:3] for each in found] == [[0, 7, 8]] * len(found)
    bodies = [each[3:-1] for each in found]
    assert [len(body) for body in bodies[:-1]] == [WIDTH] * (len(bodies) - 1)
    for one, other in pairwise(bodies):
        assert one[-OVERLAP:] == other[:OVERLAP]
    assert bodies[0][0] == 1000
    assert bodies[-1][-1] == 1399


def test_names_are_not_encoded() -> None:
    name = "Department of Water Management"
    assert cut(title=[Text(f"{name} and of very many other things to be named here", "en")]) == []
    assert cut(title=[Text(name, "en")], text=[Text("one " * (SENTENCE - 1), "en")]) == []
    assert cut(title=[Text(name, "en")], names=[Text(SENTENCE_EN, "en")]) == []
    assert len(cut(title=[Text(name, "en")], text=[Text("one " * SENTENCE, "en")])) == 1


def test_only_languages_that_are_known_are_encoded() -> None:
    assert cut(text=[Text(LONG, "fi")]) == []
    assert len(cut(text=[Text(SENTENCE_EN, "en"), Text(LONG, "fi")])) == 1
    assert cut("fi", text=[Text(SENTENCE_EN)]) == []
    assert len(cut("en", text=[Text(SENTENCE_EN)])) == 1


def test_the_title_is_that_of_the_texts_language() -> None:
    titles = [Text("5", "fi"), Text("6", "en")]
    assert cut(title=titles, text=[Text(SENTENCE_EN, "en")])[0][1] == 6
    assert cut(title=titles[:1], text=[Text(SENTENCE_EN, "en")])[0][1] == 5


def test_a_text_that_is_there_twice_is_encoded_once() -> None:
    assert len(cut(text=[Text(SENTENCE_EN, "en"), Text(SENTENCE_EN, "en")])) == 1
    longer = Text(f"{SENTENCE_EN} And then they fish.", "en")
    assert len(cut(summary=[Text(SENTENCE_EN, "en")], text=[longer])) == 1
    assert len(cut(summary=[longer], text=[Text(SENTENCE_EN, "en")])) == 2


def test_equal_passages_have_one_key() -> None:
    assert key_of([1, 23]) == key_of([1, 23]) != key_of([12, 3])
    assert len(key_of([1])) == 16
