"""The demonstration catalogue, taken in like any other source."""

from __future__ import annotations

import json
import shutil
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
NAME = "Demonstration catalogue (invented)"


GLOSSARY = "demo-glossary"
"""The name under which the home keeps the words that the demonstration knows in many languages."""


def load(say: Callable[[str], None]) -> bool:
    """Import the catalogue as of today and bring index and dictionary in step; whether all went
    well.

    A second time on the same day changes nothing; on another day the events move on with it.
    """
    from tessera.harvest.report import HarvestError
    from tessera.harvest.run import harvest
    from tessera.indexing.dictionary.learned import due, make
    from tessera.indexing.dictionary.materials import keep
    from tessera.indexing.sync import sync
    from tessera.records.models import Source
    from tessera.sources.registry import importer

    if not (ROOT / "demo" / "build.py").is_file():
        say(
            "tessera demo: the demonstration catalogue comes with the source code only;"
            " run this in a clone, or start with `tessera init`."
        )
        return False
    with tempfile.TemporaryDirectory(prefix="tessera-demo-") as folder:
        try:
            report = harvest(importer("jsonl"), [_written(Path(folder))], source_slug=SOURCE)
        except HarvestError as error:
            say(f"tessera demo: {error}")
            return False
    Source.objects.filter(slug=SOURCE).update(name=NAME)
    for problem in report.errors:
        say(f"{problem.where}: {problem.message}")
    say(
        f"The demonstration has {report.received} records:"
        f" {report.added} new, {report.changed} changed, {report.unchanged} as they were."
    )
    sync()
    if due():
        keep(ROOT / "demo" / "glossary.jsonl", GLOSSARY)
        make()
    return not report.errors


def _written(folder: Path) -> Path:
    """The catalogue as of today in the interchange format, with its documents beside it."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    catalogue = import_module("demo.build").catalogue
    shutil.copytree(ROOT / "demo" / "documents", folder / "documents")
    path = folder / "demo.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for record in catalogue(date.today()):
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path
