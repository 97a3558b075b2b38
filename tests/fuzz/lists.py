"""The lists of rows that targets spoil, made of the importers' samples."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.fuzz.rows import Sample, sample
from tests.fuzz.workbooks import COPIES, Sheet, book, tag
from tests.unit.sources.making import SOURCES


@cache
def row_samples() -> dict[str, Sample]:
    return {
        "good-practices": sample(SOURCES / "good_practices/sample/good_practices.csv", ("Link",)),
        "kohesio": sample(
            SOURCES / "kohesio/sample/projects_2021-2027.csv", ("Operation_Unique_Identifier",)
        ),
        "kohesio-beneficiaries": sample(
            SOURCES / "kohesio/sample/beneficiaries.tsv", ("Beneficiary Name",), delimiter="\t"
        ),
        "cordis-erc": sample(
            SOURCES / "cordis_erc/sample/erc_starting.csv", ("project", "project_acronym"),
            quoted=True, only=1,
        ),
        "operations": sample(
            SOURCES / "operations/sample/liste_der_vorhaben.csv", ("Vorhabensnummer",),
            delimiter=";", titles=3, only=2,
        ),
        "cordis": _cordis(),
        "calls": _flat("calls/sample/calls.jsonl", "topicId"),
        "interreg-sweden": _flat("interreg_sweden/sample/rawdata.json", "projektnamn"),
    }  # fmt: skip


def _cordis() -> Sample:
    of = sample(SOURCES / "cordis/sample/legalBasis.csv", (), delimiter=";", quoted=True)
    header = ["id", "acronym", "title", "startDate", "endDate", "objective"]
    rows = [[f"1010000{n:02}", f"FERRY{n}", f'Ferries that "wait", {n}', "2023-01-01", "2026-12-31",
             f"The action on both\nshores; {n} of them"] for n in range(10)]  # fmt: skip
    return Sample(header, rows, of.delimiter, (), quoted=True, name="project.csv")


def objects(path: str, key: str) -> list[dict[str, Any]]:
    text = (SOURCES / path).read_text(encoding="utf-8")
    read = (
        [json.loads(line) for line in text.splitlines()] if path.endswith("l") else json.loads(text)
    )
    return [
        {**each, key: f"{each[key]}-{n}-{at}"} for n in range(4) for at, each in enumerate(read)
    ]


def _flat(path: str, key: str) -> Sample:
    read = objects(path, key)
    header = list(dict.fromkeys(name for each in read for name in each))
    rows = [["" if each.get(name) is None else str(each[name]) for name in header] for each in read]
    return Sample(header, rows)


@cache
def books() -> dict[str, tuple[str, list[Sheet]]]:
    """Name of the target -> importer and its workbook."""
    found = {}
    for name, slug, path, keys in (
        ("keep", "keep", "keep/sample/Project_search_results_keep_eu.xlsx",
         ("Project ID (2021-2027 only)", "Project acronym")),
        ("jems-projects", "jems", "jems/sample/Alps of Example_project_en_en_20261102_091500.xlsx",
         ("Project id (automatically created)", "Project acronym")),
        ("jems-partners", "jems", "jems/sample/Alps of Example_partner_de_de_20261102_092000.xlsx",
         ("Project id (automatically created)", "Project acronym")),
    ):  # fmt: skip
        found[name] = (slug, book(SOURCES / path, keys))
    of = row_samples()["operations"]
    rows = [[cell if cell else "" for cell in row] for row in of.rows[:2]]
    at = list(of.header).index("Vorhabensnummer")
    copies = [[[f"{cell}{tag(n)}" if place == at else cell for place, cell in enumerate(row)]
               for row in rows] for n in range(COPIES)]  # fmt: skip
    above = [*([title] for title in of.titles), list(of.header)]
    found["operations"] = ("operations", [Sheet("Liste", above, copies)])
    return found
