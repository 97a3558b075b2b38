"""The user's words as a tree: words are AND, "phrases", -not, OR, prefix*.

`parse` takes any text whatever and never raises: what is not grammar is words. Documented for
users in docs/reference/query-grammar.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One word as typed."""

    word: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, next to each other."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so (typed with a star at the end)."""

    word: str


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]


Node = Term | Phrase | Prefix | Not | And | Or
