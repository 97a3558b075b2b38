"""The two sheets of an export as one: which partners belong to which project.

Rows wait on disk until both sheets are read. Memory is needed for the keys and places alone:
about half a kilobyte a project and a dozen bytes a partner.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tessera.sources.base import Item, ItemError
from tessera.sources.formats.spool import Spool
from tessera.sources.formats.table import Table
from tessera.sources.formats.text import clean_line, slug
from tessera.sources.where import Where

LISTED: Final = 12
"""Rows that are named in the place of a project."""

Values = dict[str, Any]


class Keys(NamedTuple):
    """What names a project in a row of either sheet, as written; "" where the cell is empty."""

    programme: str
    project_id: str
    acronym: str

    @property
    def folded(self) -> Keys:
        """The same for comparing."""
        return Keys(*(clean_line(each).casefold() for each in self))


@dataclass(slots=True)
class _Project:
    place: int
    row: int
    keys: Keys
    name: str
    partners: list[array[int]] = field(default_factory=list)
    shared: bool = False
    """Whether a partner's keys name another row of projects as well."""
    mixed: bool = False
    """Whether they name a project with another id or acronym."""


class Joining:
    """Rows of both sheets in any order, then the projects with their partners."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._projects: list[_Project] = []
        self._partners: dict[Keys, array[int]] = {}
        self._sheets: dict[str, Table] = {}

    def add_project(self, table: Table, row: int, keys: Keys, values: Values) -> None:
        """Set a row of the projects' sheet aside."""
        self._sheets["projects"] = table
        place = self._spool.add(values)
        name = "" if keys.project_id or keys.acronym else _digest(values)
        self._projects.append(_Project(place, row, keys, name))

    def add_partner(self, table: Table, row: int, keys: Keys, values: Values) -> None:
        """Set a row of the partners' sheet aside."""
        self._sheets["partners"] = table
        place = self._spool.add([row, values])
        self._partners.setdefault(keys.folded, array("Q")).append(place)

    def items(self) -> Iterator[Item | ItemError]:
        """Each project with its partners, in the order of its sheet; rows left over as warnings."""
        if "projects" not in self._sheets:
            if table := self._sheets.get("partners"):
                message = "has partners, but no sheet of projects; export both"
                yield ItemError("gather", table.path.name, message)
            return
        if "partners" not in self._sheets:
            message = "has no sheet of partners; its projects come without"
            path = self._sheets["projects"].path
            yield ItemError("gather", path.name, message, warning=True)
        yield from self._join()
        groups: dict[str, list[_Project]] = {}
        for project in self._projects:
            groups.setdefault(_key(project), []).append(project)
        for key, group in groups.items():
            yield from self._group(key, group)

    def _join(self) -> Iterator[ItemError]:
        by_id: dict[tuple[str, str], list[_Project]] = {}
        by_acronym: dict[tuple[str, str], list[_Project]] = {}
        for project in self._projects:
            keys = project.keys.folded
            if keys.project_id:
                by_id.setdefault((keys.programme, keys.project_id), []).append(project)
            if keys.acronym:
                by_acronym.setdefault((keys.programme, keys.acronym), []).append(project)
        for keys, places in self._partners.items():
            found = by_id.get((keys.programme, keys.project_id), []) if keys.project_id else []
            if not found and keys.acronym:
                # A project with another id isn't meant, even where the acronym is the same.
                found = [
                    project
                    for project in by_acronym.get((keys.programme, keys.acronym), [])
                    if not (keys.project_id and project.keys.project_id)
                ]
            mixed = len(found) > 1 and len({_key(project) for project in found}) > 1
            for project in found:
                project.partners.append(places)
                project.shared |= len(found) > 1
                project.mixed |= mixed
            if not found:
                yield from self._left_over(keys, places)

    def _left_over(self, keys: Keys, places: Sequence[int]) -> Iterator[ItemError]:
        named = [each for each in keys if each]
        if keys.project_id or keys.acronym:
            message = f"no project of the export is named {' / '.join(named)}; partner left out"
        else:
            message = "names neither project id nor acronym; partner left out"
        for place in places:
            row, _ = self._spool.read(place)
            yield ItemError("gather", self._sheets["partners"].where(row), message, warning=True)

    def _group(self, key: str, group: list[_Project]) -> Iterator[Item | ItemError]:
        """The projects of one key: usually one."""
        table = self._sheets["projects"]
        read = [(self._spool.read(project.place), project) for project in group]
        distinct: list[tuple[Values, _Project]] = []
        for values, project in sorted(read, key=lambda each: _order(each[0], each[1].row)):
            where = table.where(project.row)
            same = next((each for each in distinct if _same(each[0], values)), None)
            if same is None:
                distinct.append((values, project))
                continue
            yield ItemError("gather", where, _merge(same[0], values, same[1].row), warning=True)
        for number, (values, project) in enumerate(distinct):
            # The key of the first stays what it was when another project of that name comes.
            own = key if number == 0 else f"{key}-{_digest(values)}"
            partners = self._partners_of(project)
            raw: Values = {"project": values, "partners": [each for _, each in partners]}
            if partners and (project.mixed or (project.shared and len(distinct) > 1)):
                raw["shared"] = True
            yield Item(own, raw, self._where(project.row, [row for row, _ in partners]))

    def _partners_of(self, project: _Project) -> list[tuple[int, Values]]:
        rows = [self._spool.read(place) for places in project.partners for place in places]
        return sorted(((int(row), values) for row, values in rows), key=lambda each: each[0])

    def _where(self, row: int, partners: Sequence[int]) -> Where:
        where = self._sheets["projects"].where(row)
        if not partners:
            return where
        numbers = ", ".join(map(str, partners[:LISTED]))
        if len(partners) > LISTED:
            numbers += f" and {len(partners) - LISTED} more"
        rows = "rows" if len(partners) > 1 else "row"
        partners_sheet = self._sheets["partners"].sheet
        return where.said(f"{where} (partners: {partners_sheet}, {rows} {numbers})")


def _key(project: _Project) -> str:
    keys = project.keys
    programme = slug(keys.programme, 80) or "no-programme"
    own = keys.project_id or keys.acronym
    return f"{programme}:{slug(own, 80) or project.name or _digest({'name in': own})}"


def _digest(values: Values) -> str:
    names = sorted(name for name in values if "name in" in name)
    named = "\n".join(f"{name}={values[name]}" for name in names)
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _order(values: Values, row: int) -> tuple[str, str, int]:
    return str(values.get("Project start", "")), _digest(values), row


def _same(one: Values, other: Values) -> bool:
    """Whether two rows state one project: its names and its start are the same."""
    return _digest(one) == _digest(other) and one.get("Project start") == other.get("Project start")


def _merge(kept: Values, other: Values, row: int) -> str:
    """Fill what the kept row lacks from one that states the same project; what to tell of it."""
    differing = [name for name in other if name in kept and kept[name] != other[name]]
    for name, value in other.items():
        kept.setdefault(name, value)
    if not differing:
        return f"states the project of row {row} once more; read as one"
    return f"states the project of row {row} otherwise under {', '.join(differing)}; not taken"
