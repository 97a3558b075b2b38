"""Rows of beneficiaries: one organisation each, or one of several rows that name the same one.

A file lists a beneficiary once for each spelling of its name, anywhere in it. Which names come
again is found in a first reading, so that only their rows wait for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.vocabularies.folding import fold
from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import warning
from tessera.sources.formats.table import Row, Table, column_key, read_tables
from tessera.sources.formats.text import clean_line, storable

COLUMNS: Final = ("Beneficiary Name", "Country", "Number of Projects")
"""What a file of beneficiaries must have."""
_STATED: Final = {
    "total budget": "total_budget", "eu contribution": "eu_contribution",
    "number of projects": "projects",
}  # fmt: skip
_PREFIX: Final = "beneficiary:"
_SHOWN: Final = 5


def lists_beneficiaries(table: Table) -> bool:
    """Whether a table has the columns of such a list."""
    return {column_key(name) for name in COLUMNS} <= {column_key(n) for n in table.columns}


def digest(*parts: str) -> str:
    """What stands for these texts in a key, whatever their case and accents."""
    return hashlib.sha256("\x1f".join(map(fold, parts)).encode("utf-8", "replace")).hexdigest()[:16]


def key_of(row: Mapping[str, str]) -> str:
    """The key of a row by `column_key`, "" where it names nobody."""
    name = clean_line(row.get("beneficiary name", ""))
    where = (row.get("country", ""), row.get("region", ""))
    return f"{_PREFIX}{digest(*where, name)}" if name else ""


def named_again(path: Path, wanted: Sequence[str]) -> set[int]:
    """Which beneficiaries of a file have several rows, as `number` of their keys.

    wanted: as in `read_tables`. Raises TableError.
    """
    once: set[int] = set()
    again: set[int] = set()
    for table in read_tables(path, wanted=wanted):
        if not lists_beneficiaries(table):
            break
        for row in table.rows:
            if isinstance(row, Row) and not row.surplus and (key := _key(row)):
                (again if number(key) in once else once).add(number(key))
    return again


def number(key: str) -> int:
    """A key in eight bytes."""
    return int(key.rpartition(":")[2], 16)


def _key(row: Row) -> str:
    return key_of({column_key(name): str(value or "") for name, value in row.values.items()})


class Waiting:
    """Rows that name the same beneficiary, until the table is read to its end."""

    def __init__(self, table: Table, again: set[int]) -> None:
        self._table = table
        self._again = again
        self._rows: dict[str, list[Row]] = {}

    def takes(self, key: str, row: Row) -> bool:
        """Whether a row waits for others."""
        if not key.startswith(_PREFIX) or number(key) not in self._again:
            return False
        self._rows.setdefault(key, []).append(row)
        return True

    def items(self) -> Iterator[Item | ItemError]:
        """One item for each beneficiary; what is the same in all words is told and left out."""
        for key, rows in self._rows.items():
            kept: list[Row] = []
            for row in rows:
                if any(row.values == other.values for other in kept):
                    where = self._table.where(row.number)
                    message = "says word for word what an earlier row says; left out"
                    yield ItemError("gather", where, message, warning=True)
                else:
                    kept.append(row)
            where = self._table.where(kept[0].number)
            if len(kept) == 1:
                yield Item(key, storable(kept[0].values), where)
                continue
            numbers = ", ".join(str(row.number) for row in kept[:_SHOWN])
            more = ", …" if len(kept) > _SHOWN else ""
            where = where.said(f"{self._table.where()}, rows {numbers}{more}")
            yield Item(key, {"rows": [storable(row.values) for row in kept]}, where)


def organisation(
    rows: Sequence[Mapping[str, str]], country: str, item: Item, problems: list[ItemError]
) -> dict[str, Any]:
    """The record of a beneficiary. rows: by `column_key`; of several, the one with the most
    projects gives the name, and the others are further names."""
    row = max(rows, key=lambda each: _count(each.get("number of projects", "")))
    title = row["beneficiary name"]
    region = vocabularies.find_region(row.get("region", ""), country or None)
    stated: dict[str, Any] = {"region": row["region"]} if row.get("region") else {}
    for column, into in _STATED.items():
        found = [each.get(column, "") for each in rows]
        if any(found):
            stated[into] = found[0] if len(rows) == 1 else found
    if len(rows) > 1:
        stated["names"] = [each["beneficiary name"] for each in rows]
        message = (
            "several rows name this beneficiary; one organisation is made of them, and the amounts "
            "of each row are kept under `stated`"
        )
        problems.append(warning(item, message, "Beneficiary Name"))
    spelled = [title, *(each["beneficiary name"] for each in rows)]
    latin = [each.get("transliterated name", "") for each in (row, *rows)]
    others: dict[str, str] = {fold(name): name for name in reversed(latin) if name}
    others |= {name: name for name in spelled}
    others = {key: name for key, name in others.items() if name != title and key != fold(title)}
    values = {
        "id": f"kohesio:{item.key}",
        "kind": "organisation",
        "title": {"und": title},
        "names": [{"name": name} for name in others.values()],
        "countries": [country] if country else [],
        "regions": [{"nuts": region.code}] if region is not None else [],
        "licence": "CC BY 4.0",
        "stated": stated,
    }
    return {key: value for key, value in values.items() if value not in ([], {}, "")}


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
