"""Several tantivy indexes as one, without reading them: an index is a list of segments.

A segment is a set of files named by its id, which is unique, and never changes. `meta.json` lists
the segments of an index, `.managed.json` the files that tantivy may remove when it needs them no
more. The stamp of an index holds tantivy's version: another one's files don't get here.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tessera.engine.errors import EngineError

META = "meta.json"
"""Tantivy replaces this file with each commit and each merge."""
_MANAGED = ".managed.json"
_TRIES = 1_000
"""Merges of a running writer that may come in between; there are never that many."""


def join(target: Path, parts: Sequence[Path]) -> None:
    """Move the segments of indexes to an empty one of the same schema. No writer may be open."""
    whole = _read(target / META)
    managed = list(_read(target / _MANAGED))
    if whole["segments"]:
        raise EngineError(f"index {target.name!r} is not empty, so others can't be joined to it")
    for part in parts:
        meta = _read(part / META)
        for known in ("index_settings", "schema"):
            if meta[known] != whole[known]:
                raise EngineError(f"indexes {part.name!r} and {target.name!r} differ in {known}")
        ids = [segment["segment_id"].replace("-", "") for segment in meta["segments"]]
        for file in sorted(part.iterdir()):
            if file.name.partition(".")[0] in ids:
                file.rename(target / file.name)
                managed.append(file.name)
        whole["segments"] += meta["segments"]
        whole["opstamp"] = max(whole["opstamp"], meta["opstamp"])
    _write(target / _MANAGED, managed)
    _write(target / META, whole)


def fork(source: Path, target: Path) -> None:
    """Make another index of the same documents, in one step, of the same files (hard links).

    Files of segments never change, so each index goes on by itself, and what one needs no more it
    removes from its own folder alone. A writer of the source may be open if all that it was given
    is committed: where it merges segments meanwhile, those that are left are taken.
    """
    for left_over in target.parent.glob(f".{target.name}-*"):
        shutil.rmtree(left_over)
    for number in range(_TRIES):
        making = target.with_name(f".{target.name}-{number}")
        making.mkdir()
        try:
            meta = _linked(source, making)
        except FileNotFoundError:
            meta = None
        if meta is not None:
            _write(making / META, meta)
            making.rename(target)
            return
        shutil.rmtree(making)
    raise EngineError(f"index {source.name!r} changed all the time while it was to be parted")


def _linked(source: Path, target: Path) -> Any:
    """Let `target` have all files of the source; None where these became others meanwhile."""
    meta = _read(source / META)
    ids = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    managed = [META]
    for file in sorted(source.iterdir()):
        if file.name.partition(".")[0] in ids:
            _link(file, target / file.name)
            managed.append(file.name)
    _write(target / _MANAGED, managed)
    return meta if _read(source / META) == meta else None


def _link(file: Path, other: Path) -> None:
    try:
        os.link(file, other)
    except FileNotFoundError:
        raise
    except OSError:
        # Not every file system has hard links.
        shutil.copyfile(file, other)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, value: object) -> None:
    """In one step, on the disk when it is done: as tantivy writes them."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
