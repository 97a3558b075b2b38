"""The relevance of a document, written out (see docs/reference/ranking.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property

from tessera.engine import ranking
from tessera.engine.backends.memory.state import State
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


class Scoring:
    """Scores of documents that match a plan, in one state of an index."""

    def __init__(self, state: State, plan: PlanNode) -> None:
        self.state = state
        self.plan = plan
        self.fields: Mapping[str, float] = state.schema.weights
        self.words = ranking.scoring_words(plan)
        self.idfs = {word: self._idf(word) for word in self.words if isinstance(word, AnyTerm)}

    @cached_property
    def averages(self) -> dict[str, float]:
        """The average length of each field over all documents."""
        averages = {}
        for field in self.state.schema.texts:
            absent = ranking.absent_length(field)
            lengths = [length or absent for length in self.state.lengths[field.name].values()]
            averages[field.name] = sum(lengths) / len(lengths)
        return averages

    def score(self, id_: str) -> float:
        """The document's score; where the plan has no words, its boost alone."""
        boost = self.state.entries[id_].boost
        return boost * self._score(self.plan, id_) if self.words else boost

    def _score(self, node: PlanNode, id_: str) -> float:
        match node:
            case AnyTerm():
                return self._best(self._word(node, field, id_) for field in self.fields)
            case StartsWith():
                return self._best(self._beginning(node, field, id_) for field in self.fields)
            case Sequence(positions):
                return sum(self._score(position, id_) for position in positions)
            case Both(nodes):
                return sum(self._score(inner, id_) for inner in nodes)
            case Either(nodes):
                found = (n for n in nodes if id_ in self.state.matching(n, self.fields))
                return sum(self._score(inner, id_) for inner in found)
            case Best(parts):
                return max((weight * self._score(inner, id_) for weight, inner in parts), default=0)
            case Most(scored=inner):
                return self._score(inner, id_)
            case Grams(grams):
                return sum(weight * self._gram(gram, id_) for weight, gram in grams)
            case Own(inner):
                return self._own._score(inner, id_)
            case _:
                return 0.0

    @cached_property
    def _own(self) -> Scoring:
        """The same by the fields that are a document's own."""
        own = copy(self)
        own.fields = {name: w for name, w in self.fields.items() if name in self.state.schema.own}
        return own

    def _best(self, scores: Iterable[float]) -> float:
        """The best field, and a share of the others."""
        found = list(scores)
        best = max(found)
        return best + ranking.OTHER_FIELDS * (sum(found) - best)

    def _word(self, word: AnyTerm, field: str, id_: str) -> float:
        counts = self.state.counts[field]
        length, average = self.state.lengths[field][id_], self.averages[field]
        worth = [
            ranking.term_share(term) * ranking.saturation(counts[term][id_], length, average)
            for term in word.terms
            if id_ in counts.get(term, ())
        ]
        if id_ in self.state.parts[field].get(word.part, ()):
            worth.append(ranking.PART)
        return self.fields[field] * self.idfs[word] * max(worth, default=0.0)

    def _beginning(self, node: StartsWith, field: str, id_: str) -> float:
        if id_ in self.state.starting_parts(node, field):
            return self.fields[field] * ranking.PART
        if id_ in self.state.starting_words(node, field):
            return self.fields[field] * ranking.START
        return 0.0

    @cached_property
    def _gram_average(self) -> float:
        counts = (sum(entry.grams.values()) for entry in self.state.entries.values())
        return sum(counts) / len(self.state.entries)

    def _gram(self, gram: str, id_: str) -> float:
        holding = self.state.grams.get(gram, {})
        if id_ not in holding:
            return 0.0
        length = sum(self.state.entries[id_].grams.values())
        idf = ranking.idf(len(holding), len(self.state.ids))
        return idf * ranking.saturation(holding[id_], length, self._gram_average)

    def _idf(self, word: AnyTerm) -> float:
        return ranking.idf(self.frequency(word), len(self.state.ids))

    def frequency(self, word: AnyTerm) -> int:
        """In about how many documents a word occurs; see `ranking.word_frequency`."""
        documents = len(self.state.ids)
        frequency = 0
        for field in self.state.schema.own:
            counts = self.state.counts[field]
            terms = {term: len(counts.get(term, ())) for term in word.terms}
            parts = len(self.state.parts[field].get(word.part, ()))
            frequency = max(frequency, ranking.word_frequency(terms, parts, documents))
        return frequency
