"""What tells how close two documents are: kept with each document by every backend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from zlib import crc32

from tessera.engine.analysis import terms_by_position
from tessera.engine.analysis.grams import MAX_WORDS, gram_text
from tessera.engine.analysis.stopwords import is_stop_word
from tessera.engine.document import Document
from tessera.engine.fields import IndexSchema

KEYWORDS = 64
"""Keywords of a document; offline, 64 told as much as all words."""
MAX_COUNT = 255
_HASH = (1 << 24) - 1

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
    for field in schema.texts:
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
    for field in sorted(schema.texts, key=lambda field: -field.weight):
        worth = 2 if field.weight > 1 else 1
        for lang, positions in texts[field.name]:
            for terms in positions[:MAX_WORDS]:
                if len(terms[0]) > 1 and not is_stop_word(terms[0], lang):
                    counts[1 + crc32(_stem(terms).encode()) % _HASH] += worth
    return tuple((word, min(n, MAX_COUNT)) for word, n in counts.most_common(KEYWORDS))


def packed(keywords: tuple[tuple[int, int], ...]) -> list[int]:
    """KEYWORDS numbers of 32 bits: the hash times 256 plus the count; 0 for none."""
    words = [word << 8 | count for word, count in keywords]
    return words + [0] * (KEYWORDS - len(words))


def _stem(terms: tuple[str, ...]) -> str:
    """The stem of a word, or its surface where it has none."""
    return next((term for term in terms if ":" in term), terms[0])
