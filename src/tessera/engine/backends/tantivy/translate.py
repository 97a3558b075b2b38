"""From plans and filters to tantivy's query objects; its query parser is never used.

Scores are those of docs/reference/ranking.md: tantivy's own BM25 of each term is multiplied by
the weight of the field and by idf(word) / idf(term), so that a word's terms count alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Several
from functools import cached_property
from itertools import product

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Wanted

from tessera.engine import ranking
from tessera.engine.backends.buckets import in_ranges, year_ranges
from tessera.engine.backends.request import facet_named
from tessera.engine.backends.tantivy import layout
from tessera.engine.backends.tantivy.snapshot import Snapshot
from tessera.engine.fields import MISSING, FacetType, TextField
from tessera.engine.plan import (
    Among,
    AnyTerm,
    Best,
    Both,
    Either,
    Everything,
    Grams,
    Most,
    Nothing,
    Own,
    PlanNode,
    Sequence,
    StartsWith,
    Without,
    Written,
)
from tessera.engine.query import Filter

_MANY_PHRASES = 8
"""Combinations of terms that are looked for one by one; more of them by one regular expression."""
_Found = tuple[list[tuple[TextField, dict[str, int], int]], int]
"""The fields with a word, each with the frequencies of its terms and of its name part; and the
frequency of the word."""
_SPECIAL = re.compile(r"[^\w:]", re.ASCII)


class Translation:
    """Queries on one snapshot. fields: the text fields that words are looked for in."""

    def __init__(self, snapshot: Snapshot, fields: Iterable[TextField] | None = None) -> None:
        self._snapshot = snapshot
        self._searcher = snapshot.searcher
        self._schema = snapshot.fields
        self._texts = tuple(snapshot.schema.texts if fields is None else fields)
        # By identity, as hashing a large node takes longer than what is spared; the node is kept
        # so that no other one takes its place.
        self._made: dict[tuple[int, bool], tuple[PlanNode, tantivy.Query]] = {}
        self._words: dict[AnyTerm, _Found] = {}

    def matching(self, node: PlanNode) -> tantivy.Query:
        """Matches what the plan matches, without scores: half the work of `scored`."""
        return self._query(node, scored=False)

    def scored(self, node: PlanNode) -> tantivy.Query:
        """Matches what the plan matches, and scores it."""
        return self._query(node, scored=True)

    def _query(self, node: PlanNode, *, scored: bool) -> tantivy.Query:
        """The query of a node, made once: the same words are looked for in one language after
        the other."""
        made = self._made.get((id(node), scored))
        if made is None:
            made = self._made[id(node), scored] = (node, self._translated(node, scored=scored))
        return made[1]

    def _translated(self, node: PlanNode, *, scored: bool) -> tantivy.Query:
        match node:
            case Everything():
                return _unscored(Wanted.all_query())
            case Nothing():
                return Wanted.empty_query()
            case Both(nodes):
                return self._all_of(nodes, scored=scored)
            case Either(nodes):
                return _any([self._query(inner, scored=scored) for inner in nodes])
            case Without():
                return self._all_of([node], scored=False)
            case AnyTerm():
                return self._word(node) if scored else self._any_term(node)
            case StartsWith(key):
                return self._beginning(key)
            case Sequence(positions):
                words = positions if scored else ()
                return _all([self._phrase(positions), *(self._word(word) for word in words)])
            case Best(parts) if scored:
                weighted = [(w, self._query(inner, scored=True)) for w, inner in parts]
                return _best([Wanted.boost_query(query, weight) for weight, query in weighted])
            case Best(parts):
                return _any([self._query(inner, scored=False) for _, inner in parts])
            case Most(scored=inner):
                most = _unscored(self._most(node))
                return _all([most, self._query(inner, scored=True)]) if scored else most
            case Grams():
                return self._grams(node, scored=scored)
            case Among() | Written() | Own():
                return self._restricted(node, scored=scored)

    @cached_property
    def _own(self) -> Translation:
        """By the fields that are a document's own."""
        return Translation(self._snapshot, [text for text in self._texts if text.own])

    def _most(self, node: Most) -> tantivy.Query:
        """A part of weight three stands there three times, which tantivy can count."""
        clauses = [
            (Occur.Should, self._query(inner, scored=False))
            for weight, inner in node.parts
            for _ in range(weight)
        ]
        return Wanted.boolean_query(clauses, minimum_number_should_match=node.needed)

    def _grams(self, node: Grams, *, scored: bool) -> tantivy.Query:
        clauses = []
        for weight, gram in node.grams:
            query = Wanted.term_query(self._schema, "grams", gram, index_option="freq")
            clauses.append((Occur.Should, Wanted.boost_query(query, weight)))
        held = Wanted.boolean_query(clauses, minimum_number_should_match=node.needed)
        return held if scored else _unscored(held)

    def _restricted(self, node: Among | Written | Own, *, scored: bool) -> tantivy.Query:
        match node:
            case Own(inner):
                return self._own._query(inner, scored=scored)
            case Written(lang):
                return _unscored(self._term("lang", lang))
            case Among(keys):
                numbers = [Wanted.term_query(self._schema, "number", key) for key in keys]
                return _unscored(_any(numbers))

    def _all_of(self, nodes: Iterable[PlanNode], *, scored: bool) -> tantivy.Query:
        clauses = [
            (Occur.MustNot, self._query(node.node, scored=False))
            if isinstance(node, Without)
            else (Occur.Must, self._query(node, scored=scored))
            for node in nodes
        ]
        if all(occur == Occur.MustNot for occur, _ in clauses):
            clauses.append((Occur.Must, _unscored(Wanted.all_query())))
        return Wanted.boolean_query(clauses)

    def _any_term(self, word: AnyTerm) -> tantivy.Query:
        found = []
        for text, terms, parts in self._found(word)[0]:
            field = layout.text_field(text.name)
            found += [self._term(field, term) for term in terms]
            if parts:
                found.append(self._term(layout.part_field(text.name), word.part))
        return _any(found)

    def _frequencies(self, word: AnyTerm) -> dict[str, dict[str, int]]:
        """By field the word's terms that it holds, with their document frequencies."""
        found: dict[str, dict[str, int]] = {}
        for term in word.terms:
            for field, frequency in self._snapshot.held(term):
                found.setdefault(field, {})[term] = frequency
        return found

    def frequency(self, word: AnyTerm) -> int:
        """In about how many documents a word occurs; see `ranking.word_frequency`."""
        return self._found(word)[1]

    def _found(self, word: AnyTerm) -> _Found:
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self._looked_up(word)
        return known

    def _looked_up(self, word: AnyTerm) -> _Found:
        documents = self._snapshot.documents
        found: list[tuple[TextField, dict[str, int], int]] = []
        frequency = 0
        by_field = self._frequencies(word)
        for text in self._texts:
            terms = by_field.get(text.name, {})
            parts = 0
            if text.parts and word.part:
                parts = self._snapshot.frequency(layout.part_field(text.name), word.part)
            if terms or parts:
                found.append((text, terms, parts))
                if not text.own:
                    continue
                at_field = ranking.word_frequency(terms, parts, documents)
                frequency = max(frequency, at_field)
        return found, frequency

    def _word(self, word: AnyTerm) -> tantivy.Query:
        found, frequency = self._found(word)
        idf = ranking.idf(frequency, self._snapshot.documents)
        return _best(
            [
                _best(list(self._alternatives(word, text, terms, parts, text.weight * idf)))
                for text, terms, parts in found
            ],
            ranking.OTHER_FIELDS,
        )

    def _alternatives(
        self, word: AnyTerm, text: TextField, terms: dict[str, int], parts: int, weight: float
    ) -> Iterator[tantivy.Query]:
        for term, frequency in terms.items():
            own = ranking.idf(frequency, self._snapshot.documents)
            query = Wanted.term_query(self._schema, layout.text_field(text.name), term)
            yield Wanted.boost_query(query, weight * ranking.term_share(term) / own)
        if parts:
            query = self._term(layout.part_field(text.name), word.part)
            yield Wanted.const_score_query(query, weight * ranking.PART)

    def _term(self, field: str, term: str) -> tantivy.Query:
        return Wanted.term_query(self._schema, field, term, index_option="basic")

    def _phrase(self, positions: Several[AnyTerm]) -> tantivy.Query:
        """The positions next to each other in one field; the words themselves are scored apart."""
        found: list[tantivy.Query] = []
        by_word = [self._frequencies(word) for word in positions]
        for text in self._texts:
            field = layout.text_field(text.name)
            alternatives = [list(by_field.get(text.name, ())) for by_field in by_word]
            if not all(alternatives):
                continue
            if math.prod(len(terms) for terms in alternatives) <= _MANY_PHRASES:
                found.extend(
                    Wanted.phrase_query(self._schema, field, list(words))
                    for words in product(*alternatives)
                )
            else:
                patterns: list[str | tuple[int, str]] = [
                    "|".join(map(_literal, terms)) for terms in alternatives
                ]
                found.append(Wanted.regex_phrase_query(self._schema, field, patterns))
        return _unscored(_any(found))

    def _beginning(self, key: str) -> tantivy.Query:
        pattern = f"{_literal(key)}[^:]*"
        fields = []
        for text in self._texts:
            words = Wanted.regex_query(self._schema, layout.text_field(text.name), pattern)
            found = [Wanted.const_score_query(words, text.weight * ranking.START)]
            if text.parts:
                parts = Wanted.regex_query(self._schema, layout.part_field(text.name), pattern)
                found.append(Wanted.const_score_query(parts, text.weight * ranking.PART))
            fields.append(_best(found))
        return _best(fields, ranking.OTHER_FIELDS)

    def filtered(self, query: tantivy.Query, filters: Iterable[Filter], now: int) -> tantivy.Query:
        """The query, restricted; its scores stay. now: seconds since 1970."""
        clauses = [
            (Occur.MustNot if wanted.exclude else Occur.Must, self._choice(wanted, now))
            for wanted in filters
        ]
        return Wanted.boolean_query([(Occur.Must, query), *clauses]) if clauses else query

    def _choice(self, wanted: Filter, now: int) -> tantivy.Query:
        """The documents that hold any of the values."""
        facet = facet_named(self._snapshot.schema, wanted.name)
        if facet.type is FacetType.WHEN:
            return _unscored(_any([self.when(facet.name, v, now) for v in wanted.values]))
        values: Iterable[str] = wanted.values
        if facet.type is FacetType.YEARS:
            ranges = year_ranges(wanted.values)
            years = self._snapshot.years(facet.name)
            missing = [MISSING] if MISSING in wanted.values else []
            values = [str(year) for year in years if in_ranges(year, ranges)] + missing
        field = layout.facet_field(facet.name)
        return _unscored(_any([self._term(field, value) for value in values]))

    def when(self, facet: str, value: str, now: int) -> tantivy.Query:
        """The documents whose moment is `upcoming` or `past`."""
        if value not in ("upcoming", "past"):
            raise ValueError(f"{value!r} is not a value of {facet!r}: upcoming or past")
        upcoming = value == "upcoming"
        return Wanted.range_query(
            self._schema,
            layout.moment_field(facet),
            FieldType.Integer,
            lower_bound=now if upcoming else None,
            upper_bound=None if upcoming else now - 1,
        )


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return Wanted.const_score_query(query, 0.0)


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    if len(queries) < 2:
        return queries[0] if queries else Wanted.empty_query()
    return Wanted.boolean_query([(Occur.Should, query) for query in queries])


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    if len(queries) < 2:
        return queries[0]
    return Wanted.boolean_query([(Occur.Must, query) for query in queries])


def _best(queries: list[tantivy.Query], others: float = 0.0) -> tantivy.Query:
    """The best score of the queries, and a share of the others' scores."""
    if len(queries) < 2:
        return queries[0] if queries else Wanted.empty_query()
    return Wanted.disjunction_max_query(queries, tie_breaker=others)


def _literal(text: str) -> str:
    return _SPECIAL.sub(lambda found: _escaped(found[0]), text)


def _escaped(char: str) -> str:
    return f"\\{char}" if char.isascii() else char
