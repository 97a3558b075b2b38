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

MAX_WORDS = 64
"""Words that are read; the rest of the text is left out."""
MAX_DEPTH = 8
"""Parentheses within parentheses that group; deeper ones are blanks."""

_QUOTES = '"„“”«»‟'
_LEXEME = re.compile(
    rf"(?P<phrase>[{_QUOTES}][^{_QUOTES}]*+[{_QUOTES}]?)"
    rf"|(?P<open>\()|(?P<close>\))|(?P<bar>\|)"
    rf"|(?P<minus>-(?=[\w{_QUOTES}(]))"
    rf"|(?P<word>[^\s{_QUOTES}()|]++)"
)
_OPERATORS = frozenset({"OR", "AND", "NOT"})


def parse(text: str) -> Node | None:
    """The tree of a typed text; None where it has no words."""
    return _Reader(text).read()


def words(node: Node | None) -> tuple[str, ...]:
    """The distinct words that are asked for (not those excluded), in the order typed."""
    return tuple(dict.fromkeys(_words(node))) if node is not None else ()


def without_word(text: str, word: str) -> str:
    """The text with a word left out wherever it is asked for; phrases lose only that word."""
    node = parse(text)
    rest = None if node is None else _without(node, word)
    return "" if rest is None else unparse(rest)


def unparse(node: Node) -> str:
    """A text that `parse` reads as this tree."""
    return " ".join(_written(part) for part in node.nodes) if isinstance(node, And) else _written(
        node
    )


def _words(node: Node) -> Iterator[str]:
    match node:
        case Term(word) | Prefix(word):
            yield word
        case Phrase(phrase):
            yield from phrase
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _words(part)


def _without(node: Node, word: str) -> Node | None:
    match node:
        case Term(same) | Prefix(same):
            return None if same == word else node
        case Phrase(phrase):
            kept = tuple(other for other in phrase if other != word)
            return Phrase(kept) if kept else None
        case And(nodes) | Or(nodes):
            parts = [rest for part in nodes if (rest := _without(part, word)) is not None]
            return _joined(type(node), parts)
        case _:
            return node


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node | None:
    """Parts under one node of a kind, those of the same kind taken in; None for no parts."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.nodes if isinstance(part, kind) else [part])  # type: ignore[attr-defined]
    if len(flat) < 2:
        return flat[0] if flat else None
    return kind(tuple(flat))


def _written(node: Node) -> str:
    match node:
        case Term(word):
            return f'"{word}"' if word in _OPERATORS else word
        case Prefix(word):
            return f"{word}*"
        case Phrase(phrase):
            return f'"{" ".join(phrase)}"'
        case Not(inner):
            return f"-{_written(inner)}"
        case And():
            return f"({unparse(node)})"
        case Or(nodes):
            return " OR ".join(_written(part) for part in nodes)


class _Reader:
    """Reads a text once, from left to right, with a stack of open groups."""
