"""`tessera import cordis-erc FILE`: grants of the European Research Council become projects.

Principal investigators are persons. They are neither kept nor shown: a person's profile is made
by that person. See docs/reference/sources/cordis-erc.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.cordis.values import unwrapped
from tessera.sources.drafting import warning
from tessera.sources.formats.table import column_key
from tessera.sources.formats.text import slug, storable
from tessera.sources.registry import read_settings
from tessera.sources.tables import TableImporter

PERSONS: Final = frozenset({"main researcher", "principal investigator", "pi", "researcher"})
"""Columns that name a person, as `column_key`; taken out before anything is kept."""
SCHEMES: Final = {"starting": "ERC Starting Grant", "consolidator": "ERC Consolidator Grant",
                  "advanced": "ERC Advanced Grant", "synergy": "ERC Synergy Grant",
                  "proof": "ERC Proof of Concept"}  # fmt: skip
"""What the name of a file says of its grants."""


_TELLING: Final = ("project", "title", "institution", "host", "date start project", "start")


class CordisErcImporter(TableImporter):
    """See the module."""

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Each row is an item, without the person in it; a row that comes again is told."""
        seen: set[str] = set()
        keys: set[str] = set()
        repeated: dict[str, int] = {}
        for table, row in self.rows(paths):
            if isinstance(row, ItemError):
                yield row
                continue
            where = table.where(row.number)
            kept = {n: v for n, v in row.values.items() if column_key(n) not in PERSONS}
            raw = storable(kept)
            whole = _digest(raw)
            if whole in seen:
                repeated[table.path.name] = repeated.get(table.path.name, 0) + 1
                continue
            seen.add(whole)
            key = _key(raw)
            if key in keys:  # of the same name, host and start, and yet another
                key = f"{key}-{whole[:8]}"
            keys.add(key)
            scheme = next((name for word, name in SCHEMES.items()
                           if word in table.path.stem.casefold()), "")  # fmt: skip
            yield Item(key, {"row": raw, "scheme": scheme}, where)
        for name, count in repeated.items():
            message = f"{count:,} rows say word for word what a row before says; passed over"
            yield ItemError("gather", name, message, warning=True)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project of a row; its host leads it."""
        row: dict[str, Any] = item.raw["row"]
        given = Item(
            item.key,
            {n: unwrapped(v) if isinstance(v, str) else v for n, v in row.items()},
            item.where,
        )
        for found in super().map(given):
            if not isinstance(found, RecordDraft):
                yield found
                continue
            values = found.canonical()
            for partner in values.get("organisations", ()):
                partner["role"] = "lead"
            if not values.get("organisations"):
                yield warning(item, "is empty: no host is stated", "institution")
            if item.raw["scheme"]:
                values["stated"] = {**values.get("stated", {}), "scheme": item.raw["scheme"]}
            yield RecordDraft.from_json(values)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return CordisErcImporter(info, read_settings(Path(__file__).with_name("source.toml")))


def _digest(values: object) -> str:
    written = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()


def _key(row: Mapping[str, Any]) -> str:
    """Acronym, and digest of title, host and start: several grants have one acronym or title."""
    by_name = {column_key(name): str(value or "") for name, value in row.items()}
    named = by_name.get("project acronym") or by_name.get("acronym") or ""
    told = [by_name.get(name, "") for name in _TELLING]
    return f"{slug(named, 60) or 'grant'}-{_digest(told)[:8]}"
