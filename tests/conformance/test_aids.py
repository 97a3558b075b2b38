"""What a site says of words: those that tell nothing, and those that stand for others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import pytest

from tessera.engine.aids import Aids, GetAids
from tessera.engine.backend import Backend, Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.document import Document, Text
from tessera.engine.expansion import Expansion
from tessera.engine.query import WORDS, Query
from tests.conformance.conftest import build

TITLES = (
    ("en", "Rail freight project"),
    ("en", "Rail freight"),
    ("en", "Support for small enterprises"),
    ("it", "Sostegno alle piccole imprese"),
)

BACKENDS: dict[str, Callable[[Path, GetAids], Backend]] = {
    "memory": lambda home, aids: MemoryBackend(aids),
    "tantivy": lambda home, aids: TantivyBackend(home / "index", aids),
}


class Says:
    """Stands one alternative, in no language in particular, for one word."""

    def __init__(self, word: str, alternative: str) -> None:
        self._expansion = Expansion((word,), alternative, "", 1.0, "the test")

    def expand(
        self, words: Sequence[str], lang: str, into: Collection[str]
    ) -> tuple[Expansion, ...]:
        return (self._expansion,) if self._expansion.words[0] in words else ()


@pytest.fixture(params=BACKENDS)
def indexed(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Aids], Index]:
    def made(aids: Aids) -> Index:
        documents = [
            Document(f"d{n}", n, {"title": (Text(title, lang),)})
            for n, (lang, title) in enumerate(TITLES, 1)
        ]
        return build(BACKENDS[request.param](tmp_path, lambda: aids), [documents])

    return made


def sections(index: Index, query: Query) -> dict[str, int]:
    return {section.way: section.total for section in index.search(query).sections}


def test_a_stop_term_needs_not_be_there(indexed: Callable[[Aids], Index]) -> None:
    index = indexed(Aids(stops=frozenset({"project"})))
    assert sections(index, Query("Project rail")) == {"words": 2}
    assert sections(index, Query("project rail", match=WORDS)) == {"words": 1}
    assert sections(index, Query('"rail freight project"')) == {"words": 1}


def test_nothing_but_stop_terms_is_searched_for(indexed: Callable[[Aids], Index]) -> None:
    index = indexed(Aids(stops=frozenset({"project"})))
    assert sections(index, Query("project")) == {"words": 1}


class Likes:
    """Any text as a line that is like one title."""

    emphasis: Mapping[str, float] = {}

    def __init__(self, title: str) -> None:
        self._title = title

    def likeness(self, documents: Sequence[Mapping[str, Sequence[Text]]]) -> list[float]:
        return [float(fields["title"][0].text == self._title) for fields in documents]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("title", ["Rail A", "Rail B", "Rail C"])
def test_what_a_line_names_comes_first(tmp_path: Path, backend: str, title: str) -> None:
    documents = [
        Document(f"d{n}", n, {"title": (Text(f"Rail {letter}", "en"),)})
        for n, letter in enumerate("ABC", 1)
    ]
    made = BACKENDS[backend](tmp_path, lambda: Aids(line=lambda text: Likes(title)))
    found = build(made, [documents]).search(Query("rail freight by sea and over borders")).hits
    assert [hit.way for hit in found] == ["close"] * 3
    assert found[0].id == f"d{'ABC'.index(title[-1]) + 1}"


@pytest.mark.parametrize("alternative", ["small enterprise", "piccola impresa"])
def test_an_alternative_of_no_language_is_of_all(
    indexed: Callable[[Aids], Index], alternative: str
) -> None:
    index = indexed(Aids(Says("sme", alternative)))
    assert sections(index, Query("sme")) == {"words": 0, "related": 1}
