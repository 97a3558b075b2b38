"""The archive: a zip of rows and files with a manifest that says what must be in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
ROWS = "rows/"
"""rows/<app>.<model>.jsonl: the columns' names, then a list of values for each row."""
FILES = "home/"

_CHUNK = 1 << 20


class BackupError(Exception):
    """A backup that can't be made or used; the message is a sentence fit for an operator."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the archive: bytes and hex digest (SHA-256) of its content."""

    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """tessera: the version that made it. migrations: (app, name) that its rows conform to.
    rows: how many, by model. entries: every file in the archive but the manifest."""

    tessera: str
    created: str
    migrations: list[tuple[str, str]]
    rows: dict[str, int] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Manifest:
        return cls(
            tessera=str(value["tessera"]),
            created=str(value["created"]),
            migrations=[(str(app), str(name)) for app, name in value["migrations"]],
            rows={str(label): int(count) for label, count in value["rows"].items()},
            entries={
                str(name): Entry(int(entry["size"]), str(entry["sha256"]))
                for name, entry in value["entries"].items()
            },
        )


class Measured:
    """A file to write into that notes the size and digest of what goes through."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> None:
        self._target.write(content)
        self._digest.update(content)
        self.size += len(content)

    def entry(self) -> Entry:
        return Entry(self.size, self._digest.hexdigest())


@contextmanager
def entry(archive: zipfile.ZipFile, manifest: Manifest, name: str) -> Iterator[Measured]:
    """A new entry to write into; the manifest gets its size and digest."""
    with archive.open(name, "w", force_zip64=True) as target:
        measured = Measured(target)
        yield measured
    manifest.entries[name] = measured.entry()


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose every byte has been checked against its manifest; else BackupError."""
    damaged = f"{path} is no backup of Tessera, or is damaged"
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = _manifest(archive, damaged)
            _check(archive, manifest, damaged)
            yield archive, manifest
    except FileNotFoundError:
        raise BackupError(f"There is no {path}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BackupError(f"{damaged} ({error}). Nothing was changed.") from None
    except OSError as error:
        raise BackupError(f"{path} can't be read: {error.strerror or error}.") from None


def _manifest(archive: zipfile.ZipFile, damaged: str) -> Manifest:
    try:
        value = json.loads(archive.read(MANIFEST))
        made_by = value["format"]
        if made_by != FORMAT:
            raise BackupError(
                f"This backup has format {made_by!r}, and this Tessera reads format {FORMAT}; "
                "restore it with the version that made it."
            )
        return Manifest.from_json(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupError(f"{damaged}: its manifest can't be read ({error}).") from None


def _check(archive: zipfile.ZipFile, manifest: Manifest, damaged: str) -> None:
    names = archive.namelist()
    if sorted(names) != sorted([MANIFEST, *manifest.entries]):
        raise BackupError(f"{damaged}: it doesn't hold what its manifest lists.")
    for name, expected in manifest.entries.items():
        if not _safe(name):
            raise BackupError(f"{damaged}: it has a file of the name {name!r}.")
        if archive.getinfo(name).file_size != expected.size or _digest(archive, name) != expected:
            raise BackupError(f"{damaged}: {name} is not what its manifest says.")


def _safe(name: str) -> bool:
    """Whether an entry stays in its folder when it is unpacked."""
    parts = PurePosixPath(name).parts
    inside = name.startswith((ROWS, FILES)) and len(parts) > 1
    return inside and ".." not in parts and "\\" not in name and "\0" not in name


def _digest(archive: zipfile.ZipFile, name: str) -> Entry:
    digest, size = hashlib.sha256(), 0
    with archive.open(name) as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Entry(size, digest.hexdigest())
