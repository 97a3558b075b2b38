"""A project of the export with its partners, in the shape of the interchange format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import CONVERTERS
from tessera.sources.drafting import dates_in_order, filled, left_out, warning
from tessera.sources.formats.text import shortened
from tessera.sources.keep.languages import Texts, languages_of
from tessera.sources.keep.partners import partner
from tessera.sources.tables import TableImporter

Values = dict[str, Any]

SECTIONS: Final = {
    "expected_achievements": "Expected achievements",
    "actual_achievements": "Actual achievements",
    "expected_outputs": "Expected outputs",
    "delivered_outputs": "Delivered outputs",
    "outputs": "Outputs",
    "deliverables": "Deliverables",
    "wider_strategies": "Contribution to wider strategies and policies",
}
"""Parts of the text, in their order, with their headings in English."""

KEPT: Final = (
    "project_id", "priority", "specific_objective", "intervention_type", "cofinancing_rate",
    "macro_regional_strategies", "linked_projects", "delivered_output_indicators",
    "delivered_result_indicators",
)  # fmt: skip
"""What is kept as the export words it."""

SHARED: Final = (
    "Partners may belong to another project: keep.eu's export has several projects of this "
    "programme and acronym, and does not tell whose partners they are"
)
_OBJECTIVE: Final = re.compile(r"\b(?:RSO|ISO)\s?\d{1,2}[._]\d{1,2}|^(?:SO|PO)\s?\d")


def is_named(row: Mapping[str, str]) -> bool:
    """Whether a row of the projects' sheet has a name in any language."""
    return any(name.startswith("Project name in") for name in row)


def values(
    item: Item, projects: TableImporter, partners: TableImporter
) -> tuple[Values, list[ItemError]]:
    """The record of an item, and what was left out of it or assumed."""
    row, problems = projects.values(item.raw["project"], item)
    record: Values = {"id": projects.columns.id.format(key=item.key), "kind": "project"}
    for name in ("acronym", "start", "end", "budget", "url", *KEPT, "stated"):
        if name in row:
            record[name] = row[name]
    problems += _belonging(record, row, item)
    problems += _texts(record, row, item)
    problems += dates_in_order(record, item, "Project end")
    record["themes"] = list(dict.fromkeys(row.get("themed", {}).values()))
    record["objectives"] = _objectives(row.get("specific_objective", ""))
    for name in ("output_indicators", "result_indicators"):
        record[name] = [each for each in row.get(name, ()) if each]
    record["organisations"] = []
    for number, each in enumerate(item.raw["partners"], start=1):
        part = Item(item.key, each, item.within(f"partner {number}"))
        found, told = partner(partners, part)
        problems += told
        if found:
            record["organisations"].append(found)
    record["notes"] = [SHARED] if item.raw.get("shared") else []
    if item.raw.get("shared"):
        message = "several projects of this programme and acronym; each is given all their partners"
        problems.append(warning(item, message))
    return filled(record), problems


def _belonging(record: Values, row: Values, item: Item) -> Iterator[ItemError]:
    """Programme and period."""
    programme, stated = row.get("programme", ""), row.get("period", "")
    period = vocabularies.period_of(stated)
    if stated and period is None:
        record.setdefault("stated", {})["period"] = stated
        if stated.casefold() != "other":
            message = f"{stated!r} is no period such as 2014-2020"
            yield left_out(item, message, "Period", stated)
    elif not stated and (period := vocabularies.period_of(programme)):
        yield warning(item, "is empty; taken from the programme's name", "Period")
    if period:
        record["period"] = period
    if programme:
        record["programme"] = CONVERTERS["programme"](programme, {"period": period})
    else:
        yield warning(item, "is empty; the project has no programme", "Programme")


def _objectives(stated: str) -> list[str]:
    match = _OBJECTIVE.search(stated)
    known = vocabularies.objective(match[0] if match and match[0][0] in "RI" else stated)
    return [known.code] if known else []


def _texts(record: Values, row: Values, item: Item) -> Iterator[ItemError]:
    """Title, summary and text by language."""
    sections = {name: row[name] for name in SECTIONS if name in row}
    written = {"title": row.get("named", {}), "summary": row.get("described", {}), **sections}
    languages, unsure = languages_of(written)
    for number in unsure:
        yield warning(item, "its language can't be told; kept as unknown", number)
    titles, summaries, texts = Texts(" / "), Texts("\n\n"), Texts("\n\n")
    for number, text in written["title"].items():
        titles.add(languages[number], text)
    for number, text in written["summary"].items():
        summaries.add(languages[number], text)
    for name in sections:
        for number, text in written[name].items():
            lang = languages.get(f"{name}.{number}", languages[number])
            texts.add(lang, f"{SECTIONS[name]}\n{text}" if lang == "en" else text)
    if not titles.by_language and record.get("acronym"):
        titles.add("und", record["acronym"])
        yield warning(item, "has no name in any language; its acronym stands for it")
    elif not titles.by_language:
        message = f"has neither name nor acronym, only {shortened(str(item.raw['project']))}"
        yield ItemError("map", item.at(), message, item.key)
    record["title"] = titles.by_language
    record["summary"] = summaries.by_language
    record["text"] = texts.by_language
