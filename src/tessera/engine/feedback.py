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
from tessera.engine.analysis.grams import MAX_WORDS
from tessera.engine.analysis.stopwords import is_stop_word
from tessera.engine.document import Text
from tessera.engine.fusion import Ranked
from tessera.engine.plan import AnyTerm, Best, Either, PlanNode
from tessera.engine.reading import Reading

DOCUMENTS = 10
"""Documents that words are taken from."""
TERMS = 30
"""Words that are taken."""
CANDIDATES = 120
"""Words whose frequency in the index is looked up."""
OWN = 0.5
"""The share of the question's own words in the whole weight."""


def with_feedback(reading: Reading, words: Sequence[PlanNode], ranked: Ranked) -> PlanNode:
    """The question's words and, with weights, those that mark the documents that fit it best."""
    head = ranked[:DOCUMENTS]
    best = head[0][1]
    weights = [math.exp(score - best) for _, score in head]
    counts: defaultdict[str, float] = defaultdict(float)
    for weight, texts in zip(weights, reading.texts([key for key, _ in head]), strict=True):
        own = Counter(_terms(texts))
        length = sum(own.values())
        for term, count in own.items():
            counts[term] += weight * count / length
    marks: dict[str, float] = {}
    for term in nlargest(CANDIDATES, counts, key=counts.__getitem__):
        frequency = reading.frequency(AnyTerm((term,)))
        if frequency:
            marks[term] = counts[term] * ranking.idf(frequency, reading.documents)
    chosen = sorted(marks, key=lambda term: -marks[term])[:TERMS]
    whole = sum(marks[term] for term in chosen)
    own_share = [Best(((OWN / len(words), node),)) for node in words]
    added = [Best((((1 - OWN) * marks[term] / whole, AnyTerm((term,))),)) for term in chosen]
    return Either((*own_share, *added))


def _terms(texts: Mapping[str, tuple[Text, ...]]) -> Iterator[str]:
    """The stems of a document's words, or their surfaces where they have none; no stop words."""
    for several in texts.values():
        for text in several:
            head = text.text[: 8 * MAX_WORDS]
            for terms in terms_by_position(head, text.lang)[:MAX_WORDS]:
                if len(terms[0]) > 1 and not is_stop_word(terms[0], text.lang):
                    yield next((term for term in terms if ":" in term), terms[0])
