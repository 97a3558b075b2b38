"""More words for a question, from the documents that fit it best (relevance feedback, RM3).

V. Lavrenko and W. B. Croft, Relevance-Based Language Models, SIGIR 2001; N. Abdul-Jaleel et al.,
UMass at TREC 2004.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest

from tessera.engine import ranking
from tessera.engine.analysis import terms_by_position
from tessera.engine.analysis.grams import gram_text, grams
from tessera.engine.analysis.stopwords import stop_words
from tessera.engine.document import Text
from tessera.engine.plan import AnyTerm, Best, Either, Grams, PlanNode
from tessera.engine.reading import Reading

DOCUMENTS = 10
"""Documents that words are taken from."""
TERMS = 30
"""Words that are taken."""
CANDIDATES = 60
GRAM_CANDIDATES = 200
"""Words and grams whose frequency in the index is looked up."""
GRAM_DOCUMENTS = 5
"""Documents that grams are taken from."""
GRAMS = 100
"""Grams that are taken."""
READ = 300
"""Words of each text that are read."""
OWN = 0.5
"""The share of the question's own words in the whole weight."""

_Scored = Sequence[tuple[int, float]]


def fed_back(
    reading: Reading, words: Mapping[PlanNode, float], head: _Scored
) -> tuple[PlanNode, Grams]:
    """What more to look for, from the documents that fit best: words, and sequences of letters.

    words: those of the question, with how often each was asked for; with what is added to them
    they have OWN of the weight. head: DOCUMENTS by key with their scores, the best first. Letters
    cross languages: what is found in the reader's language leads to what says the same in others,
    in which names, numbers and roots are alike.
    """
    read = [_positions(texts) for texts in reading.texts([key for key, _ in head])]
    terms = _weighed(head, [[*_terms(several)] for several in read])
    some = head[:GRAM_DOCUMENTS]
    letters = _weighed(some, [[*_grams(several)] for several in read[: len(some)]])
    return _expanded(reading, words, terms), _marking(reading, letters)


def _expanded(
    reading: Reading, words: Mapping[PlanNode, float], counts: Mapping[str, float]
) -> PlanNode:
    marks: dict[str, float] = {}
    for term in nlargest(CANDIDATES, counts, key=counts.__getitem__):
        frequency = reading.frequency(AnyTerm((term,)))
        if frequency:
            marks[term] = counts[term] * ranking.idf(frequency, reading.documents)
    chosen = nlargest(TERMS, marks, key=marks.__getitem__)
    whole = sum(marks[term] for term in chosen)
    asked = sum(words.values())
    own_share = [Best(((OWN * count / asked, node),)) for node, count in words.items()]
    added = [Best((((1 - OWN) * marks[term] / whole, AnyTerm((term,))),)) for term in chosen]
    return Either((*own_share, *added))


def _marking(reading: Reading, counts: Mapping[str, float]) -> Grams:
    marks: dict[str, float] = {}
    for gram in nlargest(GRAM_CANDIDATES, counts, key=counts.__getitem__):
        idf = ranking.idf(reading.gram_frequency(gram), reading.documents)
        marks[gram] = counts[gram] * idf
    chosen = nlargest(GRAMS, marks, key=marks.__getitem__)
    most = max(marks.values(), default=1.0)
    return Grams(tuple((marks[gram] / most, gram) for gram in chosen))


def _weighed(head: _Scored, terms: Sequence[Sequence[str]]) -> dict[str, float]:
    """How often each term occurs in documents, by their scores and in relation to their length."""
    best = head[0][1]
    counts: defaultdict[str, float] = defaultdict(float)
    for (_, score), own in zip(head, terms, strict=True):
        if own:
            weight = math.exp(score - best) / len(own)
            for term, count in Counter(own).items():
                counts[term] += weight * count
    return counts


_Read = list[tuple[str, list[tuple[str, ...]]]]


def _positions(texts: Mapping[str, tuple[Text, ...]]) -> _Read:
    """Of each text its language and the terms of its first words."""
    return [
        (text.lang, terms_by_position(text.text[: 8 * READ], text.lang)[:READ])
        for several in texts.values()
        for text in several
    ]


def _grams(read: _Read) -> Iterator[str]:
    for _, positions in read:
        yield from grams(gram_text(positions))


def _terms(read: _Read) -> Iterator[str]:
    """The stems of words, or their surfaces where they have none; no stop words."""
    for lang, positions in read:
        stops = stop_words("en" if lang == "und" else lang)
        for terms in positions:
            if len(terms[0]) > 1 and terms[0] not in stops:
                yield next((term for term in terms if ":" in term), terms[0])
