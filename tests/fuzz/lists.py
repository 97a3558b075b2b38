"""The lists of rows that targets spoil, made of the importers' samples."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.fuzz.rows import Sample, sample
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
