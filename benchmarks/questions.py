"""How long a search takes by how much is asked: from two words to a pasted paragraph.

    python -m benchmarks.questions --home HOME --out docs/reference/performance.md

So many of a site's own records make an index. What is asked are words in a row of their texts, in
whatever language those are, no question twice: with everything on that the engine does, without
and with an encoder, and the same of peers, one after the other. `--home` is a site with records,
such as `python -m benchmarks.everything --home HOME` leaves.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import peers
from benchmarks.report import say, section, table, write
from tessera.engine.aids import Aids
from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.backends.open import open_backend
from tessera.engine.document import Document
from tessera.engine.query import Query
from tessera.schema.fields import SCHEMA
from tessera.schema.vocabularies import LANGUAGES
from tessera.site.serving import collect_seldom

TITLE: Final = "Questions"
LENGTHS: Final = (2, 3, 6, 12, 40)
EACH: Final = 60
WARM: Final = 30
BATCH: Final = 500
SHOWN: Final = 20
"""Hits that are asked for, with their passages."""
_SEED: Final = 50

ENCODED: Final = "Tessera with an encoder"

Ask = Callable[[str], object]


@dataclass(slots=True)
class Times:
    """Milliseconds, of the clock and of the processor, a pair for each question."""

    wall: list[float] = field(default_factory=list)
    computing: list[float] = field(default_factory=list)

    def take(self, ask: Ask, text: str) -> None:
        computing, wall = time.process_time(), time.perf_counter()
        ask(text)
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.computing.append(1000 * (time.process_time() - computing))


def documents(home: Path, records: int) -> list[Document]:
    """So many documents of a site's records, drawn by lot."""
    os.environ |= {"TESSERA_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tessera.site.settings"}
    import django

    django.setup()
    from tessera.indexing.sync import documents_of
    from tessera.records.models import Record

    kept = Record.objects.filter(withdrawn_at=None, answers_as="").order_by("pk")
    numbers = list(kept.values_list("pk", flat=True))
    drawn = sorted(random.Random(_SEED).sample(numbers, min(records, len(numbers))))
    found: list[Document] = []
    for start in range(0, len(drawn), BATCH):
        some = Record.objects.filter(pk__in=drawn[start : start + BATCH])
        found += [d for d in documents_of(some) if Audience.EVERYONE in d.audiences]
    return found


def questions(documents: Sequence[Document], number: int) -> dict[int, list[str]]:
    """By length, texts of so many words in a row; none twice."""
    chance = random.Random(_SEED)
    found: dict[int, dict[str, None]] = {length: {} for length in LENGTHS}
    while any(len(several) < number for several in found.values()):
        texts = [
            text.text for several in chance.choice(documents).texts.values() for text in several
        ]
        words = chance.choice(texts).split() if texts else []
        for length, several in found.items():
            if len(several) < number and len(words) >= length:
                start = chance.randrange(len(words) - length + 1)
                several[" ".join(words[start : start + length])] = None
    return {length: list(several) for length, several in found.items()}


def with_encoder(folder: Path, documents: Sequence[Document]) -> Aids | None:
    """Meaning with MiniLM and a made-up vector for each document; None where it isn't installed.

    How long a search takes depends neither on what vectors say nor on the language of a question:
    so MiniLM is asked in all of them here, which it doesn't know.
    """
    from tessera.engine.meaning.errors import MeaningError
    from tessera.engine.meaning.folder import find_encoder

    try:
        found = find_encoder("minilm", folder)
    except MeaningError as error:
        say(f"without an encoder: {error}")
        return None
    from tessera.engine.meaning.encoder import Encoder
    from tessera.engine.meaning.meaning import Meaning
    from tessera.engine.meaning.store import VectorReader, VectorWriter

    encoder = Encoder(found, folder / "encoders")
    chance = np.random.default_rng(_SEED)
    ids = [document.id for document in documents]
    with VectorWriter(folder / "vectors", encoder.dimensions) as writer:
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            made = chance.standard_normal((len(some), encoder.dimensions), np.float32)
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            writer.add({b"%016d" % (start + at): vector for at, vector in enumerate(made)})
            writer.commit({id_: [start + at] for at, id_ in enumerate(some)})
    reader = VectorReader(folder / "vectors", encoder.dimensions).refresh()
    known = frozenset(ids)
    meaning = Meaning(
        encoder, frozenset({*LANGUAGES, "und"}), reader,
        detect=lambda text: "en", present=lambda ids, audience: known.intersection(ids),
    )  # fmt: skip
    return Aids(meaning=meaning)


def asked_of(index: Index) -> Ask:
    return lambda text: index.search(Query(text, size=SHOWN))


def peer(name: str, documents: Sequence[Document]) -> Ask:
    """A peer over the same texts, asked for any of the words."""
    search = peers.PEERS[name](_plain(documents))
    return lambda text: search(text, "", SHOWN)


def _plain(documents: Sequence[Document]) -> Iterator[peers.Doc]:
    for document in documents:
        title, text = (
            " ".join(
                text.text
                for name, several in document.texts.items()
                for text in several
                if (name == "title") is titles
            )
            for titles in (True, False)
        )
        yield peers.Doc(document.id, "", title, text)


def measure(
    asks: Mapping[str, Ask], asked: Mapping[int, Sequence[str]]
) -> dict[int, dict[str, Times]]:
    """Of each length the times of each who is asked, by turns."""
    found: dict[int, dict[str, Times]] = {}
    for length, texts in asked.items():
        say(f"asking {len(texts)} times {length} words")
        found[length] = {name: Times() for name in asks}
        each = (len(texts) - WARM) // 2
        for name, ask in asks.items():
            # Words that were seen before are marked faster: none has seen the other's.
            first = WARM + each if name == ENCODED else WARM
            for text in texts[:WARM]:
                ask(text)
            for text in texts[first : first + each]:
                found[length][name].take(ask, text)
    return found


def lines(documents: int, found: Mapping[int, Mapping[str, Times]]) -> list[str]:
    rows = []
    for length, by_name in found.items():
        own = statistics.median(by_name["Tessera"].wall)
        for name, times in by_name.items():
            p50, p95 = _p(times.wall, 50), _p(times.wall, 95)
            computing = statistics.median(times.computing)
            rows.append(
                [f"{length} words, {name}", f"{p50:.1f}", f"{p95:.1f}", f"{computing:.1f}",
                 f"{p50 / own:.2f}"]
            )  # fmt: skip
    heads = ["asked", "p50, ms", "p95", "computing p50", "p50 to Tessera's"]
    number = len(next(iter(next(iter(found.values())).values())).wall)
    return [
        f"{documents:,} records of a site, drawn by lot; of each length {number} texts of so many"
        " words in a row out of them, each asked for the first time (with the encoder others than"
        " without). Tessera: everything that its engine does, 20 hits with their passages (exact"
        " totals, words, letters, feedback, neighbours, compounds; no facets, no dictionary). With"
        " the encoder: MiniLM besides, and a vector for each record. The others look for any of"
        " the words, and do nothing else.",
        "",
        *table(heads, rows),
    ]


def _p(times: Sequence[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions")
    parser.add_argument("--home", type=Path, required=True, help="a site with records")
    parser.add_argument("--records", type=int, default=50_000, help="so many of them (50000)")
    parser.add_argument("--each", type=int, default=EACH, help="questions of a length (60)")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    drawn = documents(args.home, args.records)
    asked = questions(drawn, 2 * args.each + WARM)
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as name:
        folder = Path(name)
        say(f"indexing {len(drawn):,} records")
        backend = open_backend("tantivy:", folder)
        backend.create(SCHEMA, "bench")
        with backend.writer(SCHEMA, "bench") as writer:
            for start in range(0, len(drawn), BATCH):
                writer.put(drawn[start : start + BATCH])
        backend.promote("bench")
        asks = {"Tessera": asked_of(backend.current(SCHEMA))}
        aids = with_encoder(folder, drawn)
        if aids is not None:
            known = aids
            near = open_backend("tantivy:", folder, lambda: known)
            asks[ENCODED] = asked_of(near.current(SCHEMA))
        asks |= {name: peer(name, drawn) for name in ("tantivy", "fts5")}
        number = len(drawn)
        del drawn
        collect_seldom()
        made = lines(number, measure(asks, asked))
    write(args.out, {TITLE: section("python -m benchmarks.questions --home HOME", made)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
