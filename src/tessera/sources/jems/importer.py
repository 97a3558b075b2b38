"""`tessera import jems FILE...`: exports of Jems; those of one programme belong together.

Projects come from "Project data", their partners from "Partner data" of the same or another file
of the delivery; each does alone, too. The JSON that Jems writes for keep.eu is read as well.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.conversion import MEND
from tessera.sources.drafting import drafted
from tessera.sources.formats.spool import Spool
from tessera.sources.formats.table import Table, TableError, column_key, read_tables
from tessera.sources.formats.text import slug, storable
from tessera.sources.jems import plugin, sheets
from tessera.sources.registry import read_settings
from tessera.sources.tables import TableImporter, table_files

_TITLE: Final = re.compile(r"^(.*) - (?:project|partner) data - \d{4}\.\d\d\.\d\d\b")
_FILE: Final = re.compile(r"_(?:project|partner)_[a-z]{2}_([a-z]{2})_\d{8}_\d{6}$")
_ID: Final = "Project id (automatically created)"
_FAILED: Final = "failed projects"
_FAILED_HEADERS: Final = ("Project id", "Projekt-ID", "Projekt ID", "ID")


@dataclass(slots=True)
class _Project:
    """Places of the rows of a project, and where the first of them stands."""

    where: str
    rows: dict[str, array[int]] = field(default_factory=dict)


class JemsImporter:
    """See the module."""

    def __init__(self, info: SourceInfo, settings: Mapping[str, Any]) -> None:
        self.info = info
        names = ("projects", "partners", "dimensions")
        self.sheets = {name: TableImporter(info, settings[name]) for name in names}
        self.status = {column_key(each): code for each, code in settings["status"].items()}
        self._costs = tuple(column_key(name) for name in settings["costs"]["names"])
        self._withheld = tuple(column_key(name) for name in settings["withheld"]["names"])

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """An item per project, with all rows of the delivery that belong to it."""
        with Spool() as spool:
            found: dict[tuple[str, str], _Project] = {}
            for path in table_files(paths):
                if isinstance(path, ItemError):
                    yield path
                elif path.suffix.lower() == ".json":
                    yield from plugin.gather(path)
                else:
                    yield from self._workbook(path, spool, found)
            yield from _items(spool, found)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project of an item; none, and why, where it is an application still."""
        if "record" in item.raw:
            values, problems = plugin.values(item)
        else:
            values, problems = sheets.values(item, self.sheets, self.status)
        yield from dict.fromkeys(problems)
        if values and not any(not problem.warning for problem in problems):
            yield from drafted(values, item)

    def _workbook(
        self, path: Path, spool: Spool, found: dict[tuple[str, str], _Project]
    ) -> Iterator[ItemError]:
        wanted = dict.fromkeys(_FAILED_HEADERS)
        for sheet in self.sheets.values():
            wanted |= dict.fromkeys(sheet.columns.wanted)
        known = False
        programme = ""
        try:
            for table in read_tables(path, wanted=tuple(wanted)):
                programme = _programme(table) or programme
                name = self._sheet(table)
                if name:
                    known = True
                    yield from self._rows(table, name, programme, spool, found)
                elif table.sheet.casefold() == _FAILED:
                    count = sum(1 for _ in table.rows)
                    message = f"Jems could not export {count} projects; they are missing here"
                    place = table.where()
                    yield ItemError("gather", place, message, warning=True)
        except TableError as error:
            yield ItemError("gather", path.name, str(error))
            return
        if not known:
            message = f"has no sheet of projects or partners as Jems exports them (with {_ID!r})"
            yield ItemError("gather", path.name, message)

    def _sheet(self, table: Table) -> str:
        """Which of the sheets this is; "" where it is none of them."""
        keys = {column_key(name) for name in table.columns}
        if column_key(_ID) not in keys:
            return ""
        share = {
            name: len(keys & {column_key(each) for each in sheet.columns.wanted})
            for name, sheet in self.sheets.items()
        }
        return max(share, key=lambda name: share[name])

    def _rows(
        self,
        table: Table,
        name: str,
        programme: str,
        spool: Spool,
        found: dict[tuple[str, str], _Project],
    ) -> Iterator[ItemError]:
        place = table.where()
        if not programme:
            message = "has no title above the header; the programme isn't known"
            yield ItemError("gather", place, message, warning=True)
        funds = sheets.funds_of(table.columns)
        language = match[1] if (match := _FILE.search(table.path.stem)) else ""
        withheld = {each for each in table.columns if self._is(each, self._withheld)}
        for _, row in self._reader(table, name, funds).checked(table):
            if isinstance(row, ItemError):
                yield row
                continue
            kept = {
                column: cell
                for column, cell in row.values.items()
                if cell.strip() and column not in withheld
            }
            cell = next((kept[each] for each in kept if column_key(each) == column_key(_ID)), "")
            named = self.sheets[name].text(cell)
            if not slug(named):
                message = "is empty; the row belongs to no project and was left out"
                where = table.where(row.number).field(_ID)
                yield ItemError("gather", where, message, warning=True, mend=MEND["needed"])
                continue
            key = (programme, slug(named, 80))
            project = found.setdefault(key, _Project(table.where(row.number)))
            about = {"row": kept, "funds": funds, "language": language, "number": row.number}
            at = spool.add(storable(about))
            project.rows.setdefault(name, array("Q")).append(at)

    def _is(self, column: str, beginnings: tuple[str, ...]) -> bool:
        return column_key(column).startswith(beginnings)

    def _reader(self, table: Table, name: str, funds: Sequence[str]) -> TableImporter:
        """The reader of a sheet that knows this table's columns of funds, costs and persons too."""
        sheet = self.sheets[name]
        columns = sheet.columns
        known = {column_key(each) for each in columns.wanted}
        more = {
            each: "read by its name's beginning"
            for each in table.columns
            if column_key(each) not in known and self._is(each, (*self._costs, *self._withheld))
        }
        for fund in funds:
            more |= dict.fromkeys(sheets.fund_columns(fund), "of a fund")
        if not more:
            return sheet
        made = copy(sheet)
        made.columns = replace(columns, left_out={**columns.left_out, **more})
        return made


def _programme(table: Table) -> str:
    """The programme in the title above a sheet; "" where there is none, or a placeholder."""
    for title in table.titles:
        match = _TITLE.match(title)
        if match and match[1] != "programme":
            return match[1]
    return ""


def _items(spool: Spool, found: Mapping[tuple[str, str], _Project]) -> Iterator[Item | ItemError]:
    for (programme, named), project in found.items():
        raw: dict[str, Any] = {"programme": programme}
        for name, places in project.rows.items():
            read = [spool.read(place) for place in places]
            if name == "projects" and len(read) > 1:
                numbers = ", ".join(str(each["number"]) for each in read)
                message = f"stated in {len(read)} rows ({numbers}); the highest version was taken"
                yield ItemError("gather", project.where, message, named, warning=True)
                read = [max(read, key=_version)]
            raw[name] = [{k: v for k, v in each.items() if k != "number"} for each in read]
        if set(project.rows) == {"dimensions"}:
            message = "has codes of dimension, but is not among the projects; left out"
            yield ItemError("gather", project.where, message, named, warning=True)
            continue
        key = plugin.key_of(programme, named)
        yield Item(key, raw, project.where)


def _version(read: Mapping[str, Any]) -> tuple[int, str]:
    """For the latest of several versions: "2.0" goes before "10.0"."""
    written = str(read["row"].get("Project version", ""))
    number = re.match(r"\D*(\d{1,9})", written)
    return (int(number[1]) if number else 0, written)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return JemsImporter(info, read_settings(Path(__file__).with_name("source.toml")))
