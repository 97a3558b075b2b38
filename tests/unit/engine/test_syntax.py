"""Reading typed text: the grammar of docs/reference/query-grammar."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.syntax import (
    MAX_WORDS,
    And,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Term,
    is_read_whole,
    parse,
    unparse,
    without_word,
    words,
)

a, b, c, d = (Term(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        (" \t\n", None),
        ("a", a),
        ("a b", And((a, b))),
        ("a AND b", And((a, b))),
        ("a OR b", Or((a, b))),
        ("a | b", Or((a, b))),
        ("a|b", Or((a, b))),
        ("a b OR c d", And((a, Or((b, c)), d))),
        ("a or b", And((a, Term("or"), b))),
        ("-a", Not(a)),
        ("NOT a", Not(a)),
        ("a -b", And((a, Not(b)))),
        ("a NOT b", And((a, Not(b)))),
        ("-a OR b", Or((Not(a), b))),
        ("NOT NOT a", a),
        ("-(-a)", a),
        ("e-mail", Term("e-mail")),
        ("- a", And((Term("-"), a))),
        ("--a", Term("--a")),
        ('"a b"', Phrase(("a", "b"))),
        ("„a b“ «c d»", And((Phrase(("a", "b")), Phrase(("c", "d"))))),
        ("»a b« ”c d”", And((Phrase(("a", "b")), Phrase(("c", "d"))))),
        ('-"a b"', Not(Phrase(("a", "b")))),
        ('a "b c', And((a, Phrase(("b", "c"))))),
        ('a "" b', And((a, b))),
        ('"a -b OR c*"', Phrase(("a", "-b", "OR", "c*"))),
        ("clus*", Prefix("clus")),
        ("clus**", Prefix("clus")),
        ("a*", a),
        ("*", Term("*")),
        ("(a b) OR c", Or((And((a, b)), c))),
        ("-(a b)", Not(And((a, b)))),
        ("a (b (c d))", And((a, b, c, d))),
        ("(a OR b", Or((a, b))),
        ("a) b", And((a, b))),
        ("()", None),
        ("OR", Term("OR")),
        ("a OR", a),
        ("a AND", a),
        ("a NOT", a),
        ("OR a", And((Term("OR"), a))),
        ("a OR OR b", And((Or((a, Term("OR"))), b))),
        ("| a |", a),
    ],
)
def test_text_is_read(text: str, tree: Node | None) -> None:
    assert parse(text) == tree


PIECES = st.sampled_from(
    [*("a", "bé", "-", "--", '"', "„", "«", "(", ")", "|", "*", " ", " OR ", " NOT ", " AND "),
     *("OR", "e-mail", "\ud800", "\x00", "\u00a0", "\u2028", "ab*")]
)  # fmt: skip
GRAMMAR = st.lists(PIECES, max_size=40).map("".join)


@given(st.one_of(GRAMMAR, st.text(st.characters(), max_size=80)))
def test_any_text_is_read_and_written_again(text: str) -> None:
    node = parse(text)
    if node is not None:
        written = unparse(node)
        again = parse(written)
        assert again is not None
        assert unparse(again) == written
        assert words(again) == words(node)


HOSTILE = [
    *("a " * 500_000, "(" * 10**6, '"' * 10**6, "-" * 10**6, "|" * 10**6, " OR" * 300_000),
    *("NOT " * 250_000, "x" * 10**6, "(-" * 500_000, "\ud800" * 10**6, '"' + "a " * 500_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:4])
def test_hostile_text_is_read_in_bounded_pieces(text: str) -> None:
    node = parse(text)
    if node is not None:
        assert len(list(_all_words(node))) <= MAX_WORDS


def _all_words(node: Node) -> list[str]:
    match node:
        case Phrase(phrase):
            return list(phrase)
        case And(nodes) | Or(nodes):
            return [word for part in nodes for word in _all_words(part)]
        case Not(inner):
            return _all_words(inner)
        case Term(word) | Prefix(word):
            return [word]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("", True),
        ("a " * MAX_WORDS, True),
        ("a " * (MAX_WORDS + 1), False),
        (f'"{"a " * MAX_WORDS}"', True),
        (f'"{"a " * (MAX_WORDS + 1)}"', False),
        ("(" * 10_000, False),
    ],
    ids=range(6),
)
def test_what_is_left_out_is_known(text: str, whole: bool) -> None:
    assert is_read_whole(text) == whole


def test_words_are_those_asked_for() -> None:
    assert words(parse('a OR b "c a" -d clus*')) == ("a", "b", "c", "clus")
    assert words(parse("-a")) == ()
    assert words(None) == ()


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("a b c", "b", "a c"),
        ("a OR b", "b", "a"),
        ("a OR b c", "c", "a OR b"),
        ('"a b c" d', "b", '"a c" d'),
        ('"a" d', "a", "d"),
        ("a -b", "a", "-b"),
        ("a -b", "b", "a -b"),
        ("clus* a", "clus", "a"),
        ("(a b) OR c", "b", "a OR c"),
        ("a", "a", ""),
        ("", "a", ""),
    ],
)
def test_a_word_is_left_out(text: str, word: str, rest: str) -> None:
    assert without_word(text, word) == rest


@given(GRAMMAR)
def test_no_word_left_out_is_asked_for(text: str) -> None:
    for word in words(parse(text)):
        rest = without_word(text, word)
        assert set(words(parse(rest))) == set(words(parse(text))) - {word}
