"""The general importer of tables: columns by name -> fields, declared in a source.toml.

    [table]
    kind = "good_practice"
    key = "Link"                # the column that tells rows apart; its value, or end of address
    id = "good-practice:{key}"
    language = "en"             # of the texts
    empty = ["N/A"]             # what stands for nothing

    [[column]]
    names = ["Title", "Titel"]  # any of these, without regard to case and blanks
    field = "title"             # in the interchange format; "organisations.0.name" goes deeper
    as = "line"                 # a converter of `tessera.sources.conversion`
    required = true
    upto = 4                    # "#" in names and field stands for 1, 2, 3 and 4

    [left_out]
    "Row number" = "why it isn't used"

Rows that belong together (a project's partners) are grouped by a class built on this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError, SourceInfo
from tessera.sources.conversion import CONVERTERS, organisation_type
from tessera.sources.drafting import drafted, left_out, nameless, needed, warning
from tessera.sources.formats.table import (
    Row,
    RowError,
    Table,
    TableError,
    column_key,
    read_tables,
)
from tessera.sources.formats.text import in_a_row, shortened, slug, storable

_NO_KEY: Final = " _*:.\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
"""What `column_key` leaves out at the beginning of a text of ASCII."""

ENDINGS: Final = (".json", ".xlsx", ".xlsm", ".xlsb", ".ods", ".xls", ".csv", ".tsv", ".csv.gz")
"""What counts as a table in a folder; of one list in several formats, the first of these."""


LONGEST_EMPTY: Final = 60
"""Characters of a cell that may say that it is empty; texts are longer."""


@dataclass(frozen=True, slots=True)
class Column:
    """names: any of them. field: where the value goes. convert: a key of CONVERTERS.

    required: without it (as a column, or in a row) there is no record. options: of the converter.
    """

    names: tuple[str, ...]
    field: str
    convert: str = "line"
    required: bool = False
    options: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a table's columns mean. left_out: name -> reason. See the module."""

    kind: str
    key: str
    id: str
    columns: tuple[Column, ...]
    left_out: Mapping[str, str]
    language: str = ""
    empty: frozenset[str] = frozenset()
    encoding: str = ""
    delimiter: str = ""
    organisation_types: Mapping[str, str] = default(default_factory=dict)
    constants: Mapping[str, Any] = default(default_factory=dict)

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> ColumnMap:
        """From a source.toml; KeyError or ValueError for a slip in it."""
        table = settings["table"]
        columns = []
        for known in _numbered(settings["column"]):
            names, into = tuple(known.pop("names")), known.pop("field")
            convert, required = known.pop("as", "line"), known.pop("required", False)
            if convert not in CONVERTERS and convert != "organisation_type":
                raise ValueError(f"column {names[0]!r}: no converter is called {convert!r}")
            columns.append(Column(names, into, convert, required, known))
        if any(len(word) > LONGEST_EMPTY for word in table.get("empty", ())):
            raise ValueError(f"empty: a word has more than {LONGEST_EMPTY} characters")
        return cls(
            kind=table["kind"],
            key=table["key"],
            id=table["id"],
            columns=tuple(columns),
            left_out=settings.get("left_out", {}),
            language=table.get("language", ""),
            empty=frozenset(column_key(word) for word in table.get("empty", ())),
            encoding=table.get("encoding", ""),
            delimiter=table.get("delimiter", ""),
            organisation_types=settings.get("organisation_types", {}),
            constants=settings.get("constants", {}),
        )

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every column name that means something, for finding the header."""
        named = (name for column in self.columns for name in column.names)
        return (*dict.fromkeys([self.key, *named]), *self.left_out)


class TableImporter:
    """See the module."""

    def __init__(self, info: SourceInfo, settings: Mapping[str, Any]) -> None:
        self.info = info
        self.columns = ColumnMap.from_settings(settings)
        self._keys = [
            (column, tuple(column_key(name) for name in column.names))
            for column in self.columns.columns
        ]
        # Millions of cells are asked about: few begin as a word for "empty" does.
        self._empty = {word[:1] for word in self.columns.empty}

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Each row is an item; its raw value is the row by the names of its columns."""
        for table, row in self.rows(paths):
            if isinstance(row, ItemError):
                yield row
                continue
            where = table.where(row.number)
            key = self._key(row.values)
            if not key:
                yield nameless(where, self.columns.key, "is empty; it tells rows apart")
                continue
            yield Item(key, storable(row.values), where)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The record of a row."""
        values, problems = self.values(item.raw, item)
        yield from dict.fromkeys(problems)
        if any(not problem.warning for problem in problems):
            return
        organisations = values.get("organisations", [])
        named = [each for each in organisations if each.get("name")]
        if len(named) < len(organisations):
            values["organisations"] = named
            yield warning(item, "names no organisation; its type and country are left out")
        values |= {"id": self.columns.id.format(key=item.key), "kind": self.columns.kind}
        yield from drafted(dict(self.columns.constants) | values, item)

    def rows(self, paths: Sequence[Path]) -> Iterator[tuple[Table, Row | ItemError]]:
        """Every row of every file, checked for columns; what can't be read as an ItemError."""
        for path in table_files(paths):
            if isinstance(path, ItemError):
                yield _nowhere(path), path
                continue
            try:
                for table in read_tables(
                    path,
                    wanted=self.columns.wanted,
                    encoding=self.columns.encoding,
                    delimiter=self.columns.delimiter,
                ):
                    yield from self.checked(table)
            except TableError as error:
                problem = ItemError("gather", path.name, str(error))
                yield _nowhere(problem), problem

    def checked(self, table: Table) -> Iterator[tuple[Table, Row | ItemError]]:
        """The rows of one table; its columns and what can't be read are told as ItemErrors."""
        place = table.where()
        for note in table.notes:
            yield table, ItemError("gather", place, note, warning=True)
        present = {column_key(name) for name in table.columns}
        lacking = [
            column.names[0]
            for column in self.columns.columns
            if column.required and not present & {column_key(name) for name in column.names}
        ]
        if column_key(self.columns.key) not in present and self.columns.key not in lacking:
            lacking.insert(0, self.columns.key)
        if lacking:
            message = f"lacks the columns {', '.join(lacking)}; it has {in_a_row(table.columns)}"
            yield table, ItemError("gather", place, message)
            return
        known = {column_key(name) for name in self.columns.wanted}
        unknown = [name for name in table.columns if column_key(name) not in known]
        if unknown:
            message = f"columns without a meaning here, left out: {in_a_row(unknown)}"
            yield table, ItemError("gather", place, message, warning=True)
        blank = {name for name in table.columns if column_key(name) in known}
        count = 0
        for row in table.rows:
            count += 1
            if isinstance(row, RowError):
                yield table, ItemError("gather", table.where(row.number), row.message)
            elif row.surplus:
                message = (
                    f"has {len(row.surplus)} cells more than there are column names "
                    f"({shortened(', '.join(row.surplus))}); is a quotation mark missing?"
                )
                yield table, ItemError("gather", table.where(row.number), message)
            else:
                cells = row.values
                blank -= {
                    name
                    for name in blank
                    if cells.get(name) not in ("", None) and self.text(cells[name])
                }
                yield table, row
        if blank and count:
            named = ", ".join(name for name in table.columns if name in blank)
            message = f"nothing in any of the {count:,} rows under {named}"
            yield table, ItemError("gather", place, message, warning=True)

    def values(
        self, row: Mapping[str, Any], item: Item, *, fields: Sequence[str] = ()
    ) -> tuple[dict[str, Any], list[ItemError]]:
        """A row in the shape of the interchange format, and what was left out of it.

        fields: only these (by their beginnings); all where empty.
        """
        by_key = {column_key(name): cell for name, cell in row.items()}
        found: dict[str, Any] = {}
        problems: list[ItemError] = []
        for column, keys in self._keys:
            if fields and not column.field.startswith(tuple(fields)):
                continue
            text = ""
            for key in keys:
                if (cell := by_key.get(key)) is not None and (text := self.text(cell)):
                    break
            if not text:
                if column.required:
                    problems.append(needed(item, column.names[0]))
                continue
            if text in column.options.get("ignored", ()):
                continue
            if column.convert == "organisation_type":
                for name, each in organisation_type(text, self.columns.organisation_types).items():
                    _put(found, f"{column.field}{name}", each)
                continue
            try:
                value: Any = CONVERTERS[column.convert](text, column.options)
            except ValueError as error:
                problem = left_out(item, error, column.names[0], text, column.convert)
                if column.required:
                    problem = replace(problem, message=str(error), warning=False)
                problems.append(problem)
                _put(found, f"stated.{column.field.replace('.', '_')}", text)
                continue
            if column.field in ("title", "summary", "text"):
                value = {self.columns.language or "und": value}
            _put(found, column.field, value)
        return found, problems

    def _key(self, row: Mapping[str, Any]) -> str:
        wanted = column_key(self.columns.key)
        text = next((self.text(v) for name, v in row.items() if column_key(name) == wanted), "")
        if "://" in text:
            text = text.rstrip("/").rpartition("/")[2]
        return slug(text, 120)

    def text(self, cell: Any) -> str:
        """A cell as text; "" where it is empty or says that it is."""
        if isinstance(cell, str):
            text = cell.strip()
        elif cell is None or isinstance(cell, dict | list):
            return ""
        elif isinstance(cell, bool):
            return "true" if cell else "false"
        else:
            text = str(cell).strip()
        if len(text) > LONGEST_EMPTY or (text.isascii() and self._begins(text) not in self._empty):
            return text
        return "" if column_key(text) in self.columns.empty else text

    @staticmethod
    def _begins(text: str) -> str:
        """The first letter or digit of what `column_key` would make of a text of ASCII."""
        return text.lstrip(_NO_KEY)[:1].lower()


def _numbered(columns: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each column that has `upto` written out: "#" in its names is 1, 2 ... `upto`.

    In its field too; but "#" counts from 0 where it stands alone between dots, as a list's does.
    """
    for column in columns:
        known = dict(column)
        last = known.pop("upto", 0)
        if not last:
            yield known
        for number in range(1, last + 1):
            place = known["field"].replace(".#.", f".{number - 1}.").replace("#", str(number))
            names = [name.replace("#", str(number)) for name in known["names"]]
            yield known | {"names": names, "field": place}


def table_files(paths: Sequence[Path]) -> Iterator[Path | ItemError]:
    """The files to read: those named, and the tables of folders in the order of their names."""
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from _folder(path)
        else:
            yield ItemError("gather", path.name, f"{path} does not exist")


def _folder(folder: Path) -> Iterator[Path | ItemError]:
    by_stem: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        ending = next((e for e in ENDINGS if path.name.lower().endswith(e)), None)
        if ending and path.is_file() and not path.name.startswith((".", "~$")):
            by_stem.setdefault(path.name[: -len(ending)], []).append(path)
    if not by_stem:
        yield ItemError(
            "gather", folder.name, f"{folder} has no table in it ({', '.join(ENDINGS)})"
        )
    for found in by_stem.values():
        found.sort(key=_preference)
        for other in found[1:]:
            message = f"is passed over: {found[0].name} is taken for the same list"
            yield ItemError("gather", other.name, message, warning=True)
        yield found[0]


def _preference(path: Path) -> int:
    return next(n for n, ending in enumerate(ENDINGS) if path.name.lower().endswith(ending))


def _nowhere(problem: ItemError) -> Table:
    return Table(Path(problem.where), "", (), iter(()))


def _put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a path such as "organisations.0.name"; lists grow as needed."""
    before, last = _steps(path)
    at: Any = values
    for step, following in before:
        empty: Any = [] if following.isdigit() else {}
        if isinstance(at, list):
            while len(at) <= int(step):
                at.append([] if following.isdigit() else {})
            at = at[int(step)]
        else:
            at = at.setdefault(step, empty)
    if isinstance(at, list):
        at.append(value)
    elif isinstance(value, list) and isinstance(at.get(last), list):
        at[last] = list(dict.fromkeys([*at[last], *value]))
    else:
        at[last] = value


@cache
def _steps(path: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The steps of a path, each with the one after it, and the last."""
    steps = path.split(".")
    return tuple(pairwise(steps)), steps[-1]
