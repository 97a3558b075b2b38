"""Well-known ways to search, as peers of Tessera on judged queries: the same contract as its own.

    python -m benchmarks.peers fts5 --docs D.jsonl --queries Q.jsonl --out RUN.trec --depth 1000

Each as it comes, asked for any of the words, a word in the title counting twice. Xapian is in
`benchmarks/xapian_peer.py`, since Debian's bindings are for Debian's own Python.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest
from math import log
from pathlib import Path

import Stemmer
import tantivy

Ranked = Iterable[tuple[str, float]]
"""Ids with scores."""
Search = Callable[[str, str, int], Ranked]
"""A query's text, its language and how many are wanted."""

WORD = re.compile(r"\w+")
TITLE = 2.0
"""What a word in the title counts of one in the text."""
K1, B = 1.2, 0.75
SNOWBALL = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french",
    "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Doc:
    id: str
    lang: str
    title: str
    text: str


def lines(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


class _Stems:
    def __init__(self) -> None:
        self._known: dict[str, Stemmer.Stemmer] = {}

    def __call__(self, text: str, lang: str) -> list[str]:
        """The words of a text, stemmed by Snowball where it knows the language."""
        if lang not in SNOWBALL:
            return words(text)
        if lang not in self._known:
            self._known[lang] = Stemmer.Stemmer(SNOWBALL[lang])
        stems: list[str] = self._known[lang].stemWords(words(text))
        return stems


def bm25(docs: Iterable[Doc]) -> Search:
    """BM25 (k1 1.2, b .75) over Snowball's stems, in some lines of Python."""
    stemmed = _Stems()
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    lengths: dict[str, float] = {}
    for doc in docs:
        counts: Counter[str] = Counter(stemmed(doc.text, doc.lang))
        for stem in stemmed(doc.title, doc.lang):
            counts[stem] += int(TITLE)
        lengths[doc.id] = counts.total()
        for stem, count in counts.items():
            found[stem][doc.id] = count
    average = sum(lengths.values()) / len(lengths)

    def search(text: str, lang: str, depth: int) -> Ranked:
        scores: defaultdict[str, float] = defaultdict(float)
        for stem, asked in Counter(stemmed(text, lang)).items():
            held = found.get(stem, {})
            idf = log(1 + (len(lengths) - len(held) + 0.5) / (len(held) + 0.5))
            for id_, count in held.items():
                norm = K1 * (1 - B + B * lengths[id_] / average)
                scores[id_] += asked * idf * (K1 + 1) * count / (count + norm)
        return nlargest(depth, scores.items(), key=lambda item: (item[1], item[0]))

    return search


def fts5(docs: Iterable[Doc]) -> Search:
    """SQLite FTS5 with its porter tokenizer and bm25()."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "create virtual table docs using fts5(id unindexed, title, text,"
        " tokenize='porter unicode61')"
    )
    rows = ((doc.id, doc.title, doc.text) for doc in docs)
    database.executemany("insert into docs values (?, ?, ?)", rows)

    def search(text: str, lang: str, depth: int) -> Ranked:
        wanted = " OR ".join(f'"{word}"' for word in dict.fromkeys(words(text)))
        if not wanted:
            return []
        found = database.execute(
            "select id, -bm25(docs, 0, ?, 1) as score from docs where docs match ?"
            " order by score desc limit ?",
            (TITLE, wanted, depth),
        )
        return [(str(id_), float(score)) for id_, score in found]

    return search


def plain_tantivy(docs: Iterable[Doc]) -> Search:
    """Tantivy with its default tokenizer and query parser."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title")
    builder.add_text_field("text")
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for doc in docs:
        writer.add_document(tantivy.Document(id=doc.id, title=doc.title, text=doc.text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(text: str, lang: str, depth: int) -> Ranked:
        wanted = " ".join(words(text))
        if not wanted:
            return []
        query = index.parse_query(wanted, ["title", "text"], field_boosts={"title": TITLE})
        hits = searcher.search(query, depth).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in hits]

    return search


PEERS = {"bm25": bm25, "fts5": fts5, "tantivy": plain_tantivy}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("peer", choices=PEERS)
    for name in ("docs", "queries", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--depth", type=int, default=1000)
    args = parser.parse_args()
    docs = (Doc(d["id"], d["lang"], d["title"], d["text"]) for d in lines(args.docs))
    search = PEERS[args.peer](docs)
    with args.out.open("w", encoding="utf-8") as run:
        for query in lines(args.queries):
            ranked = search(query["text"], query["lang"], args.depth)
            for rank, (id_, score) in enumerate(ranked, 1):
                run.write(f"{query['id']} Q0 {id_} {rank} {score:.6f} {args.peer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
