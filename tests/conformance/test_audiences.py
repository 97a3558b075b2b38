"""Nobody is answered anything by documents that aren't for them.

The measure is an index that was built without these documents: whatever is asked, the answers are
the same, down to the scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.audience import BOTH, Audience
from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.query import Query
from tessera.engine.result import Result
from tessera.engine.spelling.deciding import correction
from tessera.engine.spelling.spellers import spellers
from tests.conformance import strategies as some
from tests.conformance.catalogue import CATALOGUE, NOW, SCHEMA
from tests.conformance.conftest import MakeBackend, build
from tests.conformance.test_random import A_FEW, FACETS

EVERYONE, MEMBERS = Audience.EVERYONE, Audience.MEMBERS
ALONE = {audience: frozenset({audience}) for audience in Audience}

person = Document(
    "person",
    90,
    {
        "title": (Text("Zsófia Quastenbrück", "en"),),
        "text": (Text("She knows xylophones and cluster policies.", "en"),),
    },
    {"kind": ("person",), "theme": ("secrecy",), "region": ("SI",)},
    years={"year": (1999,)},
    sort={"title": "zsofia"},
    stored={"title": "Zsófia Quastenbrück"},
    audiences=ALONE[MEMBERS],
)
colleague = replace(
    person,
    id="colleague",
    key=91,
    texts={"title": (Text("Zsófia Quastenbruch", "en"),)},
    stored={"title": "Zsófia Quastenbruch"},
    audiences=ALONE[EVERYONE],
)


def put(backend: Backend, *batches: Sequence[Document], name: str = "first") -> None:
    build(backend, batches, name=name)


def only(batches: Iterable[Sequence[Document]], audience: Audience) -> list[list[Document]]:
    """What is there for an audience, as documents for both, put all at once."""
    last = {document.id: document for batch in batches for document in batch}
    seen = [document for document in last.values() if audience in document.audiences]
    return [[replace(document, audiences=BOTH) for document in seen]]


def ids(index: Index, query: Query | None = None) -> list[str]:
    return sorted(hit.id for hit in index.search(query or Query(size=100)).hits)


def told(result: Result) -> tuple[object, ...]:
    """An answer without the time it took, and with scores to what single floats hold."""
    hits = [(h.id, h.key, h.stored, h.highlights, h.way, round(h.score, 3)) for h in result.hits]
    rest = (result.total, result.facets, result.sections, result.expansions, result.correction)
    return (hits, *rest)


def compare(index: Index, alone: Index, texts: Sequence[str], queries: Sequence[Query]) -> None:
    """Everything that can be asked of an index."""
    assert sorted(index.ids()) == sorted(alone.ids())
    assert len(index) == len(alone)
    assert dict(index.words()) == dict(alone.words())
    every = [f"d{number}" for number in range(41)]
    assert index.get(every) == alone.get(every)
    for query in (*queries, *(Query(text, sort="relevance", size=100) for text in texts)):
        answers = [each.search(query, facets=FACETS, now=NOW) for each in (index, alone)]
        assert told(answers[0]) == told(answers[1]), query
        assert index.count(query, now=NOW) == alone.count(query, now=NOW) == answers[0].total
        assert correction(index, query) == correction(alone, query), query
    for text in texts:
        for word in text.split():
            assert index.frequency(word) == alone.frequency(word), word
            for typed in (text, word, word[:3], f"{word[:2]}x{word[3:]}"):
                assert index.suggest(typed) == alone.suggest(typed), typed


@st.composite
def _shown(draw: st.DrawFn) -> list[list[Document]]:
    """Batches of documents for some or for both, each id once: a fresh index has exact scores."""
    seen: set[str] = set()
    batches: list[list[Document]] = []
    for batch in draw(some.batches):
        batches.append([])
        for document in batch:
            if document.id not in seen:
                seen.add(document.id)
                audiences = draw(st.sampled_from((BOTH, BOTH, *ALONE.values())))
                batches[-1].append(replace(document, audiences=audiences))
    return batches


@A_FEW
@given(
    batches=_shown(),
    texts=st.lists(some.typed, min_size=1, max_size=3),
    long=st.lists(some.words, min_size=4, max_size=8),
    queries=st.lists(some.queries(), max_size=4),
)
def test_each_audience_is_answered_as_if_there_were_nothing_else(
    make_backend: MakeBackend,
    batches: list[list[Document]],
    texts: list[str],
    long: list[str],
    queries: list[Query],
) -> None:
    mixed = make_backend()
    put(mixed, *batches)
    asked = [*texts, " ".join(long), *(f"{word[:2]}{word[3:]}" for word in long[:2])]
    for audience in Audience:
        alone = make_backend()
        put(alone, *only(batches, audience))
        compare(mixed.current(SCHEMA, audience), alone.current(SCHEMA), asked, queries)


@A_FEW
@given(
    batches=some.batches, audiences=st.lists(st.sampled_from((BOTH, *ALONE.values())), min_size=1)
)
def test_what_is_put_again_is_for_those_named_last(
    make_backend: MakeBackend, batches: list[list[Document]], audiences: list[frozenset[Audience]]
) -> None:
    numbers = iter(range(10**6))
    shown = [
        [replace(d, audiences=audiences[next(numbers) % len(audiences)]) for d in batch]
        for batch in ([*{d.id: d for d in batch}.values()] for batch in batches)
    ]
    backend = make_backend()
    put(backend, *shown)
    last = {document.id: document for batch in shown for document in batch}
    for audience in Audience:
        index = backend.current(SCHEMA, audience)
        wanted = sorted(d.id for d in last.values() if audience in d.audiences)
        assert sorted(index.ids()) == wanted
        assert len(index) == len(wanted)


def test_everyone_is_who_asks_without_saying(backend: Backend) -> None:
    put(backend, [*CATALOGUE, person])
    for index in (backend.current(SCHEMA), backend.index(SCHEMA, "first")):
        assert index.audience is EVERYONE
        assert "person" not in ids(index)
    members = backend.current(SCHEMA, MEMBERS)
    assert members.audience is MEMBERS
    assert ids(members) == sorted([*ids(backend.current(SCHEMA)), "person"])


def test_nothing_betrays_a_hidden_person(backend: Backend) -> None:
    put(backend, [*CATALOGUE, person])
    index = backend.current(SCHEMA)
    for text in ("Quastenbrück", "quasten*", "xylophones", '"cluster policies" xylophones'):
        result = index.search(Query(text, match="words"), facets=FACETS)
        assert result.total == 0, text
    facets = index.search(Query(), facets=FACETS).facets
    values = {bucket.value for facet in facets.values() for bucket in facet.buckets}
    assert values.isdisjoint({"person", "secrecy", "1999"})
    chosen = index.search(Query().with_filter("kind", "person"), facets=["kind"]).facets["kind"]
    assert [b.count for b in chosen.buckets if b.value == "person"] == [0]
    assert (
        index.suggest("Zsófia") == index.suggest("quastenb") == index.suggest("Quostenbruck") == ()
    )
    assert index.frequency("xylophones") == 0
    assert index.get(["person"]) == {}
    assert correction(index, Query("xylophonez")) is None
    assert "xylophones" not in dict(index.words())


def test_what_everyone_is_told_says_nothing_of_spelling_to_members_only(backend: Backend) -> None:
    """And the other way round: what is kept of one audience's words isn't used for the other."""
    put(backend, [*CATALOGUE, person])
    for audience, found in ((MEMBERS, True), (EVERYONE, False), (MEMBERS, True)):
        index = backend.current(SCHEMA, audience)
        offered = correction(index, Query("xylophonez"))
        assert (offered is not None) == found
        assert bool(index.suggest("Quostenbruck")) == found


def test_a_record_may_say_less_to_some_under_one_id(backend: Backend) -> None:
    public = replace(
        person,
        texts={"title": person.texts["title"]},
        stored={"title": "Z. Q."},
        audiences=ALONE[EVERYONE],
    )
    put(backend, [*CATALOGUE, person, public])
    everyone, members = (backend.current(SCHEMA, audience) for audience in Audience)
    for index, named, found in ((everyone, "Z. Q.", 0), (members, "Zsófia Quastenbrück", 1)):
        assert index.get(["person"]) == {"person": {"title": named}}
        assert index.count(Query("xylophones", match="words")) == found
        assert index.count(Query("Quastenbrück")) == 1
        assert len(index) == len(CATALOGUE) + 1
    with backend.writer(SCHEMA, "first") as writer:
        writer.delete(["person"])
    for audience in Audience:
        assert ids(backend.current(SCHEMA, audience)) == sorted(d.id for d in CATALOGUE)


def test_a_later_document_is_for_those_it_names_alone(backend: Backend) -> None:
    put(backend, [*CATALOGUE, replace(person, audiences=BOTH)])
    assert "person" in ids(backend.current(SCHEMA))
    assert correction(backend.current(SCHEMA), Query("xylophonez")) is not None
    put(backend, [person])
    everyone = backend.current(SCHEMA)
    assert "person" not in ids(everyone)
    assert "xylophones" not in dict(everyone.words())
    assert correction(everyone, Query("xylophonez")) is None
    assert everyone.suggest("Zsófia") == ()
    assert "person" in ids(backend.current(SCHEMA, MEMBERS))
    put(backend, [replace(person, audiences=BOTH)], [colleague])
    assert {"person", "colleague"} <= set(ids(backend.current(SCHEMA)))
    assert "colleague" not in ids(backend.current(SCHEMA, MEMBERS))


def test_what_was_not_committed_is_nobodys(backend: Backend) -> None:
    put(backend, CATALOGUE)
    with pytest.raises(RuntimeError), backend.writer(SCHEMA, "first") as writer:
        writer.put([person])
        raise RuntimeError
    with backend.writer(SCHEMA, "first") as writer:
        writer.put([person])
        writer.delete(["person"])
    with backend.writer(SCHEMA, "first") as writer:
        writer.put([person])
        writer.rollback()
    for audience in Audience:
        assert "person" not in ids(backend.current(SCHEMA, audience))


def test_an_index_held_since_before_sees_no_more_than_it_may(backend: Backend) -> None:
    put(backend, CATALOGUE)
    held = backend.current(SCHEMA)
    put(backend, [person, colleague])
    assert ids(held) == sorted([*(d.id for d in CATALOGUE), "colleague"])
    assert held.frequency("xylophones") == 0


@pytest.mark.parametrize("parted", [(), ("one",), ("two",), ("one", "two")])
def test_joined_indexes_keep_audiences_apart(backend: Backend, parted: tuple[str, ...]) -> None:
    extra = {"one": [person], "two": [colleague]}
    for name, documents in (("one", CATALOGUE[:3]), ("two", CATALOGUE[3:])):
        put(backend, documents, extra[name] if name in parted else [], name=name)
    backend.create(SCHEMA, "whole")
    put(backend, name="other")
    backend.join(SCHEMA, "whole", ["one", "two"])
    backend.promote("whole")
    expected = [*CATALOGUE, *(extra["one"] if "one" in parted else ())]
    expected += extra["two"] if "two" in parted else ()
    for audience in Audience:
        index = backend.current(SCHEMA, audience)
        assert ids(index) == sorted(d.id for d in expected if audience in d.audiences)
    put(backend, [replace(CATALOGUE[0], audiences=ALONE[MEMBERS])], name="whole")
    assert CATALOGUE[0].id not in ids(backend.current(SCHEMA))
    assert CATALOGUE[0].id in ids(backend.current(SCHEMA, MEMBERS))


def test_a_speller_of_some_minutes_ago_offers_nothing_withdrawn_since(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of a large index is kept for a while."""
    names = [replace(colleague, id=f"c{n}", key=200 + n, audiences=BOTH) for n in range(3)]
    put(backend, [*CATALOGUE, replace(person, audiences=BOTH), *names])
    index = backend.current(SCHEMA)
    speller = spellers.of(index, wait=True)
    assert speller is not None
    put(backend, [person])
    monkeypatch.setattr(spellers, "of", lambda index, *, wait=False: speller)
    index = backend.current(SCHEMA)
    assert speller.frequency("xylophones")
    assert correction(index, Query("xylophonez")) is None
    offered = correction(index, Query("Quastenbruchk"))
    assert offered is not None
    assert "Quastenbruck" not in offered.words[0][1].split(" / ")
    # What someone withdrew is no proof that a word is spelt right, either.
    typed = correction(index, Query("Quastenbruck"))
    assert typed is not None
    assert typed.corrected.lower() == "quastenbruch"
