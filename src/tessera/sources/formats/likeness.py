"""How alike two documents are: by their words in threes, with care for numbers and names.

What tells two documents apart is often a single figure, date or name, so likeness alone never
makes two documents one: see `Comparison.same`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Final, Protocol

from tessera.sources.formats.date_words import fold, month_names

THRESHOLD: Final = 0.9
"""The least share of groups of three words that two documents have in common."""
MIN_WORDS: Final = 50
"""Words below which two texts must be the same to be taken for one document."""
MIN_TEXT: Final = 20
"""Words and numbers below which not even the same text makes two files one document."""
MAX_WORDS: Final = 500_000
"""Words beyond which two texts must be the same: comparing them would take too much memory."""
SKETCH: Final = 512
"""Hashes kept of a document: the smallest of all its groups of three words."""

_TOKEN: Final = re.compile(r"\w+")
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])[-\u2010\u2011\u00ad][ \t]*\n?[ \t]*(?=[^\W\d_])")
_DIGITS: Final = re.compile(r"\d+")
_ROMAN: Final = frozenset(("ii", "iii", "iv", "vii", "viii", "ix", "xii"))
_EDGE: Final = 2
_KEPT: Final = 16 * SKETCH


class Part(Protocol):
    """A page, slide or sheet."""

    @property
    def text(self) -> str: ...
    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a document to find its likes.

    words: without numbers. digest: of all words and numbers in their order. numbers: of the
    numbers that no list or page is counted with, in any order. sketch: ascending.
    """

    words: int
    tokens: int
    digest: str
    numbers: str
    sketch: Sequence[int]

    @property
    def has_text(self) -> bool:
        """Whether the same text is enough to make two files one document."""
        return self.tokens >= MIN_TEXT

    @property
    def comparable(self) -> bool:
        """Whether a text that is nearly the same can be told."""
        return MIN_WORDS <= self.words <= MAX_WORDS


def fingerprint(parts: Sequence[Part]) -> Fingerprint:
    """The fingerprint of a document; equal for equal words, however they are set on pages."""
    digest = hashlib.sha256()
    smallest: set[int] = set()
    ceiling = 1 << 32
    numbers = tokens = words = 0
    before: tuple[str, ...] = ()
    for token in _tokens(parts):
        tokens += 1
        digest.update(token.encode("utf-8", "surrogatepass") + b" ")
        if is_number(token):
            numbers += 0 if counts_only(token) else _number_hash(token)
            continue
        words += 1
        before = (*before[-2:], token)
        if len(before) == 3:
            found = _hash(" ".join(before))
            if found < ceiling:
                smallest.add(found)
                if len(smallest) > _KEPT:
                    smallest = set(sorted(smallest)[:SKETCH])
                    ceiling = max(smallest)
    return Fingerprint(
        words,
        tokens,
        digest.hexdigest(),
        f"{numbers % (1 << 64):016x}",
        array("I", sorted(smallest)[:SKETCH]),
    )


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of groups of three words that two documents have in common, 0 to 1.

    Exact for up to `SKETCH` groups in both together, else estimated, with a standard deviation
    of 0.013 at 0.9.
    """
    if not one or not other:
        return 0.0
    first, second = set(one), set(other)
    union = sorted(first | second)
    if len(one) >= SKETCH or len(other) >= SKETCH:
        union = union[:SKETCH]
    return sum(1 for each in union if each in first and each in second) / len(union)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two documents differ in. same: whether they are one document all the same."""

    same: bool
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare(first: Sequence[Part], second: Sequence[Part]) -> Comparison:
    """Compare the words of two documents that are known to be alike.

    They aren't the same where each has a number, a name of a month or another capitalised word
    that the other lacks: then one was put in place of the other. A number of one of them alone
    counts lists or pages, or it isn't the same either.
    """
    one, other = Counter(_tokens(first)), Counter(_tokens(second))
    more, less = one - other, other - one
    numbers = [[token for token in each if is_number(token)] for each in (more, less)]
    same = not (numbers[0] and numbers[1]) and all(map(counts_only, numbers[0] + numbers[1]))
    if same and more and less:
        names = _names([*first, *second])
        same = names.isdisjoint(more) or names.isdisjoint(less)
    return Comparison(same, _sample(more), _sample(less))


def is_number(token: str) -> bool:
    """Whether a word tells one document from another: digits, a month, a Roman number."""
    return any(map(str.isdigit, token)) or token in _ROMAN or token in _months()


def counts_only(token: str) -> bool:
    """Whether it is a number such as those of lists and pages: up to 99."""
    return token.isdecimal() and len(token) < 3


@cache
def _months() -> frozenset[str]:
    """Names of months with five letters or more: shorter ones are words of other languages."""
    return frozenset(
        name for name, months in month_names().items() if any(months) and len(name) > 4
    )


def _tokens(parts: Sequence[Part]) -> Iterator[str]:
    for text in _bodies(parts):
        for match in _TOKEN.finditer(_joined(text)):
            yield _folded(match[0])


def _names(parts: Sequence[Part]) -> set[str]:
    """Words that are nowhere written small, folded."""
    large: set[str] = set()
    small: set[str] = set()
    for part in parts:
        for match in _TOKEN.finditer(_joined(part.text)):
            (large if match[0][0].isupper() else small).add(_folded(match[0]))
    return large - small


def _joined(text: str) -> str:
    """A text whose words aren't parted by hyphens."""
    return _HYPHEN.sub("", unicodedata.normalize("NFKC", text))


_folded = lru_cache(maxsize=65_536)(fold)


def _bodies(parts: Sequence[Part]) -> Iterator[str]:
    """The text of each page without the lines that stand at the edge of every other one."""
    repeated = _furniture(parts)
    for part in parts:
        if not repeated or part.label:
            yield part.text
            continue
        lines = part.text.splitlines()
        edges = set(_edges(lines))
        yield "\n".join(
            line
            for place, line in enumerate(lines)
            if not (place in edges and _masked(line) in repeated)
        )


def _furniture(parts: Sequence[Part]) -> frozenset[str]:
    """Headers and footers: lines at the edges of at least three, and half, of the pages."""
    pages = [part for part in parts if not part.label]
    if len(pages) < 3:
        return frozenset()
    counted: Counter[str] = Counter()
    for page in pages:
        lines = page.text.splitlines()
        counted.update({_masked(lines[place]) for place in _edges(lines)})
    least = max(3, len(pages) / 2)
    return frozenset(line for line, often in counted.items() if often >= least)


def _edges(lines: Sequence[str]) -> Iterable[int]:
    filled = [place for place, line in enumerate(lines) if line.strip()]
    return {*filled[:_EDGE], *filled[-_EDGE:]}


def _masked(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()))


def _hash(text: str) -> int:
    """The same in every process, spread over 32 bits."""
    return (zlib.crc32(text.encode("utf-8", "surrogatepass")) * 0x9E3779B1) & 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def _number_hash(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big")


def _sample(words: Counter[str]) -> tuple[str, ...]:
    """Some of the words, for the record's evidence."""
    return tuple(islice(sorted(words), 12))
