"""The words of a typed text that may be corrected, and the text with others in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tessera.engine.analysis.words import WORD, is_word
from tessera.engine.syntax import And, Node, Not, Or, Phrase, Prefix, Term, parse

_QUOTES = '"„“”«»‟'
_LEXEME = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]?|[^\s{_QUOTES}()|]+")
_ADDRESS = re.compile(r"[@/\\_]|^www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is asked for and may be misspelt: text[start:end]. alone: all of a lexeme."""

    text: str
    start: int
    end: int
    alone: bool

    @property
    def is_name(self) -> bool:
        """Whether its capitals say that it is an acronym or a name such as ClusterFY."""
        return sum(char.isupper() for char in self.text) > 1


def words_to_correct(text: str, *, plain: bool = False) -> list[Word]:
    """Not those in quotes, after a minus, before a star, nor addresses and codes.

    plain: the text is no query but a sentence: minus and NOT mean nothing.
    """
    asked: set[str] | None = None
    if not plain:
        node = parse(text)
        asked = set()
        other: set[str] = set()
        _sort_out(node, asked, other)
        asked -= other
    found = []
    for lexeme in _LEXEME.finditer(text):
        typed = lexeme[0]
        if typed[0] in _QUOTES or (asked is not None and typed not in asked):
            continue
        if _ADDRESS.search(typed):
            continue
        for match in WORD.finditer(typed):
            if is_word(match[0]):
                start = lexeme.start() + match.start()
                alone = match[0] == typed
                found.append(Word(match[0], start, start + len(match[0]), alone))
    return found


def is_grouped(text: str) -> bool:
    """Whether OR or parentheses stand in a text, so that a word more would change its meaning."""
    node = parse(text)
    return isinstance(node, Or) or (
        isinstance(node, And) and any(isinstance(part, And | Or) for part in node.nodes)
    )


def replaced(text: str, offered: Mapping[tuple[int, int], str]) -> str:
    """The text with what is offered for each of the places (start, end)."""
    pieces, at = [], 0
    for (start, end), words in sorted(offered.items()):
        pieces += [text[at:start], words]
        at = end
    return "".join((*pieces, text[at:]))


def written_like(typed: str, words: Iterable[str]) -> str:
    """Folded words in the capitals of what was typed."""
    offered = " ".join(words)
    if len(typed) > 1 and typed.isupper():
        return offered.upper()
    return offered[:1].upper() + offered[1:] if typed[:1].isupper() else offered


def _sort_out(node: Node | None, asked: set[str], other: set[str]) -> None:
    match node:
        case Term(word):
            asked.add(word)
        case Prefix(word):
            other.add(word)
        case Phrase(words):
            other.update(words)
        case And(nodes) | Or(nodes):
            for part in nodes:
                _sort_out(part, asked, other)
        case Not(inner):
            _sort_out(inner, other, other)
