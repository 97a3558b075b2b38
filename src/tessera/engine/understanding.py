"""What a typed text is taken to mean: a fixed set of documents, in sections.

The set depends on the text and the index alone, never on filters, order or page: those only
restrict and arrange it. So each number on a page is exact, however a document was found:

- `words`: the documents with all words as typed. Of a question, stop words need not be there.
- `linked`: the same with the help of texts that are not their own (`TextField.own`): people, of
  whom a project, news or a file say it.
- `related`: those with all words, some of them in another form: a translation, a synonym.
- `close`: of a question that all this finds little for, documents with most of its words (rare
  ones weigh more), and the closest ones by a fusion of words, letters and meaning.

docs/reference/ranking.md tells the whole of it, with what each part brought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tessera.engine.aids import Aids
from tessera.engine.closest import MOST, closest
from tessera.engine.expansion import Expansion
from tessera.engine.plan import (
    Among,
    Both,
    Either,
    Everything,
    Nothing,
    Own,
    PlanNode,
    Without,
    plan,
)
from tessera.engine.query import WORDS, Query
from tessera.engine.question import Question, most_of, weights
from tessera.engine.reading import Reading
from tessera.engine.result import Way

LITTLE: Final = 20
"""Documents with all words, below which the closest others follow: a page of them."""


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
    expansions: tuple[Expansion, ...] = ()

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


def understood(reading: Reading, query: Query, aids: Aids) -> Understanding:
    """What the query's text means in this state of an index."""
    planned = plan(query.text, reading.langs)
    question = None if query.match == WORDS else Question.of(query, reading, aids)
    if question is None:
        parts = _said(reading, planned)
        return Understanding(tuple(parts[:1] if query.match == WORDS else parts), planned)
    found = reading.total(question.all)
    parts = _said(reading, question.all if found else Nothing())
    if question.related != question.all:
        # An expansion never takes a word away, so this holds the documents with all words, too.
        found = reading.total(question.related)
        parts.append(Part("related", question.related if found else Nothing()))
    if found < (LITTLE if question.long else 1) and "close" not in aids.off:
        parts += _close(reading, question, aids, found)
    marked = question.related if question.related != question.all else planned
    return Understanding(tuple(parts), marked, question.expansions)


def _said(reading: Reading, node: PlanNode) -> list[Part]:
    """The documents that say it themselves, then those of which others say it."""
    if not reading.borrows or isinstance(node, Everything):
        return [Part("words", node)]
    return [Part("words", Own(node)), Part("linked", node)]


def _close(reading: Reading, question: Question, aids: Aids, found: int) -> list[Part]:
    """found: how many documents have all words, or what may stand for them."""
    ranked = closest(reading, question, aids)
    if not ranked:
        return []
    node: PlanNode = Among(tuple(key for key, _ in ranked))
    fuller = reading.best(Both((node, question.related)), len(ranked)) if found else []
    before = {key for key, _ in fuller}
    often = question.often() if question.several else {}
    weighted = weights(reading, often)
    if weighted:
        node = Either((node, most_of(weighted, MOST, often)))
    return [Part("close", node, tuple(each for each in ranked if each[0] not in before))]
