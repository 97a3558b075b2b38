"""All real data at hand in one site: what it takes, how fast pages are, whether counts are exact.

    python -m benchmarks.everything --out docs/reference/performance.md

The data stand in `../shared/data` beside the repository, or in the folder `TESSERA_SHARED`.
`--home DIR` keeps the site, and goes on with one that is there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.importing import SHARED
from benchmarks.measuring import Measured, computing, measured, memory
from benchmarks.report import say, section, table, write
from tessera.engine.backend import Index
from tessera.engine.backends.open import open_backend
from tessera.engine.fields import FacetType
from tessera.engine.query import Query
from tessera.schema.fields import SCHEMA
from tests.livesite import LiveSite, serving

SOURCES: Final = (
    ("interreg-sweden", "interreg-sweden", ("interreg_sweden/rawdata.json",)),
    ("good-practices", "good-practices", ("good_practices_ce",)),
    ("calls", "calls", ("horizon_calls",)),
    ("site", "site", ("websites/rdmkit", "websites/fairdom",
                      "websites/interreg_hu_srb_womentosave")),
    ("feed", "feed", ("events_feeds/he_nz_rss",)),
    ("calendar", "calendar", ("events_feeds/copcap_ics", "websites/fairdom/events.ics")),
    ("cordis-erc", "cordis-erc", ("cordis_erc",)),
    ("kohesio", "kohesio", ("kohesio/beneficiaries_2023-01.tsv",)),
    ("cordis-2017", "cordis", ("cordis_h2020_orgs_2017/stacked_dump.csv",)),
    ("cordis-fp7", "cordis", ("cordis_fp7_h2020_scrape",)),
    ("cordis-xml", "cordis", ("cordis_xml",)),
    ("files", "files", ("documents",)),
    ("operations", "operations", ("lists_of_operations/data",)),
)  # fmt: skip
"""Name, importer, and what it reads below `data`."""

PAGES: Final = 400
PAIRS: Final = 300
WARM: Final = 40
WORDS: Final = {0: "no word", 1: "one word", 2: "two words", 5: "five words", 12: "twelve words"}
"""How many words a search has. No record has twelve of any titles: its closest are looked for."""
_SEED: Final = 2026


@dataclass(frozen=True, slots=True)
class Brought:
    """One source: how many items came, records and errors there were, and what it took."""

    source: str
    received: int
    records: int
    errors: int
    took: Measured


def bring(home: Path) -> tuple[list[Brought], Measured]:
    """Import every source into a home, and index all."""
    brought = []
    for slug, name, paths in SOURCES:
        say(f"importing {slug}")
        given = [str(SHARED / "data" / path) for path in paths]
        took = measured(home, "import", name, *given, "--as", slug, "--no-index", "--json")
        told = json.loads(took.said)
        records = told["added"] + told["changed"] + told["unchanged"]
        brought.append(Brought(slug, told["received"], records, len(told["errors"]), took))
    say("indexing all of it")
    return brought, measured(home, "index", "rebuild", "--json")


# --- asking ----------------------------------------------------------------------------------


class Asking:
    """Searches as people make them, of words and values that are there; the same every time."""

    def __init__(self, index: Index, home: Path) -> None:
        self._names = [facet.name for facet in SCHEMA.facets]
        self._buckets = index.search(Query(), facets=self._names).facets
        with sqlite3.connect(f"file:{home / 'tessera.sqlite3'}?mode=ro", uri=True) as database:
            rows = database.execute(
                "SELECT title FROM records_record WHERE withdrawn_at IS NULL ORDER BY uid"
            )
            titles = [str(title) for (title,) in rows]
        database.close()
        chance = random.Random(f"{_SEED} words")
        self._words = [
            word
            for title in chance.sample(titles, min(len(titles), 3000))
            for word in title.split()
            if len(word) > 4 and word.isalpha()
        ]

    def queries(self, seed: int) -> Iterator[tuple[str, Query]]:
        """What sort of search each is, and the search."""
        chance = random.Random(f"{_SEED} {seed}")
        while True:
            words = chance.choice((*WORDS, 1))
            text = " ".join(chance.choices(self._words, k=words))
            query = Query(text.lower())
            chosen = chance.choice((0, 0, 1, 2, 3))
            for name in chance.sample(self._names, chosen):
                query = self._filtered(chance, query, name)
            sort = f"{WORDS[words]}, {chosen} filters"
            yield sort, query

    def _filtered(self, chance: random.Random, query: Query, name: str) -> Query:
        buckets = self._buckets[name].buckets
        if not buckets:
            return query
        # One of two choices, as a person makes them; of a single-choice facet just one.
        most = 1 if self._buckets[name].type is FacetType.WHEN else chance.choice((1, 1, 2))
        values = [bucket.value for bucket in chance.sample(buckets, min(len(buckets), most))]
        return query.with_filter(name, *values)


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds of pages by the sort of search; the server's computing for a page, in the mean,
    and its megabytes."""

    times: dict[str, list[float]]
    computing: float
    megabytes: float

    @property
    def every(self) -> list[float]:
        return sorted(time for times in self.times.values() for time in times)


def ask(home: Path, index: Index, asking: Asking) -> Answered:
    """Serve the home and ask for pages of Explore, one after the other."""
    times: dict[str, list[float]] = {}
    with serving(home, workers=2) as site:
        pages = asking.queries(1)
        chance = random.Random(_SEED)
        before = 0.0
        for number in range(WARM + PAGES):
            if number == WARM:
                before = computing(site.pid)
            sort, query = next(pages)
            if number % 8 == 7:
                # A page far behind, where there is one.
                last = max(1, -(-index.count(query) // query.size))
                query, sort = query.with_page(chance.randint(1, last)), "any page of any search"
            took = _took(site, f"/explore?{query.to_params()}")
            if number >= WARM:
                times.setdefault(sort, []).append(took)
        each = (computing(site.pid) - before) * 1000 / PAGES
        return Answered(times, each, memory(site.pid))


def _took(site: LiveSite, path: str) -> float:
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    start = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    milliseconds = (time.perf_counter() - start) * 1000
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return milliseconds


# --- counting --------------------------------------------------------------------------------


def check_counts(index: Index, asking: Asking) -> int:
    """Of random searches, each count of a random facet against the list it leads to; how many.

    RuntimeError where one differs.
    """
    chance = random.Random(f"{_SEED} counts")
    names = [facet.name for facet in SCHEMA.facets]
    pairs = counts = 0
    for _, query in asking.queries(2):
        name = chance.choice(names)
        buckets = index.search(query, facets=[name], highlight=False).facets[name].buckets
        for bucket in chance.sample(buckets, min(len(buckets), 5)):
            chosen = query.without_filter(name, exclude=False).with_filter(name, bucket.value)
            size = index.count(chosen)
            if size != bucket.count:
                raise RuntimeError(
                    f"{query.to_params()}: {name}={bucket.value} is said to have {bucket.count:,}"
                    f" results and has {size:,}"
                )
            counts += 1
        pairs += bool(buckets)
        if pairs == PAIRS:
            return counts
    return counts


_SQL: Final = {
    "kind": "SELECT kind, count(*) FROM shown GROUP BY 1",
    "period": "SELECT json_extract(data, '$.period'), count(*) FROM shown"
    " WHERE kind = 'project' GROUP BY 1",
    "status": "SELECT json_extract(data, '$.status'), count(*) FROM shown"
    " WHERE kind = 'project' GROUP BY 1",
    "organisation_type": "SELECT json_extract(data, '$.type'), count(*) FROM shown"
    " WHERE kind = 'organisation' GROUP BY 1",
    "theme": "SELECT theme.value, count(DISTINCT shown.id) FROM shown,"
    " json_each(shown.data, '$.themes') theme WHERE kind = 'project' GROUP BY 1",
}
_KIND: Final = {"kind": "", "period": "project", "status": "project", "theme": "project",
                "organisation_type": "organisation"}  # fmt: skip


def check_sql(index: Index, home: Path) -> int:
    """Counts of whole facets against SQL on the records; how many. RuntimeError for others."""
    database = sqlite3.connect(f"file:{home / 'tessera.sqlite3'}?mode=ro", uri=True)
    database.execute(
        "CREATE TEMP VIEW shown AS SELECT * FROM records_record"
        " WHERE withdrawn_at IS NULL AND answers_as = ''"
    )
    counts = 0
    for name, statement in _SQL.items():
        stated = {str(value): number for value, number in database.execute(statement) if value}
        query = Query().with_filter("kind", _KIND[name]) if _KIND[name] else Query()
        found = index.search(query, facets=[name]).facets[name]
        for bucket in found.buckets:
            if bucket.value == "none":
                continue
            if stated.get(bucket.value) != bucket.count:
                raise RuntimeError(
                    f"{name}={bucket.value} has {bucket.count:,} documents and"
                    f" {stated.get(bucket.value)} records"
                )
            counts += 1
    database.close()
    return counts


# --- telling ---------------------------------------------------------------------------------


def _percentile(times: list[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _size(folder: Path) -> float:
    """Megabytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _brought(brought: list[Brought], indexed: Measured) -> list[str]:
    rows = [
        (each.source, f"{each.received:,}", f"{each.records:,}", f"{each.errors:,}",
         f"{each.took.seconds:.0f}", f"{each.took.computing:.0f}", f"{each.took.megabytes:,.0f}")
        for each in brought
    ]  # fmt: skip
    documents = json.loads(indexed.said)["documents"]
    rows.append(
        ("the index of all", "", f"{documents:,}", "", f"{indexed.seconds:.0f}",
         f"{indexed.computing:.0f}", f"{indexed.megabytes:,.0f}")
    )  # fmt: skip
    heads = ("source", "items", "records", "errors", "seconds", "of computing", "MB at most")
    return [
        "Records: those of the sources; the index holds the organisations that they name as well.",
        "",
        *table(heads, rows),
        "",
    ]


def _answers(index: Index, home: Path, answered: Answered) -> list[str]:
    every = answered.every
    folder = home / "index" / index.name
    rows = [("all", every), *sorted(answered.times.items())]
    return [
        f"Explore over {len(index):,} records, {len(every)} pages one after the other with"
        " `tessera serve --workers 2`: words of titles, values of any facets, some pages far"
        f" behind. A page takes {answered.computing:.0f} ms of computing in the mean. Memory of the"
        f" server {answered.megabytes:,.0f} MB, the index"
        f" {_size(folder):,.0f} MB, the database"
        f" {(home / 'tessera.sqlite3').stat().st_size / 1e6:,.0f} MB.",
        "",
        *table(
            ("search", "pages", "p50, ms", "p95", "p99"),
            [
                (name, f"{len(times)}", *(f"{_percentile(times, each):.0f}" for each in
                                          (50, 95, 99)))
                for name, times in rows
            ],
        ),
        "",
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.everything")
    parser.add_argument("--home", type=Path, help="keep the site there (a temporary folder)")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    if not (SHARED / "data").is_dir():
        say(f"{SHARED / 'data'} is not there; TESSERA_SHARED says where else it is.")
        return 1
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        home = args.home or Path(folder)
        command = "make bench-everything"
        lines: list[str] = []
        if not (home / "tessera.sqlite3").exists():
            home.mkdir(parents=True, exist_ok=True)
            lines += _brought(*bring(home))
        else:
            command = "python -m benchmarks.everything --home HOME"
            lines += ["The home was there before, so that bringing it in is not measured here.", ""]
        index: Any = open_backend("tantivy:", home).current(SCHEMA)
        asking = Asking(index, home)
        say("asking for pages")
        lines += _answers(index, home, ask(home, index, asking))
        say("counting")
        counts, stated = check_counts(index, asking), check_sql(index, home)
        lines.append(
            f"Of {PAIRS} searches with their filters, {counts:,} counts of facets were compared"
            f" with the lists that they lead to, and {stated:,} with what SQL says of the records:"
            " none differs."
        )
    write(args.out, {"All real data at hand": section(command, lines)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
