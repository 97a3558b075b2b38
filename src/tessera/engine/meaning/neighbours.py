"""The nearest of many vectors: exactly, or nearly so where there are very many.

Exactly is to read them all, which takes 2 ms for 50,000 of 384 numbers; nearly is a graph of them
(HNSW) in the file `near`, for all rows up to some number, and the rows after it exactly.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from numkong import cdist
from usearch.index import Index

from tessera.engine.meaning.store import NEAR, Rows

Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]
"""Rows and their similarities, the nearest first."""

EXACT: Final = 200_000
"""Rows up to which all are read for each question."""
TAIL: Final = 20_000
"""Rows that may come after those of the graph before it is made to hold them, too."""

LINKS: Final = 16
BREADTH_OF_BUILDING: Final = 64
BREADTH: Final = 512
"""How far the graph is searched: it finds the more of the nearest, and takes the longer."""

_AT_ONCE: Final = 8_192


def similarities(vectors: Rows, wanted: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The cosine of each row with a vector of length 1."""
    if not len(vectors):
        return np.empty(0, np.float32)
    given = wanted.astype(np.float16)[None]
    found: npt.NDArray[np.float32] = np.asarray(cdist(given, vectors, "dot"), np.float32)[0]
    return found


class Neighbours:
    """The search for the nearest rows in one generation of a store."""

    def __init__(self, exact: int = EXACT) -> None:
        self._exact = exact
        self._lock = Lock()
        self._graph: Any = None
        self._seen: tuple[Path, int, int] | None = None

    def nearest(
        self, folder: Path, vectors: Rows, wanted: npt.NDArray[np.float32], most: int
    ) -> Found:
        """At most `most` rows of the store's generation in `folder`."""
        graph = self._open(folder, vectors.shape[1]) if len(vectors) > self._exact else None
        if graph is None:
            return _best(0, similarities(vectors, wanted), most)
        found = graph.search(wanted.astype(np.float16), min(most, len(graph)))
        near = np.asarray(found.keys).astype(np.int64)
        near = near[near < len(vectors)]
        rest = _best(len(graph), similarities(vectors[len(graph) :], wanted), most)
        # The graph's own distances are of another rounding.
        rows = np.concatenate([near, rest[0]])
        scores = np.concatenate([similarities(vectors[near], wanted), rest[1]])
        order = np.argsort(-scores, kind="stable")[:most]
        return rows[order], scores[order]

    def _open(self, folder: Path, dimensions: int) -> Any:
        path = folder / NEAR
        try:
            stat = path.stat()
        except FileNotFoundError:
            return None
        with self._lock:
            seen = (path, stat.st_ino, stat.st_mtime_ns)
            if seen != self._seen:
                graph = _graph(dimensions)
                graph.view(str(path))
                graph.expansion_search = BREADTH
                self._graph, self._seen = graph, seen
            return self._graph


def bring_up_to_date(folder: Path, vectors: Rows, exact: int = EXACT, tail: int = TAIL) -> bool:
    """Let the graph hold all rows, where it is wanted; whether there was anything to do."""
    path = folder / NEAR
    if len(vectors) <= exact:
        return False
    graph = _graph(vectors.shape[1])
    if path.is_file():
        graph.load(str(path))
    if len(vectors) - len(graph) <= tail and len(graph):
        return False
    for start in range(len(graph), len(vectors), _AT_ONCE):
        part = np.ascontiguousarray(vectors[start : start + _AT_ONCE])
        graph.add(np.arange(start, start + len(part)), part)
    made = path.with_name(f"{NEAR}.new")
    graph.save(str(made))
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(path)
    return True


def _graph(dimensions: int) -> Any:
    return Index(
        ndim=dimensions,
        metric="ip",
        dtype="f16",
        connectivity=LINKS,
        expansion_add=BREADTH_OF_BUILDING,
        expansion_search=BREADTH,
    )


def _best(first: int, scores: npt.NDArray[np.float32], most: int) -> Found:
    """The best of rows counted from `first`; of equal ones the earlier."""
    if len(scores) > most:
        rows = np.argpartition(scores, -most)[-most:]
        rows.sort()
    else:
        rows = np.arange(len(scores))
    rows = rows[np.argsort(-scores[rows], kind="stable")]
    return (rows + first).astype(np.int64), scores[rows]
