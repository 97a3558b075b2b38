"""The beneficiaries and partners of one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.vocabularies.folding import fold
from tessera.sources.conversion import organisation_type
from tessera.sources.formats.text import clean_line
from tessera.sources.natural_persons import is_natural_person
from tessera.sources.operations.lists import Filled, first, marks_natural_person, role_of
from tessera.sources.operations.parting import parties
from tessera.sources.operations.rows import Rows

_NUMBER_AFTER: Final = re.compile(r"\s*\((\d{8,11})\)$")


def organisations_of(rows: Rows, countries: Sequence[str]) -> Iterator[dict[str, Any]]:
    seen: set[tuple[str, str]] = set()
    others = any("partners" in cells for cells in rows.cells)
    for cells in rows.cells:
        for organisation in _of_row(rows, cells, countries, others=others):
            key = (fold(organisation["name"]), organisation["role"])
            if key not in seen:
                seen.add(key)
                yield organisation


def _of_row(
    rows: Rows, cells: Filled, countries: Sequence[str], *, others: bool
) -> Iterator[dict[str, Any]]:
    for _, text in cells.get("lead", ()):
        yield from _organisation(rows, text, "lead", cells, countries)
    stated = first(cells, "role")
    role = role_of(stated) if stated else "lead" if others and "lead" not in cells else "partner"
    for _, text in cells.get("beneficiary", cells.get("beneficiary_en", [])):
        yield from _organisation(rows, text, role or "partner", cells, countries)
    for column, text in cells.get("partners", ()):
        for part in parties(text, stops=column in rows.facts.get("stops", ())):
            # What is said of the beneficiary isn't said of the partners.
            yield from _organisation(rows, part, "partner", {}, ())


def _organisation(
    rows: Rows, text: str, role: str, cells: Filled, countries: Sequence[str]
) -> Iterator[dict[str, Any]]:
    name = clean_line(text).strip(" ,;|")
    if not name or not any(map(str.isalpha, name)):
        return
    country = countries[0] if len(countries) == 1 else ""
    if marks_natural_person(name, name=True) or is_natural_person(name, country):
        rows.tell("beneficiary", "a natural person; no organisation is made of it")
        return
    organisation: dict[str, Any] = {"name": name, "role": role}
    number = _NUMBER_AFTER.search(name)
    if number:
        organisation |= {"name": name[: number.start()], "national_id": number[1]}
    if country:
        organisation["country"] = country
    elif "country" in cells and (code := vocabularies.country_code(first(cells, "country"))):
        organisation["country"] = code
    if "beneficiary_id" in cells:
        organisation["national_id"] = first(cells, "beneficiary_id")
    if "organisation_type" in cells:
        organisation |= organisation_type(first(cells, "organisation_type"), {})
    if "town" in cells:
        organisation["town"] = first(cells, "town")
    yield organisation
