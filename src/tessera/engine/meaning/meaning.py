"""What is near in meaning: of a typed text, or of a document."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from tessera.engine.meaning.encoder import Vectors
from tessera.engine.meaning.neighbours import Neighbours, similarities
from tessera.engine.meaning.passages import UNKNOWN, Detect
from tessera.engine.meaning.store import VectorReader

REMEMBERED: Final = 512
"""Vectors of questions that are kept: a page, its facets and the next page ask for the same one."""

Present = Callable[[Sequence[str]], Collection[str]]
"""Which of these ids are of documents that the current index has."""


class Asked(Protocol):
    """What is needed of an encoder to read a question."""

    def query_tokens(self, text: str) -> list[int]: ...

    def encode(self, texts: Sequence[Sequence[int]]) -> Vectors: ...


class Meaning:
    """Nearness in meaning, by one encoder and its vectors. Any number of threads may ask.

    Similarities are cosines, from -1 to 1. Documents that are not in the index now, and such
    without a text in a language that the encoder knows, are never answered.
    """

    def __init__(
        self,
        encoder: Asked,
        languages: frozenset[str],
        vectors: VectorReader,
        *,
        detect: Detect,
        present: Present,
        neighbours: Neighbours | None = None,
    ) -> None:
        self._encoder = encoder
        self._languages = languages
        self._vectors = vectors
        self._detect = detect
        self._present = present
        self._neighbours = neighbours or Neighbours()
        self._asked: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    @property
    def languages(self) -> frozenset[str]:
        """The two-letter codes of the languages that the encoder knows."""
        return self._languages

    def knows(self, text: str, lang: str = "") -> bool:
        """Whether a text is in a language that the encoder knows. lang: empty to find it out."""
        return (self._detect(text) if lang in UNKNOWN else lang) in self._languages

    def nearest(self, text: str, lang: str = "", k: int = 100) -> list[tuple[str, float]]:
        """The k documents with the nearest passages, the nearest first; equal ones by id.

        lang: of the text, not of its reader. Nothing where the encoder doesn't know it.
        """
        if not text.strip() or not self.knows(text, lang):
            return []
        return self._near(self._vector(text), k, "")

    def similarities(self, text: str, ids: Collection[str], lang: str = "") -> dict[str, float]:
        """How near the nearest passage of each of these documents is; without those of none."""
        if not text.strip() or not ids or not self.knows(text, lang):
            return {}
        reader = self._vectors.refresh()
        table, vectors = reader.table, reader.vectors
        rows = {id_: table.rows[id_] for id_ in ids if id_ in table.rows}
        if not rows:
            return {}
        flat = np.fromiter((row for each in rows.values() for row in each), np.int64)
        scores = similarities(vectors[flat], self._vector(text))
        starts = np.cumsum([0, *(len(each) for each in rows.values())])[:-1]
        best = np.maximum.reduceat(scores, starts)
        return {id_: float(score) for id_, score in zip(rows, best, strict=True)}

    def similar(self, id_: str, k: int = 10) -> list[tuple[str, float]]:
        """The k documents nearest to the mean of one's passages; nothing where it has none."""
        reader = self._vectors.refresh()
        rows = reader.table.rows.get(id_)
        if not rows:
            return []
        mean = reader.vectors[list(rows)].astype(np.float32).mean(axis=0)
        return self._near(mean / max(float(np.linalg.norm(mean)), 1e-12), k, id_)

    def _near(
        self, wanted: npt.NDArray[np.float32], k: int, without: str
    ) -> list[tuple[str, float]]:
        reader = self._vectors.refresh()
        folder, table, vectors = reader.generation, reader.table, reader.vectors
        if folder is None or not len(vectors) or k < 1:
            return []
        most = 4 * k
        while True:
            rows, scores = self._neighbours.nearest(folder, vectors, wanted, most)
            best: dict[str, float] = {}
            for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
                for id_ in table.owners(row):
                    best.setdefault(id_, score)
            best.pop(without, None)
            found = self._here(best, k)
            if len(found) == k or most >= len(vectors):
                return found
            most *= 4

    def _here(self, best: dict[str, float], k: int) -> list[tuple[str, float]]:
        """The first k that the index has."""
        ordered = sorted(best.items(), key=lambda each: (-each[1], each[0]))
        found: list[tuple[str, float]] = []
        for start in range(0, len(ordered), k):
            some = ordered[start : start + k]
            here = self._present([id_ for id_, _ in some])
            found += [each for each in some if each[0] in here]
            if len(found) >= k:
                break
        return found[:k]

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        with self._lock:
            known = self._asked.get(text)
            if known is not None:
                self._asked.move_to_end(text)
                return known
        made: npt.NDArray[np.float32]
        made = self._encoder.encode([self._encoder.query_tokens(text)])[0]
        with self._lock:
            self._asked[text] = made
            while len(self._asked) > REMEMBERED:
                self._asked.popitem(last=False)
        return made
