"""The demonstration catalogue, taken in like any other source."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

import tessera

ROOT = Path(tessera.__file__).resolve().parents[2]
"""The clone that this package stands in; an installed package has no `demo` beside it."""

SOURCE = "demo"


def load(say: Callable[[str], None]) -> bool:
    """Import the catalogue as of today and bring the index in step; whether all went well.

    A second time on the same day changes nothing; on another day the events move on with it.
    """
    from tessera.harvest.run import harvest
    from tessera.indexing.sync import sync
    from tessera.sources.registry import importer

    if not (ROOT / "demo" / "build.py").is_file():
        say(
            "tessera demo: the demonstration catalogue comes with the source code only;"
            " run this in a clone, or start with `tessera init`."
        )
        return False
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    catalogue = import_module("demo.build").catalogue
    with tempfile.TemporaryDirectory(prefix="tessera-demo-") as folder:
        path = Path(folder) / "demo.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for record in catalogue(date.today()):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
        report = harvest(importer("jsonl"), [path], source_slug=SOURCE)
    for error in report.errors[:5]:
        say(f"{error.where}: {error.message}")
    say(
        f"The demonstration has {report.received} records:"
        f" {report.added} new, {report.changed} changed, {report.unchanged} as they were."
    )
    sync()
    return True
