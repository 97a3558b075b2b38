"""The user's words as a tree: words are AND, "phrases", -not, OR, prefix*.

`parse` takes any text whatever and never raises: what is not grammar is words. Documented for
users in docs/reference/query-grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice


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

MAX_WORDS = 256
"""Words that are read; the rest of the text is left out."""
MAX_DEPTH = 8
"""Parentheses within parentheses that group; deeper ones are blanks."""
MAX_LEXEMES = 8 * MAX_WORDS
"""Words, quoted phrases and operators that are read."""
_MIN_PREFIX = 2

_QUOTES = '"„“”«»‟'
_MINUS = re.compile(rf"-(?=[\w{_QUOTES}(])")
_LEXEME = re.compile(
    rf"(?P<phrase>[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]?)"
    rf"|(?P<open>\()|(?P<close>\))|(?P<bar>\|)"
    rf"|(?P<minus>{_MINUS.pattern})"
    rf"|(?P<word>[^\s{_QUOTES}()|]+)"
)
_OPERATORS = frozenset({"OR", "AND", "NOT"})


def parse(text: str) -> Node | None:
    """The tree of a typed text; None where it has no words."""
    return _Reader(text).read()


def is_read_whole(text: str) -> bool:
    """Whether `parse` reads all of a text: it has at most MAX_WORDS words."""
    reader = _Reader(text)
    reader.read()
    return reader.whole


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
    parts = node.nodes if isinstance(node, And) else (node,)
    return " ".join(_written(part) for part in parts)


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


def _joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node | None:
    """Parts under one node of a kind, those of the same kind taken in; None for no parts."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, (And, Or)) and isinstance(part, kind):
            flat.extend(part.nodes)
        else:
            flat.append(part)
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
        case Not(And() | Or() as group):
            return f"-({unparse(group)})"
        case Not(inner):
            written = _written(inner)
            return f"-{written}" if _MINUS.match(f"-{written}") else f"NOT {written}"
        case And():
            return f"({unparse(node)})"
        case Or(nodes):
            return " OR ".join(_written(part) for part in nodes)


class _Reader:
    """Reads a text once, from left to right, with a stack of open groups."""

    def __init__(self, text: str) -> None:
        found = islice(_LEXEME.finditer(text), MAX_LEXEMES + 1)
        self.lexemes = [(match.lastgroup or "", match[0]) for match in found]
        self.whole = len(self.lexemes) <= MAX_LEXEMES
        self.at = 0
        self.room = MAX_WORDS

    def read(self) -> Node | None:
        node = self._group(depth=0)
        self.whole = self.whole and self.at >= len(self.lexemes)
        return node

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self.at + ahead
        return self.lexemes[at] if at < len(self.lexemes) and self.room else ("", "")

    def _operand_follows(self, ahead: int = 1) -> bool:
        return self._peek(ahead)[0] in ("phrase", "open", "minus", "word")

    def _group(self, depth: int) -> Node | None:
        """Operands up to the end or to the parenthesis that closes this group."""
        parts: list[Node] = []
        while kind := self._peek()[0]:
            if kind == "close":
                self.at += 1
                if depth:
                    break
            elif kind == "bar" or (parts and self._is_loose()):
                self.at += 1
            else:
                part = self._alternatives(depth)
                if part is not None:
                    parts.append(part)
        return _joined(And, parts)

    def _is_loose(self) -> bool:
        """An AND, which says nothing new, or an operator still without its right-hand word."""
        kind, lexeme = self._peek()
        if kind != "word" or lexeme not in _OPERATORS:
            return False
        return lexeme == "AND" or not self._operand_follows()

    def _alternatives(self, depth: int) -> Node | None:
        """One operand, or several with OR or a bar between."""
        first = self._operand(depth)
        parts = [] if first is None else [first]
        while self._peek() in (("word", "OR"), ("bar", "|")) and self._operand_follows():
            self.at += 1
            part = self._operand(depth)
            if part is not None:
                parts.append(part)
        return _joined(Or, parts)

    def _operand(self, depth: int) -> Node | None:
        negated = False
        while self._peek()[0] == "minus" or (
            self._peek() == ("word", "NOT") and self._operand_follows()
        ):
            negated = not negated
            self.at += 1
        node = self._primary(depth)
        if node is None or not negated:
            return node
        return node.node if isinstance(node, Not) else Not(node)

    def _primary(self, depth: int) -> Node | None:
        kind, lexeme = self._peek()
        self.at += 1
        if kind == "open":
            # Too deep, the parenthesis counts as a blank: what follows belongs to this group.
            return self._group(depth + 1) if depth < MAX_DEPTH else None
        if kind == "phrase":
            return self._phrase(lexeme)
        return self._word(lexeme) if kind == "word" else None

    def _phrase(self, lexeme: str) -> Node | None:
        phrase = lexeme.strip(_QUOTES).split(maxsplit=self.room)
        self.whole = self.whole and len(phrase) <= self.room
        del phrase[self.room :]
        self.room -= len(phrase)
        return Phrase(tuple(phrase)) if phrase else None

    def _word(self, lexeme: str) -> Node:
        self.room -= 1
        word = lexeme.rstrip("*")
        if word != lexeme and len(word) >= _MIN_PREFIX:
            return Prefix(word)
        return Term(word or lexeme)
