"""What makes one document come before another: the numbers that every backend shares.

The whole definition, with reasons, stands in docs/reference/ranking.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from tessera.engine.analysis import IN_COMPOUND
from tessera.engine.fields import TextField
from tessera.engine.plan import (
    AnyTerm,
    Best,
    Both,
    Either,
    Grams,
    Most,
    Own,
    PlanNode,
    Sequence,
    StartsWith,
)

K1 = 1.2
"""How soon further occurrences of a word in a text stop counting (BM25)."""
B = 0.75
"""How much longer texts are held back (BM25)."""
OTHER_FIELDS = 0.2
"""The share of a word's score in its weaker fields that is added to that in its best field."""
PART = 0.8
"""Of a word's weight in a name field: a match by prefix or part (1 would be about exact)."""
COMPOUND = 0.8
"""Of a word's occurrence: where it is a part of a compound (Wasser in Abwasserreinigung)."""
START = 0.5
"""Of a field's weight: a match of `prefix*`, which is too vague for a weight of its own."""

ABSENT_TEXT = 150
"""As how long, in entries, a field counts towards the average where a document lacks it; a field
that few documents have would otherwise have a tiny average and be held back for its length."""
ABSENT_NAME = 10
"""The same for fields with `parts`."""

MIN_BOOST = 0.1
MAX_BOOST = 10.0
"""Bounds of `Document.boost`."""


def idf(frequency: int, documents: int) -> float:
    """How much a word tells that occurs in `frequency` of `documents` documents; above 0."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def word_frequency(terms: Mapping[str, int], parts: int, documents: int) -> int:
    """In about how many documents a word occurs in one field.

    terms: the document frequency of each of the word's terms. parts: that of its name part.

    Surfaces and stems are two views of the same occurrences, so the larger sum counts; stems of
    different languages are of different documents and add up. All terms of the word then get
    the weight of this one frequency: else a stem that is rare only because few documents are
    in its language would outrank the word itself.
    """
    surfaces = sum(count for term, count in terms.items() if ":" not in term)
    stems = sum(count for term, count in terms.items() if ":" in term)
    return min(documents, max(surfaces, stems, parts))


def saturation(count: int, length: int, average: float) -> float:
    """From 0 to K1 + 1: what `count` occurrences in a text of `length` entries are worth."""
    norm = K1 * (1 - B + B * rounded_length(length) / average)
    return (K1 + 1) * count / (count + norm)


def term_share(term: str) -> float:
    """What an occurrence of this term counts of one of the word itself."""
    return COMPOUND if IN_COMPOUND in term else 1.0


def absent_length(field: TextField) -> int:
    return ABSENT_NAME if field.parts else ABSENT_TEXT


def rounded_length(length: int) -> int:
    """A text's length as search engines keep it, in one byte: exact up to 40, then rounded down.

    Lengths from 24 on are kept to four significant bits, counted from 24.
    """
    if length < 40:
        return length
    above = length - 24
    shift = above.bit_length() - 4
    return 24 + ((above >> shift) << shift)


def scoring_words(plan: PlanNode) -> tuple[AnyTerm | StartsWith | Grams, ...]:
    """What of a plan gives a score: its words and grams, but for those in `Without`."""
    match plan:
        case AnyTerm() | StartsWith() | Grams():
            return (plan,)
        case Sequence(positions):
            return positions
        case Both(nodes) | Either(nodes):
            return tuple(word for node in nodes for word in scoring_words(node))
        case Best(parts):
            return tuple(word for _, node in parts for word in scoring_words(node))
        case Own(node) | Most(scored=node):
            return scoring_words(node)
        case _:
            return ()


def checked_boost(boost: float) -> float:
    """A document's boost to four decimals; ValueError outside MIN_BOOST to MAX_BOOST."""
    if not MIN_BOOST <= boost <= MAX_BOOST:
        raise ValueError(f"boost {boost!r} is not from {MIN_BOOST:g} to {MAX_BOOST:g}")
    return round(boost, 4)
