"""The nearest of many vectors: exactly, or nearly so where there are very many.

Exactly is to read them all, which takes 2 ms for 50,000 of 384 numbers. Where there are more, those
are read that have about the same signs as what is looked for: a bit for each number, in the file
`signs`, says which. It holds whole blocks of rows; the few after them are all read.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
from numkong import cdist

from tessera.engine.meaning.store import SIGNS, Rows

Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""Rows and their similarities, the nearest first."""

Signs = npt.NDArray[np.uint64]
"""Blocks of rows. A block is an array of words by rows: all first words side by side, and so on,
which are compared several times as fast as a row's words side by side would be."""

EXACT: Final = 150_000
"""Rows up to which all are read for each question."""
READ: Final = 20
"""Rows that are read for each one wanted, where not all are."""
AT_LEAST: Final = 20_000
"""Rows that are read however few are wanted."""
BLOCK: Final = 8_192
"""Rows of a block of signs."""
_WORD: Final = 64


def similarities(vectors: Rows, wanted: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The cosine of each row with a vector of length 1."""
    if not len(vectors):
        return np.empty(0, np.float32)
    given = wanted.astype(np.float16)[None]
    found: npt.NDArray[np.float32] = np.asarray(cdist(given, vectors, "dot"), np.float32)[0]
    return found


class Neighbours:
    """The search for the nearest rows in one generation of a store."""

    def __init__(self, exact: int = EXACT, at_least: int = AT_LEAST) -> None:
        self._exact = exact
        self._at_least = at_least
        self._lock = Lock()
        self._signs: Signs | None = None
        self._seen: tuple[Path, int, int] | None = None

    def nearest(
        self, folder: Path, vectors: Rows, wanted: npt.NDArray[np.float32], most: int
    ) -> Found:
        """At most `most` rows of the store's generation in `folder`."""
        signs = self._open(folder, vectors.shape[1]) if len(vectors) > self._exact else None
        if signs is None:
            return _best(similarities(vectors, wanted), most)
        # The file may have been written after the log was read.
        after = min(len(signs) * BLOCK, len(vectors))
        rows = _alike(signs, wanted, max(self._at_least, READ * most))
        rows = rows[rows < after]
        parts = (similarities(vectors[rows], wanted), similarities(vectors[after:], wanted))
        places, scores = _best(np.concatenate(parts), most)
        return np.concatenate([rows, np.arange(after, len(vectors))])[places], scores

    def _open(self, folder: Path, dimensions: int) -> Signs | None:
        path = folder / SIGNS
        try:
            stat = path.stat()
        except FileNotFoundError:
            return None
        with self._lock:
            seen = (path, stat.st_ino, stat.st_mtime_ns)
            if seen != self._seen:
                shape = (-1, _words(dimensions), BLOCK)
                self._signs = np.memmap(path, np.uint64, "r").reshape(shape)
                self._seen = seen
            return self._signs


def bring_up_to_date(folder: Path, vectors: Rows, exact: int = EXACT) -> bool:
    """Let the signs hold all whole blocks, where they are wanted; whether there was any to add."""
    path = folder / SIGNS
    if len(vectors) <= exact:
        return False
    held = path.stat().st_size if path.is_file() else 0
    there = held // (8 * _words(vectors.shape[1]))
    if len(vectors) - there < BLOCK:
        return False
    made = path.with_name(f"{SIGNS}.new")
    if there:
        shutil.copyfile(path, made)
    with made.open("ab" if there else "wb") as file:
        for start in range(there, len(vectors) - BLOCK + 1, BLOCK):
            file.write(_signs(vectors[start : start + BLOCK]).tobytes())
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
    return True


def _words(dimensions: int) -> int:
    return -(-dimensions // _WORD)


def _signs(vectors: npt.NDArray[np.floating]) -> Signs:
    """Words by rows: a bit is set where a number is above 0."""
    bits = np.zeros((len(vectors), _words(vectors.shape[1]) * _WORD), bool)
    bits[:, : vectors.shape[1]] = vectors > 0
    return np.ascontiguousarray(np.packbits(bits, axis=1).view(np.uint64).T)


def _alike(signs: Signs, wanted: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.int64]:
    """At least so many rows that differ from a vector in the fewest signs, in their order."""
    asked = _signs(wanted[None])
    differing = np.empty((len(signs), signs.shape[2]), np.uint16)
    for block, into in zip(signs, differing, strict=True):
        np.bitwise_count(block ^ asked).sum(axis=0, dtype=np.uint16, out=into)
    flat = differing.reshape(-1)
    limit = np.searchsorted(np.bincount(flat).cumsum(), most)
    return np.flatnonzero(flat <= limit)


def _best(scores: npt.NDArray[np.float32], most: int) -> Found:
    """The places of the best; of equal ones the earlier first."""
    if len(scores) > most:
        places = np.argpartition(scores, -most)[-most:]
        places.sort()
    else:
        places = np.arange(len(scores))
    places = places[np.argsort(-scores[places], kind="stable")]
    return places.astype(np.int64), scores[places]
