"""Several tantivy indexes as one, without reading them: an index is a list of segments.

A segment is a set of files named by its id, which is unique, and never changes. `meta.json` lists
the segments of an index, `.managed.json` the files that tantivy may remove when it needs them no
more. The stamp of an index holds tantivy's version: another one's files don't get here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tessera.engine.errors import EngineError

_META = "meta.json"
_MANAGED = ".managed.json"


def join(target: Path, parts: Sequence[Path]) -> None:
    """Move the segments of indexes to an empty one of the same schema. No writer may be open."""
    whole = _read(target / _META)
    managed = list(_read(target / _MANAGED))
    if whole["segments"]:
        raise EngineError(f"index {target.name!r} is not empty, so others can't be joined to it")
    for part in parts:
        meta = _read(part / _META)
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
    _write(target / _META, whole)


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
