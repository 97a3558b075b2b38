"""Answer judged queries with the product's own analysis and ranking, for `tessera eval`.

Judged queries are whole sentences, of which few documents hold every word; so documents are
ranked by the words they do hold (`match="any"`), by the same scores as in every search. Words that
occur nowhere are corrected, as in every search.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.errors import EngineError
from tessera.engine.fields import RELEVANCE, IndexSchema, TextField
from tessera.engine.query import Query
from tessera.engine.spelling.deciding import sentence

SCHEMA = IndexSchema(
    name="evaluation",
    version=1,
    texts=(TextField("title", weight=2.0), TextField("text")),
    facets=(),
    sorts=(),
    default_sort=RELEVANCE,
)
_INDEX = "evaluation"
_TAG = "tessera"


def evaluate(docs: Path, queries: Path, out: Path, depth: int, backend: Backend) -> None:
    """Index `docs`, answer `queries` and write a TREC run of at most `depth` lines a query.

    docs: JSON lines of {id, lang, title, text}; queries: of {id, lang, text}.
    Raises EngineError for a line that is neither, and where an evaluation index exists already.
    """
    backend.create(SCHEMA, _INDEX)
    with backend.writer(SCHEMA, _INDEX) as writer:
        writer.put(_documents(docs))
    index = backend.index(SCHEMA, _INDEX)
    with out.open("w", encoding="utf-8") as run:
        for query in _lines(queries, "id", "text"):
            answers = _answers(index, query["text"], query.get("lang", ""), depth)
            for rank, (id_, score) in enumerate(answers, 1):
                run.write(f"{query['id']} Q0 {id_} {rank} {score:.6f} {_TAG}\n")


def _answers(index: Index, text: str, lang: str, depth: int) -> Iterator[tuple[str, float]]:
    query = Query(sentence(index, text), sort=RELEVANCE, size=depth, lang=lang)
    for hit in index.search(query, highlight=False, match="any").hits:
        yield hit.id, hit.score


def _documents(path: Path) -> Iterator[Document]:
    for number, line in enumerate(_lines(path, "id", "title", "text"), 1):
        lang = line.get("lang") or "und"
        texts = {name: (Text(line[name], lang),) for name in ("title", "text") if line[name]}
        yield Document(line["id"], number, texts)


def _lines(path: Path, *names: str) -> Iterator[dict[str, str]]:
    """The JSON objects of a file, each with text under all of these names."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except ValueError as error:
                raise EngineError(f"{path}, line {number}: not JSON: {error}") from error
            texts = [found.get(n) for n in names] if isinstance(found, dict) else [None]
            if not all(isinstance(text, str) for text in texts):
                raise EngineError(f"{path}, line {number}: expected text under {', '.join(names)}")
            yield found
