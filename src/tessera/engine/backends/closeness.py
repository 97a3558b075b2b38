"""What tells how close two documents are: kept with each document by every backend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from zlib import crc32

from tessera.engine.analysis import terms_by_position
from tessera.engine.analysis.grams import MAX_WORDS, gram_text
from tessera.engine.analysis.stopwords import is_stop_word
from tessera.engine.analysis.terms import CACHED_WORDS
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema

KEYWORDS = 64
"""Keywords of a document; offline, 64 told as much as all words."""
MAX_COUNT = 255
_HASH = (1 << 24) - 1

_is_own = attrgetter("own")

Analysed = Mapping[str, list[tuple[str, list[tuple[str, ...]]]]]
"""By field, of each of its texts the language and the terms of its words."""


def analysed(document: Document, schema: IndexSchema) -> Analysed:
    return {
        field.name: [
            (text.lang, terms_by_position(text.text, text.lang))
            for text in document.texts.get(field.name, ())
        ]
        for field in schema.texts
    }


def gram_texts(texts: Analysed, schema: IndexSchema) -> Iterator[str]:
    """What the document's grams are made of; texts that weigh more come twice."""
    for field in filter(_is_own, schema.texts):
        for _, positions in texts[field.name]:
            made = gram_text(positions)
            if made:
                yield made
                if field.weight > 1:
                    yield made


def keywords(texts: Analysed, schema: IndexSchema) -> tuple[tuple[int, int], ...]:
    """The words that tell most of a document, as hashes (1 to 2**24 - 1) with their counts.

    By count, in which those of weightier fields count twice, then as they stand; no stop words.
    Hashes, because they only serve to compare documents: two words of one hash do little harm.
    """
    counts: Counter[int] = Counter()
    for field in sorted(filter(_is_own, schema.texts), key=lambda field: -field.weight):
        for lang, positions in texts[field.name]:
            words = [_keyword(terms, lang) for terms in positions[:MAX_WORDS]]
            counts.update(words)
            if field.weight > 1:
                counts.update(words)
    del counts[0]
    return tuple((word, min(n, MAX_COUNT)) for word, n in counts.most_common(KEYWORDS))


@lru_cache(CACHED_WORDS)
def _keyword(terms: tuple[str, ...], lang: str) -> int:
    """The hash of a word's stem, or of its surface where it has none; 0 for a stop word."""
    if len(terms[0]) < 2 or is_stop_word(terms[0], lang):
        return 0
    stem = next((term for term in terms if ":" in term), terms[0])
    return 1 + crc32(stem.encode()) % _HASH


def packed(keywords: tuple[tuple[int, int], ...]) -> list[int]:
    """KEYWORDS numbers of 32 bits: the hash times 256 plus the count; 0 for none."""
    words = [word << 8 | count for word, count in keywords]
    return words + [0] * (KEYWORDS - len(words))
