"""Rows of many tables, put aside until all are read: joined by their owner, in bounded memory.

They lie in a database of SQLite's own that has no name, spills to disk and is gone at the end.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, Self

from tessera.sources.where import Where


class Spool:
    """See the module. A row is known by its kind, its owner and what it says."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute(
            "CREATE TABLE part (kind TEXT, owner TEXT, digest BLOB, number INTEGER, place TEXT,"
            " data TEXT, PRIMARY KEY (kind, owner, digest)) WITHOUT ROWID"
        )
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def add(self, kind: str, owner: str, row: Mapping[str, Any], place: Where) -> bool:
        """Put a row aside; False where the same was there before."""
        data = json.dumps(row, ensure_ascii=False, sort_keys=True)
        compared = json.dumps({key: str(value) for key, value in row.items()}, sort_keys=True)
        digest = hashlib.blake2b(compared.encode("utf-8", "replace"), digest_size=16).digest()
        self._number += 1
        added = self._rows.execute(
            "INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?, ?, ?)",
            (
                kind,
                owner,
                digest,
                self._number,
                json.dumps(place.packed),
                data.encode("utf-8", "replace").decode(),
            ),
        )
        return added.rowcount == 1

    def owners(self, kind: str) -> Iterator[str]:
        """Who has rows of that kind, in the order in which they came."""
        found = self._rows.execute(
            "SELECT owner FROM part WHERE kind = ? GROUP BY owner ORDER BY min(number)", (kind,)
        )
        for (owner,) in found:
            yield owner

    def of(self, kind: str, owner: str) -> list[tuple[Where, dict[str, Any]]]:
        """Place and row of all that the owner has of that kind."""
        found = self._rows.execute(
            "SELECT place, data FROM part WHERE kind = ? AND owner = ? ORDER BY number",
            (kind, owner),
        )
        return [(Where(*json.loads(place)), json.loads(data)) for place, data in found]

    def without(self, kind: str, others: tuple[str, ...]) -> list[str]:
        """Owners of rows of the other kinds that have none of this one."""
        marks = ", ".join("?" * len(others))
        found = self._rows.execute(
            f"SELECT DISTINCT owner FROM part WHERE kind IN ({marks}) AND owner NOT IN"  # noqa: S608 - only question marks  # nosec B608
            " (SELECT owner FROM part WHERE kind = ?) ORDER BY owner",
            (*others, kind),
        )
        return [owner for (owner,) in found]
