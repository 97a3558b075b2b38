"""What a vocabulary states, set aside on disk and given back subject by subject."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final, Self

from tessera.sources.formats.rdf import Statement
from tessera.sources.skos.terms import AS_THINGS, FORM, FORMS, KEPT, KINDS, TURNED, TYPE

_BATCH: Final = 5_000


class Statements:
    """RDF says things in any order, labels far from what they name; so all of it is needed first.

    It lies in a database without a name in the file system: whatever the size of a vocabulary,
    little memory is used, and a killed run leaves nothing behind.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32000;"
            "CREATE TABLE said (subject TEXT, name TEXT, value TEXT, lang TEXT, thing INT);"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, stated: Iterable[Statement], blank: str) -> None:
        """Take in the statements of one file. blank: makes names of its nameless nodes unique."""
        rows: list[tuple[str, str, str, str, int]] = []
        for each in stated:
            row = _row(each)
            if row is not None:
                rows.append(_unique(row, blank))
            if len(rows) >= _BATCH:
                self._insert(rows)
                rows = []
        self._insert(rows)

    def _insert(self, rows: list[tuple[str, str, str, str, int]]) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")

    def subjects(self) -> Iterator[tuple[str, dict[str, list[list[str]]]]]:
        """Each scheme, collection and concept, with what is said of it: sorted (text, language)
        by name, so that the same statements give the same whatever their order."""
        self._db.execute("CREATE INDEX said_subject ON said (subject)")
        found = self._db.execute(
            "SELECT DISTINCT subject FROM said WHERE name IN (?, 'inScheme') ORDER BY subject",
            (TYPE,),
        )
        for (subject,) in found:
            said = self._of(subject)
            if any(value in KINDS for value, _ in said.get(TYPE, [])) or "inScheme" in said:
                yield subject, said

    def _of(self, subject: str) -> dict[str, list[list[str]]]:
        rows = self._db.execute(
            "SELECT name, value, lang, thing FROM said WHERE subject = ?", (subject,)
        )
        found: dict[str, set[tuple[str, str]]] = {}
        for name, value, lang, thing in rows.fetchall():
            pairs = self._forms(value) if thing == 2 else [(value, lang)]
            found.setdefault(name, set()).update(pairs)
        return {
            name: sorted([value, lang] for value, lang in pairs)
            for name, pairs in sorted(found.items())
            if pairs
        }

    def _forms(self, thing: str) -> list[tuple[str, str]]:
        rows = self._db.execute(
            "SELECT value, lang FROM said WHERE subject = ? AND name = ?", (thing, FORM)
        )
        return [(str(value), str(lang)) for value, lang in rows.fetchall()]


def _row(each: Statement) -> tuple[str, str, str, str, int] | None:
    """subject, name, value, language, and whether the value is a text (0), a thing that counts
    itself (1), or one that has the text (2)."""
    if each.predicate in FORMS and not each.resource:
        return each.subject, FORM, each.value, each.lang, 0
    if each.predicate in AS_THINGS and each.resource:
        return each.subject, AS_THINGS[each.predicate], each.value, "", 2
    if each.predicate in TURNED and each.resource:
        return each.value, TURNED[each.predicate], each.subject, "", 1
    name = KEPT.get(each.predicate) or AS_THINGS.get(each.predicate)
    if name is None or (name == TYPE and each.value not in KINDS):
        return None
    return each.subject, name, each.value, each.lang, int(each.resource)


def _unique(row: tuple[str, str, str, str, int], blank: str) -> tuple[str, str, str, str, int]:
    subject, name, value, lang, thing = row
    if subject.startswith("_:"):
        subject = f"_:{blank}-{subject[2:]}"
    if thing and value.startswith("_:"):
        value = f"_:{blank}-{value[2:]}"
    return subject, name, value, lang, thing
