"""Words that mean the same, found in what was typed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from tessera.engine.expansion import Expansion
from tessera.wording.groups import SOURCE, Group, Synonyms, split_words

LANGS = frozenset({"en", "it", "de"})
FIRMS = Group(("SME", "small and medium-sized enterprise", "PMI"))


class Dictionary:
    """Knows one word of two alternatives."""

    def expand(
        self, words: Sequence[str], lang: str, into: Collection[str]
    ) -> tuple[Expansion, ...]:
        if "SME" not in words:
            return ()
        return (
            Expansion(("SME",), "pmi", "it", 0.8, "a vocabulary"),
            Expansion(("SME",), "impresa", "it", 0.8, "a vocabulary"),
        )


def found(
    typed: str, *groups: Group, stops: Collection[str] = (), lang: str = ""
) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for each in Synonyms(groups, stops).expand(typed.split(), lang, LANGS):
        made.setdefault(" ".join(each.words), []).append(each.alternative)
    return made


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("SME", "SME"),
        ("support sme now", "sme"),
        ("small and medium-sized enterprises", "small and medium-sized enterprises"),
        ("Small medium-sized Enterprise law", "Small medium-sized Enterprise"),
        ("small and medium sized enterprise", "small and medium sized enterprise"),
    ],
)
def test_other_endings_capitals_and_hyphens(typed: str, words: str) -> None:
    assert list(found(typed, FIRMS)) == [words]


@pytest.mark.parametrize("typed", ["small enterprise", "SME-based", "enterprise", "smell"])
def test_no_part_stands_for_the_whole(typed: str) -> None:
    assert found(typed, FIRMS) == {}


def test_each_stands_for_all_others() -> None:
    assert found("PMI", FIRMS) == {"PMI": ["SME", "small and medium-sized enterprise"]}


def test_one_way() -> None:
    group = Group(("transport", "railway", "bus"), one_way=True)
    assert found("transport", group) == {"transport": ["railway", "bus"]}
    assert found("railway", group) == {}


def test_endings_are_those_of_the_language() -> None:
    assert found("reti", Group(("rete", "network"), lang="it")) == {"reti": ["network"]}
    assert found("reti", Group(("rete", "network"), lang="de")) == {}


def test_a_stop_term_in_a_phrase_needs_not_be_typed() -> None:
    group = Group(("lead partner of the project", "coordinator"))
    typed = "lead partner"
    assert found(typed, group) == {}
    assert found(typed, group, stops={"project"}) == {typed: ["coordinator"]}


@pytest.mark.parametrize("typed", ["school", "the", "of"])
def test_a_phrase_is_not_found_by_its_last_word(typed: str) -> None:
    assert found(typed, Group(("out of school", "extracurricular"))) == {}
    assert found(typed, Group(("the project", "initiative")), stops={"project"}) == {}


def test_what_the_editors_say_comes_first_and_once() -> None:
    expander = Synonyms([FIRMS], (), Dictionary())
    made = expander.expand(["SME"], "en", LANGS)
    assert [(each.alternative, each.source) for each in made] == [
        ("small and medium-sized enterprise", SOURCE),
        ("PMI", SOURCE),
        ("impresa", "a vocabulary"),
    ]


def test_longer_phrases_come_first() -> None:
    made = found("river basin", Group(("basin", "pool")), Group(("river basin", "watershed")))
    assert list(made.items()) == [("river basin", ["watershed"]), ("basin", ["pool"])]


def test_words_are_split_at_commas_semicolons_and_lines() -> None:
    assert split_words(" a,b  c;d\n,e ") == ("a", "b c", "d", "e")
