"""Groups of words that mean the same, found in what was typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from tessera.engine.aids import Expands
from tessera.engine.analysis import prefix_key, word_terms
from tessera.engine.analysis.stopwords import likely_language, stop_words
from tessera.engine.expansion import Expansion

MAX_TEXT: Final = 500
"""Characters of a group."""
MAX_WORDS: Final = 20
"""Words and phrases of a group."""
MAX_WORD: Final = 100
"""Characters of one of them."""
MAX_PHRASE: Final = 8
"""Words of a phrase."""
MAX_TYPED: Final = 32
"""Typed words that are looked through."""
SOURCE: Final = "synonyms of the editors"
"""The `source` of their expansions."""

_Position = frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """words: words and phrases. one_way: typing the first finds the others, and no more. lang: of
    all of them; "" for any."""

    words: tuple[str, ...]
    one_way: bool = False
    lang: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One word or phrase that may be typed, each position by all of its terms. number: its place
    among all."""

    number: int
    group: Group
    word: str
    positions: tuple[_Position, ...]


def split_words(text: str) -> tuple[str, ...]:
    """The words and phrases of a text with commas, semicolons or lines between them."""
    parts = (" ".join(part.split()) for part in re.split(r"[,;\n]", text))
    return tuple(part for part in parts if part)


def phrase_key(phrase: str) -> str:
    """A word or phrase as it is compared with others: folded, without signs."""
    return " ".join(terms[0] for part in phrase.split() for terms in word_terms(part, ()))


class Synonyms:
    """Groups as an expander (`tessera.engine.aids.Expands`), before another one's expansions.

    stops: words of the site that tell nothing, by `prefix_key`; phrases are found without them,
    and without the stop words of their language. Safe for several threads.
    """

    def __init__(
        self,
        groups: Sequence[Group],
        stops: Collection[str] = (),
        further: Expands | None = None,
    ) -> None:
        self._groups = groups
        self._stops = stops
        self.further = further
        self._own_langs = {group.lang for group in groups if group.lang}
        self._tables: dict[frozenset[str], dict[str, list[_Entry]]] = {}

    def expand(
        self, words: Sequence[str], lang: str, into: Collection[str]
    ) -> tuple[Expansion, ...]:
        """What the editors say stands for the words, the longest phrases first, then the rest."""
        found = self._own(words[:MAX_TYPED], frozenset(into)) if self._groups else ()
        if self.further is None:
            return found
        said = {(each.words, each.alternative.casefold()) for each in found}
        rest = self.further.expand(words, lang, into)
        return (*found, *(e for e in rest if (e.words, e.alternative.casefold()) not in said))

    def _own(self, words: Sequence[str], into: frozenset[str]) -> tuple[Expansion, ...]:
        table = self._tables.get(into)
        if table is None:
            table = self._tables[into] = self._table(into)
        langs = into | self._own_langs
        typed: list[tuple[_Position, int]] = []
        for number, word in enumerate(words):
            # Parts of compounds are among these terms as among the plan's, which are remembered.
            typed += ((frozenset(terms), number) for terms in word_terms(word, langs))
        found: dict[tuple[tuple[str, ...], str, str], Expansion] = {}
        matches = sorted(_matches(typed, table), key=lambda m: (m[1] - m[2], m[1], m[0].number))
        for entry, first, last in matches:
            run = tuple(words[first : last + 1])
            for other in entry.group.words:
                if other != entry.word and phrase_key(other) != phrase_key(" ".join(run)):
                    made = Expansion(run, other, entry.group.lang, 1.0, SOURCE)
                    found.setdefault((run, other.casefold(), made.lang), made)
        return tuple(found.values())

    def _table(self, into: frozenset[str]) -> dict[str, list[_Entry]]:
        """What may be typed, by each term of its first position."""
        table: dict[str, list[_Entry]] = {}
        numbers = count()
        for group in self._groups:
            langs = frozenset((group.lang,)) if group.lang else into
            for word in group.words[:1] if group.one_way else group.words:
                for form in self._forms(word, group.lang, into):
                    terms = [
                        frozenset(each)
                        for part in form
                        for each in word_terms(part, langs, within=False)
                    ]
                    if terms:
                        entry = _Entry(next(numbers), group, word, tuple(terms))
                        for term in terms[0]:
                            table.setdefault(term, []).append(entry)
        return table

    def _forms(self, word: str, lang: str, into: frozenset[str]) -> Iterable[tuple[str, ...]]:
        """A phrase as it is, and without what a question may be understood without.

        Little words tell a phrase from a word (out of school), so one word alone is never left.
        """
        parts = tuple(word.split())
        keys = [prefix_key(part) for part in parts]
        little = stop_words(lang or likely_language(keys, into))
        pairs = list(zip(parts, keys, strict=True))
        shorter = tuple(part for part, key in pairs if key not in self._stops)
        shortest = tuple(p for p, key in pairs if key not in self._stops and key not in little)
        forms = [parts]
        if shortest:
            forms.append(shorter)
        if len(shortest) > 1:
            forms.append(shortest)
        return dict.fromkeys(forms)


def _matches(
    typed: Sequence[tuple[_Position, int]], table: dict[str, list[_Entry]]
) -> Iterator[tuple[_Entry, int, int]]:
    """Each entry found, with the first and the last word; never a part of a word with a hyphen."""
    for start, (terms, first) in enumerate(typed):
        if start and typed[start - 1][1] == first:
            continue
        entries = {id(each): each for term in terms for each in table.get(term, ())}
        for entry in entries.values():
            end = start + len(entry.positions)
            if end > len(typed) or (end < len(typed) and typed[end][1] == typed[end - 1][1]):
                continue
            run = (position for position, _ in typed[start:end])
            if all(a & b for a, b in zip(entry.positions, run, strict=True)):
                yield entry, first, typed[end - 1][1]
