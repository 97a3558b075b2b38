"""What is near in meaning: of a typed text, or of a document."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from threading import Lock
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from tessera.engine.audience import Audience
from tessera.engine.document import Document
from tessera.engine.meaning.encoder import Vectors
from tessera.engine.meaning.neighbours import Neighbours
from tessera.engine.meaning.passages import UNKNOWN, Detect
from tessera.engine.meaning.store import Rows, Table, VectorReader

REMEMBERED: Final = 512
"""Vectors of questions that are kept: a page, its facets and the next page ask for the same one."""

Present = Callable[[Sequence[str], Audience], Collection[str]]
"""Which of these ids are of documents that the current index has for an audience."""

LOOKED_AT: Final = 10
"""Nearest passages that are looked at, for each document wanted."""
PASSAGES: Final = 32
"""Passages of a document that tell for it, the nearest ones."""

Told = Callable[[Rows, npt.NDArray[np.float32], dict[str, list[int]]], dict[str, float]]
"""How well documents fit: of the nearest passages of all, of their similarities, and of the places
of each document's own among them, the nearest first."""


class Asked(Protocol):
    """What is needed of an encoder to read a question."""

    def query_tokens(self, text: str) -> list[int]: ...

    def encode(self, texts: Sequence[Sequence[int]]) -> Vectors: ...


class Meaning:
    """Nearness in meaning, by one encoder and its vectors. Any number of threads may ask.

    Documents that are not in the index now, and such without a text in a language that the encoder
    knows, are never answered; nor is anything told by a passage of a document that isn't for the
    audience.
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

    def nearest(
        self,
        text: str,
        lang: str = "",
        k: int = 100,
        *,
        audience: Audience = Audience.EVERYONE,
    ) -> list[tuple[str, float]]:
        """The k documents with the nearest passages, the nearest first; equal ones by id.

        Each with how much its passages are nearer than the others of the index, from 0; see
        `_together`. lang: of the text, not of its reader. Nothing where the encoder doesn't know
        it.
        """
        if not text.strip() or not self.knows(text, lang):
            return []
        return self._near(self._vector(text), k, "", _together, audience)

    def similar(
        self, id_: str, k: int = 10, *, audience: Audience = Audience.EVERYONE
    ) -> list[tuple[str, float]]:
        """The k documents nearest to the mean of one's passages; nothing where it has none.

        Each with the cosine of its nearest passage.
        """
        reader = self._vectors.refresh()
        rows = self._rows(reader.table, id_, audience)
        if not rows:
            return []
        mean = reader.vectors[list(rows)].astype(np.float32).mean(axis=0)
        return self._near(
            mean / max(float(np.linalg.norm(mean)), 1e-12), k, id_, _nearest, audience
        )

    @staticmethod
    def _rows(table: Table, id_: str, audience: Audience) -> tuple[int, ...]:
        names = (members_name(id_), id_) if audience is Audience.MEMBERS else (id_,)
        return next((table.rows[name] for name in names if name in table.rows), ())

    def _near(
        self,
        wanted: npt.NDArray[np.float32],
        k: int,
        without: str,
        told: Told,
        audience: Audience,
    ) -> list[tuple[str, float]]:
        reader = self._vectors.refresh()
        folder, table, vectors = reader.generation, reader.table, reader.vectors
        if folder is None or not len(vectors) or k < 1:
            return []
        most = LOOKED_AT * k
        while True:
            rows, scores = self._neighbours.nearest(folder, vectors, wanted, most)
            own: dict[str, list[int]] = {}
            for at, row in enumerate(rows.tolist()):
                for name in table.owners(row):
                    id_ = document_of(name, table.rows, audience)
                    if id_:
                        own.setdefault(id_, []).append(at)
            own.pop(without, None)
            near = vectors[rows]
            found = self._here(told(near, scores, own), k, audience)
            if len(found) == k or most >= len(vectors):
                return found
            most *= 4

    def _here(self, best: dict[str, float], k: int, audience: Audience) -> list[tuple[str, float]]:
        """The first k that the index has."""
        ordered = sorted(best.items(), key=lambda each: (-each[1], each[0]))
        found: list[tuple[str, float]] = []
        for start in range(0, len(ordered), k):
            some = ordered[start : start + k]
            here = self._present([id_ for id_, _ in some], audience)
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


def name_of(document: Document) -> str:
    """Under which name a store has the vectors of a document.

    That is its id, but for one that everyone may not see.
    """
    return document.id if Audience.EVERYONE in document.audiences else members_name(document.id)


def members_name(id_: str) -> str:
    """No id has a line break in it."""
    return f"{id_}\n{Audience.MEMBERS}"


def document_of(name: str, stored: Collection[str], audience: Audience) -> str:
    """The id of the document whose vectors have this name; empty where it isn't the audience's.

    stored: the names that have vectors. Members see their own document of a record, if it has one.
    """
    id_, apart, _ = name.partition("\n")
    if audience is Audience.EVERYONE:
        return "" if apart else id_
    return id_ if apart or members_name(id_) not in stored else ""


def _nearest(
    near: Rows, scores: npt.NDArray[np.float32], own: dict[str, list[int]]
) -> dict[str, float]:
    """By the nearest passage alone."""
    return {id_: float(scores[places[0]]) for id_, places in own.items()}


def _together(
    near: Rows, scores: npt.NDArray[np.float32], own: dict[str, list[int]]
) -> dict[str, float]:
    """By all near passages, each as far as nearer ones of the document don't say the same.

    What someone wrote in a life, or a file of many chapters, speaks of a thing the more, the more
    of its passages do. But the passages of one text share words, are its translations or its
    summary: what is new of a passage is 1 less its highest cosine with a nearer one. Each adds by
    how much it is nearer than the farthest passage that is looked at, times the square of what is
    new of it: so much that is only somewhat near doesn't outweigh what is near.
    """
    if not own:
        return {}
    # Not of all that is near: what isn't for the audience tells nothing.
    above = scores - scores[max(places[-1] for places in own.values())]
    found: dict[str, float] = {}
    of_size: dict[int, list[str]] = {}
    for id_, places in own.items():
        if len(places) == 1:
            found[id_] = float(above[places[0]])
        else:
            of_size.setdefault(min(len(places), PASSAGES), []).append(id_)
    for size, ids in of_size.items():
        told = np.array([own[id_][:size] for id_ in ids])
        vectors = near[told].astype(np.float32)
        alike = np.tril(vectors @ vectors.transpose(0, 2, 1), -1).max(axis=2)
        new = 1 - np.clip(alike, 0.0, 1.0)
        found.update(zip(ids, (new**2 * above[told]).sum(axis=1).tolist(), strict=True))
    return found
