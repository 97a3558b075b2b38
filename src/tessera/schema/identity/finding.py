"""Finding the organisation that a line means, such as "Dept. of Chem., Univ. Wien, 1090 Vienna".

A line names a part, the whole and the place in any order. Words of the whole count most, those of
parts and places little, rare words more than frequent ones.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tessera.schema import vocabularies
from tessera.schema.identity.names import compared
from tessera.schema.identity.words import WHOLES

WHOLE, PART, PLACE = 1.0, 0.25, 0.35
"""How much a word counts in the name of the whole, of a part, and in an address."""

PAIR = 0.3
"""How much two words beside each other count, written as one: so Jiao Tong finds Jiaotong."""

ELSEWHERE = 0.5
"""What is left of a score where both lines state a country, and not the same one: a firm or an
academy of one name in two countries is two."""

_AMERICAN = re.compile(r"\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\bU\.?\s?S\.?(?:\s?A\.?)?(?=\W|$)")
"""A state of America with its postal code, or the country's short name."""

_SEPARATORS = re.compile(
    r"[,;()\[\]|\n]|#\w+#|\s[-–—]\s|(?<=\w)\.(?=\s+[A-Z][a-z]+ (?:of|für|de) )"
)


SAYING_LITTLE = frozenset({"company_group", "department", "office"})
"""Sorts of parts that don't make a piece the name of the whole, whatever else is there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a line: its words as compared, and how much each counts."""

    words: tuple[str, ...]
    weight: float
    initials: str = ""


def pieces(line: str) -> tuple[Piece, ...]:
    """A line's pieces between commas and the like, each weighed by what it names."""
    read = [(text, compared(text)) for text in texts(line)]
    has_whole = any(name.sorts & WHOLES for _, name in read)
    has_any = any(name.sorts - SAYING_LITTLE for _, name in read)
    found: list[Piece] = []
    for place, (text, name) in enumerate(read):
        if vocabularies.country_code(text) or any(char.isdigit() for char in text):
            weight = PLACE
        elif name.sorts & WHOLES or name.legal or is_short(text):
            weight = WHOLE
        elif name.sorts - SAYING_LITTLE:
            weight = PART if has_whole else WHOLE
        else:
            weight = PLACE if has_any or place else WHOLE
        initials = "".join(word[0] for word in name.words) if weight == WHOLE else ""
        found.append(Piece(name.words, weight, initials))
    return tuple(found)


def wholes(line: str) -> list[str]:
    """The pieces of a line that name a whole, as written: `Univ. Wien` of `Dept. X, Univ. Wien`."""
    return [
        text
        for text, piece in zip(texts(line), pieces(line), strict=True)
        if piece.weight == WHOLE and piece.words
    ]


@lru_cache(maxsize=50_000)
def countries(line: str) -> frozenset[str]:
    """The countries that a line names, by a piece or a word of its own."""
    found = {"US"} if _AMERICAN.search(line) else set()
    for piece in _SEPARATORS.split(line):
        text = piece.strip(" .:;*#")
        last = text.split()[-1:] if text else []
        for each in (text, *last, *text.split()[1:-1]):
            # Codes of two letters are states, initials and much else.
            if len(each) > 3 and (code := vocabularies.country_code(each)):
                found.add(code)
    return frozenset(found)


def texts(line: str) -> list[str]:
    """The pieces of a line as written, without addresses of mail."""
    found = (text.strip() for text in _SEPARATORS.split(line))
    return [text for text in found if text and "@" not in text]


def is_short(text: str) -> bool:
    """Whether a piece is one short name in capitals, such as CERN; states of America are not."""
    return text.isupper() and text.replace("&", "").isalpha() and len(text) > 2


class Finder:
    """Organisations by what is written of them. Built of (id, line) pairs; an id may come again."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._of: list[str] = []
        self._where: list[frozenset[str]] = []
        self._postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        weighed: list[dict[str, float]] = []
        for uid, line in lines:
            self._of.append(uid)
            self._where.append(countries(line))
            weighed.append(_weighed(line))
        often = Counter(word for each in weighed for word in each)
        self._rarity = {word: math.log(1 + len(weighed) / count) for word, count in often.items()}
        self._unknown = math.log(1 + len(weighed))
        for place, each in enumerate(weighed):
            length = self._length(each)
            for word, weight in each.items():
                self._postings[word].append((place, weight * self._rarity[word] / length))

    def _length(self, weighed: Mapping[str, float]) -> float:
        squares = ((weight * self._rarity.get(word, self._unknown)) ** 2
                   for word, weight in weighed.items())  # fmt: skip
        return math.sqrt(sum(squares)) or 1.0

    def find(self, line: str, limit: int = 10) -> list[tuple[str, float]]:
        """The organisations that a line most probably means, best first, with a score in [0, 1]."""
        asked = _weighed(line)
        length = self._length(asked)
        scores: defaultdict[int, float] = defaultdict(float)
        for word, weight in asked.items():
            share = weight * self._rarity.get(word, 0.0) / length
            for place, stored in self._postings.get(word, ()):
                scores[place] += share * stored
        best: dict[str, float] = {}
        where = countries(line)
        for place, score in scores.items():
            uid = self._of[place]
            if where and self._where[place] and not where & self._where[place]:
                score *= ELSEWHERE
            best[uid] = max(score, best.get(uid, 0.0))
        return sorted(best.items(), key=lambda each: (-each[1], each[0]))[:limit]


def _weighed(line: str) -> dict[str, float]:
    """How much each word, pair of words and row of initials of a line counts."""
    found: dict[str, float] = {}
    for piece in pieces(line):
        for word in piece.words:
            found[word] = max(piece.weight, found.get(word, 0.0))
        if piece.weight == WHOLE:
            for pair in zip(piece.words, piece.words[1:], strict=False):
                found.setdefault("".join(pair), PAIR)
            if len(piece.initials) >= 3:
                found.setdefault(piece.initials, PAIR)
    return found
