"""A plain importer for the tests of storing: JSON lines, one record each, known by their `id`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tessera.harvest.report import FOLLOWING
from tessera.schema.draft import DraftError, RecordDraft
from tessera.sources.base import Item, ItemError, SourceInfo
from tessera.sources.where import Where


class Lines:
    """Gathers `{"key": ..., "records": [...]}`, or one record whose id is the key."""

    def __init__(self, slug: str = "lines", **promises: Any) -> None:
        info = SourceInfo(slug, f"Lines of {slug}", "For tests", licence="CC0-1.0")
        self.info = replace(info, **promises)

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        for path in paths:
            with path.open(encoding="utf-8", errors="surrogateescape") as lines:
                for number, line in enumerate(lines, 1):
                    where = Where.at(path.name, number, unit="line")
                    try:
                        raw = json.loads(line)
                    except ValueError as error:
                        yield ItemError("gather", where, f"is no JSON: {error}")
                        continue
                    if raw == "break":
                        raise OSError(5, "Input/output error", str(path))
                    yield Item(str(raw.get("key", raw.get("id"))), raw, where)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        if item.raw.get("slip"):
            raise KeyError("slip")
        for record in item.raw.get("records", [item.raw]):
            try:
                yield RecordDraft.from_json(record)
            except DraftError as error:
                yield ItemError("map", item.where, str(error), key=item.key)


def outcome(told: dict[str, Any]) -> dict[str, Any]:
    """A report (as JSON) without what differs between a run and its rehearsal: which and how long.

    What follows storing has no part in a rehearsal.
    """
    stages = {
        name: {key: value for key, value in counts.items() if key != "seconds"}
        for name, counts in told["stages"].items()
        if name not in FOLLOWING
    }
    return {**told, "stages": stages, "run": None, "dry_run": False}


def write(path: Path, records: Iterable[object]) -> Path:
    """A delivery: one line a record, a string verbatim."""
    with path.open("w", encoding="utf-8") as lines:
        for record in records:
            line = record if isinstance(record, str) else json.dumps(record)
            lines.write(line + "\n")
    return path


def project(number: int, **more: Any) -> dict[str, Any]:
    """A typical project: texts in two languages and five partners out of a few hundred."""
    partners = [
        {
            "name": f"Municipality of Place {(number * 7 + n * 13) % 800}",
            "role": "lead" if n == 0 else "partner",
            "country": ("LT", "SI", "PL", "FR")[(number * 7 + n * 13) % 4],
            "type": "LocalPublicAuthority",
        }
        for n in range(5)
    ]
    return {
        "id": f"p:{number}",
        "kind": "project",
        "title": {"en": f"Clusters of the {number}th region"},
        "acronym": f"CLUSTER{number}",
        "summary": {"en": "Better policies for small firms in cross-border clusters. " * 6},
        "text": {"en": "Partners of several countries meet and learn. " * 25,
                 "lt": "Partneriai iš kelių šalių susitinka ir mokosi. " * 15},
        "programme": {"id": "2014TC16RFIR001", "name": "Interreg Europe"},
        "period": "2014-2020",
        "start": "2017-01-01",
        "end": "2021-06-30",
        "themes": ["Clustering and economic cooperation"],
        "countries": ["LT", "SI"],
        "organisations": partners,
        "budget": {"total": {"amount": "1539000.00", "currency": "EUR"}},
        **more,
    }  # fmt: skip
