"""What a text means: sections, and what switches them off."""

from __future__ import annotations

import pytest

from tessera.engine.aids import Aids
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.document import Document, Text
from tessera.engine.evaluate import SCHEMA
from tessera.engine.expansion import Expansion
from tessera.engine.query import Query
from tessera.engine.question import SCARCE
from tessera.engine.result import Result

TEXTS = {
    "bridge": ("en", "Repair of an old railway bridge over the river"),
    "ponte": ("it", "Il restauro del vecchio ponte ferroviario sul fiume"),
    "river": ("en", "Floods of the river in spring, and how a town lives with them"),
    "apples": ("en", "Apple orchards"),
}


class Italian:
    """One expansion, as a dictionary would give it."""

    def expand(self, words: object, lang: str, into: object) -> tuple[Expansion, ...]:
        return (Expansion(("bridge",), "ponte", "it", 0.9, "test"),)


def search(
    text: str, aids: Aids, texts: dict[str, tuple[str, str]] = TEXTS, **params: object
) -> Result:
    backend = MemoryBackend(lambda: aids)
    backend.create(SCHEMA, "first")
    with backend.writer(SCHEMA, "first") as writer:
        writer.put(
            Document(id_, number, {"text": (Text(text, lang),)})
            for number, (id_, (lang, text)) in enumerate(texts.items(), 1)
        )
    backend.promote("first")
    return backend.current(SCHEMA).search(Query(text, sort="relevance", **params))  # type: ignore[arg-type]  # only texts are given


def ways(result: Result) -> dict[str, str]:
    return {hit.id: hit.way for hit in result.hits}


def test_an_expansion_finds_more_and_never_comes_before_what_was_typed() -> None:
    result = search("bridge", Aids(Italian()))
    assert ways(result) == {"bridge": "words", "ponte": "related"}
    assert [(s.way, s.total) for s in result.sections] == [("words", 1), ("related", 1)]
    assert [each.alternative for each in result.expansions] == ["ponte"]


def test_a_comma_parts_words_without_a_blank() -> None:
    result = search("floods,spring", Aids())
    assert ways(result) == {"river": "words"}


def test_a_shortened_word_is_what_begins_with_it() -> None:
    texts = {
        "whole": ("en", "University of Vienna"),
        "other": ("en", "Universities of Graz and Vienna"),
        "short": ("en", "Univ. of Vienna"),
        "none": ("en", "Unions in Vienna"),
    }
    found = ways(search("Univ. of Vienna", Aids(), texts))
    assert found == {"short": "words", "other": "related", "whole": "related"}


@pytest.mark.parametrize("text", ["Vienna Univ.", "the vienna univ. Of all"])
def test_a_full_stop_that_may_end_a_sentence_shortens_nothing(text: str) -> None:
    texts = {"short": ("en", "Vienna univ of all the"), "whole": ("en", "University of all Vienna")}
    assert "related" not in ways(search(text, Aids(), texts)).values()


def test_what_stands_side_by_side_belongs_together() -> None:
    texts = {
        "apart": ("en", "University papers for State library and Ohio college"),
        "beside": ("en", "Papers for library and college: Ohio State University"),
    }
    asked = "which old Ohio State University laboratories"
    first = search(asked, Aids(off=frozenset({"feedback", "neighbours"})), texts).hits[0]
    assert first.id == "beside"


def test_an_expansion_that_is_not_wanted_finds_nothing() -> None:
    backend = search("bridge", Aids(Italian()), match="words")
    assert ways(backend) == {"bridge": "words"}


@pytest.mark.parametrize("off", ["letters", "feedback", "neighbours"])
def test_each_part_may_be_left_out_and_something_still_comes_close(off: str) -> None:
    question = "which old bridge of a railway was repaired after floods of the river"
    whole = search(question, Aids())
    rest = search(question, Aids(off=frozenset({off})))
    assert ways(whole)["bridge"] == ways(rest)["bridge"] == "close"
    assert whole.total == sum(section.total for section in whole.sections)


def test_nothing_comes_close_where_that_is_off() -> None:
    question = "which old bridge of a railway was repaired after floods of the river"
    assert search(question, Aids(off=frozenset({"close"}))).total == 0


def test_a_short_text_that_nothing_holds_all_of_finds_what_is_spelt_alike() -> None:
    assert ways(search("railways brigde", Aids())) == {}
    assert ways(search("apples orchard", Aids(off=frozenset({"close"})))) == {"apples": "words"}
    assert ways(search("xyzzy plugh", Aids())) == {}


def test_little_words_need_not_be_there_where_nothing_has_them_all() -> None:
    assert ways(search("an orchard", Aids())) == {"apples": "words"}
    assert ways(search("an old bridge", Aids())) == {"bridge": "words"}


def test_most_of_three_words_will_do_where_nothing_has_them_all() -> None:
    assert ways(search("railway bridge zebra", Aids())) == {"bridge": "close"}
    assert ways(search("bridge orchards", Aids())) == {}


GERMAN = {
    "apart": ("de", "Die Reinigung von Wasser aus der Stadt"),
    "reactor": ("de", "Wasser im Reaktor"),
    "dutch": ("nl", "Water, Reinigung, Wasser: drie woorden"),
}


def test_a_compound_finds_its_words_one_by_one_in_its_language() -> None:
    result = search("Wasserreinigung", Aids(), texts=GERMAN)
    assert ways(result) == {"apart": "related"}
    assert [(e.alternative, e.lang) for e in result.expansions] == [("wasser reinigung", "de")]
    off = search("Wasserreinigung", Aids(off=frozenset({"compounds", "close"})), texts=GERMAN)
    assert ways(off) == {}
    unwanted = search("Wasserreinigung", Aids(), texts=GERMAN, without=("wasser reinigung",))
    assert "related" not in ways(unwanted).values()


def test_a_compound_that_enough_documents_hold_is_not_taken_apart() -> None:
    many = {f"whole{n}": ("de", "Eine Anlage zur Wasserreinigung") for n in range(SCARCE)}
    result = search("Wasserreinigung", Aids(), texts=GERMAN | many)
    assert set(ways(result).values()) == {"words"}
    assert result.expansions == ()
