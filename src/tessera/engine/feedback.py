"""More words for a question, from the documents that fit it best (relevance feedback, RM3).

V. Lavrenko and W. B. Croft, Relevance-Based Language Models, SIGIR 2001; N. Abdul-Jaleel et al.,
UMass at TREC 2004.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nlargest

from tessera.engine import ranking
from tessera.engine.analysis import terms_by_position
from tessera.engine.analysis.grams import MAX_WORDS, gram_text, grams
from tessera.engine.analysis.stopwords import is_stop_word
from tessera.engine.document import Text
from tessera.engine.fusion import Ranked
from tessera.engine.plan import AnyTerm, Best, Either, Grams, PlanNode
from tessera.engine.reading import Reading

DOCUMENTS = 10
"""Documents that words are taken from."""
TERMS = 30
"""Words that are taken."""
CANDIDATES = 120
GRAM_CANDIDATES = 400
"""Words and grams whose frequency in the index is looked up."""
GRAM_DOCUMENTS = 5
"""Documents that grams are taken from."""
GRAMS = 100
"""Grams that are taken."""
OWN = 0.5
"""The share of the question's own words in the whole weight."""


def with_feedback(reading: Reading, words: Mapping[PlanNode, int], ranked: Ranked) -> PlanNode:
    """The question's words, and with weights those that mark the documents that fit it best.

    words: with how often each was asked for.
    """
    counts = _weighed(reading, ranked[:DOCUMENTS], _terms)
    marks: dict[str, float] = {}
    for term in nlargest(CANDIDATES, counts, key=counts.__getitem__):
        frequency = reading.frequency(AnyTerm((term,)))
        if frequency:
            marks[term] = counts[term] * ranking.idf(frequency, reading.documents)
    chosen = sorted(marks, key=lambda term: -marks[term])[:TERMS]
    whole = sum(marks[term] for term in chosen)
    asked = sum(words.values())
    own_share = [Best(((OWN * count / asked, node),)) for node, count in words.items()]
    added = [Best((((1 - OWN) * marks[term] / whole, AnyTerm((term,))),)) for term in chosen]
    return Either((*own_share, *added))


def feedback_grams(reading: Reading, ranked: Ranked) -> Grams:
    """The sequences of letters that mark the documents that fit best; these cross languages.

    What is found in the reader's language leads to what says the same in others: names, numbers
    and words of one root are alike in letters.
    """
    counts = _weighed(reading, ranked[:GRAM_DOCUMENTS], _grams)
    marks: dict[str, float] = {}
    for gram in nlargest(GRAM_CANDIDATES, counts, key=counts.__getitem__):
        idf = ranking.idf(reading.gram_frequency(gram), reading.documents)
        marks[gram] = counts[gram] * idf
    chosen = nlargest(GRAMS, marks, key=marks.__getitem__)
    most = max(marks.values(), default=1.0)
    return Grams(tuple((marks[gram] / most, gram) for gram in chosen))


def _weighed(
    reading: Reading,
    head: Ranked,
    terms: Callable[[Mapping[str, tuple[Text, ...]]], Iterable[str]],
) -> dict[str, float]:
    """How often each term occurs in documents, by their scores and in relation to their length."""
    best = head[0][1]
    weights = [math.exp(score - best) for _, score in head]
    counts: defaultdict[str, float] = defaultdict(float)
    for weight, texts in zip(weights, reading.texts([key for key, _ in head]), strict=True):
        own = Counter(terms(texts))
        length = sum(own.values())
        for term, count in own.items():
            counts[term] += weight * count / length
    return counts


def _grams(texts: Mapping[str, tuple[Text, ...]]) -> Iterator[str]:
    for several in texts.values():
        for text in several:
            positions = terms_by_position(text.text[: 8 * MAX_WORDS], text.lang)
            yield from grams(gram_text(positions))


def _terms(texts: Mapping[str, tuple[Text, ...]]) -> Iterator[str]:
    """The stems of a document's words, or their surfaces where they have none; no stop words."""
    for several in texts.values():
        for text in several:
            head = text.text[: 8 * MAX_WORDS]
            for terms in terms_by_position(head, text.lang)[:MAX_WORDS]:
                if len(terms[0]) > 1 and not is_stop_word(terms[0], text.lang):
                    yield next((term for term in terms if ":" in term), terms[0])
