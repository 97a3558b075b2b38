"""The files below a folder, each with its checksum, whatever lies between them."""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tessera.sources.base import ItemError
from tessera.sources.files.stated import INDEX, sidecars
from tessera.sources.formats.reading import ReadError

MAX_NAME: Final = 400
"""Characters of a path that are kept whole; a longer one is cut and gets a digest."""
_IGNORED: Final = frozenset({"thumbs.db", "desktop.ini", INDEX})


@dataclass(frozen=True, slots=True)
class FileAt:
    """path: where to read it. name: its path in the folder, as it is kept and shown."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class State:
    """What tells that a file is as it was: no two contents at one place have the same."""

    device: int
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, found: os.stat_result) -> State:
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def walk(folder: Path) -> Iterator[FileAt | ItemError]:
    """Files below a folder in the order of their names; what isn't one is told, not followed.

    A folder that can't be read is an error without a key, so that nothing of it is withdrawn.
    """
    unreadable: list[ItemError] = []

    def told(error: OSError) -> None:
        where = shown_name(folder, Path(error.filename or folder))
        message = f"this folder can't be read ({error.strerror}); give the right to, or move it"
        unreadable.append(ItemError("gather", where, message))

    for at, folders, names in os.walk(folder, onerror=told, followlinks=False):
        yield from unreadable
        unreadable.clear()
        here = Path(at)
        linked = [name for name in folders if (here / name).is_symlink()]
        yield from (_no_file(folder, here / name) for name in sorted(linked))
        folders[:] = sorted(
            (n for n in folders if n not in linked and not n.startswith((".", "__MACOSX"))),
            key=_order,
        )
        beside = sidecars(names)
        for name in sorted(names, key=_order):
            if name.startswith((".", "~$")) or name.lower() in _IGNORED or name in beside:
                continue
            yield from _file(folder, here / name)
    yield from unreadable


def _file(folder: Path, path: Path) -> Iterator[FileAt | ItemError]:
    try:
        ordinary = stat.S_ISREG(path.lstat().st_mode)
    except OSError as error:
        where = shown_name(folder, path)
        yield ItemError("gather", where, f"can't be read ({error.strerror})", where)
        return
    if not ordinary:
        yield _no_file(folder, path)
        return
    name = shown_name(folder, path)
    if not _is_unicode(path.relative_to(folder)):
        message = "the name is not UTF-8; its other bytes are shown as \\x..; better rename it"
        yield ItemError("gather", name, message, name, warning=True)
    yield FileAt(path, name)


def shown_name(folder: Path, path: Path) -> str:
    """The path of a file in its folder: NFC, bytes that are no UTF-8 as escapes, bounded."""
    return bounded(_shown(path.relative_to(folder)))


def _shown(path: Path) -> str:
    written = os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", written)


def bounded(name: str) -> str:
    """A name of at most MAX_NAME characters; the end of a longer one is replaced by a digest."""
    if len(name) <= MAX_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{name[: MAX_NAME - 20].rstrip()}...{digest}"


def labels(folders: Sequence[Path]) -> list[str]:
    """What tells several folders apart: each one's name, with as much above it as it takes."""
    parts = [_shown(folder).strip("/").split("/") for folder in folders]
    found = []
    for each in parts:
        depth = 1
        while depth < len(each) and sum(each[-depth:] == other[-depth:] for other in parts) > 1:
            depth += 1
        found.append("/".join(each[-depth:]))
    return found


def checksum(path: Path) -> tuple[str, State]:
    """SHA-256 of a file and what it was like; ReadError where it is gone or no file any more.

    Opened so that neither a link nor a pipe that was put in its place can do harm.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise ReadError("is no ordinary file any more", lasting=False)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ReadError(f"can't be opened ({error.strerror or error})", lasting=False) from None
    return digest, State.of(before)


def check_unchanged(path: Path, state: State) -> None:
    """ReadError where a file isn't what it was when its checksum was taken."""
    try:
        now = State.of(path.lstat())
    except OSError as error:
        raise ReadError(f"went away while it was read ({error.strerror})", lasting=False) from None
    if now != state:
        raise ReadError("changed while it was read; import it again when it is whole",
                        lasting=False)  # fmt: skip


def _order(name: str) -> tuple[str, str]:
    return unicodedata.normalize("NFC", name), name


def _is_unicode(path: Path) -> bool:
    try:
        path.as_posix().encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_file(folder: Path, path: Path) -> ItemError:
    what = (
        "is a link; links are not followed"
        if path.is_symlink()
        else "is no ordinary file and is passed over"
    )
    return ItemError("gather", shown_name(folder, path), what, warning=True)
