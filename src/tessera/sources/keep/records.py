"""Project records of keep.eu's API, as JSON: one, an array of them, or pages of results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS, organisation_type
from tessera.sources.drafting import dates_in_order, filled, nameless, warning
from tessera.sources.formats.json_records import json_records
from tessera.sources.formats.table import TableError
from tessera.sources.formats.text import shortened, slug, storable
from tessera.sources.objects import convert, listed, without, word
from tessera.sources.organisations import identified
from tessera.sources.where import Where

Values = dict[str, Any]

_LISTS: Final = ("results", "projects", "data", "items")
_PERSONAL: Final = ("mail", "phone", "contact", "fax")
_NAMES: Final = ("name_translated", "title_translated", "name", "title")
_SUMMARIES: Final = ("description_translated", "description")
_KEPT: Final = {
    "project_id": "project_id", "priority": "priority", "intervention_type": "intervention_type",
    "specific_objective": "specific_objective",
}  # fmt: skip
_PARTNER_MONEY: Final = {
    "total_budget": "budget",
    "co_financing_eur": "cofinancing",
    "partner_contribution_project_budget": "own_contribution",
    "total_expenditure": "expenditure",
    "eu_funding_expenditure": "eu_expenditure",
}


def gather(path: Path) -> Iterator[Item | ItemError]:
    """An item per project record; its key is keep.eu's number of the project."""
    try:
        for number, record in enumerate(json_records(path, _LISTS), start=1):
            where = Where.at(path.name, number, unit="record")
            if not isinstance(record, Mapping):
                yield ItemError("gather", where, "is no object; expected a project of the API")
                continue
            key = word(record.get("id"))
            if not key and path.stem.isdigit() and number == 1:
                key = path.stem
            if not key:
                yield nameless(where, "id", "is empty; it is keep.eu's number of the project")
                continue
            yield Item(slug(key, 120), storable(without(record, _PERSONAL)), where)
    except TableError as error:
        yield ItemError("gather", path.name, str(error))


def values(item: Item) -> tuple[Values, list[ItemError]]:
    """The record of an item, and what was left out of it or assumed."""
    raw = item.raw
    problems: list[ItemError] = []
    record: Values = {"id": f"keep:{item.key}", "kind": "project"}
    record |= {"acronym": word(raw.get("acronym"))}
    record |= {to: word(raw.get(name)) for name, to in _KEPT.items()}
    _belonging(record, raw.get("programme"))
    record["title"] = _translated(raw, _NAMES) or (
        {"und": record["acronym"]} if record["acronym"] else {}
    )
    record["summary"] = _translated(raw, _SUMMARIES)
    record["themes"] = [theme for each in listed(raw.get("themes")) if (theme := word(each))]
    for name, to in (("start_date", "start"), ("end_date", "end")):
        convert(record, to, "date", raw.get(name), item, name, problems)
    for name, to in (("total_budget", "total"), ("eu_funding", "eu")):
        amount: Values = {}
        convert(amount, "amount", "amount", raw.get(name), item, name, problems)
        if "amount" in amount:
            record.setdefault("budget", {})[to] = amount
    rate = raw.get("union_co_financing_rate")
    convert(record, "cofinancing_rate", "percent", rate, item, "union_co_financing_rate", problems)
    status = word(raw.get("status"))
    if status:
        record["status"] = vocabularies.status(status)
        record["source_status"] = status
    website = raw.get("website") or raw.get("url")
    convert(record, "url", "url", website, item, "website", problems)
    problems += dates_in_order(record, item, "end_date")
    record["organisations"] = []
    for number, each in enumerate(listed(raw.get("partnerships")), start=1):
        part = Item(item.key, each, item.within(f"partnership {number}"))
        found = _partner(part, problems)
        if found:
            record["organisations"].append(found)
    return {
        name: value for name, value in record.items() if value not in ("", None, [], {})
    }, problems


def _belonging(record: Values, programme: object) -> None:
    title = word(programme)
    stated = word(programme.get("period")) if isinstance(programme, Mapping) else ""
    period = vocabularies.period_of(stated) or vocabularies.period_of(title)
    if period:
        record["period"] = period
    elif stated:
        record["stated"] = {"period": stated}
    if title:
        record["programme"] = CONVERTERS["programme"](title, {"period": period})


def _partner(item: Item, problems: list[ItemError]) -> Values:
    raw = item.raw
    if not isinstance(raw, Mapping):
        problems.append(warning(item, f"is no object: {shortened(str(raw))}; left out"))
        return {}
    organisation = raw.get("partner")
    names = _translated(organisation, _NAMES) if isinstance(organisation, Mapping) else {}
    if not names and (name := word(organisation)):
        names = {"und": name}
    if not names:
        problems.append(warning(item, "names no organisation; left out", "partner"))
        return {}
    name = names.get("en") or next(iter(names.values()))
    found: Values = {"name": name, "town": word(raw.get("town"))}
    found["names"] = [
        {"name": each, **({"lang": lang} if lang != "und" else {})}
        for lang, each in names.items() if each != name
    ]  # fmt: skip
    if isinstance(organisation, Mapping) and (own := word(organisation.get("id"))):
        found["keep_partner"] = own
    kind = word(raw.get("type")).casefold()
    found["role"] = vocabularies.role(kind) or "partner"
    if not vocabularies.role(kind):
        problems.append(warning(item, f"{kind!r} is no role; taken: partner", "type", value=kind))
    found |= organisation_type(word(raw.get("organisation_type")), {})
    convert(found, "country", "country", raw.get("country"), item, "country", problems)
    for key, to in _PARTNER_MONEY.items():
        convert(found, to, "amount", raw.get(key), item, key, problems)
    for key in ("street", "postcode", "legal_status"):
        found[key] = word(raw.get(key))
    other = word(raw.get("beneficiary_id"))
    found["national_id"] = other
    problems += identified(found, word(raw.get("pic")), other, item)
    return filled(found)


def _translated(raw: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Texts by language: of the record itself (in a language it doesn't tell) and translated."""
    found: dict[str, str] = {}
    translations = raw.get("translations")
    if isinstance(translations, Mapping):
        for lang, each in translations.items():
            if isinstance(each, Mapping) and (text := _first(each, names)):
                found[vocabularies.language_code(str(lang)) or "und"] = text
    own = _first(raw, names)
    if own and own not in found.values():
        found["und"] = own
    return found


def _first(raw: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := word(raw.get(name)))), "")
