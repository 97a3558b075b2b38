"""What a typed text is taken to mean: a fixed set of documents, in sections.

The set depends on the text and the index alone, never on filters, order or page: those only
restrict and arrange it. So each number on a page is exact, however a document was found:

- `words`: the documents with all words as typed. Of a question, stop words need not be there.
- `close`: of a question that this finds little for, documents with most of its words (rare ones
  weigh more), and the closest ones by a fusion of words, letters and meaning.

docs/reference/ranking.md tells the whole of it, with what each part brought.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tessera.engine import fusion, ranking
from tessera.engine.analysis import prefix_key
from tessera.engine.analysis.grams import gram_text, grams
from tessera.engine.analysis.stopwords import likely_language, stop_words
from tessera.engine.feedback import with_feedback
from tessera.engine.plan import (
    Among,
    AnyTerm,
    Both,
    Either,
    Grams,
    Most,
    Nothing,
    PlanNode,
    Without,
    plan,
    plan_word,
)
from tessera.engine.query import WORDS, Query
from tessera.engine.reading import Reading
from tessera.engine.result import Way
from tessera.engine.syntax import And, Term, parse

LITTLE = 20
"""Documents with all words, below which the closest others follow: a page of them."""
QUESTION = 4
"""Words that tell something, from which on a text is a question and not a name or a topic."""
MOST = 0.6
"""Share of a question's words, by weight, that are most of them."""
NEAR = 0.2
"""Share of them that a document must hold to be among the closest by words."""
NEAR_GRAMS = 0.2
"""Share of a question's grams that a document must hold to be among the closest by letters."""
ALIKE_GRAMS = 0.6
"""The same of a short text that nothing holds all words of."""
MAX_GRAMS = 128
"""Grams of a question that are looked for: of some twenty words."""
CLOSEST = 100
"""Closest documents that are taken in at most."""
WEIGHT = 8
"""Whole weights of words are from 1 to this."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section before filters: the documents of `node` that are in no part before it.

    first: those that come first, by key, with their scores; the others follow by `node`'s.
    """

    way: Way
    node: PlanNode
    first: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """The parts in their order; their nodes may overlap. marked: what is highlighted."""

    parts: tuple[Part, ...]
    marked: PlanNode

    @property
    def whole(self) -> PlanNode:
        """All documents of all parts."""
        nodes = tuple(part.node for part in self.parts)
        return Either(nodes) if len(nodes) > 1 else nodes[0]

    def section(self, number: int) -> PlanNode:
        """The documents of a part that are in none before it."""
        node = self.parts[number].node
        before = tuple(Without(part.node) for part in self.parts[:number])
        return Both((node, *before)) if before else node


def understood(reading: Reading, query: Query) -> Understanding:
    """What the query's text means in this state of an index."""
    planned = plan(query.text, reading.langs)
    question = None if query.match == WORDS else Question.of(query.text, reading)
    if question is None:
        return Understanding((Part("words", planned),), planned)
    parts = [Part("words", question.all)]
    if reading.total(question.all) < (LITTLE if question.long else 1):
        close = _close(reading, question)
        if close is not None:
            parts.append(close)
    return Understanding(tuple(parts), planned)


@dataclass(frozen=True, slots=True)
class Question:
    """Plain words without grammar. nodes: of those that tell something, at least one."""

    words: tuple[str, ...]
    nodes: tuple[PlanNode, ...]

    @classmethod
    def of(cls, text: str, reading: Reading) -> Question | None:
        """None where the text has grammar in it, or no words."""
        node = parse(text)
        terms = node.nodes if isinstance(node, And) else (node,)
        typed = [term.word for term in terms if isinstance(term, Term)]
        if len(typed) < len(terms):
            return None
        planned = {word: plan_word(word, reading.langs) for word in typed}
        words = [word for word in planned if not isinstance(planned[word], Nothing)]
        telling = _telling(words, reading)
        if not telling:
            return None
        return cls(tuple(telling), tuple(dict.fromkeys(planned[word] for word in telling)))

    @property
    def long(self) -> bool:
        return len(self.nodes) >= QUESTION

    @property
    def all(self) -> PlanNode:
        return Both(self.nodes) if len(self.nodes) > 1 else self.nodes[0]


def _telling(words: Sequence[str], reading: Reading) -> list[str]:
    """The words of a long text that are no stop words; all of a short one, or of nothing else."""
    if len(words) <= QUESTION:
        return list(words)
    surfaces = [prefix_key(word) for word in words]
    stops = stop_words(likely_language(surfaces, reading.langs))
    kept = [word for word, surface in zip(words, surfaces, strict=True) if surface not in stops]
    return kept or list(words)


def _close(reading: Reading, question: Question) -> Part | None:
    """The documents that come closest to a question, and those with most of its words."""
    lists = []
    weights = _weights(reading, question) if question.long else {}
    if weights:
        lists.append((1.0, reading.best(_most(weights, NEAR), fusion.DEPTH)))
    letters = _grams(question)
    if letters is not None:
        lists.append((1.0, reading.best(letters, fusion.DEPTH)))
    ranked = fusion.fused(lists)
    if not ranked:
        return None
    if weights:
        expanded = with_feedback(reading, list(weights), ranked)
        lists.append((1.0, reading.best(expanded, fusion.DEPTH)))
        ranked = fusion.fused(lists)
    ranked = ranked[:CLOSEST]
    words = reading.keywords([key for key, _ in ranked])
    ranked = fusion.smoothed(ranked, fusion.keyword_closeness(words))
    closest = Among(tuple(key for key, _ in ranked))
    node: PlanNode = closest
    if weights:
        node = Either((closest, _most(weights, MOST)))
    exact = {key for key, _ in reading.best(Both((closest, question.all)), len(ranked))}
    return Part("close", node, tuple(each for each in ranked if each[0] not in exact))


def _weights(reading: Reading, question: Question) -> dict[PlanNode, int]:
    """The words that occur at all, with whole weights by how much they tell."""
    idfs = {}
    for node in question.nodes:
        found = reading.frequency(node) if isinstance(node, AnyTerm) else reading.total(node)
        if found:
            idfs[node] = ranking.idf(found, reading.documents)
    most = max(idfs.values(), default=0.0)
    return {node: max(1, round(WEIGHT * idf / most)) for node, idf in idfs.items()}


def _most(weights: dict[PlanNode, int], share: float) -> Most:
    """This share of the words, by weight."""
    parts = tuple((weight, node) for node, weight in weights.items())
    return Most(parts, max(1, math.ceil(share * sum(weights.values()))))


def _grams(question: Question) -> Grams | None:
    """What comes close in letters; None where the text is too short to tell."""
    text = gram_text([(key,) for word in question.words if (key := prefix_key(word))])
    found = tuple(dict.fromkeys(grams(text)))[:MAX_GRAMS]
    share = NEAR_GRAMS if question.long else ALIKE_GRAMS
    return Grams(found, max(2, math.ceil(share * len(found)))) if len(found) > 1 else None
