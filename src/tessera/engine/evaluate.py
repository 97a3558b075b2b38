"""Answer judged queries with the product's own analysis and ranking, for `tessera eval`.

By the search that every page makes, corrections of words that occur nowhere included: what is
measured is what people get.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tessera.engine.backend import Backend, Index
from tessera.engine.document import Document, Text
from tessera.engine.errors import EngineError
from tessera.engine.fields import RELEVANCE, IndexSchema, TextField
from tessera.engine.query import Query
from tessera.engine.spelling.deciding import sentence

if TYPE_CHECKING:
    from tessera.engine.meaning.folder import EncoderFolder
    from tessera.engine.meaning.meaning import Meaning

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


def evaluate(
    docs: Path,
    queries: Path,
    out: Path,
    depth: int,
    backend: Backend,
    off: frozenset[str] = frozenset(),
) -> None:
    """Index `docs`, answer `queries` and write a TREC run of at most `depth` lines a query.

    docs: JSON lines of {id, lang, title, text}; queries: of {id, lang, text}. off: as the
    backend's aids have it. Raises EngineError for a line that is neither, and where an evaluation
    index exists already.
    """
    backend.create(SCHEMA, _INDEX)
    with backend.writer(SCHEMA, _INDEX) as writer:
        writer.put(_documents(docs))
    index = backend.index(SCHEMA, _INDEX)
    with out.open("w", encoding="utf-8") as run:
        for query in _lines(queries, "id", "text"):
            text = query["text"] if "spelling" in off else sentence(index, query["text"])
            answers = _answers(index, text, query.get("lang", ""), depth)
            for rank, id_ in enumerate(answers, 1):
                # Scores of one section can't be compared with those of another; ranks can.
                run.write(f"{query['id']} Q0 {id_} {rank} {1 / rank:.6f} {_TAG}\n")


def meaning_of(
    docs: Path, encoder: EncoderFolder, folder: Path, detect: Callable[[str], str]
) -> Meaning:
    """Nearness in meaning to `docs`, by vectors that are kept in `folder` for the next time.

    folder: for any number of encoders and files of documents. detect: the language of a text, ""
    for unknown. Raises EngineError.
    """
    # The extra `meaning`: wanted only by who names an encoder.
    from tessera.engine.meaning.building import encode_documents, finish
    from tessera.engine.meaning.encoder import Encoder
    from tessera.engine.meaning.meaning import Meaning
    from tessera.engine.meaning.passages import VERSION
    from tessera.engine.meaning.store import VectorReader, VectorWriter

    loaded = Encoder(encoder, folder / "encoders")
    digest = hashlib.blake2b(docs.read_bytes(), digest_size=8).hexdigest()
    store = folder / f"{encoder.identity}-{VERSION}-{digest}"
    with VectorWriter(store, loaded.dimensions) as writer:
        encode_documents(writer, loaded, _documents(docs), detect)
        reader = VectorReader(store, loaded.dimensions)
        finish(writer, reader)
    return Meaning(
        loaded, encoder.languages, reader, detect=detect, present=lambda ids, audience: set(ids)
    )


def _answers(index: Index, text: str, lang: str, depth: int) -> Iterator[str]:
    query = Query(text, sort=RELEVANCE, size=depth, lang=lang)
    for hit in index.search(query, highlight=False).hits:
        yield hit.id


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
