"""How an index schema lies in tantivy: which of its fields hold what, and how documents are made.

| tantivy field | holds |
|---|---|
| `id`, `key_*` | the document id: a term, and its first bytes as numbers for breaking ties |
| `number` | the document's key |
| `all` | the same term in each document: its frequency is what BM25 takes for their number |
| `lang` | languages that the document is written in |
| `name` | whole names, folded, for suggestions |
| `text_F` | terms of text field F with positions |
| `part_F` | name parts of text field F |
| `grams` | sequences of four characters of all texts |
| `keywords_*` | two keywords each: hash and count in 32 bits; 0 for none |
| `facet_F` | values of facet F, years as text, MISSING among them |
| `moment_F` | seconds since 1970 of a WHEN facet |
| `sort_S`, `sort_S_0`... | sort keys of order S (see `sortkeys`); order `~boost` is by boost |
| `weight` | such that log2(2 + weight), by which tantivy multiplies, is boost / MIN_BOOST |
| `stored`, `texts` | JSON, handed back |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tantivy

from tessera.engine import ranking
from tessera.engine.analysis import grams, name_parts
from tessera.engine.backends import closeness
from tessera.engine.backends.names import exact_names
from tessera.engine.backends.request import values_of
from tessera.engine.backends.tantivy import sortkeys
from tessera.engine.document import Document, Text
from tessera.engine.fields import FacetType, IndexSchema

EVERY = "1"
"""The term of field `all`."""
ABSENT = ":"
"""The term of a text field in documents that lack it; no word has a colon first."""
BOOST_ORDER = "~boost"
LAYOUT_VERSION = 3
"""Raise it whenever this module lays documents out differently; older indexes are outdated."""

_MAX_TERM = 60_000


def text_field(name: str) -> str:
    return f"text_{name}"


def part_field(name: str) -> str:
    return f"part_{name}"


def facet_field(name: str) -> str:
    return f"facet_{name}"


def moment_field(name: str) -> str:
    return f"moment_{name}"


def sort_field(order: str) -> str:
    return "boost" if order == BOOST_ORDER else f"sort_{order}"


def chunk_fields(field: str) -> list[str]:
    return [f"{field}_{number}" for number in range(sortkeys.CHUNKS)]


ID_CHUNKS = chunk_fields("key")
KEYWORDS = [f"keywords_{number}" for number in range(closeness.KEYWORDS // 2)]
_GRAMS = "grams"


def tantivy_schema(schema: IndexSchema) -> tantivy.Schema:
    """Raises ValueError for names that tantivy can't have."""
    builder = tantivy.SchemaBuilder()

    def add_terms(name: str, *, fast: bool = False) -> None:
        builder.add_text_field(name, fast=fast, tokenizer_name="raw", index_option="basic")

    def add_order(name: str) -> None:
        add_terms(name, fast=True)
        for chunk in chunk_fields(name):
            builder.add_unsigned_field(chunk, fast=True)

    for name in ("id", "all", "lang", "name"):
        add_terms(name)
    builder.add_unsigned_field("number", fast=True, indexed=True)
    for number in (*ID_CHUNKS, *KEYWORDS):
        builder.add_unsigned_field(number, fast=True)
    builder.add_text_field("grams", tokenizer_name=_GRAMS, index_option="freq")
    for text in schema.texts:
        builder.add_text_field(
            text_field(text.name), tokenizer_name="whitespace", index_option="position"
        )
        if text.parts:
            builder.add_text_field(
                part_field(text.name), tokenizer_name="whitespace", index_option="basic"
            )
    for facet in schema.facets:
        if facet.type is FacetType.WHEN:
            builder.add_integer_field(moment_field(facet.name), fast=True)
        else:
            add_terms(facet_field(facet.name), fast=True)
    for order in (*(order.name for order in schema.sorts), BOOST_ORDER):
        add_order(sort_field(order))
    builder.add_float_field("weight", fast=True)
    builder.add_bytes_field("stored", stored=True)
    builder.add_bytes_field("texts", stored=True)
    return builder.build()


def opened(path: Path) -> tantivy.Index:
    """An index of this layout, ready to be read and written."""
    index = tantivy.Index.open(str(path))
    cut = tantivy.Tokenizer.ngram(grams.SIZE, grams.SIZE, False)
    index.register_tokenizer(_GRAMS, tantivy.TextAnalyzerBuilder(cut).build())
    index.config_reader("manual")
    return index


def tantivy_document(document: Document, schema: IndexSchema) -> tantivy.Document:
    """Raises ValueError for values that can't be indexed."""
    boost = ranking.checked_boost(document.boost)
    made = tantivy.Document()
    made.add_text("id", _checked(document.id, document))
    made.add_text("all", EVERY)
    _add_numbers(made, ID_CHUNKS, sortkeys.chunks(document.id.encode()))
    for name in exact_names(document, schema):
        if len(name.encode()) <= _MAX_TERM:
            made.add_text("name", name)
    for lang in document.langs:
        made.add_text("lang", lang)
    made.add_unsigned("number", document.key)
    found = closeness.analysed(document, schema)
    for text in closeness.gram_texts(found, schema):
        made.add_text("grams", text)
    _add_numbers(made, KEYWORDS, _paired(closeness.packed(closeness.keywords(found, schema))))
    for field in schema.texts:
        texts = document.texts.get(field.name, ())
        made_texts = [_entries(positions) for _, positions in found[field.name]]
        if not any(made_texts):
            made.add_text(text_field(field.name), _absent(ranking.absent_length(field)))
        for entries in made_texts:
            whole = tantivy.PreTokenizedString("", entries)
            made.add_pre_tokenized_text(text_field(field.name), whole)
        if field.parts:
            parts = {part for text in texts for part in name_parts(text.text, text.lang)}
            made.add_text(part_field(field.name), " ".join(parts))
    for name, values in values_of(document, schema.facets).items():
        for value in values:
            made.add_text(facet_field(name), _checked(value, document))
    for facet in schema.facets:
        if facet.type is FacetType.WHEN and facet.name in document.moments:
            made.add_integer(moment_field(facet.name), document.moments[facet.name])
    for order in schema.sorts:
        key = document.sort.get(order.key)
        whole_key = sortkeys.composed(key, document.id, descending=order.descending)
        _add_order(made, sort_field(order.name), whole_key)
    _add_order(made, sort_field(BOOST_ORDER), sortkeys.boosted(boost, document.id))
    made.add_float("weight", 2.0 ** (boost / ranking.MIN_BOOST) - 2.0)
    made.add_bytes("stored", _stored(document, boost))
    made.add_bytes("texts", _texts(document))
    return made


def _paired(words: list[int]) -> list[int]:
    """Packed keywords, two to a number of `KEYWORDS`."""
    return [words[at] << 32 | words[at + 1] for at in range(0, len(words), 2)]


def _entries(positions: list[tuple[str, ...]]) -> list[tantivy.Token]:
    # Tantivy leaves a gap between the values of a field, so no phrase runs across two texts.
    token = tantivy.Token
    return [
        token(term, position, 0, 0) for position, terms in enumerate(positions) for term in terms
    ]


@cache
def _absent(length: int) -> str:
    """Entries that nothing finds, for the average length.

    As text, which tantivy cuts in a fifteenth of the time that it takes to hand over tokens.
    """
    return " ".join([ABSENT] * length)


def _add_order(made: tantivy.Document, field: str, key: bytes) -> None:
    made.add_text(field, sortkeys.as_text(key))
    _add_numbers(made, chunk_fields(field), sortkeys.chunks(key))


def _add_numbers(made: tantivy.Document, fields: Iterable[str], numbers: Iterable[int]) -> None:
    for field, number in zip(fields, numbers, strict=True):
        made.add_unsigned(field, number)


def _checked(term: str, document: Document) -> str:
    if len(term) > _MAX_TERM // 4:
        raise ValueError(f"a value of document {document.id[:80]!r} is too long: {term[:80]!r}…")
    return term


def _stored(document: Document, boost: float) -> bytes:
    return json.dumps(
        [document.id, document.key, boost, dict(document.stored)], separators=(",", ":")
    ).encode()


@dataclass(frozen=True, slots=True)
class Stored:
    """What is handed back of a document."""

    id: str
    key: int
    boost: float
    values: dict[str, object]


def read_stored(found: tantivy.Document) -> Stored:
    return Stored(*json.loads(bytes(found.get_first("stored") or b"")))


def _texts(document: Document) -> bytes:
    texts = {
        name: [[text.text, text.lang, text.label] for text in texts]
        for name, texts in document.texts.items()
    }
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode(
        errors="surrogatepass"
    )


def read_texts(found: tantivy.Document) -> Mapping[str, tuple[Text, ...]]:
    """The texts for highlighting."""
    data = bytes(found.get_first("texts") or b"")
    texts = json.loads(data.decode(errors="surrogatepass"))
    return {name: tuple(Text(*parts) for parts in values) for name, values in texts.items()}
