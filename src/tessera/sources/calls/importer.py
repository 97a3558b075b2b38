"""`tessera import calls FILE`: topics of the Funding and Tenders portal become calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Importer, Item, ItemError, SourceInfo
from tessera.sources.conversion import date_text
from tessera.sources.drafting import drafted, left_out, nameless, needed, warning
from tessera.sources.formats.table import RowError, TableError, column_key, read_tables
from tessera.sources.formats.text import clean, clean_line, shortened, storable
from tessera.sources.tables import table_files

PERIODS: Final = {"horizon europe": "2021-2027", "horizon 2020": "2014-2020"}
STATUS: Final = {
    "open": "open", "forthcoming": "forthcoming", "closed": "closed",
    "31094501": "forthcoming", "31094502": "open", "31094503": "closed",
}  # fmt: skip
"""What a list says, by word or by the portal's number."""
_OPENS: Final = ("openingdate", "openingDate", "plannedOpeningDate", "startDate", "opens")
_DEADLINES: Final = ("deadline", "deadlines", "deadlineDate", "deadlineDates")
_TEXTS: Final = (
    ("description", ""), ("objectives", "Destination"), ("topicConditions", "Conditions"),
    ("supportInfo", "Support"),
)  # fmt: skip
"""Fields of the text in their order, with the heading that they get."""
_BESIDE: Final = (
    "callIdentifier", "callTitle", "cluster", "actionType", "typesOfAction", "deadlineModel",
    "crossCuttingPriorities", "expectedGrants", "budgetMin", "budgetMax", "qnaUrl", "updatesUrl",
    "documentsUrl", "reference",
)  # fmt: skip
_EXPORT_SCRAP: Final = re.compile(r'^"?>')
"""The end of a tag that the list's maker left at the head of a text."""
_HEADINGS: Final = re.compile(
    r"(?<=[a-z0-9.;:)])(?=(?:Scope|Expected Outcome|Expected Impact|Objective|Specific Challenge):)"
    r"|(?<=^Expected Outcome:)|(?<=^Objective:)|(?<=Scope:)(?=[A-Z])"
)


class CallsImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Each row is an item; of rows with the same topic the first, and the others are told."""
        seen: dict[str, str] = {}
        for path in _files(paths):
            if isinstance(path, ItemError):
                yield path
                continue
            try:
                for table in read_tables(path, wanted=("topicId", "title", "deadline")):
                    for row in table.rows:
                        where = table.where(row.number)
                        if isinstance(row, RowError):
                            yield ItemError("gather", where, row.message)
                            continue
                        values = storable(dict(row.values))
                        key = clean_line(_text(_value(values, "topicId", "identifier", "topic")))
                        if not key:
                            yield nameless(where, "topicId", "is empty; it tells calls apart")
                        elif key in seen:
                            message = f"the topic {shortened(key)} stands in {seen[key]}, too; "
                            message += "that one is taken"
                            yield ItemError("gather", where, message, key, warning=True)
                        else:
                            seen[key] = where
                            yield Item(key, values, where)
            except TableError as error:
                yield ItemError("gather", path.name, str(error))

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The call of a row."""
        raw: Mapping[str, Any] = item.raw
        title = clean_line(_text(_value(raw, "title")))
        if not title:
            yield needed(item, "title")
            return
        deadlines: list[str] = []
        opens: list[str] = []
        for found, fields in ((deadlines, _DEADLINES), (opens, _OPENS)):
            for field, text in _each(raw, fields):
                try:
                    found.append(_moment(text))
                except ValueError as error:
                    yield left_out(item, error, field, text, "date")
        status = clean_line(_text(_value(raw, "callStatus", "status"))).casefold()
        if status and status not in STATUS:
            message = f"{status!r} is none of open, forthcoming, closed; left out"
            yield warning(item, message, "callStatus", value=status)
        url = clean_line(_text(_value(raw, "portalUrl", "url")))
        if url and not re.fullmatch(r"https?://\S+", url):
            yield left_out(item, f"{shortened(url)!r} is no address", "portalUrl", url, "url")
            url = ""
        budget, problem = _budget(raw)
        if problem:
            yield warning(item, problem, "budgetMax")
        programme = clean_line(_text(_value(raw, "programme", "frameworkProgramme")))
        values = {
            "id": call_id(item.key),
            "kind": "call",
            "title": {"en": title},
            "text": {"en": _body(raw)},
            "programme": {"name": programme} if programme else None,
            "period": PERIODS.get(programme.casefold()),
            "opens": min(opens, default=None),
            "deadlines": deadlines,
            "call_status": STATUS.get(status),
            "themes": _keywords(raw, item.key),
            "budget": budget,
            "url": url,
            "topic": item.key,
            "stated": {name: raw[name] for name in _BESIDE if raw.get(name) not in (None, "")},
        }
        yield from drafted({name: v for name, v in values.items() if v not in (None, "", [], {})},
                           item)  # fmt: skip


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return CallsImporter(info)


def call_id(topic: str) -> str:
    """The record id of the call with that topic, by which projects of the topic link to it."""
    return "eu-call:" + re.sub(r"[\s?#%\\]+", "-", topic)[:180]


def _files(paths: Sequence[Path]) -> Iterator[Path | ItemError]:
    for path in paths:
        lines = (".jsonl", ".jsonl.gz", ".jl", ".ndjson")
        found = sorted(p for p in path.iterdir() if p.name.endswith(lines)) if path.is_dir() else []
        if found:
            yield from found
        else:
            yield from table_files([path])


def _value(row: Mapping[str, Any], *names: str) -> Any:
    """The first of these columns that has something in it."""
    keys = {column_key(name): value for name, value in row.items()}
    found = (keys.get(column_key(name)) for name in names)
    return next((value for value in found if value not in (None, "", [])), None)


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _each(row: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        value = row.get(name)
        values = value if isinstance(value, list) else re.split(r"[|;]", _text(value))
        for each in values:
            if clean_line(_text(each)):
                yield name, clean_line(_text(each))


def _moment(text: str) -> str:
    """An ISO day, or a time with its offset as written."""
    timed = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", text)
    if timed and timed[1] and not text.startswith("0000"):
        zone = timed[1].replace("Z", "+00:00")
        zone = zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
        return text[: timed.start(1)].partition(".")[0] + zone
    return date_text(text[:10] if timed else text, {})


def _budget(row: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What one grant may get: at least and at most; nothing where it isn't published."""
    found: dict[str, Any] = {}
    for name, field in (("least per grant", "budgetMin"), ("most per grant", "budgetMax")):
        text = _text(row.get(field)).strip()
        if not text:
            continue
        if not re.fullmatch(r"\d+(\.\d+)?", text):
            return {}, f"{shortened(text)!r} is no amount; left out"
        found[name] = {"amount": text, "currency": "EUR"}
    return found, ""


def _keywords(row: Mapping[str, Any], topic: str) -> list[str]:
    """Key words, without the codes of topic and call that the list puts among them."""
    codes = {topic.casefold(), _text(row.get("callIdentifier")).casefold()}
    value = row.get("keywords")
    words = value if isinstance(value, list) else re.split(r",(?! (?:and|or) )(?!\S)", _text(value))
    found = (clean_line(_text(word)) for word in words)
    return list(dict.fromkeys(word for word in found if word and word.casefold() not in codes))


def _body(row: Mapping[str, Any]) -> str:
    parts = []
    for field, heading in _TEXTS:
        text = clean(_EXPORT_SCRAP.sub("", _text(row.get(field))))
        if text:
            text = _HEADINGS.sub("\n", text)
            parts.append(f"{heading}\n{text}" if heading else text)
    return "\n\n".join(parts)
