"""Lists that were scraped from the project pages: values in lists, or joined by commas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tessera.sources.formats.table import column_key
from tessera.sources.formats.text import clean_line

_ENDED: Final = re.compile(r"^(\d{4}-\d\d-\d\d)?\s*,?\s*(closed|ongoing)?[^|]*\|?$")


def is_scraped(columns: set[str]) -> bool:
    """Whether a table with these columns (as `column_key`) is such a list."""
    return {"project id", "project title", "technology description"} <= columns


def project_rows(row: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]], list[str]]:
    """The project, its organisations, and what was left out, in the shape of the tables.

    Names, telephone and fax numbers of contact persons, which stand among the activities, are
    not taken over.
    """
    values = {column_key(name): value for name, value in row.items()}
    notes: list[str] = []
    until = _ENDED.match(_one(values, "to"))
    scheme = _one(values, "funding scheme").partition(" - ")[0]
    topic, _, topic_title = _one(values, "topic s").partition(" - ")
    project = {
        "id": _one(values, "project id"),
        "acronym": _one(values, "project acr"),
        "title": _one(values, "project title"),
        "objective": _one(values, "technology description"),
        "startdate": _one(values, "from"),
        "enddate": (until[1] or "") if until else _one(values, "to"),
        "status": (until[2] or "") if until else "",
        "totalcost": _one(values, "total cost"),
        "ecmaxcontribution": _one(values, "eu contribution"),
        "mastercall": _one(values, "call for proposal"),
        "fundingscheme": scheme,
        "topics": topic,
        "topictitle": topic_title,
    }
    call = project["mastercall"].upper()
    project["frameworkprogramme"] = next(
        (name for name in ("FP7", "H2020", "HORIZON") if call.startswith(name)), ""
    )
    names, countries = _many(values, "partners"), _many(values, "country")
    if isinstance(values.get("partners"), str) and len(names) != len(countries):
        notes.append(
            "Partners: names with commas in them can't be told apart; they are left out, the list "
            "as JSON or XML has them"
        )
        names = []
    if names and len(names) != len(countries):
        notes.append(
            f"Country: {len(countries)} countries for {len(names)} partners; which is whose can't "
            "be told, they are taken for the project"
        )
    matched = len(names) == len(countries)
    partners = [
        {"name": name, "role": "participant"} | ({"country": countries[at]} if matched else {})
        for at, name in enumerate(names)
    ]
    project["countries"] = "" if matched else ";".join(dict.fromkeys(countries))
    return {name: value for name, value in project.items() if value}, partners, notes


def _one(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if isinstance(value, list):
        value = next((each for each in value if each), "")
    return clean_line(str(value)) if value and not isinstance(value, dict) else ""


def _many(values: Mapping[str, Any], name: str) -> list[str]:
    value = values.get(name)
    if isinstance(value, str):
        value = value.split(",")
    found = value if isinstance(value, list) else []
    return [clean_line(str(each)) for each in found if each and clean_line(str(each))]
