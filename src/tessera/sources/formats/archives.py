"""ZIP archives, looked at before anything in them is inflated."""

from __future__ import annotations

import lzma
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

MAX_MEMBERS: Final = 20_000
MAX_INFLATED: Final = 1_000_000_000
"""Bytes of all members together, as declared; reading stops at what is declared."""
MAX_RATIO: Final = 200
"""Inflated to packed; real office files stay below 100. Small archives may have more."""
RATIO_FROM: Final = 20_000_000
"""Bytes inflated from which the ratio counts."""
MAX_MEMBER: Final = 300_000_000


BROKEN: Final = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError,
    NotImplementedError,
)  # fmt: skip
"""What reading a file, packed or not, raises where it is broken, encrypted or packed otherwise."""


class ArchiveError(ValueError):
    """An archive that is broken, encrypted, or would inflate beyond all measure."""


def check_archive(path: Path) -> None:
    """Raise ArchiveError where the archive at `path` must not be opened."""
    with open_archive(path):
        pass


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an open archive, to be read like one that stands by itself.

    name: for people, with the archive's. Reading raises one of BROKEN where the archive is broken.
    """

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    name: str

    @property
    def suffix(self) -> str:
        return Path(self.info.filename).suffix

    def open(self, _mode: str = "rb") -> IO[bytes]:
        """The bytes, inflated as they are read."""
        return self.archive.open(self.info)

    def read_bytes(self) -> bytes:
        """All bytes; ArchiveError for more than `MAX_MEMBER`."""
        return read_member(self.archive, self.info.filename)

    @contextmanager
    def in_memory(self) -> Iterator[Path]:
        """A path under which the inflated file can be read by another process.

        In memory on Linux; elsewhere a temporary file that is gone afterwards.
        """
        data = self.read_bytes()
        if hasattr(os, "memfd_create"):
            with os.fdopen(os.memfd_create("member"), "wb") as file:
                file.write(data)
                file.flush()
                yield Path(f"/proc/{os.getpid()}/fd/{file.fileno()}")
        else:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "member")
                path.write_bytes(data)
                yield path


def open_archive(
    path: Path, *, members: int = MAX_MEMBERS, inflated: int = MAX_INFLATED
) -> zipfile.ZipFile:
    """The checked archive, open; members are read by `read_member`.

    members, inflated: the most files, and bytes of all of them, that it may have.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveError(f"is a broken archive ({error})") from None
    try:
        _check(archive, path.stat().st_size, members, inflated)
    except ArchiveError:
        archive.close()
        raise
    return archive


def _check(archive: zipfile.ZipFile, packed: int, most: int, limit: int) -> None:
    members = archive.infolist()
    if len(members) > most:
        raise ArchiveError(f"has {len(members)} files in it, more than {most}")
    inflated = sum(member.file_size for member in members)
    if inflated > limit:
        raise ArchiveError(f"would inflate to {inflated:,} bytes, more than {limit:,}; not opened")
    if inflated > RATIO_FROM and inflated > MAX_RATIO * packed:
        raise ArchiveError(
            f"would inflate {packed:,} bytes to {inflated:,}, more than {MAX_RATIO} times; "
            "not opened"
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts:
            raise ArchiveError(f"has a file that points out of it ({member.filename!r})")


def read_member(archive: zipfile.ZipFile, name: str, cap: int = MAX_MEMBER) -> bytes:
    """The bytes of a member; ArchiveError where it is missing, broken, encrypted or too large."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise ArchiveError(f"lacks its part {name}") from None
    if info.flag_bits & 1:
        raise ArchiveError("is encrypted; save it without a password")
    if info.file_size > cap:
        raise ArchiveError(f"has a part of {info.file_size:,} bytes ({name}), more than {cap:,}")
    try:
        return archive.read(info)
    except (*BROKEN, ValueError) as error:
        raise ArchiveError(f"has a broken part {name} ({error})") from None
