"""The judged questions on the demo catalogue in 24 languages; see demo/README.md."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from demo.build import catalogue
from tessera.engine.aids import Aids
from tessera.engine.backends.open import open_backend
from tessera.engine.expansion import Dictionary, Expander
from tessera.engine.query import Query
from tessera.engine.spelling.deciding import correction
from tessera.schema.fields import SCHEMA
from tests.livesite import tessera
from tests.relevance.measures import AT, ndcg

DEMO = "demo"
FOLDER = Path(__file__).parent / DEMO


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: of which topic, in which language."""

    topic: str
    lang: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.topic}.{self.lang}"


@cache
def questions() -> tuple[Asked, ...]:
    found = []
    for line in (FOLDER / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        found.append(Asked(given["id"].partition(".")[0], given["lang"], given["text"]))
    return tuple(found)


@cache
def grades() -> Mapping[str, Mapping[str, int]]:
    """By topic the grades of the records that answer it."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in (FOLDER / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        topic, record, grade = row.split("\t")
        found[topic][record] = int(grade)
    return dict(found)


@cache
def languages_of_records() -> Mapping[str, frozenset[str]]:
    """By record of the catalogue the languages in which it says something."""
    found = {}
    for record in catalogue(date(2026, 1, 1)):
        texts = [record.get(name) for name in ("title", "summary", "text")]
        langs = {lang for text in texts if isinstance(text, dict) for lang in text}
        found[str(record["id"])] = frozenset(langs)
    return found


def prepare(home: Path) -> Path:
    """Bring the catalogue in, learn its dictionary, and say where that is."""
    for command in (("demo", "--no-serve"), ("dictionary", "learn")):
        done = tessera(home, *command, timeout=600)
        if done.returncode:
            raise RuntimeError(f"tessera {' '.join(command)} failed: {done.stderr}")
    return home / "cache" / "dictionary.sqlite3"


def answers(
    home: Path, dictionary: Path | None, every: int = 1
) -> Iterator[tuple[Asked, list[str]]]:
    """The first ten records for each question, as the site gives them to a reader who uses it in
    the language of the question. every: of the topics, each so manyeth."""
    aids = Aids(Expander(Dictionary(dictionary)) if dictionary else None)
    index = open_backend("tantivy:", home, lambda: aids).current(SCHEMA)
    topics = {*[*grades()][::every]}
    for asked in questions():
        if asked.topic not in topics:
            continue
        query = Query(asked.text, lang=asked.lang, size=AT)
        corrected = correction(index, query, wait=True)
        if corrected is not None and corrected.applied:
            query = replace(query, text=corrected.corrected)
        yield asked, [hit.id for hit in index.search(query, highlight=False).hits]


def demo_scores(home: Path | None = None) -> dict[str, float]:
    """nDCG@10 by question, of every third topic, with the dictionary of the catalogue itself."""
    with tempfile.TemporaryDirectory() as name:
        home = home or Path(name)
        found = answers(home, prepare(home), every=3)
        return {asked.id: ndcg(ranked, grades()[asked.topic]) for asked, ranked in found}
