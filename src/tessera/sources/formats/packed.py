"""Files by themselves, packed with gzip or in a ZIP archive: read alike, unpacked in memory."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Literal, Protocol

from tessera.sources.formats.archives import (
    MAX_INFLATED,
    MAX_RATIO,
    RATIO_FROM,
    ArchiveError,
    Member,
    open_archive,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

BROKEN: Final = (ArchiveError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError,
                 EOFError, NotImplementedError, RuntimeError)  # fmt: skip
"""What reading a packed file raises where it is broken, encrypted, or too much."""


class Readable(Protocol):
    """What a reader needs of a file: a Path is one."""

    @property
    def suffix(self) -> str:
        """The ending of its name, with the dot."""

    def open(self, mode: Literal["rb"], /) -> IO[bytes]:
        """Its bytes, from the beginning."""


@dataclass(frozen=True, slots=True)
class Gzipped:
    """A file packed with gzip, such as `crafts.ttl.gz`."""

    path: Path

    @property
    def suffix(self) -> str:
        return Path(self.path.stem).suffix

    def open(self, _mode: str = "rb") -> IO[bytes]:
        """The bytes, inflated as they are read; ArchiveError where they are too many."""
        return _Inflating(self.path)  # type: ignore[return-value]  # GzipFile is an IO in all but name


class _Inflating(gzip.GzipFile):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "rb")
        self._packed = path.stat().st_size

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(MAX_INFLATED + 1 if size is None or size < 0 else size)
        inflated = self.tell()
        if inflated > MAX_INFLATED or inflated > max(RATIO_FROM, MAX_RATIO * self._packed):
            raise ArchiveError(
                f"inflates to more than {inflated:,} bytes from {self._packed:,}; not read further"
            )
        return data

    def readinto(self, buffer: ReadableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


@contextmanager
def unpacked(path: Path, endings: Set[str]) -> Iterator[list[tuple[Readable, str]]]:
    """The file, or those with these endings in an archive, each with its name for people.

    Raises ArchiveError where an archive must not be opened.
    """
    if path.suffix.lower() == ".gz":
        yield [(Gzipped(path), path.name)]
    elif path.suffix.lower() == ".zip":
        with open_archive(path) as archive:
            members = [
                Member(archive, info, f"{path.name}/{info.filename}")
                for info in archive.infolist()
                if Path(info.filename).suffix.lower() in endings
                and not info.filename.startswith("__MACOSX/")
            ]
            yield [(member, member.name) for member in members]
    else:
        yield [(path, path.name)]


def said(error: BaseException) -> str:
    """What is wrong with a packed file; continues a sentence with its name."""
    if isinstance(error, ArchiveError):
        return str(error)
    return f"is a broken or encrypted archive ({error})"
