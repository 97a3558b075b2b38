"""The folder of all indexes: made, promoted and dropped in single steps that a crash can't halve.

index/current           the promoted index's name, replaced atomically
index/NAME/             one index: tantivy's files
index/NAME/members/     what members see, as soon as it isn't the same; else theirs is NAME, too
index/NAME/tessera.json its stamp: what both were built by
index/.NAME...          being made or removed; swept up with the next change
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import tantivy

from tessera.engine.backends.tantivy import layout, segments
from tessera.engine.errors import BackendUnavailable, EngineError, IndexMissing, IndexOutdated
from tessera.engine.fields import IndexSchema

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_POINTER = "current"
_STAMP = "tessera.json"
_MEMBERS = "members"


class IndexFolder:
    """All methods raise BackendUnavailable where the folder can't be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        with _reported(self.path):
            if not self.path.is_dir():
                return ()
            found = (p.name for p in self.path.iterdir() if (p / _STAMP).is_file())
            return tuple(sorted(name for name in found if _NAME.fullmatch(name)))

    def create(self, schema: IndexSchema, name: str) -> None:
        if not _NAME.fullmatch(name) or name == _POINTER:
            raise EngineError(f"{name!r} is no name for an index: letters, digits and . _ -")
        with self._changing():
            if (self.path / name).exists():
                raise EngineError(f"index {name!r} exists already")
            making = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.path))
            tantivy.Index(layout.tantivy_schema(schema), str(making))
            (making / _STAMP).write_text(json.dumps(_stamp(schema)))
            making.chmod(0o755)
            making.rename(self.path / name)
            _sync(self.path)

    def check(self, schema: IndexSchema, name: str) -> Path:
        """The index's folder; raises IndexMissing and IndexOutdated."""
        path = self.path / name
        try:
            stamp = json.loads((path / _STAMP).read_text())
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(f"there is no index {name!r} in {self.path}") from None
        except (OSError, ValueError) as error:
            raise BackendUnavailable(f"index {name!r} can't be read: {error}") from error
        wanted = _stamp(schema)
        if stamp != wanted:
            built = f"was built by {_told(stamp)}, and this is {_told(wanted)}"
            raise IndexOutdated(f"index {name!r} {built}; `tessera index rebuild` mends it")
        return path

    def identity(self, name: str) -> tuple[int, int]:
        """Changes when an index of this name is removed and made anew."""
        with _reported(self.path, missing=f"there is no index {name!r} in {self.path}"):
            status = (self.path / name / _STAMP).stat()
            return status.st_ino, status.st_mtime_ns

    def promoted(self) -> str | None:
        try:
            return (self.path / _POINTER).read_text().strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BackendUnavailable(f"{self.path / _POINTER} can't be read: {error}") from error

    def promote(self, name: str) -> None:
        with self._changing():
            if name not in self.names():
                raise IndexMissing(f"there is no index {name!r} in {self.path}")
            handle, temporary = tempfile.mkstemp(prefix=".current-", dir=self.path)
            with os.fdopen(handle, "w") as pointer:
                pointer.write(f"{name}\n")
                pointer.flush()
                os.fsync(pointer.fileno())
                os.fchmod(pointer.fileno(), 0o644)
            Path(temporary).replace(self.path / _POINTER)
            _sync(self.path)

    def join(self, schema: IndexSchema, name: str, parts: Sequence[str]) -> None:
        """Move the segments of other indexes into an empty one, and drop those."""
        paths = [self.check(schema, each) for each in (name, *parts)]
        with self._changing():
            if any(is_parted(path) for path in paths):
                for path in paths:
                    if not is_parted(path):
                        segments.fork(path, members_path(path))
                segments.join(members_path(paths[0]), [members_path(each) for each in paths[1:]])
            segments.join(paths[0], paths[1:])
        for part in parts:
            self.drop(part)

    def drop(self, name: str) -> None:
        with self._changing():
            if name not in self.names():
                raise IndexMissing(f"there is no index {name!r} in {self.path}")
            if name == self.promoted():
                raise EngineError(f"index {name!r} answers searches and can't be dropped")
            # Out of sight in one step; the sweep at the end of the change removes the files.
            target = tempfile.mkdtemp(prefix=f".{name}-", dir=self.path)
            (self.path / name).rename(target)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time over all processes; what earlier ones left over is removed."""
        with _reported(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            with (self.path / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
                self._sweep()

    def _sweep(self) -> None:
        for path in self.path.glob(".*-*"):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def members_path(path: Path) -> Path:
    """Where an index has what members see, if that isn't what everyone does."""
    return path / _MEMBERS


def is_parted(path: Path) -> bool:
    """Whether an index has a part of its own for members."""
    return (members_path(path) / segments.META).exists()


def _stamp(schema: IndexSchema) -> dict[str, object]:
    return {
        "schema": schema.checksum(),
        "layout": layout.LAYOUT_VERSION,
        "tantivy": version("tantivy"),
    }


def _told(stamp: object) -> str:
    if not isinstance(stamp, dict):
        return "something unknown"
    return ", ".join(f"{key} {value}" for key, value in stamp.items())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _reported(path: Path, missing: str = "") -> Iterator[None]:
    """Errors of the file system as BackendUnavailable, or IndexMissing."""
    try:
        yield
    except OSError as error:
        if missing and isinstance(error, FileNotFoundError | NotADirectoryError):
            raise IndexMissing(missing) from None
        raise BackendUnavailable(f"the index folder {path} can't be used: {error}") from error
