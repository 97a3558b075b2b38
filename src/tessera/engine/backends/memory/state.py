"""One committed state of an index: which documents hold what, and which match."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from string import ascii_lowercase, digits

from tessera.engine.analysis import name_parts
from tessera.engine.analysis.grams import grams
from tessera.engine.backends.buckets import in_ranges, year_ranges
from tessera.engine.backends.closeness import analysed, gram_texts, keywords
from tessera.engine.backends.names import exact_names
from tessera.engine.backends.request import facet_named, values_of
from tessera.engine.document import Document
from tessera.engine.fields import MISSING, FacetType, IndexSchema
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
from tessera.engine.ranking import checked_boost

_FIRST = frozenset(digits + ascii_lowercase)
"""What words begin with that have the letters of `Index.words`."""


@dataclass(frozen=True)
class Entry:
    """A document, analysed.

    texts: by field, for each text its positions, each with its terms.
    parts: name parts by field. values: facet values by facet, MISSING among them.
    grams: how often it holds each. keywords: see `keywords`.
    """

    document: Document
    boost: float
    texts: Mapping[str, tuple[tuple[tuple[str, ...], ...], ...]]
    parts: Mapping[str, frozenset[str]]
    names: frozenset[str]
    values: Mapping[str, tuple[str, ...]]
    grams: Mapping[str, int]
    keywords: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, document: Document, schema: IndexSchema) -> Entry:
        found = analysed(document, schema)
        texts = {
            name: tuple(tuple(positions) for _, positions in several)
            for name, several in found.items()
        }
        parts = {
            field.name: frozenset[str]().union(
                *(name_parts(t.text, t.lang) for t in document.texts.get(field.name, ()))
            )
            for field in schema.texts
            if field.parts
        }
        return cls(
            document,
            checked_boost(document.boost),
            texts,
            parts,
            exact_names(document, schema),
            values_of(document, schema.facets),
            Counter(gram for text in gram_texts(found, schema) for gram in grams(text)),
            keywords(found, schema),
        )

    @cached_property
    def langs(self) -> frozenset[str]:
        return self.document.langs


class State:
    """The dictionaries of a set of documents; never changed once made.

    counts: how often, by field, term and document id. lengths: entries by field and id.
    parts: document ids by field and name part.
    """

    def __init__(self, entries: Mapping[str, Entry], schema: IndexSchema) -> None:
        self.entries = entries
        self.schema = schema
        self.ids = frozenset(entries)
        self.written = Counter(lang for entry in entries.values() for lang in entry.langs)
        self.langs = frozenset(self.written)
        self.counts: dict[str, dict[str, dict[str, int]]] = {}
        self.lengths: dict[str, dict[str, int]] = {}
        self.parts: dict[str, dict[str, set[str]]] = {}
        self.keys = {entry.document.key: id_ for id_, entry in entries.items()}
        self.grams: dict[str, dict[str, int]] = defaultdict(dict)
        for field in schema.texts:
            self._take_field(field.name)
        for id_, entry in entries.items():
            for gram, count in entry.grams.items():
                self.grams[gram][id_] = count

    def _take_field(self, name: str) -> None:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        lengths: dict[str, int] = {}
        parts: dict[str, set[str]] = defaultdict(set)
        for id_, entry in self.entries.items():
            terms = [t for text in entry.texts[name] for position in text for t in position]
            lengths[id_] = len(terms)
            for term in terms:
                counts[term][id_] = counts[term].get(id_, 0) + 1
            for part in entry.parts.get(name, ()):
                parts[part].add(id_)
        self.counts[name], self.lengths[name], self.parts[name] = counts, lengths, parts

    def matching(self, node: PlanNode, fields: Collection[str]) -> frozenset[str]:
        """The ids of the documents that match, by these text fields."""
        match node:
            case Everything() | Nothing():
                return self.ids if isinstance(node, Everything) else frozenset()
            case Both(nodes):
                return self.ids.intersection(*(self.matching(n, fields) for n in nodes))
            case Either(nodes):
                return frozenset().union(*(self.matching(n, fields) for n in nodes))
            case Without(inner):
                return self.ids - self.matching(inner, fields)
            case AnyTerm(terms, part):
                found = {id_ for f in fields for t in terms for id_ in self.counts[f].get(t, ())}
                return frozenset(found.union(*(self.parts[f].get(part, ()) for f in fields)))
            case StartsWith():
                return frozenset().union(*(self.starting(node, field) for field in fields))
            case Best(parts):
                return frozenset().union(*(self.matching(n, fields) for _, n in parts))
            case Most(parts, needed, _):
                return self._most(parts, needed, fields)
            case Grams(wanted_grams, needed):
                return self._holding((gram for _, gram in wanted_grams), needed)
            case Own(inner):
                return self.matching(inner, [f for f in fields if f in self.schema.own])
            case Among(keys):
                return frozenset(self.keys[key] for key in keys if key in self.keys)
            case Written(lang):
                return frozenset(id_ for id_, entry in self.entries.items() if lang in entry.langs)
            case Sequence(positions):
                return self._in_sequence(positions, fields)

    def _most(
        self, parts: Iterable[tuple[int, PlanNode]], needed: int, fields: Collection[str]
    ) -> frozenset[str]:
        weights: Counter[str] = Counter()
        for weight, inner in parts:
            weights.update(dict.fromkeys(self.matching(inner, fields), weight))
        return frozenset(id_ for id_, weight in weights.items() if weight >= needed)

    def _holding(self, wanted: Iterable[str], needed: int) -> frozenset[str]:
        held = Counter(id_ for gram in wanted for id_ in self.grams.get(gram, ()))
        return frozenset(id_ for id_, count in held.items() if count >= needed)

    def _in_sequence(self, positions: Iterable[AnyTerm], fields: Collection[str]) -> frozenset[str]:
        wanted = [set(position.terms) for position in positions]
        return frozenset(
            id_
            for id_, entry in self.entries.items()
            if any(_holds(text, wanted) for f in fields for text in entry.texts[f])
        )

    def starting(self, node: StartsWith, field: str) -> set[str]:
        """Documents with a surface or a name part in this field that begins so."""
        return self.starting_words(node, field) | self.starting_parts(node, field)

    def starting_words(self, node: StartsWith, field: str) -> set[str]:
        words = (t for t in self.counts[field] if t.startswith(node.key) and ":" not in t)
        return {id_ for word in words for id_ in self.counts[field][word]}

    def starting_parts(self, node: StartsWith, field: str) -> set[str]:
        parts = (part for part in self.parts[field] if part.startswith(node.key))
        return {id_ for part in parts for id_ in self.parts[field][part]}

    def words(self) -> Iterator[tuple[str, int]]:
        """See `tessera.engine.backend.Index.words`."""
        own = [self.counts[name] for name in self.schema.own]
        surfaces = {t for terms in own for t in terms if t[0] in _FIRST}
        for word in surfaces:
            if ":" not in word:
                yield word, max(len(terms.get(word, ())) for terms in own)

    def filtered(self, ids: Iterable[str], filters: Iterable[Filter], now: int) -> frozenset[str]:
        """Those of the documents that pass all filters. now: seconds since 1970."""
        kept = frozenset(ids)
        for wanted in filters:
            holding = frozenset(id_ for id_ in kept if self._holds_any(id_, wanted, now))
            kept = kept - holding if wanted.exclude else holding
        return kept

    def _holds_any(self, id_: str, wanted: Filter, now: int) -> bool:
        facet = facet_named(self.schema, wanted.name)
        values = self.values(id_, facet.name, now)
        if facet.type is not FacetType.YEARS:
            return not set(values).isdisjoint(wanted.values)
        ranges = year_ranges(wanted.values)
        return any(
            value in wanted.values if value == MISSING else in_ranges(int(value), ranges)
            for value in values
        )

    def values(self, id_: str, facet: str, now: int) -> tuple[str, ...]:
        """A document's values in a facet, at this moment."""
        entry = self.entries[id_]
        moment = entry.document.moments.get(facet)
        if moment is not None:
            return ("upcoming" if moment >= now else "past",)
        return entry.values.get(facet, ())


def _holds(text: tuple[tuple[str, ...], ...], wanted: list[set[str]]) -> bool:
    return any(
        all(not alternatives.isdisjoint(text[at + n]) for n, alternatives in enumerate(wanted))
        for at in range(len(text) - len(wanted) + 1)
    )
