"""`tessera import interreg-sweden FILE`: rows of partnerships become projects with partners.

Rows belong to one project where programme and name are the same; but a feasibility study is a
project of its own, and so are rows whose dates don't overlap with the others'.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.drafting import dates_in_order, drafted, left_out, nameless, warning
from tessera.sources.formats.language import detect_language
from tessera.sources.formats.text import clean_line, slug, storable
from tessera.sources.registry import read_settings
from tessera.sources.tables import TableImporter
from tessera.sources.where import Where

PERIOD: Final = "2021-2027"
STUDY: Final = "Feasibility study"
STATUS: Final = {"ja": "ongoing", "nej": "closed"}
"""What `aktiv` says, where the dates don't speak against it."""

_LANGUAGES: Final = frozenset({"sv", "en", "da", "no", "fi", "de", "pl"})
_ACRONYM: Final = re.compile(r"^(\S{2,24}(?: \d+(?:\.\d+)?)?)(?:$| ?[:–-] | ?: )")
_PROJECT: Final = ("title", "programme", "start", "end", "project_type", "policy_objective",
                   "specific_objective", "project_year", "active", "strand")  # fmt: skip


class InterregSwedenImporter(TableImporter):
    """See the module."""

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """An item per project, with its rows as received. Rows are held until all are read."""
        groups: dict[tuple[str, str, bool], list[_Row]] = {}
        for table, row in self.rows(paths):
            if isinstance(row, ItemError):
                yield row
                continue
            values = {name.casefold(): row.values[name] for name in row.values}
            name = clean_line(self.text(values.get("projektnamn")))
            where = table.where(row.number)
            if not name:
                yield nameless(where, "projektnamn", "is empty; it names the project")
                continue
            programme = clean_line(self.text(values.get("program")))
            study = self.text(values.get("projekttyp")).casefold() == STUDY.casefold()
            span = (self.text(values.get("startdatum")), self.text(values.get("slutdatum")))
            found = _Row(table.path.name, row.number, storable(row.values), span)
            groups.setdefault((programme, name, study), []).append(found)
        yield from _items(groups)

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The project of an item's rows."""
        project: dict[str, Any] = {}
        partners: list[dict[str, Any]] = []
        notes: list[str] = []
        unnamed = 0
        rows = item.raw["rows"]
        said: dict[str, list[Any]] = {}
        for row in rows:
            values, problems = self.values(row, item)
            for problem in dict.fromkeys(problems):
                yield problem
                if not problem.warning:
                    return
            partner = values.pop("partner", {})
            partner["nuts"] = partner.pop("nuts3", "") or partner.get("nuts2", "")
            partner.pop("nuts2", None)
            if partner.get("name"):
                partners.append(partner)
            else:
                unnamed += 1
            for name in _PROJECT:
                if name in values:
                    said.setdefault(name, []).append(values[name])
            project.setdefault("stated", {}).update(values.get("stated", {}))
        for name, each in said.items():
            project[name], difference = _agreed(name, each, len(rows))
            if difference:
                yield warning(item, difference, name)
        if unnamed:
            yield warning(
                item, f"without a name: {unnamed} partners; left out", "organisationsnamn"
            )
            notes.append(
                f"{unnamed} of {len(rows)} Swedish partnerships are published without a name"
            )
        yield from dates_in_order(project, item, "slutdatum")
        status = _status(project, item)
        if isinstance(status, ItemError):
            yield status
            status = ""
        if status:
            notes.append(
                "Status derived from the publisher's mark of active projects and the dates"
            )
        yield from drafted(_record(item, project, partners, status, notes), item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return InterregSwedenImporter(info, read_settings(Path(__file__).with_name("source.toml")))


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    number: int
    values: dict[str, Any]
    span: tuple[str, str]


@dataclass(slots=True)
class _Stretch:
    """Rows whose dates overlap."""

    first: str
    last: str
    rows: list[_Row] = field(default_factory=list)


def _items(groups: Mapping[tuple[str, str, bool], list[_Row]]) -> Iterator[Item | ItemError]:
    slugs: Counter[str] = Counter(_slug(*group) for group in groups)
    alike: dict[tuple[str, str], list[str]] = {}
    for (programme, name, study), rows in groups.items():
        key = _slug(programme, name, study)
        if slugs[key] > 1:
            key += "-" + hashlib.sha256(name.encode()).hexdigest()[:6]
        stretches = _stretches(rows)
        for place, stretch in enumerate(stretches):
            # Only later stretches carry their year: the key of the first stays when they come.
            own = key if place == 0 else f"{key}-{stretch.first[:4]}"
            yield Item(own, {"rows": [row.values for row in stretch.rows]}, _where(stretch.rows))
        bare = re.sub(r"[\W_]", "", name.casefold())
        alike.setdefault((programme, bare), []).append(name)
    for (programme, _), names in alike.items():
        if len(set(names)) > 1:
            message = f"may be one project under two names: {' and '.join(sorted(set(names)))}"
            yield ItemError("gather", programme, message, warning=True)


def _slug(programme: str, name: str, study: bool) -> str:
    return f"{slug(programme, 40)}:{slug(name, 80)}{'-feasibility-study' if study else ''}"


def _where(rows: Sequence[_Row]) -> Where:
    numbers = ", ".join(str(row.number) for row in rows[:12])
    if len(rows) > 12:
        numbers += f" and {len(rows) - 12} more"
    file, first = rows[0].file, rows[0].number
    return Where(f"{file}, row{'s' if len(rows) > 1 else ''} {numbers}", file, row=first)


def _stretches(rows: Iterable[_Row]) -> list[_Stretch]:
    """Rows in groups of overlapping dates, the earliest first; undated rows go with the first."""
    found: list[_Stretch] = []
    undated = []
    for row in sorted(rows, key=lambda row: (row.span, row.number)):
        first, last = row.span
        if not first:
            undated.append(row)
        elif found and first <= found[-1].last:
            found[-1].rows.append(row)
            found[-1].last = max(found[-1].last, last)
        else:
            found.append(_Stretch(first, max(first, last), [row]))
    if undated:
        found = found or [_Stretch("", "")]
        found[0].rows += undated
    for stretch in found:
        stretch.rows.sort(key=lambda row: (row.file, row.number))
    return found


def _agreed(name: str, values: list[Any], rows: int) -> tuple[Any, str]:
    """What the rows of one project say: most of them, or the widest span; and how they differ."""
    counts = Counter(map(repr, values))
    if len(counts) == 1:
        return values[0], ""
    if name == "start":
        chosen = min(values)
    elif name == "end":
        chosen = max(values)
    else:
        chosen = max(values, key=lambda value: counts[repr(value)])
    listed = ", ".join(f"{value} ({count})" for value, count in counts.most_common())
    return chosen, f"its {rows} rows differ: {listed}; taken: {chosen!r}"


def _status(project: Mapping[str, Any], item: Item) -> str | ItemError:
    active = str(project.get("active", ""))
    if not active:
        return ""
    if active.casefold() not in STATUS:
        return left_out(item, f"{active!r} is neither Ja nor Nej", "aktiv", active)
    if "end" not in project:
        return warning(
            item, f"{active!r} rests on an end date that can't be right; left out", "aktiv"
        )
    return STATUS[active.casefold()]


def _record(
    item: Item,
    project: Mapping[str, Any],
    partners: list[dict[str, Any]],
    status: str,
    notes: list[str],
) -> dict[str, Any]:
    title = next(iter(project["title"].values()))
    language = detect_language(title, among=_LANGUAGES, least=0.9, words=4)
    acronym = _ACRONYM.match(title)
    short = acronym[1] if acronym and _looks_short(acronym[1]) else ""
    objective = project.get("specific_objective") or project.get("policy_objective")
    stated = dict(project.get("stated", {}))
    if project.get("active"):
        stated["status"] = f"aktiv: {project['active']}"
    if project.get("policy_objective"):
        stated["policy_objective"] = project["policy_objective"]
    record = {
        "id": f"interreg-sweden:{item.key}",
        "kind": "project",
        "title": {language or "und": title},
        "acronym": short,
        "programme": project["programme"],
        "period": PERIOD,
        "start": project.get("start"),
        "end": project.get("end"),
        "status": status or None,
        "objectives": [objective] if objective else [],
        "organisations": partners,
        "notes": notes,
        "strand": project.get("strand"),
        "project_type": project.get("project_type"),
        "project_year": project.get("project_year"),
        "stated": stated,
    }
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


def _looks_short(text: str) -> bool:
    """Whether a word is an acronym: two capitals or digits in it at least."""
    return sum(1 for char in text if char.isupper() or char.isdigit()) >= 2
