"""`tessera import cordis PATH...`: what CORDIS publishes, joined by the numbers of the projects.

Rows of all tables are put aside until everything is read: a project's organisations, topics and
subjects may stand anywhere. See docs/reference/sources/cordis.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.cordis.documents import article, deliverable, report
from tessera.sources.cordis.organisations import organisation
from tessera.sources.cordis.parts import parts
from tessera.sources.cordis.projects import project
from tessera.sources.cordis.scrape import is_scraped, project_rows
from tessera.sources.cordis.spool import Spool
from tessera.sources.cordis.xml import XmlError, read_xml
from tessera.sources.drafting import nameless
from tessera.sources.formats.archives import ArchiveError, Member
from tessera.sources.formats.table import (
    BROKEN,
    RowError,
    TableError,
    column_key,
    read_tables,
)
from tessera.sources.formats.text import clean_line, in_a_row, storable
from tessera.sources.where import Where

JOINED: Final = ("organization", "topics", "legalBasis", "euroSciVoc", "webLink")
"""Tables whose rows belong to a project."""
MAX_YAML: Final = 20_000_000
_MAPS: Final[Mapping[str, Callable[[Item], Iterator[RecordDraft | ItemError]]]] = {
    "project": project, "org": organisation, "deliverable": deliverable, "report": report,
    "article": article,
}  # fmt: skip
_PASSED_OVER: Final = {
    "publication": "publications name their authors, who are persons; they are not read",
    "person": "persons are not read: what concerns a person is shown by their own act alone",
    "webItem": "pictures and prints of the site of CORDIS; not read",
    "reference": "names codes of CORDIS and is about no project; not read",
    "": "is no table of CORDIS that is known here; not read",
}


class CordisImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Projects with all that belongs to them, then organisations, documents and articles."""
        with Spool() as spool:
            for part in parts(paths):
                if isinstance(part, ItemError):
                    yield part
                else:
                    yield from _read(part, spool)
            yield from _items(spool)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """One record; the kind of the item stands before the colon of its key."""
        yield from _MAPS[item.key.partition(":")[0]](item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return CordisImporter(info)


def _read(part: Path | Member, spool: Spool) -> Iterator[ItemError]:
    suffix = part.suffix.lower()
    try:
        if suffix == ".xml":
            yield from _read_xml(part, spool)
        elif suffix in (".yaml", ".yml"):
            yield from _read_yaml(part, spool)
        else:
            for table in read_tables(part):
                columns = {column_key(name) for name in table.columns}
                place = table.where()
                pairs = (
                    (table.where(row.number), row.message, "")
                    if isinstance(row, RowError)
                    else (table.where(row.number), row.values, ", ".join(row.surplus))
                    for row in table.rows
                )
                yield from _Table(place, columns, table.columns, spool).put_aside(pairs)
    except (TableError, ArchiveError, XmlError) as error:
        message = str(error).removeprefix(f"{Path(part.name).name} ")
        yield ItemError("gather", part.name, message)
    except BROKEN as error:
        yield ItemError("gather", part.name, f"can't be read ({error}); is the file whole?")


def _read_xml(part: Path | Member, spool: Spool) -> Iterator[ItemError]:
    root, rows = read_xml(part.read_bytes())
    if not rows:
        message = f"the root {root!r} is neither a project nor an article; not read"
        yield ItemError("gather", part.name, message, warning=True)
    number = next((row.get("id", "") for kind, row in rows if kind == "project"), "")
    if root == "project" and not number:
        yield nameless(part.name, "id", "is empty; it tells projects apart")
        return
    for place, (kind, row) in enumerate(rows, start=1):
        if kind == "scrape":
            yield from _scraped(row, Where.at(part.name, place, unit="item"), spool)
        elif kind == "article":
            name = row.get("rcn") or row.get("id", "")
            if name:
                spool.add("article", name, storable(row), Where(part.name))
            else:
                yield nameless(part.name, "rcn", "is empty; it tells articles apart")
        else:
            spool.add(kind, number, storable(row), Where(part.name))
            if kind == "organization" and row.get("organisationid"):
                spool.add("org", row["organisationid"], _kept(row), Where(part.name))


def _read_yaml(part: Path | Member, spool: Spool) -> Iterator[ItemError]:
    data = part.read_bytes()
    if len(data) > MAX_YAML:
        message = f"has more than {MAX_YAML:,} bytes of YAML; give the list as JSON or CSV"
        yield ItemError("gather", part.name, message)
        return
    try:
        rows = yaml.load(data, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        yield ItemError("gather", part.name, f"is broken YAML ({clean_line(str(error))})")
        return
    found = rows if isinstance(rows, list) else []
    columns = tuple(str(name) for name in found[0]) if found and isinstance(found[0], dict) else ()
    pairs = ((Where.at(part.name, at, unit="item"),
              {str(name): value for name, value in row.items()} if isinstance(row, dict)
              else "is no map of names and values", "")
             for at, row in enumerate(found, start=1))  # fmt: skip
    table = _Table(Where(part.name), {column_key(name) for name in columns}, columns, spool)
    yield from table.put_aside(pairs)


def _scraped(row: Mapping[str, Any], where: Where, spool: Spool) -> Iterator[ItemError]:
    values, partners, notes = project_rows(row)
    number = str(values.get("id", ""))
    if not number:
        yield nameless(where, "Project_ID", "is empty; it tells projects apart")
        return
    if not spool.add("project", number, storable(values), where):
        return
    for at, partner in enumerate(partners, start=1):
        spool.add("organization", number, storable(partner | {"order": str(at)}), where)
    for note in notes:
        yield ItemError("gather", where, note, number, warning=True)


def table_kind(columns: set[str]) -> str:
    """Which table has these columns (as `column_key`); "" for none."""
    tests: tuple[tuple[str, bool], ...] = (
        ("scrape", is_scraped(columns)),
        ("person", bool(columns & {"firstname", "lastname", "familyname", "piname"})),
        ("publication", bool(columns & {"ispublishedas", "journaltitle"})),
        ("deliverable", {"projectid", "deliverabletype"} <= columns),
        ("report", {"projectid", "attachment"} <= columns),
        ("organization", {"projectid", "organisationid"} <= columns
                         or {"projectid", "role", "name"} <= columns),
        ("euroSciVoc", {"projectid", "euroscivoccode"} <= columns),
        ("webLink", {"projectid", "physurl"} <= columns),
        ("legalBasis", {"projectid", "legalbasis"} <= columns),
        ("topics", {"projectid", "topic"} <= columns),
        ("webItem", {"uri", "represents"} <= columns),
        ("project", {"id", "title", "acronym"} <= columns and "projectid" not in columns),
        ("orgs", {"orgid", "name"} <= columns),
        ("reference", {"code", "title", "language"} <= columns
                      or {"topicrcn", "topiccode"} <= columns),
    )  # fmt: skip
    return next((kind for kind, found in tests if found), "")


@dataclass(slots=True)
class _Table:
    """One table on its way to the spool. place: for people."""

    place: Where
    columns: set[str]
    names: Iterable[str]
    spool: Spool
    counts: Counter[str] = field(default_factory=Counter)

    def put_aside(
        self, rows: Iterable[tuple[Where, Mapping[str, Any] | str, str]]
    ) -> Iterator[ItemError]:
        """rows: (where, row or what is wrong with it, cells beyond the header)."""
        kind = table_kind(self.columns)
        if kind in _PASSED_OVER:
            named = "" if kind else f"; its columns: {in_a_row(self.names)}"
            yield ItemError("gather", self.place, _PASSED_OVER[kind] + named, warning=bool(kind))
            return
        for where, row, surplus in rows:
            self.counts["rows"] += 1
            if isinstance(row, str):
                yield ItemError("gather", where, row)
            elif surplus:
                message = f"has cells beyond the column names ({surplus[:80]}); is a mark missing?"
                yield ItemError("gather", where, message)
            elif kind == "scrape":
                yield from _scraped(row, where, self.spool)
            else:
                values = {column_key(n): v for n, v in row.items() if v not in (None, "", [], {})}
                yield from self._one(kind, storable(values), where)
        if self.counts["repeated"]:
            message = (
                f"{self.counts['repeated']:,} of {self.counts['rows']:,} rows say again what was "
                "read before; passed over"
            )
            yield ItemError("gather", self.place, message, warning=True)
        if self.counts["links"]:
            message = (
                f"{self.counts['links']:,} links are no web sites of projects; not read "
                "(deliverables come with projectDeliverables)"
            )
            yield ItemError("gather", self.place, message, warning=True)

    def _one(self, kind: str, row: dict[str, Any], where: Where) -> Iterator[ItemError]:
        if kind == "webLink" and row.get("type") != "relatedWebsite":
            self.counts["links"] += 1
            return
        names = ("orgid",) if kind == "orgs" else ("projectid",) if kind in JOINED else ("id",)
        owner = next((clean_line(str(row[name])) for name in names if row.get(name)), "")
        if not owner:
            yield nameless(where, names[0], "is empty; rows are joined by it")
            return
        if kind == "orgs":
            self._count(self.spool.add("org", owner, _kept(row), where))
            return
        if kind == "organization":
            row.setdefault("organisationid", str(row.get("id", "")))
            pic = clean_line(str(row["organisationid"]))
            if pic:
                self.spool.add("org", pic, _kept(row), where)
        self._count(self.spool.add(kind, owner, row, where))

    def _count(self, added: bool) -> None:
        self.counts["repeated"] += not added


_OF_ORGANISATION: Final = (
    "name", "shortname", "activitytype", "sme", "street", "postcode", "city", "country",
    "nutscode", "organizationurl", "vatnumber",
)  # fmt: skip


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of the organisation itself, not of its part in a project."""
    return {name: row[name] for name in _OF_ORGANISATION if row.get(name)}


def _items(spool: Spool) -> Iterator[Item | ItemError]:
    named = False
    for owner in spool.owners("project"):
        named = True
        yield _project(owner, spool)
    alone = spool.without("project", JOINED)
    if alone:
        taken = "taken with what these say" if named else "left out"
        message = (
            f"{len(alone):,} projects have rows in other tables but none in a table of projects "
            f"({in_a_row(alone, 5)}); {taken}: give project.csv (or .xlsx, .json) with them"
        )
        yield ItemError("gather", "all files", message, warning=True)
    # Without any table of projects, it was forgotten; its projects aren't to lose their names.
    for owner in alone if named else ():
        yield _project(owner, spool)
    for kind in ("org", "deliverable", "report", "article"):
        for owner in spool.owners(kind):
            rows = spool.of(kind, owner)
            raw = {"rows": [row for _, row in rows]}
            yield Item(f"{kind}:{owner}", raw, rows[0][0])


def _project(owner: str, spool: Spool) -> Item:
    """A project with all that belongs to it; its own rows may be none."""
    rows = spool.of("project", owner)
    raw: dict[str, Any] = {"project": [row for _, row in rows]}
    for kind in JOINED:
        found = spool.of(kind, owner)
        rows = rows or found[:1]
        if found:
            raw[kind] = [row for _, row in found]
    return Item(f"project:{owner}", raw, rows[0][0])
