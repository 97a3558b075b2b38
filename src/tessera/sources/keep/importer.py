"""`tessera import keep FILE`: the export of keep.eu's search, or project records of its API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import drafted
from tessera.sources.formats.spool import Spool
from tessera.sources.formats.table import Table, TableError, column_key, read_tables
from tessera.sources.formats.text import storable
from tessera.sources.keep import export, records
from tessera.sources.keep.joining import Joining, Keys
from tessera.sources.registry import read_settings
from tessera.sources.tables import TableImporter, table_files

LEAST_COLUMNS: Final = 3
"""So many known column names make a sheet one of projects or partners; a cover has fewer."""

_ID: Final = "Project ID (2021-2027 only)"


class KeepImporter:
    """See the module. A workbook is taken whole or, where a sheet of it is broken, not at all."""

    def __init__(self, info: SourceInfo, settings: Mapping[str, Any]) -> None:
        self.info = info
        self.projects = TableImporter(info, settings["projects"])
        self.partners = TableImporter(info, settings["partners"])

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """An item per project, with the rows of its partners as received."""
        for path in table_files(paths):
            if isinstance(path, ItemError):
                yield path
            elif path.suffix.lower() == ".json":
                yield from records.gather(path)
            else:
                yield from self._workbook(path)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project of a row, or of a record of the API."""
        if "project" not in item.raw or "partners" not in item.raw:
            values, problems = records.values(item)
        else:
            values, problems = export.values(item, self.projects, self.partners)
        yield from dict.fromkeys(problems)
        if not any(not problem.warning for problem in problems):
            yield from drafted(values, item)

    def _workbook(self, path: Path) -> Iterator[Item | ItemError]:
        wanted = dict.fromkeys((*self.projects.columns.wanted, *self.partners.columns.wanted))
        with Spool() as spool:
            joining = Joining(spool)
            found = False
            try:
                for table in read_tables(path, wanted=tuple(wanted)):
                    sheet = self._sheet(table)
                    if sheet is not None:
                        found = True
                        yield from self._rows(table, sheet, joining)
            except TableError as error:
                yield ItemError("gather", path.name, f"{error}; nothing of it was taken")
                return
            if not found:
                message = "has neither projects nor partners as keep.eu exports them"
                yield ItemError("gather", path.name, message)
            yield from joining.items()

    def _sheet(self, table: Table) -> TableImporter | None:
        """What reads this sheet; None for a cover, or a sheet of something else."""
        keys = {column_key(name) for name in table.columns}
        known = {
            each: len(keys & {column_key(name) for name in each.columns.wanted})
            for each in (self.projects, self.partners)
        }
        best = max(known, key=lambda each: known[each])
        return best if known[best] >= LEAST_COLUMNS else None

    def _rows(self, table: Table, sheet: TableImporter, joining: Joining) -> Iterator[ItemError]:
        names = {column_key(name): name for name in sheet.columns.wanted}
        names = {each: names.get(column_key(each), each) for each in table.columns}
        for _, row in sheet.checked(table):
            if isinstance(row, ItemError):
                yield row
                continue
            values = {names[name]: cell for name, cell in row.values.items() if cell.strip()}
            values = storable(values)
            keys = _keys(sheet, values)
            if sheet is self.partners:
                joining.add_partner(table, row.number, keys, values)
            elif any(keys[1:]) or export.is_named(values):
                joining.add_project(table, row.number, keys, values)
            else:
                message = "names no project: its id, its acronym and its names are empty"
                yield ItemError("gather", table.where(row.number), message)


def _keys(sheet: TableImporter, values: Mapping[str, str]) -> Keys:
    named = ("Programme", _ID, "Project acronym")
    return Keys(*(sheet.text(values.get(name)) for name in named))


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return KeepImporter(info, read_settings(Path(__file__).with_name("source.toml")))
