"""What bringing in takes: an export of keep.eu's size, twice, and the official lists of operations.

    python -m benchmarks.importing --projects 33000 --out docs/reference/performance.md

The workbook is made up (`benchmarks/keep_export.py`). The lists are real ones, and are read where
they are at hand: in `../shared/data` beside the repository, or in the folder `TESSERA_SHARED`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.keep_export import KeepExport
from benchmarks.measuring import Measured, measured
from benchmarks.report import say, section, table, write
from tessera.sources.base import Item, ItemError
from tessera.sources.registry import importer
from tests.livesite import ROOT

SHARED = Path(os.environ.get("TESSERA_SHARED") or ROOT.parent / "shared")
LISTS = SHARED / "data" / "lists_of_operations" / "data"

_PASSED = re.compile(r"^([\d,]+) (rows carry no operation|operations stand word for word)")


@dataclass(frozen=True, slots=True)
class Stage:
    """A step, and how many of what it took; rows where that is counted in rows."""

    name: str
    took: Measured
    count: int
    of: str


@dataclass(slots=True)
class Lists:
    """What became of the lists of operations.

    rows: that carry an operation, those of copies aside. taken: of them, in records. copies:
    operations that an earlier list has word for word. passed: rows without an operation (titles,
    sums). reasons: of rows that came to nothing, and how many. files: that can't be read, and why.
    """

    seconds: float = 0.0
    records: int = 0
    taken: int = 0
    lost: int = 0
    copies: int = 0
    passed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Of the rows with an operation, how many are in a record."""
        return self.taken / (self.taken + self.lost)


def keep(projects: int, folder: Path) -> tuple[list[Stage], list[tuple[str, float]]]:
    """Import, index and import again; and what others take for a part of it, in seconds."""
    path, home = folder / "keep.xlsx", folder / "home"
    say(f"making an export of {projects:,} projects")
    partners = KeepExport(projects).write(path)
    rows = projects + partners
    home.mkdir()
    say("importing it")
    first = measured(home, "import", "keep", str(path), "--no-index", "--json")
    added = json.loads(first.said)["added"]
    if added != projects:
        raise RuntimeError(f"{added:,} of {projects:,} projects were added")
    say("indexing it")
    indexed = measured(home, "index", "sync", "--json")
    documents = json.loads(indexed.said)["written"]
    say("importing it again")
    again = measured(home, "import", "keep", str(path), "--json")
    unchanged = json.loads(again.said)["unchanged"]
    if unchanged != projects:
        raise RuntimeError(f"{unchanged:,} of {projects:,} projects were found unchanged")
    say("the same by others")
    stages = [
        Stage("import", first, rows, "rows"),
        Stage("index", indexed, documents, "documents"),
        Stage("again, unchanged", again, rows, "rows"),
    ]
    database = home / "tessera.sqlite3"
    return stages, [
        ("the cells of the workbook alone, by calamine", _computing(lambda: _cells(path))),
        (
            "the same records into a table of SQLite and an FTS5 index",
            _computing(lambda: _stored(database, folder / "plain.sqlite3")),
        ),
    ]


def _computing(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _cells(path: Path) -> int:
    book = CalamineWorkbook.from_path(str(path))
    return sum(
        len(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).iter_rows()
    )


def _stored(source: Path, target: Path) -> None:
    """No links, no organisations made of what is said of them, no facets, no stems: the floor."""
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as records:
        rows = records.execute("SELECT id, uid, title, data FROM records_record ORDER BY id")
        plain = sqlite3.connect(target)
        plain.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, uid UNIQUE, title, data)")
        plain.execute("CREATE VIRTUAL TABLE words USING fts5(title, text, content='')")
        while some := rows.fetchmany(500):
            with plain:
                plain.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", some)
                plain.executemany(
                    "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
                    (
                        (pk, title, " ".join(_texts(json.loads(data))))
                        for pk, _, title, data in some
                    ),
                )
        plain.close()
    records.close()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def lists(folder: Path) -> Lists:
    """Every list below a folder, gathered and mapped; nothing is stored."""
    found = Lists()
    operations = importer("operations")
    before = time.process_time()
    for each in operations.gather([folder]):
        if isinstance(each, Item):
            _mapped(found, each, list(operations.map(each)))
        elif isinstance(each, ItemError):
            _told(found, each)
    found.seconds = time.process_time() - before
    return found


def _mapped(found: Lists, item: Item, made: list[object]) -> None:
    rows = len(item.raw["rows"])
    errors = [each for each in made if isinstance(each, ItemError) and not each.warning]
    if errors or not made:
        found.lost += rows
        found.reasons[errors[0].message if errors else "nothing came of it"] += rows
    else:
        found.records += 1
        found.taken += rows


def _told(found: Lists, told: ItemError) -> None:
    passed = _PASSED.match(told.message)
    if passed:
        count = int(passed[1].replace(",", ""))
        if passed[2].startswith("rows"):
            found.passed += count
        else:
            found.copies += count
    elif not told.warning and ", row" in told.where:
        found.lost += 1
        found.reasons[told.message] += 1
    elif not told.warning:
        found.files[f"{told.where}: {told.message}"] += 1


def sections(
    projects: int, stages: list[Stage], others: list[tuple[str, float]], operations: Lists | None
) -> dict[str, list[str]]:
    """The part of docs/reference/performance that this writes."""
    command = "make bench-import" + (f" PROJECTS={projects}" if projects != 33_000 else "")
    both = stages[0].took.seconds + stages[1].took.seconds
    lines = [
        f"An export of keep.eu's size and shape, made up (`benchmarks/keep_export.py`):"
        f" {projects:,} projects with {stages[0].count - projects:,} partnerships, which give"
        f" {stages[1].count:,} records. Imported into an empty home with `tessera import keep`,"
        " indexed, then imported again unchanged. Memory is that of all processes together.",
        "",
        *table(
            ("step", "seconds", "of computing", "MB at most", "a second of computing"),
            [
                (
                    stage.name,
                    f"{stage.took.seconds:.0f}",
                    f"{stage.took.computing:.0f}",
                    f"{stage.took.megabytes:,.0f}",
                    f"{stage.count / stage.took.computing:,.0f} {stage.of}",
                )
                for stage in stages
            ],
        ),
        "",
        f"Imported and indexed in {both:.0f} seconds; at most 300 and 1 GB are promised for two"
        " cores, and 40 seconds for the second time.",
        "",
        *table(
            ("for comparison", "seconds of computing", "times as much here"),
            [
                (name, f"{seconds:.0f}", f"{stages[place].took.computing / seconds:.1f} ({of})")
                for (name, seconds), place, of in zip(
                    others, (2, 0), ("the import of what is unchanged", "the import"), strict=True
                )
            ],
        ),
    ]
    made = {"Bringing in keep.eu": section(command, lines)}
    if operations is not None:
        made["The lists of operations"] = section(command, _lists_section(operations))
    return made


def _lists_section(found: Lists) -> list[str]:
    rows = found.taken + found.lost
    lines = [
        "Official lists of operations of twelve countries, as they were published, gathered and"
        " mapped as one delivery; nothing is stored.",
        "",
        *table(
            ("", ""),
            [
                ("rows that carry an operation", f"{rows:,}"),
                ("of them in a record", f"{found.taken:,} ({found.share:.2%})"),
                ("records", f"{found.records:,}"),
                ("operations that an earlier list has word for word", f"{found.copies:,}"),
                ("rows without an operation (sums, titles)", f"{found.passed:,}"),
                ("seconds of computing, without the process that reads workbooks",
                 f"{found.seconds:.0f}"),
                ("rows a second", f"{rows / found.seconds:,.0f}"),
            ],
        ),
    ]  # fmt: skip
    if found.reasons:
        lines += ["", "Rows that came to nothing:", ""]
        lines += [f"- {count:,}: {why}" for why, count in found.reasons.most_common()]
    if found.files:
        lines += ["", "Files that hold no table that can be read:", ""]
        lines += [f"- {why}" for why in found.files]
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.importing")
    parser.add_argument("--projects", type=int, default=33_000, help="of the export (33000)")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tessera-bench-") as folder:
        stages, others = keep(args.projects, Path(folder))
    operations = None
    if LISTS.is_dir():
        say("reading the lists of operations")
        operations = lists(LISTS)
    else:
        say(f"{LISTS} is not there, so that the lists of operations are left out")
    write(args.out, sections(args.projects, stages, others, operations))
    return 0


if __name__ == "__main__":
    sys.exit(main())
