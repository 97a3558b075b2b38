"""A dictionary: learned correspondences of words, and labels of vocabularies, in one file.

The file is SQLite, made whole and put in its place in one step, and only read after that.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from tessera.engine.analysis import ANALYSIS_VERSION
from tessera.engine.expansion.errors import DictionaryError
from tessera.engine.expansion.learning import Learner, LearningReport
from tessera.engine.expansion.pairs import Pair
from tessera.engine.expansion.words import phrase_key

FORMAT: Final = f"tessera dictionary 1, analysis {ANALYSIS_VERSION}"
"""Another analysis makes other stems, by which nothing of an older file would be found."""

MAX_PHRASE: Final = 5
"""Words of the longest label that is found in a typed text."""

_TABLES: Final = """
create table about (name text primary key, value text not null) without rowid;
create table word (id integer primary key, key text not null unique, lang text not null,
 word text not null);
create table translation (word integer not null, other integer not null, weight integer not null,
 primary key (word, other)) without rowid;
create table source (id integer primary key, name text not null);
create table label (concept integer not null, lang text not null, preferred integer not null,
 number integer not null, text text not null, source integer not null,
 primary key (concept, lang, preferred, number)) without rowid;
create table phrase (key text not null, concept integer not null,
 primary key (key, concept)) without rowid;
"""


class Label(NamedTuple):
    """One label of a concept. source: the name of the vocabulary, shown beside an expansion."""

    concept: str
    lang: str
    text: str
    preferred: bool
    source: str


class Translation(NamedTuple):
    """A word in another language; weight in (0, 1]."""

    id: int
    lang: str
    word: str
    weight: float


def learn(
    pairs: Iterable[Pair],
    path: Path,
    labels: Iterable[Label] = (),
    about: Mapping[str, str] | None = None,
) -> LearningReport:
    """Learn a dictionary from pairs and write it, with the labels, to `path` in one step.

    about: what the maker wants to know of it later. Equal pairs and labels in the same order give
    an equal dictionary. Raises DictionaryError where the file can't be written; one that was there
    before then stays.
    """
    learner = Learner()
    for pair in pairs:
        learner.add(pair)
    new = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(new)) as file:
            file.executescript("pragma journal_mode=off; pragma synchronous=off;" + _TABLES)
            file.executemany("insert into word values (?, ?, ?, ?)", learner.words())
            for some in learner.translations():
                file.executemany("insert or replace into translation values (?, ?, ?)", some)
            learner.report.labels = _write_labels(file, labels)
            said = {**(about or {}), "format": FORMAT}
            file.executemany("insert into about values (?, ?)", sorted(said.items()))
            file.commit()
        with new.open("rb") as written:
            os.fsync(written.fileno())
        new.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise DictionaryError(f"The dictionary {path} can't be written: {error}.") from error
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
    return learner.report


def _write_labels(file: sqlite3.Connection, labels: Iterable[Label]) -> int:
    """How many of them were taken in: longer ones than a search is looked through for aren't."""
    taken = 0
    concepts: dict[str, int] = {}
    sources: dict[str, int] = {}
    for number, label in enumerate(labels):
        key = phrase_key(label.text, label.lang)
        if not key or key.count(" ") >= MAX_PHRASE:
            continue
        concept = concepts.setdefault(label.concept, len(concepts) + 1)
        source = sources.setdefault(label.source, len(sources) + 1)
        file.execute(
            "insert into label values (?, ?, ?, ?, ?, ?)",
            (concept, label.lang, label.preferred, number, label.text, source),
        )
        taken += 1
        file.execute("insert or ignore into phrase values (?, ?)", (key, concept))
    file.executemany("insert into source values (?, ?)", [(n, s) for s, n in sources.items()])
    return taken


class Dictionary:
    """Reads a dictionary's file, which is opened when first asked; for several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None

    def languages(self) -> tuple[str, ...]:
        """All languages in which it knows words or labels."""
        rows = self._rows("select lang from word union select lang from label", ())
        return tuple(sorted(str(lang) for (lang,) in rows))

    def counts(self) -> dict[str, int]:
        """How much is in it: `words`, `translations`, `labels`."""
        (found,) = self._rows(
            "select (select count(*) from word), (select count(*) from translation),"
            " (select count(*) from label)",
            (),
        )
        return dict(zip(("words", "translations", "labels"), found, strict=True))

    def words(self, keys: Collection[str]) -> dict[str, int]:
        """The numbers of words that it knows, by their keys."""
        rows = self._rows(
            "select key, id from word where key in (select value from json_each(?))",
            (json.dumps(list(keys)),),
        )
        return {str(key): int(number) for key, number in rows}

    def translations(self, word: int) -> list[Translation]:
        """The words that correspond to one, in any language, the likeliest first."""
        rows = self._rows(
            "select w.id, w.lang, w.word, t.weight from translation t join word w on w.id = t.other"
            " where t.word = ? order by t.weight desc, w.id",
            (word,),
        )
        return [Translation(each, lang, text, weight / 1000) for each, lang, text, weight in rows]

    def concepts(self, keys: Collection[str]) -> dict[str, list[int]]:
        """The concepts that bear a label, by the label's key."""
        rows = self._rows(
            "select key, concept from phrase where key in (select value from json_each(?))"
            " order by key, concept",
            (json.dumps(list(keys)),),
        )
        found: dict[str, list[int]] = {}
        for key, concept in rows:
            found.setdefault(key, []).append(concept)
        return found

    def labels(self, concept: int) -> list[Label]:
        """The labels of a concept, by language, preferred ones first."""
        rows = self._rows(
            "select lang, text, preferred, name from label join source on id = source"
            " where concept = ? order by lang, preferred desc, number",
            (concept,),
        )
        return [
            Label(str(concept), lang, text, bool(preferred), name)
            for lang, text, preferred, name in rows
        ]

    def about(self) -> dict[str, str]:
        """What its maker said of it. Raises DictionaryError where the file can't be used."""
        return dict(self._rows("select name, value from about", ()))

    def _rows(self, sql: str, values: Sequence[object]) -> list[Any]:
        try:
            with self._lock:
                if self._file is None:
                    self._file = _opened(self.path)
                    weakref.finalize(self, self._file.close)
                return self._file.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise DictionaryError(
                f"The dictionary {self.path} can't be read ({error}); `tessera dictionary learn`"
                " makes it anew."
            ) from error


def _opened(path: Path) -> sqlite3.Connection:
    anew = "`tessera dictionary learn` makes one"
    if not path.is_file():
        raise DictionaryError(f"There is no dictionary {path}; {anew}.")
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    file = sqlite3.connect(address, uri=True, check_same_thread=False)
    try:
        file.execute("pragma mmap_size=268435456")
        found = file.execute("select value from about where name = 'format'").fetchone()
    except sqlite3.Error as error:
        file.close()
        raise DictionaryError(f"{path} is no dictionary ({error}); {anew}.") from error
    if found is None or found[0] != FORMAT:
        said = found[0] if found else "nothing of itself"
        file.close()
        raise DictionaryError(f"{path} was made otherwise ({said}, not {FORMAT}); {anew}.")
    return file
