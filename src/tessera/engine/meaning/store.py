"""The vectors of passages, and which documents they are of, in files beside the index.

A folder holds generations, of which the file `current` names one:

- `vectors`: rows of float16, one a passage; `keys`: 16 bytes a row, the name of its passage.
- `log`: JSON lines, each a document with its rows; the last one of an id holds.
- `signs`: the signs of the numbers of rows for the approximate search, where there are many.

All of them only grow; one process writes, any number read by mapping the files into memory and
going on in the log where they were. What is written is in the log last, so a reader sees whole
batches only, and a writer that begins cuts off what a killed one left unfinished. When more than
half of the rows are of no document any more, the next generation holds the others alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt

from tessera.engine.meaning.errors import BuildLocked

Rows = npt.NDArray[np.float16]

KEY_BYTES: Final = 16
CURRENT: Final = "current"
VECTORS: Final = "vectors"
KEYS: Final = "keys"
LOG: Final = "log"
SIGNS: Final = "signs"

FEW: Final = 10_000
"""Rows below which nothing is gained by leaving out those of no document."""


class Table:
    """Which rows are of which documents, as far as a log has been read."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[int, ...]] = {}
        self.end = 0
        """One more than the highest row named: rows from there on may be cut off yet."""
        self._owners: dict[int, str | tuple[str, ...]] = {}

    def take(self, line: bytes) -> None:
        """Read one line of a log."""
        said: dict[str, Any] = json.loads(line)
        id_, rows = said["id"], tuple(said["rows"])
        for row in self.rows.pop(id_, ()):
            left = tuple(owner for owner in self.owners(row) if owner != id_)
            if left:
                self._owners[row] = left
            else:
                del self._owners[row]
        if rows:
            self.rows[id_] = rows
        self.end = max(self.end, 1 + max(rows, default=-1))
        for row in rows:
            others = self.owners(row)
            if id_ not in others:
                self._owners[row] = (*others, id_) if others else id_

    def owners(self, row: int) -> tuple[str, ...]:
        """The documents that have this row; those with an equal passage share one."""
        found = self._owners.get(row, ())
        return (found,) if isinstance(found, str) else found

    def used(self) -> list[int]:
        """The rows of any document, in order."""
        return sorted(self._owners)


class VectorReader:
    """The vectors as last committed; any number of threads may use one."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._lock = RLock()
        self._generation = ""
        self._read = 0
        self.table = Table()
        self.vectors: Rows = np.empty((0, dimensions), np.float16)

    @property
    def generation(self) -> Path | None:
        """The folder of the generation that is read; None where nothing was written yet."""
        return self._folder / self._generation if self._generation else None

    def refresh(self) -> Self:
        """Take in what was committed since; a few microseconds where nothing was."""
        with self._lock:
            for last in (False, True):
                generation = current_generation(self._folder)
                if generation != self._generation:
                    self._generation, self._read, self.table = generation, 0, Table()
                    self.vectors = np.empty((0, self._dimensions), np.float16)
                try:
                    if generation:
                        self._follow(self._folder / generation)
                    break
                except FileNotFoundError:
                    # The next generation took its place just now.
                    if last:
                        raise
        return self

    def _follow(self, folder: Path) -> None:
        log = folder / LOG
        if log.stat().st_size == self._read:
            return
        with log.open("rb") as file:
            file.seek(self._read)
            read = file.read()
        whole = read[: read.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self.table.take(line)
        self._read += len(whole)
        if self.table.end > len(self.vectors):
            # The log is written last, so the rows it names are there.
            self.vectors = _mapped(folder / VECTORS, self.table.end, self._dimensions)


class VectorWriter:
    """Writes vectors, one process at a time; as a context manager it holds the lock."""

    def __init__(self, folder: Path, dimensions: int) -> None:
        """Raises BuildLocked where another process writes."""
        self._folder = folder
        self._dimensions = dimensions
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise BuildLocked("Another process is encoding; nothing needs to be done.") from error
        generation = current_generation(folder) or _new_generation(folder)
        self.name = _name(folder)
        """Made of chance, once: what was written about this store is not about another one."""
        for other in folder.iterdir():
            if other.is_dir() and other.name != generation:
                shutil.rmtree(other)
        self._open(generation)

    def _open(self, generation: str) -> None:
        """Open a generation, and cut off what was left unfinished."""
        self.generation = self._folder / generation
        width = 2 * self._dimensions
        vectors, keys = self.generation / VECTORS, self.generation / KEYS
        rows = min(vectors.stat().st_size // width, keys.stat().st_size // KEY_BYTES)
        os.truncate(vectors, rows * width)
        os.truncate(keys, rows * KEY_BYTES)
        log = self.generation / LOG
        held = log.read_bytes()
        whole = held[: held.rfind(b"\n") + 1]
        os.truncate(log, len(whole))
        self.table = Table()
        for line in whole.splitlines():
            self.table.take(line)
        named = keys.read_bytes()
        self._rows = {
            named[at : at + KEY_BYTES]: at // KEY_BYTES for at in range(0, len(named), KEY_BYTES)
        }
        self._files = [path.open("ab") for path in (vectors, keys, log)]

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def row(self, key: bytes) -> int | None:
        """The row of a passage; None where it is not encoded yet."""
        return self._rows.get(key)

    def add(self, passages: Mapping[bytes, npt.NDArray[np.float32]]) -> None:
        """Append the vectors of passages that have none yet; they stay, whatever comes after."""
        if not passages:
            return
        vectors, keys, _ = self._files
        vectors.write(np.asarray(list(passages.values())).astype(np.float16).tobytes())
        _stored(vectors)
        keys.write(b"".join(passages))
        _stored(keys)
        for key in passages:
            self._rows[key] = len(self._rows)

    def commit(self, documents: Mapping[str, Sequence[int]]) -> None:
        """Let documents have these rows; none: they have no vector."""
        log = self._files[2]
        written = [
            _line(id_, rows)
            for id_, rows in documents.items()
            if self.table.rows.get(id_, ()) != tuple(rows)
        ]
        log.write(b"".join(written))
        _stored(log)
        for line in written:
            self.table.take(line)

    def compact(self) -> bool:
        """Leave out the rows of no document, where they are the most; whether that was done."""
        used = self.table.used()
        if self.row_count < FEW or 2 * len(used) > self.row_count:
            return False
        old = self.generation
        vectors = _mapped(old / VECTORS, self.row_count, self._dimensions)
        keys = {row: key for key, row in self._rows.items()}
        moved = {row: at for at, row in enumerate(used)}
        made = _new_generation(
            self._folder,
            (
                vectors[start : start + FEW][_within(used, start)]
                for start in range(0, len(vectors), FEW)
            ),
            b"".join(keys[row] for row in used),
            b"".join(
                _line(id_, [moved[row] for row in rows]) for id_, rows in self.table.rows.items()
            ),
        )
        self._close_files()
        self._open(made)
        shutil.rmtree(old)
        return True

    def close(self) -> None:
        self._close_files()
        self._lock.close()

    def _close_files(self) -> None:
        for file in self._files:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def current_generation(folder: Path) -> str:
    """The name of the generation that counts; empty where there is none."""
    with suppress(FileNotFoundError):
        return (folder / CURRENT).read_text(encoding="ascii").strip()
    return ""


def _line(id_: str, rows: Sequence[int]) -> bytes:
    return json.dumps({"id": id_, "rows": list(rows)}, separators=(",", ":")).encode() + b"\n"


def _within(used: Sequence[int], start: int) -> list[int]:
    """Of rows in order, those of the FEW from `start` on, counted from there."""
    first, after = np.searchsorted(used, [start, start + FEW])
    return [row - start for row in used[first:after]]


def _name(folder: Path) -> str:
    path = folder / "name"
    if not path.is_file():
        made = folder / "name.new"
        made.write_text(secrets.token_hex(8), encoding="ascii")
        made.replace(path)
    return path.read_text(encoding="ascii").strip()


def _new_generation(
    folder: Path, vectors: Iterable[Rows] = (), keys: bytes = b"", log: bytes = b""
) -> str:
    """Make a generation, whole, and let it be the current one."""
    name = secrets.token_hex(4)
    made = folder / name
    made.mkdir()
    with (made / VECTORS).open("wb") as file:
        for part in vectors:
            file.write(part.tobytes())
        _stored(file)
    for part_name, held in ((KEYS, keys), (LOG, log)):
        with (made / part_name).open("wb") as file:
            file.write(held)
            _stored(file)
    pointer = folder / f"{CURRENT}.new"
    with pointer.open("wb") as file:
        file.write(name.encode())
        _stored(file)
    pointer.replace(folder / CURRENT)
    return name


def _stored(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _mapped(path: Path, rows: int, dimensions: int) -> Rows:
    if not rows:
        return np.empty((0, dimensions), np.float16)
    return np.memmap(path, np.float16, "r", shape=(rows, dimensions))
