"""The JSON that Jems writes for keep.eu: `{"programme": {"programme_name", "project": [...]}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS, organisation_type
from tessera.sources.drafting import dates_in_order, filled, left_out, nameless, warning
from tessera.sources.formats.json_records import json_records
from tessera.sources.formats.table import TableError
from tessera.sources.formats.text import slug, storable
from tessera.sources.objects import convert, listed, without, word
from tessera.sources.organisations import identified
from tessera.sources.places import country_in
from tessera.sources.where import Where

Values = dict[str, Any]

NO_DATE: Final = "1970-01-01"
"""What Jems writes where a project has no date."""

_WITHHELD: Final = ("mail", "contractors", "phone")
_YEARS: Final = re.compile(r"^20\d\d-20\d\d\s+")
_MONEY: Final = {"total_budget": "total", "eu_funding_amount": "eu"}
_PARTNER_MONEY: Final = {
    "total_eligible_budget": "budget",
    "cofinancing_amount": "cofinancing",
    "partner_contribution": "own_contribution",
}


def key_of(programme: str, project_id: str) -> str:
    """The key of a project, the same for a workbook and the JSON of one programme."""
    named = slug(_YEARS.sub("", programme), 80) or "no-programme"
    return f"{named}:{slug(project_id, 80)}"


def gather(path: Path) -> Iterator[Item | ItemError]:
    """An item per project of the file."""
    try:
        for whole in json_records(path):
            programme = whole.get("programme") if isinstance(whole, Mapping) else None
            if not isinstance(programme, Mapping):
                message = 'has no "programme" with projects, as Jems writes it for keep.eu'
                yield ItemError("gather", path.name, message)
                return
            about = {key: word(programme.get(key)) for key in ("programme_name", "period")}
            for number, record in enumerate(listed(programme.get("project")), start=1):
                yield _item(record, about, Where.at(path.name, number, unit="project"))
    except TableError as error:
        yield ItemError("gather", path.name, str(error))


def _item(record: object, about: Values, where: Where) -> Item | ItemError:
    if not isinstance(record, Mapping):
        return ItemError("gather", where, "is no object; expected a project")
    named = word(record.get("project_id"))
    if not slug(named):
        return nameless(where, "project_id", "is empty; it names the project")
    raw = {"programme": about, "record": without(record, _WITHHELD)}
    return Item(key_of(about["programme_name"], named), storable(raw), where)


def values(item: Item) -> tuple[Values, list[ItemError]]:
    """The record of an item, and what was left out of it or assumed."""
    raw, about = item.raw["record"], item.raw["programme"]
    problems: list[ItemError] = []
    record: Values = {"id": f"jems:{item.key}", "kind": "project"}
    period = vocabularies.period_of(about["period"]) or vocabularies.period_of(
        about["programme_name"]
    )
    if period:
        record["period"] = period
    programme = _YEARS.sub("", about["programme_name"])
    if programme:
        record["programme"] = CONVERTERS["programme"](programme, {"period": period})
    acronym = word(raw.get("acronym"))
    record["acronym"] = acronym
    record["title"] = _by_language(raw.get("multi_languages_name"), "name")
    if not record["title"]:
        record["title"] = {"und": acronym or word(raw.get("project_id"))}
        problems.append(warning(item, "is empty; the acronym or id stands for it", "name"))
    record["summary"] = _by_language(raw.get("multi_languages_description"), "description")
    record["text"] = _by_language(
        raw.get("multi_languages_expected_achievements"), "expected_achievements"
    )
    for key, name in (("project_start_date", "start"), ("project_end_date", "end")):
        if word(raw.get(key)) != NO_DATE:
            convert(record, name, "date", raw.get(key), item, key, problems)
    problems += dates_in_order(record, item, "project_end_date")
    for key, name in _MONEY.items():
        amount: Values = {}
        convert(amount, "amount", "amount", raw.get(key), item, key, problems)
        if "amount" in amount:
            record.setdefault("budget", {})[name] = amount
    convert(record, "cofinancing_rate", "percent", raw.get("eu_funding_cofinancing_rate"), item,
            "eu_funding_cofinancing_rate", problems)  # fmt: skip
    convert(record, "url", "url", raw.get("website"), item, "website", problems)
    objective = word(raw.get("priority_specific_objective"))
    known = vocabularies.objective(objective)
    record["objectives"] = [known.code] if known else []
    record["specific_objective"] = objective
    record["priority"] = word(raw.get("programme_priority_code"))
    record["intervention_types"] = [each for each in map(word, listed(raw.get("intervention_type")))
                                    if each]  # fmt: skip
    record["funding"] = _funding(raw, item, problems)
    record["organisations"] = []
    for number, each in enumerate(listed(raw.get("partner")), start=1):
        part = Item(item.key, each, item.within(f"partner {number}"))
        if found := _partner(part, problems):
            record["organisations"].append(found)
    return filled(record), problems


def _by_language(value: object, key: str) -> dict[str, str]:
    """Texts by language, of a list of `{key, "language"}` or of a list of such lists."""
    found: dict[str, str] = {}
    for each in listed(value):
        for text in each if isinstance(each, list) else [each]:
            written = word(text.get(key)) if isinstance(text, Mapping) else ""
            if not written:
                continue
            lang = vocabularies.language_code(word(text.get("language"))) or "und"
            found[lang] = f"{found[lang]}\n\n{written}" if lang in found else written
    return found


def _funding(raw: Mapping[str, Any], item: Item, problems: list[ItemError]) -> list[Values]:
    found = []
    for each in listed(raw.get("funds_cofinancing_amounts")):
        if not isinstance(each, Mapping):
            continue
        fund: Values = {"fund": word(each.get("fund"))}
        convert(fund, "amount", "amount", each.get("amount"), item, "amount", problems)
        convert(fund, "rate", "percent", each.get("cofinancing_rate"), item, "cofinancing_rate",
                problems)  # fmt: skip
        found.append(fund)
    return found


def _partner(item: Item, problems: list[ItemError]) -> Values:
    raw = item.raw
    if not isinstance(raw, Mapping):
        problems.append(warning(item, "is no object; left out"))
        return {}
    names = _by_language(raw.get("multi_languages_organisation_name"), "name")
    if not names:
        problems.append(warning(item, "has no name in any language; left out"))
        return {}
    name = names.get("en") or next(iter(names.values()))
    found: Values = {"name": name}
    found["names"] = [{"name": each} for each in names.values() if each != name]
    found["role"] = "lead" if word(raw.get("partner_type")) == "lead" else "partner"
    found |= organisation_type(word(raw.get("organisation_type")), {})
    for key, to in _PARTNER_MONEY.items():
        convert(found, to, "amount", raw.get(key), item, key, problems)
    found["legal_status"] = word(raw.get("legal_status"))
    convert(found, "url", "url", raw.get("website"), item, "website", problems)
    address = next((each for each in listed(raw.get("address")) if isinstance(each, Mapping)), {})
    for key, to in (("town", "town"), ("street", "street"), ("postal_code", "postcode")):
        found[to] = word(address.get(key))
    country = word(address.get("country"))
    if country:
        try:
            found["country"] = country_in(country)
        except ValueError as error:
            problems.append(left_out(item, error, "country", country, "country"))
            found["stated"] = {"country": country}
    other = word(raw.get("participant_id_no_pic"))
    found["national_id"] = other
    pic = word(raw.get("participant_identification_code"))
    problems += identified(found, pic, other, item)
    return filled(found)
