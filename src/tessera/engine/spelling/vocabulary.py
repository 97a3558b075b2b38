"""The words of an index, kept small, and those of them that are like a typed one.

A word is kept as a hash and its frequency (some 25 bytes in all). Words one edit away are found by
looking up every edit of the typed word. Longer words may be two edits away: those that occur in
more than one document are kept as they are, under their beginnings and under their endings, since
two edits seldom touch both.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from tessera.engine.spelling.distance import edited, edits

SHORTEST, LONGEST = 3, 40
"""Letters of a word that is corrected, and of one that is offered."""
LONG = 8
"""Letters from which on two edits are thought of."""
_SHARDS = 256
_KEY = 3
_OFTEN = 2
"""Documents in which a word must occur to be offered for one that is two edits away."""


class Vocabulary:
    """words: folded, each with the number of documents in which it occurs; each once."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        # Sorted in small pieces: a thread that sorts a million at once keeps all others waiting.
        shards: list[list[tuple[int, int]]] = [[] for _ in range(_SHARDS)]
        self._by_key: dict[str, list[str]] = {}
        self.size = 0
        for word, frequency in words:
            if not is_correctable(word):
                continue
            code = hash(word)
            shards[code % _SHARDS].append((code, frequency))
            self.size += 1
            if frequency >= _OFTEN and len(word) >= LONG - 1:
                for key in _keys(word):
                    self._by_key.setdefault(key, []).append(word)
        self._hashes: list[array[int]] = []
        self._frequencies: list[array[int]] = []
        for number, shard in enumerate(shards):
            shard.sort()
            self._hashes.append(array("q", [code for code, _ in shard]))
            self._frequencies.append(array("I", [frequency for _, frequency in shard]))
            shards[number] = []
        # Nearly every edit of a word is none; one look here tells most of them.
        self._slots = (1 << max(16, (8 * self.size).bit_length())) - 1
        self._taken = bytearray(self._slots + 1)
        for hashes in self._hashes:
            for code in hashes:
                self._taken[code & self._slots] = 1

    def frequency(self, word: str) -> int:
        """In how many documents a folded word occurs."""
        code = hash(word)
        hashes = self._hashes[code % _SHARDS]
        at = bisect_left(hashes, code)
        if at < len(hashes) and hashes[at] == code:
            return self._frequencies[code % _SHARDS][at]
        return 0

    def one_edit(self, word: str) -> Iterator[tuple[str, int]]:
        """The words one edit away, with their frequencies; never the word itself."""
        taken, slots = self._taken, self._slots
        found = {other for other in edited(word) if taken[hash(other) & slots]}
        for other in found - {word}:
            frequency = self.frequency(other)
            if frequency:
                yield other, frequency

    def two_edits(self, word: str) -> Iterator[tuple[str, int]]:
        """Words two edits away from one of at least LONG letters, with their frequencies."""
        if len(word) < LONG or not word.isalpha():
            return
        letters = set(word)
        lengths = range(len(word) - 2, len(word) + 3)
        seen = {other for key in _keys(word) for other in self._by_key.get(key, ())}
        for other in seen:
            if (
                len(other) in lengths
                and len(letters.symmetric_difference(other)) <= 4
                and edits(word, other, 2) == 2
            ):
                yield other, self.frequency(other)


def is_correctable(word: str) -> bool:
    """Whether a folded word is one that can be misspelt: letters, and digits only beside them."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isascii()):
        return False
    if word.isalpha():
        return True
    return word.isalnum() and sum(map(str.isalpha, word)) > SHORTEST


def _keys(word: str) -> tuple[str, str]:
    return word[:_KEY], f"{word[0]}*{word[-_KEY:]}"
