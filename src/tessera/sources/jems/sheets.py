"""A project of Jems's workbooks with its partners, in the shape of the interchange format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS
from tessera.sources.drafting import filled, left_out, warning
from tessera.sources.formats.language import detect_language
from tessera.sources.formats.table import column_key
from tessera.sources.organisations import identified, located
from tessera.sources.places import country_in
from tessera.sources.tables import TableImporter

Values = dict[str, Any]

PERIOD: Final = "2021-2027"
"""Jems is of this period alone."""

_PROJECT: Final = ("acronym", "name", "source_status", "priority", "specific_objective", "call")
_KEPT: Final = ("acronym", "priority", "call", "duration_months", "budget", "contributions",
                "contracted", "source_status", "stated")  # fmt: skip
_PARTNER: Final = (
    "role", "town", "street", "postcode", "url", "department", "type", "source_type",
    "type_confidence", "source_subtype", "legal_status", "nace", "national_id", "other_id",
    "other_id_is", "budget", "own_contribution", "abbreviation", "number", "partner_status",
    "stated",
)  # fmt: skip


def funds_of(columns: Sequence[str]) -> list[str]:
    """The funds among the columns: "X" with "X % Rate" and "% of total X" beside it."""
    keys = {column_key(name) for name in columns}
    return [
        name for name in columns if all(column_key(each) in keys for each in fund_columns(name))
    ]


def fund_columns(fund: str) -> tuple[str, str, str]:
    """The columns of a fund: amount, rate, and its share of the whole."""
    return fund, f"{fund} % Rate", f"% of total {fund}"


def values(
    item: Item, sheets: Mapping[str, TableImporter], statuses: Mapping[str, str]
) -> tuple[Values, list[ItemError]]:
    """The record of an item, nothing for an application; what was left out of it or assumed."""
    raw = item.raw
    stated = raw.get("projects", [])
    first = (stated or raw["partners"])[0]
    # A row of partners says of the project what is before its first column on the partner.
    fields = () if stated else _PROJECT
    row, problems = sheets["projects"].values(first["row"], item, fields=fields)
    status, told = _status(row, statuses, item)
    problems += told
    if status == "":
        return {}, problems
    record: Values = {"id": f"jems:{item.key}", "kind": "project", "period": PERIOD}
    record |= {name: row[name] for name in _KEPT if name in row}
    if status:
        record["status"] = status
    if raw["programme"]:
        record["programme"] = CONVERTERS["programme"](raw["programme"], {"period": PERIOD})
    title = row.get("name") or row.get("acronym") or ""
    if not row.get("name"):
        problems.append(warning(item, "is empty; the acronym or id stands for it", "Project title"))
    language = first["language"] or detect_language(title, least=0.9, words=4)
    record["title"] = {language or "und": title or item.key.rpartition(":")[2]}
    if "specific_objective" in row:
        record["objectives"] = [row["specific_objective"]]
    if stated:
        record["funding"] = _funding(first, item, problems)
    record["dimensions"] = _dimensions(
        raw.get("dimensions", ()), sheets["dimensions"], item, problems
    )
    record["organisations"] = []
    for number, each in enumerate(raw.get("partners", ()), start=1):
        part = Item(item.key, each, item.within(f"partner {number}"))
        if found := _partner(sheets["partners"], part, problems):
            record["organisations"].append(found)
    if "partners" not in raw and (lead := _organisation(row.get("lead", {}), item, problems)):
        record["organisations"] = [lead | {"role": "lead"}]
        record["notes"] = ["Of the partners, only the lead partner is known here"]
    return {
        name: value for name, value in record.items() if value not in ("", None, [], {})
    }, problems


def _status(
    row: Values, statuses: Mapping[str, str], item: Item
) -> tuple[str | None, list[ItemError]]:
    """The status of a project, "" for an application; None where none is stated."""
    label = str(row.get("source_status", ""))
    if not label:
        return ("contracted" if row.get("contracted") else None), []
    code = statuses.get(column_key(label))
    if code is None and vocabularies.status(label) in ("contracted", "ongoing", "closed"):
        code = vocabularies.status(label)
    if code == "":
        message = f"{label!r} is the status of an application, not of a project; left out"
        return "", [warning(item, message, "Status", value=label)]
    if code is None and row.get("contracted"):
        return "contracted", []
    if code is None:
        message = (
            f"{label!r} isn't known, so nobody can say whether this is a project or an "
            "application; export in English, or name it under [status] of the importer"
        )
        return "", [ItemError("map", item.at("Status"), message, item.key, value=label)]
    return code, []


def _funding(first: Mapping[str, Any], item: Item, problems: list[ItemError]) -> list[Values]:
    """Amount, rate and share of each fund; one without a value is not published."""
    found = []
    for fund in first["funds"]:
        each: Values = {}
        named = zip(("amount", "rate", "share"), fund_columns(fund), strict=True)
        for name, column in named:
            written = next(
                (v for k, v in first["row"].items() if column_key(k) == column_key(column)), ""
            )
            if not written:
                continue
            how = "amount" if name == "amount" else "percent"
            try:
                each[name] = CONVERTERS[how](written, {"decimal": ".", "bare": True})
            except ValueError as error:
                problems.append(left_out(item, error, column, written, how))
        if each:
            found.append({"fund": fund, **each})
    return found


def _dimensions(
    rows: Sequence[Mapping[str, Any]], sheet: TableImporter, item: Item, problems: list[ItemError]
) -> list[Values]:
    found = []
    for each in rows:
        row, told = sheet.values(each["row"], item)
        problems += told
        for name in sorted(row):
            if name != "stated" and row[name].get("code"):
                found.append({"dimension": name, **row[name]})
    return found


def _partner(sheet: TableImporter, item: Item, problems: list[ItemError]) -> Values:
    row, told = sheet.values(item.raw["row"], item)
    problems += told
    found = _organisation(row, item, problems)
    if not found:
        problems.append(warning(item, "has no name in any language; left out"))
        return {}
    found |= {name: row[name] for name in _PARTNER if name in row and name != "stated"}
    found.setdefault("role", "partner")
    found.setdefault("stated", {}).update(row.get("stated", {}))
    found["funding"] = _funding(item.raw, item, problems)
    problems += identified(found, row.get("pic", ""), row.get("national_id", ""), item)
    return filled(found)


def _organisation(row: Values, item: Item, problems: list[ItemError]) -> Values:
    """Names and place; nothing where there is no name."""
    named = [row[key] for key in ("english", "original", "abbreviation") if row.get(key)]
    if not named:
        return {}
    found: Values = {"name": named[0]}
    if row.get("original", named[0]) != named[0]:
        found["names"] = [{"name": row["original"]}]
    if row.get("country"):
        try:
            found["country"] = country_in(row["country"])
        except ValueError as error:
            found["stated"] = {"country": row["country"]}
            problems.append(left_out(item, error, "Country", row["country"], "country"))
    problems += located(found, row.get("places", {}), item)
    return found
