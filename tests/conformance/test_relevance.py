"""What comes first, and how far backends may differ in it (docs/reference/ranking.md)."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from tessera.engine.backend import Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.document import Document, Text
from tessera.engine.query import Query
from tests.conformance.conftest import MakeBackend, build

BOUNDS = {50: (0.90, 0.99, 0.99), 10: (0.85, 0.98, 0.97)}
"""Where one in so many documents was replaced since the index was built: of how many queries the
first twenty are the same, what share of them is the same, and Kendall's tau of their order."""


def order(make_backend: MakeBackend, text: str, *documents: Document) -> list[str]:
    hits = build(make_backend(), [documents]).search(Query(text)).hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    return [hit.id for hit in hits]


def note(id_: str, boost: float = 1.0, lang: str = "en", **texts: str) -> Document:
    return Document(id_, 1, {n: (Text(t, lang),) for n, t in texts.items()}, boost=boost)


FILLER = [note(f"filler {n}", text=f"nothing of interest in number {n}") for n in range(30)]


def test_better_fields_first(make_backend: MakeBackend) -> None:
    found = order(
        make_backend,
        "harbour",
        note("text", text="the harbour"),
        note("summary", summary="the harbour"),
        note("title", title="the harbour"),
        note("acronym", acronym="HARBOUR"),
        *FILLER,
    )
    assert found == ["acronym", "title", "summary", "text"]


def test_a_part_of_a_name_between_exact_names_and_texts(make_backend: MakeBackend) -> None:
    found = order(
        make_backend,
        "cluster",
        note("text", text="cluster cluster cluster"),
        note("exact", title="cluster"),
        note("part", title="clusteryard"),
        *FILLER,
    )
    assert found == ["exact", "part", "text"]


def test_recency_decides_between_equals_and_not_more(make_backend: MakeBackend) -> None:
    found = order(
        make_backend,
        "harbour",
        note("older", 1.0, text="the harbour"),
        note("newer", 1.2, text="the harbour"),
        note("title", 1.0, title="the harbour"),
        *FILLER,
    )
    assert found == ["title", "newer", "older"]


def test_a_rare_language_does_not_outrank(make_backend: MakeBackend) -> None:
    """One word, equally often, in equally long texts: the number of texts in a language is
    no reason to prefer it."""
    english = [note(f"en {n}", text="old harbours here") for n in range(20)]
    danish = note("da", lang="da", text="old harbours here")
    hits = build(make_backend(), [[*english, danish, *FILLER]]).search(Query("harbours")).hits
    assert max(h.score for h in hits) == pytest.approx(min(h.score for h in hits), rel=0.02)


@pytest.mark.parametrize("step", BOUNDS)
def test_the_order_is_that_of_memory_within_bounds(make_backend: MakeBackend, step: int) -> None:
    mine, memory, queries = updated(make_backend, step)
    assert len(queries) > 60
    same, shared, taus = 0, [], []
    for text in queries:
        got = [hit.id for hit in mine.search(Query(text), highlight=False).hits]
        expected = [hit.id for hit in memory.search(Query(text), highlight=False).hits]
        same += set(got) == set(expected)
        shared.append(len(set(got) & set(expected)) / len(expected))
        places = {id_: place for place, id_ in enumerate(got)}
        pairs = list(combinations([id_ for id_ in expected if id_ in places], 2))
        if pairs:
            agree = sum(1 if places[a] < places[b] else -1 for a, b in pairs)
            taus.append(agree / len(pairs))
    found = (same / len(queries), sum(shared) / len(shared), sum(taus) / len(taus))
    assert all(got >= bound for got, bound in zip(found, BOUNDS[step], strict=True)), found


def updated(make_backend: MakeBackend, step: int) -> tuple[Index, Index, list[str]]:
    """This backend and memory, with 1,200 documents of which some were replaced, and queries."""
    dice = random.Random(3)
    vocabulary = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("n", "r", "ling")]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]

    def words(count: int) -> str:
        return " ".join(dice.choices(vocabulary, weights, k=count))

    def document(number: int) -> Document:
        lang = dice.choice(("en", "de", "sv"))
        texts = {"title": words(5), "summary": words(20), "text": words(dice.randint(20, 150))}
        return note(f"d{number}", 1 + number % 5 / 20, lang, **texts)

    first = [document(number) for number in range(1200)]
    changed = [document(number) for number in range(0, 1200, step)]
    mine, memory = (build(b, [first, changed]) for b in (make_backend(), MemoryBackend()))
    queries = [" ".join(dice.choices(vocabulary, k=1 + n % 3)) for n in range(100)]
    return mine, memory, [text for text in queries if memory.count(Query(text)) > 1]
