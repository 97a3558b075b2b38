"""`tessera import operations FILE or FOLDER`: official lists of operations become projects."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.schema.vocabularies.folding import fold
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.conversion import MEND
from tessera.sources.drafting import drafted, warning
from tessera.sources.formats.signature import format_of
from tessera.sources.formats.table import Row, RowError, Table, TableError, read_tables
from tessera.sources.formats.text import slug, storable
from tessera.sources.natural_persons import is_natural_person
from tessera.sources.operations.hints import Hints, hints_for
from tessera.sources.operations.lists import (
    FIELDS,
    PARTIES,
    Filled,
    Survey,
    first,
    group_of,
    identity,
    marks_natural_person,
    no_operation,
    number,
    recogniser,
    survey,
)
from tessera.sources.operations.parting import parties
from tessera.sources.operations.records import record
from tessera.sources.operations.rows import Rows
from tessera.sources.tables import ENDINGS, table_files
from tessera.sources.where import Where

_SHOWN_ROWS: Final = 10
_PDF: Final = (
    "is a PDF, which shows a table but holds none; get the list as CSV or XLSX, or ask the "
    "authority that publishes it for one"
)


@dataclass(slots=True)
class _Delivery:
    """What has come so far: key -> (what was said of it, number of the table)."""

    keys: dict[int, tuple[int, int]] = field(default_factory=dict)
    tables: int = 0


@dataclass(slots=True)
class _Group:
    rows: list[Row] = field(default_factory=list)
    cells: list[Filled] = field(default_factory=list)


class OperationsImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """An item per operation, with its rows as received but without names of persons.

        About 200 bytes of each operation are kept to the end, to know copies of a list.
        """
        delivery = _Delivery()
        for path in _lists(paths):
            if isinstance(path, ItemError):
                yield path
                continue
            hints = hints_for(path, FIELDS)
            for problem in hints.problems:
                yield ItemError("gather", path.name, problem, warning=True)
            try:
                yield from _list(path, hints, delivery)
            except TableError as error:
                yield ItemError("gather", path.name, str(error))

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project of an item."""
        rows = Rows.of(item.raw)
        values = record(item.key, rows)
        for column, message, value, how in dict.fromkeys(rows.problems):
            yield warning(item, message, column, value=value, mend=MEND.get(how, ""))
        yield from drafted(values, item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return OperationsImporter(info)


def _lists(paths: Sequence[Path]) -> Iterator[Path | ItemError]:
    """The lists among files and folders, with all folders below these."""
    for path in paths:
        if not path.is_dir():
            yield from table_files([path])
            continue
        found = False
        for name, folders, files in os.walk(path):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            tables = [each for each in files if each.lower().endswith(ENDINGS)]
            pdfs = sorted(each for each in files if each.lower().endswith(".pdf"))
            found = found or bool(tables or pdfs)
            for each in pdfs:
                message = f"is passed over: a PDF beside {tables[0]}" if tables else _PDF
                yield ItemError("gather", each, message, warning=bool(tables))
            if tables:
                yield from table_files([Path(name)])
        if not found:
            yield ItemError("gather", path.name, f"{path} has no list in it ({', '.join(ENDINGS)})")


def _list(path: Path, hints: Hints, delivery: _Delivery) -> Iterator[Item | ItemError]:
    if format_of(path) == "pdf":
        yield ItemError("gather", path.name, _PDF)
        return
    surveys = [survey(table, hints) for table in _tables(path, hints)]
    partners = _partners(path, hints, surveys)
    for table, of in zip(_tables(path, hints), surveys, strict=True):
        if partners and not of.has_titles:
            continue
        delivery.tables += 1
        yield from _notes(table, of)
        yield from _operations(table, of, partners, delivery)


def _tables(path: Path, hints: Hints) -> Iterator[Table]:
    found = False
    try:
        for table in read_tables(
            path,
            recognise=recogniser(hints),
            encoding=hints.encoding,
            delimiter=hints.delimiter,
        ):
            found = True
            yield table
    except TableError as error:
        if found or "column names" not in str(error):
            raise
        raise TableError(
            f"{error}; needed is one with the name of the operation or of the beneficiary. If it "
            f"is there, say what the columns mean in {path.name}.yaml beside it"
        ) from None


def _partners(
    path: Path, hints: Hints, surveys: Sequence[Survey]
) -> dict[str, list[tuple[Row, Survey]]]:
    """The rows of sheets of partners, by code or acronym; none where no sheet has operations."""
    sheets = [
        of for of in surveys if not of.has_titles and {"code", "acronym"} & {*of.columns.values()}
    ]
    if not sheets or len(sheets) == len(surveys):
        return {}
    found: dict[str, list[tuple[Row, Survey]]] = {}
    for table, of in zip(_tables(path, hints), surveys, strict=True):
        if not any(of is sheet for sheet in sheets):
            continue
        for row in table.rows:
            if isinstance(row, Row):
                cells = of.filled(row.values)
                key = first(cells, "code") or first(cells, "acronym")
                if key and any(name in cells for name in PARTIES):
                    found.setdefault(fold(key), []).append((row, of))
    return found


def _notes(table: Table, of: Survey) -> Iterator[ItemError]:
    place = table.where()
    notes = list(table.notes)
    if of.unknown:
        notes.append(
            f"columns without a meaning here, left out: {', '.join(of.unknown)}; say what they "
            f"mean in {table.path.name}.yaml if they matter"
        )
    if of.personal:
        notes.append(f"columns about persons, left out: {', '.join(sorted(of.personal))}")
    for why, count in sorted(of.passed.items()):
        notes.append(f"{count:,} rows carry no operation ({why}); passed over")
    if of.surplus:
        shown = ", ".join(map(str, of.surplus[:_SHOWN_ROWS]))
        more = f" and {len(of.surplus) - _SHOWN_ROWS} more" if len(of.surplus) > _SHOWN_ROWS else ""
        notes.append(
            f"rows {shown}{more} have more cells than there are columns; what stands beyond is "
            "left out. Is a quotation mark missing?"
        )
    if not of.operations:
        notes.append("has no row with an operation")
    for note in notes:
        yield ItemError("gather", place, note, warning=True)


def _operations(
    table: Table,
    of: Survey,
    partners: dict[str, list[tuple[Row, Survey]]],
    delivery: _Delivery,
) -> Iterator[Item | ItemError]:
    waiting: dict[int, _Group] = {}
    left = of.groups.copy()
    ordinals: dict[int, int] = {}
    copies = 0
    for row in table.rows:
        if isinstance(row, RowError):
            yield ItemError("gather", table.where(row.number), row.message)
            continue
        cells = of.filled(row.values)
        if no_operation(row, cells):
            continue
        joined = group_of(cells, of)
        group = waiting.setdefault(joined, _Group()) if joined else _Group()
        group.rows.append(row)
        group.cells.append(cells)
        if joined:
            left[joined] -= 1
            if left[joined] > 0:
                continue
            del waiting[joined]
        item = _item(table, of, group, partners, delivery, ordinals)
        if item is None:
            copies += 1
        else:
            yield item
    if copies:
        place = table.where()
        message = f"{copies:,} operations stand word for word in an earlier list; passed over"
        yield ItemError("gather", place, message, warning=True)


def _item(
    table: Table,
    of: Survey,
    group: _Group,
    partners: dict[str, list[tuple[Row, Survey]]],
    delivery: _Delivery,
    ordinals: dict[int, int],
) -> Item | None:
    """None for an operation that an earlier table of this delivery has in the same words."""
    facts = of.facts
    name, said = _name(group, facts)
    scope = "-".join(facts[each] for each in ("programme", "period", "fund") if facts.get(each))
    scope = facts.get("programme") or scope
    own = number(scope, name, *([] if _coded(group) else [str(identity(group.cells[0], facts)[0])]))
    ordinals[own] = ordinals.get(own, 0) + 1
    if ordinals[own] > 1:
        name, own = f"{name}-{ordinals[own]}", number(str(own), str(ordinals[own]))
    before = delivery.keys.get(own)
    if before is not None:
        if before[0] == said and before[1] != delivery.tables:
            return None
        name, own = f"{name}-{said:016x}"[:150], number(str(own), str(said))
        if own in delivery.keys:
            return None
    delivery.keys[own] = (said, delivery.tables)
    key = f"{slug(scope, 60)}:{name}" if scope else name
    rows, natural = _rows(group, of, facts)
    codes = {first(cells, each) for cells in group.cells for each in ("code", "acronym")}
    for code in sorted(filter(None, codes)):
        for partner, sheet in partners.get(fold(code), ()):
            rows.append(_values(partner, sheet))
            columns = sheet.facts.get("columns", {}) | facts.get("columns", {})
            facts = facts | {"columns": columns} if columns else facts
    raw: dict[str, Any] = {"rows": rows, "list": facts}
    if natural:
        raw["natural_person"] = True
    return Item(key, storable(raw), _where(table, group))


def _coded(group: _Group) -> bool:
    return "code" in group.cells[0]


def _name(group: _Group, facts: dict[str, Any]) -> tuple[str, int]:
    """What tells the operation from others in a key, and a digest of all that is said of it."""
    own, said = identity(group.cells[0], facts)
    for cells in group.cells[1:]:
        said = number(str(said), str(identity(cells, facts)[1]))
    code = first(group.cells[0], "code")
    return (slug(code, 80) or f"{own:016x}") if code else f"{own:016x}", said


def _rows(group: _Group, of: Survey, facts: dict[str, Any]) -> tuple[list[dict[str, Any]], bool]:
    """The rows as received, without columns about persons; and without a natural person's name."""
    rows = []
    natural = False
    country = str(facts.get("country", ""))
    stops = facts.get("stops", ())
    for row, cells in zip(group.rows, group.cells, strict=True):
        values = _values(row, of)
        named = [name for party in PARTIES for _, name in cells.get(party, ())]
        if any(marks_natural_person(text) for _, text in cells.get("legal_form", ())):
            natural = True
        else:
            parts = [
                part
                for party in PARTIES
                for column, text in cells.get(party, ())
                for part in parties(text, stops=column in stops)
            ]
            # A mark in place of a name stays: it says why there is none.
            named = [
                part
                for part in parts
                if is_natural_person(part, country) and not marks_natural_person(part, name=True)
            ]
            natural = natural or bool(named)
        rows.append(_nameless(values, named))
    return rows, natural


def _values(row: Row, of: Survey) -> dict[str, Any]:
    return {name: value for name, value in row.values.items() if name not in of.personal}


def _nameless(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A row without these names, wherever they stand."""
    for name in names:
        form = re.compile(re.escape(name), re.IGNORECASE)
        values = {
            column: form.sub("", value) if isinstance(value, str) else value
            for column, value in values.items()
        }
    return values


def _where(table: Table, group: _Group) -> Where:
    numbers = [row.number for row in group.rows]
    where = table.where(numbers[0])
    if len(numbers) > 1:
        shown = ", ".join(map(str, numbers[1:_SHOWN_ROWS]))
        more = f" and {len(numbers) - _SHOWN_ROWS} more" if len(numbers) > _SHOWN_ROWS else ""
        where = where.said(f"{where}, {shown}{more}".replace(", row ", ", rows ", 1))
    return where
