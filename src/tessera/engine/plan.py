"""A typed text as terms: what every backend carries out and the highlighter shows.

The syntax tree says what was typed; the plan says which terms of the index that means, so that
a backend only translates. Its meaning:

- `AnyTerm`: documents in which any text field holds any of the terms, or a field with parts has
  the key `part` among its name parts (where `part` is not empty).
- `Sequence`: documents in which one `Text` of a field holds the positions next to each other,
  each by any of its terms.
- `StartsWith`: documents in which a surface (a term without a colon) of any text field, or a
  name part, begins with the key.
- `Both`, `Either`: all, any of the nodes. `Without`: exactly the documents that the node does
  not match. `Everything`, `Nothing`: all documents, none.
- `Best`: documents that any of the nodes matches; the best of their weighted scores counts, as for
  a word and its translations.
- `Most`: documents in which the weights of the nodes that match add up to `needed`; their scores
  are those of `scored`, which matches each of them.
- `Grams`: documents that hold at least `needed` of these sequences of four characters.
- `Own`: documents that the node matches by fields that are their own (`TextField.own`) alone.
- `Among`: the documents of these keys. `Written`: documents that are written in this language
  (`Document.langs`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tessera.engine.analysis import prefix_key, word_terms
from tessera.engine.syntax import And, Node, Not, Or, Phrase, Prefix, Term, parse


@dataclass(frozen=True, slots=True)
class AnyTerm:
    """One position: any of the terms, or the key `part` (empty: none) in a name."""

    terms: tuple[str, ...]
    part: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """Two or more positions next to each other, in one text."""

    positions: tuple[AnyTerm, ...]


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Words and names that begin with `key`, which has at least one character."""

    key: str


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents: no word was typed."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Both:
    """All of two or more nodes."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of two or more nodes."""

    nodes: tuple[PlanNode, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The documents that `node` does not match."""

    node: PlanNode


@dataclass(frozen=True, slots=True)
class Best:
    """Any of the nodes, each with a weight for its score; the best score counts."""

    nodes: tuple[tuple[float, PlanNode], ...]


@dataclass(frozen=True, slots=True)
class Most:
    """Nodes with whole weights, of which those that match must add up to `needed`."""

    parts: tuple[tuple[int, PlanNode], ...]
    needed: int
    scored: PlanNode


@dataclass(frozen=True, slots=True)
class Grams:
    """Distinct grams (see `tessera.engine.analysis.grams`), at least `needed` of them, each with a
    weight for its score."""

    grams: tuple[tuple[float, str], ...]
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Own:
    """The documents that `node` matches by what they say themselves; scored by that alone."""

    node: PlanNode


@dataclass(frozen=True, slots=True)
class Among:
    """The documents of these keys; no scores."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The documents that are written in a language; no scores."""

    lang: str


PlanNode = (
    AnyTerm
    | Sequence
    | StartsWith
    | Everything
    | Nothing
    | Both
    | Either
    | Without
    | Best
    | Most
    | Grams
    | Own
    | Among
    | Written
)


def plan(text: str, langs: Collection[str]) -> PlanNode:
    """The plan of a typed text for an index with texts in `langs`.

    Words without any letter or digit are left out; a text without words means Everything.
    """
    node = parse(text)
    planned = None if node is None else _planned(node, langs)
    return Everything() if planned is None else planned


def plan_word(word: str, langs: Collection[str]) -> PlanNode:
    """The plan of one typed word, taken as it is; Nothing where it has no letter or digit."""
    return _word(word, langs) or Nothing()


def _planned(node: Node, langs: Collection[str]) -> PlanNode | None:
    """The plan of a node; None where nothing is left of it."""
    match node:
        case Term(word):
            return _word(word, langs)
        case Prefix(word):
            return _prefix(word, langs)
        case Phrase(words):
            found = (word_terms(word, langs, within=False) for word in words)
            positions = [AnyTerm(terms) for position in found for terms in position]
            return _sequence(positions)
        case Not(inner):
            planned = _planned(inner, langs)
            return None if planned is None else Without(planned)
        case And(nodes):
            return _joined(Both, [_planned(part, langs) for part in nodes])
        case Or(nodes):
            return _joined(Either, [_planned(part, langs) for part in nodes])


def _word(word: str, langs: Collection[str]) -> PlanNode | None:
    positions = word_terms(word, langs)
    key = prefix_key(word)
    if len(positions) == 1:
        return AnyTerm(positions[0], key if len(key) >= 2 else "")
    apart = word_terms(word, langs, within=False)
    sequence = _sequence([AnyTerm(terms) for terms in apart])
    if sequence is None or key.isdecimal():
        return sequence
    # People write a compound in one word, too: e-mail and email, Inno-Vet and InnoVet.
    glued = [AnyTerm(terms, key) for terms in word_terms(key, langs)]
    return Either((sequence, *glued))


def _prefix(word: str, langs: Collection[str]) -> PlanNode | None:
    """`clus*`; of a compound (`e-ma*`) only the last word is a beginning."""
    *whole, last = word_terms(word, langs, within=False) or ((),)
    surfaces = [term for term in last if ":" not in term]
    begins = _joined(Either, [StartsWith(surface) for surface in surfaces])
    return _joined(Both, [*(AnyTerm(terms) for terms in whole), begins])


def _sequence(positions: list[AnyTerm]) -> PlanNode | None:
    if len(positions) < 2:
        return positions[0] if positions else None
    return Sequence(tuple(positions))


def _joined(
    kind: Callable[[tuple[PlanNode, ...]], PlanNode], parts: list[PlanNode | None]
) -> PlanNode | None:
    kept = tuple(dict.fromkeys(part for part in parts if part is not None))
    if len(kept) < 2:
        return kept[0] if kept else None
    return kind(kept)
