"""Turn the sources in `demo/catalogue/` into records of the interchange format.

The sources are TOML files, one per kind (`people.toml`) or per programme (`projects-aa.toml`),
with one table per record. They save the writer repetition: a project names its partners by key,
and their names, countries and regions are filled in here; dates of events and news are written
relative to today ("today+12 09:00"), so that a demonstration always has something coming up.

    python -m demo.build > catalogue.jsonl
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "catalogue"
LICENCE = "CC0-1.0"
SOURCE_NOTE = "Invented for demonstration"
NUTS_VERSION = 2021

# File name (up to the first hyphen) -> kind, in the order in which records are given out.
KINDS = {
    "organisations": "organisation",
    "projects": "project",
    "people": "person",
    "events": "event",
    "news": "news",
    "files": "file",
    "practices": "good_practice",
    "calls": "call",
}
# NUTS and ISO 3166 differ for two countries (FIELD: EL and UK in NUTS, GR and GB elsewhere).
ISO_OF_NUTS = {"EL": "GR", "UK": "GB"}
LANGUAGE_OF_KIND = {"event", "news", "file", "good_practice", "call"}
RELATIVE = re.compile(r"^today(?:(?P<days>[+-]\d+))?(?: (?P<time>\d\d:\d\d))?$")

Record = dict[str, object]
Table = dict[str, Any]


def catalogue(today: date) -> Iterator[Record]:
    """All records, ready to be written as JSON lines; dates are reckoned from `today`."""
    for stem, kind in KINDS.items():
        for key, table in tables(stem).items():
            yield record(kind, key, table, today)


@cache
def tables(stem: str) -> dict[str, Table]:
    """The tables of every file of one kind, by key; a key used twice is an error."""
    found: dict[str, Table] = {}
    for path in sorted([*CATALOGUE.glob(f"{stem}.toml"), *CATALOGUE.glob(f"{stem}-*.toml")]):
        for key, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in found:
                raise ValueError(f"{path.name}: the key {key!r} is used twice among {stem}")
            found[key] = table
    return found


@cache
def vocabulary() -> dict[str, Table]:
    """Programmes and themes by their short keys."""
    return tomllib.loads((CATALOGUE / "vocabulary.toml").read_text(encoding="utf-8"))


def record(kind: str, key: str, table: Table, today: date) -> Record:
    """One record of the interchange format from one table of the sources."""
    made: Record = {"id": identifier(kind, key), "kind": kind, "title": table["title"]}
    for name, value in table.items():
        if name not in ("title", "text", "summary"):
            made.update(expand(kind, name, value, today))
    for name in ("summary", "text"):
        if name in table:
            made[name] = {lang: " ".join(text.split()) for lang, text in table[name].items()}
    if kind == "project":
        made.update(place(table))
        if "status" not in table:
            made["status"] = status(table, today)
        if made["status"] == "":
            del made["status"]
    if kind == "person" and "organisation" in table:
        made.setdefault("representing", tables("organisations")[table["organisation"]]["type"])
        made.update(home_of_person(table))
    if kind == "organisation":
        made.update(seat(table))
        if "abbreviations" in table:
            made["names"] = [
                *table.get("names", ()),
                *({"name": a} for a in table["abbreviations"]),
            ]
    if kind in LANGUAGE_OF_KIND and "language" not in made:
        made["language"] = next(iter(table["title"]))
    made["licence"] = LICENCE
    made["source_note"] = SOURCE_NOTE
    made["notes"] = [SOURCE_NOTE]
    return made


def expand(kind: str, name: str, value: Any, today: date) -> Record:
    """What one key of a table becomes; keys that need no change pass through."""
    match name:
        case "programme":
            return programme(value)
        case "themes":
            return {"themes": [vocabulary()["themes"][theme] for theme in value.split()]}
        case "partners":
            return {"organisations": [partner(entry) for entry in value]}
        case "total" | "eu":
            return {}  # both are read with "currency", in `place`
        case "nuts" | "nuts_version" | "also" | "currency" | "no_region" | "abbreviations":
            return {}
        case "starts" | "ends" | "published" | "opens" | "deadline":
            return {name: resolve(value, today)}
        case "interest":
            return {"interested_in": value.split()}
        case "about":
            return {"links": links(kind, value)}
        case "organisation":
            return {"organisation": identifier("organisation", value)}
        case _:
            return {name: value}


def programme(key: str) -> Record:
    entry = vocabulary()["programmes"][key]
    return {
        "programme": {"id": entry["id"], "name": entry["name"]},
        "period": entry["period"],
    }


def identifier(kind: str, key: str) -> str:
    return f"demo:{kind.replace('_', '-')}-{key}"


def partner(entry: str) -> Record:
    """An entry of a project's organisations from "lead KEY", "associated KEY" or "KEY"."""
    role, _, key = entry.rpartition(" ")
    table = tables("organisations")[key]
    return {
        "id": identifier("organisation", key),
        "name": next(iter(table["title"].values())),
        "role": role or "partner",
        "type": table["type"],
        "country": country(table["nuts"]),
    }


def country(nuts: str) -> str:
    """The ISO 3166-1 code of a NUTS code's country."""
    return ISO_OF_NUTS.get(nuts[:2], nuts[:2])


def place(table: Table) -> Record:
    """Countries, regions and budget of a project, from its partners and amounts.

    Published, zero and absent amounts stay three different things: "0.00" is an amount.
    """
    made: Record = {}
    regions: list[dict[str, object]] = []
    countries: list[str] = []
    for entry in table.get("partners", ()):
        role, _, key = entry.rpartition(" ")
        home = tables("organisations")[key]
        countries.append(country(home["nuts"]))
        regions.append(
            {
                "nuts": home["nuts"],
                "version": home.get("nuts_version", NUTS_VERSION),
                "role": "lead" if role == "lead" else "partner",
            }
        )
    for nuts in table.get("also", ()):
        countries.append(country(nuts))
        regions.append({"nuts": nuts, "version": NUTS_VERSION, "role": "partner"})
    if countries:
        made["countries"] = list(dict.fromkeys(countries))
    if regions and not table.get("no_region"):
        made["regions"] = regions
    currency = table.get("currency", "EUR")
    budget = {
        name: {"amount": table[name], "currency": currency}
        for name in ("total", "eu")
        if name in table
    }
    if budget:
        made["budget"] = budget
    return made


def seat(table: Table) -> Record:
    """Country and region of an organisation."""
    version = table.get("nuts_version", NUTS_VERSION)
    return {
        "countries": [country(table["nuts"])],
        "regions": [{"nuts": table["nuts"], "version": version}],
    }


def home_of_person(table: Table) -> Record:
    """Country and region of a person: those of the organisation, unless the table says more."""
    return seat(tables("organisations")[table["organisation"]]) | {
        name: table[name] for name in ("countries", "regions") if name in table
    }


def status(table: Table, today: date) -> str:
    """A project's status on `today`; a source's own word in the table goes before this."""
    start, end = table.get("start"), table.get("end")
    if end and date.fromisoformat(end) < today:
        return "closed"
    if start and date.fromisoformat(start) > today:
        return "contracted"
    return "ongoing" if start else ""


def links(kind: str, value: str) -> list[dict[str, str]]:
    """Links to the projects "KEY OTHER": a person is involved in them, the rest is about them."""
    rel = "involved_in" if kind == "person" else "about"
    return [{"rel": rel, "id": identifier("project", key)} for key in value.split()]


def resolve(value: str, today: date) -> str:
    """An ISO date, or local date and time, from "today+12 09:00"; real dates pass through."""
    match = RELATIVE.match(value)
    if not match:
        return value
    day = (today + timedelta(days=int(match["days"] or 0))).isoformat()
    return f"{day}T{match['time']}:00" if match["time"] else day


def main() -> None:
    parser = argparse.ArgumentParser(description="Print the demonstration catalogue as JSON lines.")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    arguments = parser.parse_args()
    for made in catalogue(arguments.today):
        sys.stdout.write(json.dumps(made, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
