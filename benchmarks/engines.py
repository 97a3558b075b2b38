"""The engine alone: Tessera's against SQLite FTS5, the same work on the same documents."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.corpus import FIELD_WORDS, SEED, Corpus
from benchmarks.fts5 import Fts5
from tessera.engine.analysis import tokens
from tessera.engine.backend import Index
from tessera.engine.backends.open import open_backend
from tessera.engine.document import Document
from tessera.engine.query import Filter, Query
from tessera.schema.document import LinkedRecord, RecordView, to_document
from tessera.schema.draft import RecordDraft
from tessera.schema.fields import SCHEMA

FACETS = ("country", "programme", "period", "theme", "status", "organisation_type")
"""The six that are counted."""

DEEP = 10_000
"""Results before the deep page."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of processor time of each of a list of searches, sorted.

    Not of the clock: what else the machine does in the meantime is neither side's fault.
    """

    times: tuple[float, ...]

    @classmethod
    def of(cls, work: Callable[[Query], object], queries: Sequence[Query], least: int) -> Timing:
        """Time each query by itself; the whole list again until there are `least` times."""
        for query in queries[:5]:
            work(query)
        times: list[float] = []
        gc.collect()
        while len(times) < least:
            for query in queries:
                start = time.process_time()
                work(query)
                times.append((time.process_time() - start) * 1000)
        return cls(tuple(sorted(times)))

    def percentile(self, percent: int) -> float:
        return self.times[min(len(self.times) - 1, len(self.times) * percent // 100)]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One kind of work: both timings, and over how many matches on average."""

    work: str
    matches: float
    tessera: Timing
    fts5: Timing


@dataclass(frozen=True, slots=True)
class Built:
    """What indexing took: seconds of processor time, megabytes on disk."""

    engine: str
    seconds: float
    megabytes: float


def documents(corpus: Corpus) -> Iterator[Document]:
    """The corpus as the schema makes documents of it, linked to its organisations."""
    for number, record in enumerate(corpus):
        draft = RecordDraft.from_json(record)
        links = tuple(
            LinkedRecord("partner", organisation.id, "organisation", outgoing=True)
            for organisation in draft.organisations
        )
        view = RecordView(number + 1, draft.id, draft.kind, draft.canonical(), links)
        yield to_document(view)


def build(corpus: Corpus, folder: Path) -> tuple[Index, Fts5, tuple[Built, Built]]:
    """Both indexes, of the same documents."""
    made = list(documents(corpus))
    # The analysis remembers words: else the side that is built first would learn them for both.
    for document in made:
        for texts in document.texts.values():
            for text in texts:
                tokens(text.text, text.lang)
    backend = open_backend("tantivy:", folder)
    backend.create(SCHEMA, "bench")
    start = time.process_time()
    with backend.writer(SCHEMA, "bench") as writer:
        writer.put(made)
    tessera = time.process_time() - start
    backend.promote("bench")
    path = folder / "fts5.sqlite3"
    fts5 = Fts5(path, SCHEMA, FACETS)
    start = time.process_time()
    fts5.fill(made)
    other = time.process_time() - start
    built = (
        Built("Tessera", tessera, _size((folder / "index").rglob("*"))),
        Built("FTS5", other, _size([path])),
    )
    return backend.current(SCHEMA), fts5, built


def _size(files: Iterable[Path]) -> float:
    return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


def compare(
    index: Index, fts5: Fts5, corpus: Corpus, say: Callable[[str], None]
) -> list[Comparison]:
    """Check that both give the same numbers, then time both."""
    chance = random.Random(f"{SEED} queries")
    words = [Query(word) for word in _words(index)]
    filtered = [_filtered(query, corpus, chance) for query in words * 3]
    prefixes = [Query(f"{word[:3]}*") for word in FIELD_WORDS]
    deep = [
        Query(query.text, page=DEEP // query.size + 1)
        for query in words
        if index.count(query) > DEEP + query.size
    ]

    def top(query: Query) -> object:
        return index.search(query, highlight=False)

    def faceted(query: Query) -> object:
        return index.search(query, facets=FACETS, highlight=False)

    def fts5_faceted(query: Query) -> object:
        return fts5.faceted(query, FACETS)

    works = [
        ("top 20 and the exact total", words, top, fts5.top),
        ("two filters, top 20, six disjunctive facets", filtered, faceted, fts5_faceted),
        ("three-letter prefix, top 20 and total", prefixes, top, fts5.top),
        (f"page of 20 after {DEEP:,} results", deep, top, fts5.top),
    ]
    found = []
    for name, queries, ours, theirs in works:
        if not queries:
            say(f"{name}: left out, no query has so many matches in this corpus")
            continue
        say(f"{name}: {len(queries)} queries")
        for query in queries:
            _same(index, fts5, query)
        found.append(
            Comparison(
                name,
                sum(index.count(query) for query in queries) / len(queries),
                Timing.of(ours, queries, 300),
                Timing.of(theirs, queries, 60),
            )
        )
    return found


def _words(index: Index) -> list[str]:
    """One and two words to ask for: broad ones, middling ones and rare ones."""
    found = [word for word in FIELD_WORDS if index.frequency(word)]
    pairs = [f"{first} {second}" for first, second in pairwise(found[:8])]
    return found + pairs


def _filtered(query: Query, corpus: Corpus, chance: random.Random) -> Query:
    """The query under two filters, of two choices and of four."""
    countries = tuple(sorted(chance.sample(("DE", "IT", "LT", "SI", "FR", "PL", "AT"), 2)))
    themes = tuple(sorted(chance.sample(corpus.themes, 4)))
    return Query(query.text, (Filter("country", countries), Filter("theme", themes)))


def _same(index: Index, fts5: Fts5, query: Query) -> None:
    """Both sides count the same; ValueError says where they don't."""
    ours = index.search(query, facets=FACETS, highlight=False)
    total, _, counts = fts5.faceted(query, FACETS)
    if ours.total != total:
        raise ValueError(f"{query.to_params()}: Tessera finds {ours.total}, FTS5 {total}")
    for name, facet in ours.facets.items():
        listed = {bucket.value: bucket.count for bucket in facet.buckets if bucket.count}
        if listed != counts[name]:
            raise ValueError(f"{query.to_params()}: the counts of {name} differ")
