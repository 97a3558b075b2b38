"""All files of one delivery with what is known of them, in a temporary database.

Which files are one document can be told only when all are known; here they wait on disk.
"""

from __future__ import annotations

import json
import os
import sqlite3
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from tessera.sources.files.walking import bounded
from tessera.sources.formats.likeness import Fingerprint

_TABLES: Final = """
CREATE TABLE file (
    seq INTEGER PRIMARY KEY, name TEXT, path BLOB, sha256 TEXT, format TEXT, size INTEGER,
    language TEXT, stated TEXT, own INTEGER, fold TEXT, partial INTEGER, words INTEGER,
    tokens INTEGER, digest TEXT, numbers TEXT, rank TEXT, place INTEGER, lead INTEGER,
    same TEXT, likeness REAL, differs TEXT, sketch BLOB, folder INTEGER, inner TEXT,
    UNIQUE (inner, folder)
);
CREATE INDEX file_name ON file (name);
CREATE INDEX file_sha256 ON file (sha256, place);
CREATE INDEX file_digest ON file (digest, place);
CREATE INDEX file_lead ON file (lead, place);
CREATE INDEX file_rank ON file (rank, name);
CREATE TABLE block (key INTEGER, lead INTEGER, PRIMARY KEY (key, lead)) WITHOUT ROWID;
CREATE TABLE agreed (lead INTEGER PRIMARY KEY, stated TEXT);
CREATE TABLE failed (seq INTEGER PRIMARY KEY, name TEXT, place TEXT, message TEXT,
    folder INTEGER, inner TEXT, UNIQUE (inner, folder));
CREATE INDEX failed_name ON failed (name);
CREATE TABLE clash (inner TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE earlier (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID;
CREATE TABLE claim (key TEXT, lead INTEGER, strength INTEGER, members INTEGER,
    PRIMARY KEY (key, lead)) WITHOUT ROWID;
CREATE TABLE named (lead INTEGER PRIMARY KEY, key TEXT UNIQUE);
CREATE TABLE owner (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID;
"""
_COLUMNS: Final = (
    "seq, name, path, sha256, format, size, language, stated, own, fold, partial, words, tokens, "
    "digest, numbers, place, lead, same, likeness, differs, sketch"
)


_ONE: Final = f"SELECT {_COLUMNS} FROM file WHERE seq = ?"  # noqa: S608 - columns are ours  # nosec B608
_ADD: Final = (
    "INSERT OR IGNORE INTO file (seq, name, path, sha256, format, size, language, stated, own, "
    "fold, partial, words, tokens, digest, numbers, sketch, rank, folder, inner) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_CLASH: Final = (
    "INSERT INTO clash SELECT inner FROM (SELECT folder, inner FROM file "
    "UNION SELECT folder, inner FROM failed) GROUP BY inner HAVING count(*) > 1"
)
_APART: Final = (
    "UPDATE file SET name = beneath(folder, inner) WHERE inner IN (SELECT inner FROM clash)",
    "UPDATE failed SET name = beneath(folder, inner), place = beneath(folder, place) "
    "WHERE inner IN (SELECT inner FROM clash)",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file. stated: what stands beside it. own: whether something is stated of it alone.

    place: in the order in which files lead, -1 before that is known. lead: the `seq` of the file
    whose record it belongs to, -1 before that is known. same, likeness, differs: why.
    """

    seq: int
    name: str
    path: Path
    sha256: str
    format: str
    size: int
    language: str
    stated: Mapping[str, Any]
    own: bool
    fold: str
    partial: bool
    print: Fingerprint
    place: int = -1
    lead: int = -1
    same: str = ""
    likeness: float = 0.0
    differs: Sequence[Sequence[str]] = ()

    @classmethod
    def of(cls, row: Sequence[Any]) -> Entry:
        (seq, name, path, sha256, format, size, language, stated, own, fold, partial, words,
         tokens, digest, numbers, place, lead, same, likeness, differs, sketch) = row  # fmt: skip
        return cls(
            seq, name, Path(os.fsdecode(path)), sha256, format, size, language,
            json.loads(stated), bool(own), fold, bool(partial),
            Fingerprint(words, tokens, digest, numbers, array("I", sketch)),
            -1 if place is None else place, -1 if lead is None else lead,
            same or "", likeness or 0.0, json.loads(differs or "[]"),
        )  # fmt: skip


class Delivery:
    """The files, which of them are one document, and under which key each document goes."""

    def __init__(self) -> None:
        self.database = sqlite3.connect("", isolation_level=None)  # on disk, and gone with us
        self.database.execute("PRAGMA cache_size = -16000")
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.executescript(_TABLES)
        self.database.execute("BEGIN")  # one transaction that nobody needs to end

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def add(self, entry: Entry, rank: str, folder: int = 0) -> bool:
        """Take a file in; False where its folder has one of that name. rank: see `folding.rank`.

        folder: the number of that folder, where several were given.
        """
        found = entry.print
        return self._inserted(
            _ADD,
            (
                entry.seq, entry.name, os.fsencode(entry.path), entry.sha256, entry.format,
                entry.size, entry.language, json.dumps(entry.stated, default=str), entry.own,
                entry.fold, entry.partial, found.words, found.tokens, found.digest,
                found.numbers, array("I", found.sketch).tobytes(), rank, folder, entry.name,
            ),
        )  # fmt: skip

    def fail(self, seq: int, name: str, where: str, message: str, folder: int = 0) -> bool:
        """Note a file that can't be read; False where its folder has one of that name."""
        return self._inserted(
            "INSERT OR IGNORE INTO failed VALUES (?, ?, ?, ?, ?, ?)",
            (seq, name, where, message, folder, name),
        )

    def tell_apart(self, labels: Sequence[str]) -> None:
        """Put its folder's label before each path that another folder has as well.

        Two slashes part them, which no path has. So what a file is called doesn't depend on the
        order in which the folders were given, and can't be the path of another one.
        """
        self.database.create_function(
            "beneath", 2, lambda folder, name: bounded(f"{labels[folder]}//{name}")
        )
        for statement in (_CLASH, *_APART):
            self.database.execute(statement)

    def entry(self, seq: int) -> Entry:
        """One file."""
        row = self.database.execute(
            _ONE,
            (seq,),
        ).fetchone()
        return Entry.of(row)

    def entries(self, rest: str, values: Sequence[Any] = ()) -> Iterator[Entry]:
        """Files by the rest of a SELECT; nothing is held."""
        for row in self.database.execute(f"SELECT {_COLUMNS} FROM file {rest}", values):  # noqa: S608 - the statement is ours  # nosec B608
            yield Entry.of(row)

    def ordered(self) -> Iterator[int]:
        """Files (`seq`) in the order in which they lead."""
        cursor = self.database.execute("SELECT seq FROM file ORDER BY rank, name")
        return (row[0] for row in cursor)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of any SELECT."""
        return iter(self.database.execute(statement, values))

    def put(self, statement: str, values: Sequence[Any]) -> None:
        """Any change."""
        self.database.execute(statement, values)

    def _inserted(self, statement: str, values: Sequence[Any]) -> bool:
        return self.database.execute(statement, values).rowcount > 0
