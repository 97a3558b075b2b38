"""What is found by what others say of a document: after all that say it themselves."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.fields import IndexSchema, SortOrder, TextField
from tessera.engine.query import WORDS, Query
from tests.conformance.conftest import build

SCHEMA = IndexSchema(
    name="people",
    version=1,
    texts=(
        TextField("title", weight=4.0, parts=True, passages=False),
        TextField("text"),
        TextField("told", weight=0.5, passages=False, own=False),
    ),
    facets=(),
    sorts=(SortOrder("title", "title"),),
    default_sort="title",
)
WORDS_USED = "ports trains forests wood water clusters reuse of waste".split()


def person(key: int, name: str, text: str = "", *told: str, boost: float = 1.0) -> Document:
    texts = {"title": (Text(name),)}
    if text:
        texts["text"] = (Text(text, "en"),)
    if told:
        texts["told"] = tuple(Text(each, "en", f"project p:{n}") for n, each in enumerate(told))
    return Document(f"d{key}", key, texts, sort={"title": name}, boost=boost)


PEOPLE = (
    person(1, "Ann Pine", "I count things. " * 80 + "Wood waste, too."),
    person(2, "Ben Pine", "", "Wood waste! Wood waste! Wood waste!", boost=2.0),
    person(3, "Cem Oak", "", "Reuse of wood", "Reuse of waste"),
    person(4, "Dora Elm", "Wood is what I know.", "Waste of words"),
    person(5, "Eva Ash", "Trains."),
)


@pytest.fixture
def people(backend: Backend) -> Index:
    return build(backend, [PEOPLE[:2], PEOPLE[2:]], SCHEMA)


def ways(index: Index, query: Query) -> list[tuple[str, str]]:
    return [(hit.id, hit.way) for hit in index.search(query).hits]


def test_nobody_comes_before_one_whose_own_text_says_it(people: Index) -> None:
    found = ways(people, Query("wood waste"))
    assert found[0] == ("d1", "words")
    assert {id_ for id_, way in found[1:] if way == "linked"} == {"d2", "d3", "d4"}
    result = people.search(Query("wood waste"))
    assert sum(each.total for each in result.sections) == result.total == 4
    assert (result.as_typed, people.count(Query("wood waste"))) == (4, 4)
    assert ways(people, Query("wood waste", match=WORDS)) == [("d1", "words")]


def test_a_name_and_a_topic_find_one_of_whom_it_is_told(people: Index) -> None:
    assert ways(people, Query("pine wood")) == [("d1", "words"), ("d2", "linked")]


def test_what_is_told_is_shown_first_and_only_where_it_was_needed(people: Index) -> None:
    by_id = {hit.id: hit.highlights for hit in people.search(Query("wood waste")).hits}
    assert [each.field for each in by_id["d1"]] == ["text"]
    first = by_id["d3"][0]
    assert (first.field, first.label) == ("told", "project p:0")
    assert first.html == "Reuse of <mark>wood</mark>"
    assert by_id["d4"][0].html == "<mark>Waste</mark> of words"
    assert [each.field for each in by_id["d4"]] == ["told", "text"]


def test_a_minus_excludes_by_what_is_told_only_where_that_is_looked_at(people: Index) -> None:
    found = ways(people, Query("wood -words"))
    assert ("d4", "words") in found
    assert found[-2:] == [("d2", "linked"), ("d3", "linked")]
    assert ways(people, Query('"reuse of"')) == [("d3", "linked")]
    assert ways(people, Query("reus*")) == [("d3", "linked")]


def test_no_words_no_sections(people: Index) -> None:
    assert [each.way for each in people.search(Query()).sections] == ["words"]


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_changes_nothing_for_what_documents_say(backend: Backend, seed: int) -> None:
    pick = random.Random(seed)

    def text() -> str:
        return " ".join(pick.choices(WORDS_USED, k=pick.randint(1, 12)))

    told = [person(n, f"N{n}", text(), text(), text()) for n in range(1, 30)]
    told += [person(n, f"N{n}", "", text()) for n in range(30, 50)]
    silent = [replace(d, texts={k: v for k, v in d.texts.items() if k != "told"}) for d in told]
    speaking = build(backend, [told], SCHEMA, "speaking")
    plain = build(backend, [silent], replace(SCHEMA, name="plain"), "plain")
    assert dict(speaking.words()) == dict(plain.words())
    for query in (Query(text(), match=WORDS, size=100) for _ in range(25)):
        own, wanted = speaking.search(query).hits, plain.search(query).hits
        assert [hit.id for hit in own] == [hit.id for hit in wanted], query.text
        assert [h.score for h in own] == pytest.approx([h.score for h in wanted], rel=1e-3)
        asked = {word for word in query.text.split() if word != "of"}
        for hit in speaking.search(replace(query, match="")).hits:
            texts = told[hit.key - 1].texts
            said = {w for each in texts.values() for t in each for w in t.text.split()}
            assert hit.way != "linked" or asked <= said
