"""What was measured, as sections of a page of the documentation.

Each command renews its own sections and leaves those of others as they are.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.engines import Built, Comparison
from benchmarks.explore import CLIENTS, WORKERS, Explored

_HEAD: Final = """# Performance

This page is written by the commands in it; don't edit it by hand. Run them on your own machine: \
what is made up for them is the same everywhere.
"""

_LOAD: Final = os.getloadavg()[0]
"""Of other programs, as this one starts."""


def say(sentence: str) -> None:
    """Tell how far it is."""
    print(sentence, file=sys.stderr, flush=True)


def section(command: str, lines: Sequence[str]) -> list[str]:
    """The lines of a section with the command that writes it, and when and where it was run."""
    return [
        f"    {command}",
        "",
        f"Measured on {datetime.now(UTC).date().isoformat()} on {processor()}, {cores()} cores,"
        f" {platform.system()}, CPython {platform.python_version()} (load of other programs at the"
        f" start: {_LOAD:.1f}).",
        "",
        *lines,
    ]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table: the first column is of words, the others are of numbers."""
    marks = ["---", *["--:"] * (len(heads) - 1)]
    return [
        f"| {' | '.join(heads)} |",
        f"|{'|'.join(marks)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def write(path: Path | None, sections: Mapping[str, Sequence[str]], head: str = _HEAD) -> None:
    """Renew these sections (by title) of a page, or print them.

    head: what stands before the first section of a page that isn't there yet.
    """
    found = _sections(path) if path else {}
    found.update({title: "\n".join(lines).strip("\n") for title, lines in sections.items()})
    page = "\n".join(
        (_head(path, head), *(f"## {title}\n\n{text}\n" for title, text in found.items()))
    )
    if path:
        path.write_text(page, encoding="utf-8")
        say(f"written to {path}")
    else:
        print(page)


def _head(path: Path | None, head: str) -> str:
    """What stands before the first section: of a page that is there, as it is."""
    if path is None or not path.exists():
        return head
    before = re.split(r"^## ", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    return before.rstrip("\n") + "\n"


def _sections(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    parts = re.split(r"^## (.+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {title: text.strip("\n") for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def cores() -> int:
    return os.cpu_count() or 1


def processor() -> str:
    """The model name of the processor, as the system gives it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return subprocess.run(
        ["uname", "-m"], capture_output=True, text=True, check=True
    ).stdout.strip()


ENGINES: Final = "The engine, against SQLite FTS5"
EXPLORE: Final = "The Explore page"


def engines(built: Sequence[Built], compared: Sequence[Comparison]) -> list[str]:
    """The engine beside another one."""
    lines = [
        "Milliseconds of processor time, without HTTP, both in this process. FTS5 gets the same"
        " documents with the same analysed terms (`benchmarks/fts5.py` says how it is set up)."
        " Before anything is timed, the totals and all facet counts of every query are compared:"
        " both sides give the same numbers. Neither highlights. Tessera hands back the stored"
        " values of each hit, FTS5 only keys.",
        "",
        "| work | matches, mean | Tessera p50 | p95 | FTS5 p50 | p95 | FTS5 / Tessera at p95 |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in compared:
        ours, theirs = row.tessera, row.fts5
        ratio = theirs.percentile(95) / ours.percentile(95)
        lines.append(
            f"| {row.work} | {row.matches:,.0f} | {ours.percentile(50):.2f} |"
            f" {ours.percentile(95):.2f} | {theirs.percentile(50):.2f} |"
            f" {theirs.percentile(95):.2f} | {ratio:.1f} |"
        )
    lines += ["", "| index | seconds of processor time to build | MB |", "|---|--:|--:|"]
    lines += [f"| {each.engine} | {each.seconds:.0f} | {each.megabytes:,.0f} |" for each in built]
    return [*lines, "", "Both times hold the analysis of the texts, which is the same.", ""]


def explored(found: Explored) -> list[str]:
    """The Explore page over HTTP."""
    return [
        f"The whole request over HTTP on this machine: `tessera serve --workers {WORKERS}` over"
        " the same records, imported with `tessera import jsonl` into SQLite. Searches as people"
        " make them (`benchmarks/explore.py`): words, kinds, countries, themes, years, later"
        " pages. Times are of one request after the other; the rate is with"
        f" {CLIENTS} clients at a time, which run on the same cores.",
        "",
        "| | |",
        "|---|--:|",
        f"| page, p50 | {found.percentile(50):.1f} ms |",
        f"| page, p95 | {found.percentile(95):.1f} ms |",
        f"| pages a second | {found.rate:.0f} |",
        f"| size of a page, before compression | {found.bytes / 1000:.0f} kB |",
        f"| memory of all processes | {found.megabytes:.0f} MB |",
        f"| import of all records | {found.import_seconds:.0f} s |",
        f"| index rebuild | {found.index_seconds:.0f} s |",
        "",
    ]
