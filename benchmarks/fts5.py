"""The other side: the same documents in SQLite FTS5, as well as we know how to.

It gets the very terms that Tessera's own analysis makes, so that both sides match the same
documents and only the engines differ. Facet values lie in one table by (facet, document), which
is a covering index by itself. A query's matches are found once, into a temporary table
that also says which of the filters each one passes; every count is then a join from there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from tessera.engine.analysis import name_parts, tokens
from tessera.engine.document import Document
from tessera.engine.fields import MISSING, IndexSchema
from tessera.engine.plan import AnyTerm, Both, Either, PlanNode, StartsWith, plan
from tessera.engine.query import Query

PARTS = "parts"


class Fts5:
    """An FTS5 index of documents in a file. langs: languages of the texts."""

    def __init__(self, path: Path, schema: IndexSchema, facets: Sequence[str]) -> None:
        self._schema = schema
        self._facets = {name: number for number, name in enumerate(facets)}
        self._columns = [text.name for text in schema.texts]
        self._values: dict[str, int] = {}
        self._langs: set[str] = set()
        self._database = sqlite3.connect(path, isolation_level=None)
        columns = ", ".join([*self._columns, PARTS])
        for statement in (
            "PRAGMA page_size = 8192",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA cache_size = -262144",
            "PRAGMA mmap_size = 4294967296",
            "PRAGMA temp_store = MEMORY",
            # Contentless: neither side is asked for texts. Words up to three letters have an
            # index of their own, for the completion of three letters.
            f"CREATE VIRTUAL TABLE texts USING fts5({columns}, content='', prefix='3',"
            " tokenize=\"unicode61 remove_diacritics 0 tokenchars ':'\")",
            "CREATE TABLE facet (facet INTEGER, doc INTEGER, value INTEGER,"
            " PRIMARY KEY (facet, doc, value)) WITHOUT ROWID",
        ):
            self._database.execute(statement)
        weights = ", ".join(str(text.weight) for text in schema.texts)
        self._database.execute(
            f"INSERT INTO texts(texts, rank) VALUES ('rank', 'bm25({weights}, 1.0)')"
        )

    def fill(self, documents: Iterable[Document]) -> None:
        """Index documents, in one transaction, and merge the index into one piece."""
        marks = ", ".join("?" * (len(self._columns) + 2))
        columns = ", ".join([*self._columns, PARTS])
        self._database.execute("BEGIN")
        for document in documents:
            self._database.execute(
                f"INSERT INTO texts(rowid, {columns}) VALUES ({marks})",
                [document.key, *self._terms(document)],
            )
            rows = [
                (number, document.key, self._values.setdefault(value, len(self._values)))
                for name, number in self._facets.items()
                for value in document.facets.get(name, ()) or _not_stated(document, name)
            ]
            self._database.executemany("INSERT OR IGNORE INTO facet VALUES (?, ?, ?)", rows)
        self._database.execute("COMMIT")
        self._database.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        self._database.execute("ANALYZE")

    def _terms(self, document: Document) -> list[str]:
        columns = []
        parts: set[str] = set()
        for field in self._schema.texts:
            texts = document.texts.get(field.name, ())
            self._langs.update(text.lang for text in texts)
            columns.append(
                " ".join(
                    term
                    for text in texts
                    for token in tokens(text.text, text.lang)
                    for term in token.terms
                )
            )
            if field.parts:
                parts.update(part for text in texts for part in name_parts(text.text, text.lang))
        return [*columns, " ".join(sorted(parts))]

    def top(self, query: Query) -> tuple[int, list[int]]:
        """The exact total, and the keys on the query's page, by relevance."""
        match = self.match(query.text)
        (total,) = self._database.execute(
            "SELECT count(*) FROM texts WHERE texts MATCH ?", (match,)
        ).fetchone()
        rows = self._database.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ? OFFSET ?",
            (match, query.size, (query.page - 1) * query.size),
        )
        return total, [key for (key,) in rows]

    def faceted(
        self, query: Query, facets: Sequence[str]
    ) -> tuple[int, list[int], dict[str, dict[str, int]]]:
        """Total, keys of the first page, and for each facet the counts of all its values.

        A facet is counted with its own filter set aside, as everywhere in Tessera.
        """
        names = [wanted.name for wanted in query.filters]
        run = self._database.execute
        run("DROP TABLE IF EXISTS temp.matched")
        passes = ", ".join(f"{self._passes(w.name, w.values)} AS f{n}" for n, w in
                           enumerate(query.filters))  # fmt: skip
        run(
            "CREATE TEMP TABLE matched AS SELECT rowid AS doc, rank AS score"
            f"{', ' if passes else ''}{passes} FROM texts WHERE texts MATCH ?",
            (self.match(query.text),),
        )
        everything = self._all_but(names, "")
        (total,) = run(f"SELECT count(*) FROM matched WHERE {everything}").fetchone()
        rows = run(f"SELECT doc FROM matched WHERE {everything} ORDER BY score LIMIT {query.size}")
        keys = [key for (key,) in rows]
        counts = {}
        spelled = {number: value for value, number in self._values.items()}
        for name in facets:
            found = run(
                "SELECT value, count(*) FROM matched CROSS JOIN facet"
                f" ON facet = {self._facets[name]} AND facet.doc = matched.doc"
                f" WHERE {self._all_but(names, name)} GROUP BY value"
            )
            counts[name] = {spelled[value]: count for value, count in found}
        return total, keys, counts

    def _passes(self, name: str, values: Sequence[str]) -> str:
        numbers = ", ".join(str(self._values.get(value, -1)) for value in values)
        return (
            f"EXISTS (SELECT 1 FROM facet WHERE facet = {self._facets[name]}"
            f" AND facet.doc = texts.rowid AND value IN ({numbers}))"
        )

    def _all_but(self, names: Sequence[str], aside: str) -> str:
        kept = [f"f{number}" for number, name in enumerate(names) if name != aside]
        return " AND ".join(kept) or "1"

    def match(self, text: str) -> str:
        """FTS5's query for a typed text of words and prefixes."""
        return self._expression(plan(text, self._langs))

    def _expression(self, node: PlanNode) -> str:
        match node:
            case AnyTerm(terms, part):
                words = " OR ".join(f'"{term}"' for term in terms)
                # Name parts are searched for by their one key, words in all other columns.
                named = f' OR {PARTS} : "{part}"' if part else ""
                return f"(({' '.join(['{', *self._columns, '}'])} : ({words})){named})"
            case StartsWith(key):
                return f'"{key}" *'
            case Both(nodes):
                return f"({' AND '.join(self._expression(part) for part in nodes)})"
            case Either(nodes):
                return f"({' OR '.join(self._expression(part) for part in nodes)})"
        raise ValueError(f"the benchmark asks for no {type(node).__name__}")


def _not_stated(document: Document, facet: str) -> tuple[str, ...]:
    return (MISSING,) if facet in document.facets else ()
