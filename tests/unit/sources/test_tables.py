"""The general importer of tables, and the two sources built on it."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.base import SourceInfo
from tessera.sources.conversion import CONVERTERS, amount, country, listed
from tessera.sources.registry import importer
from tessera.sources.tables import TableImporter
from tests.unit.sources.making import SOURCES, failures, run, shared, xlsx

SETTINGS: dict[str, Any] = {
    "table": {
        "kind": "project",
        "key": "Code",
        "id": "list:{key}",
        "language": "de",
        "empty": ["k.A."],
    },
    "column": [
        {"names": ["Titel", "Title"], "field": "title", "required": True},
        {"names": ["Beginn"], "field": "start", "as": "date"},
        {"names": ["Partner"], "field": "organisations.0.name"},
        {"names": ["Art"], "field": "organisations.0.", "as": "organisation_type"},
        {"names": ["Summe"], "field": "budget.total.amount", "as": "amount", "decimal": ","},
    ],
    "left_out": {"Nr": "counts the rows"},
}
INFO = SourceInfo("list", "List", "A list")


def made(tmp_path: Path, *rows: list[object]) -> Path:
    return xlsx(tmp_path / "list.xlsx", {"Liste": [["Liste der Vorhaben"], *rows]})


def test_columns_are_found_by_name_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    path = made(
        tmp_path,
        ["Nr", "CODE", "titel ", "Beginn", "Partner", "Art", "Summe", "Farbe"],
        [1, "A-1", "Wege", "1. März 2020", "Stadt Graz", "Gemeinde", "1.234,50", "rot"],
        [2, "A-2", "", "2020-01-01", "", "", "", ""],
        [3, "A-3", "Brücken", "03/04/2020", "", "Sme", "viel", ""],
    )
    items, drafts, errors = run(TableImporter(INFO, SETTINGS), path)
    assert [item.where for item in items] == [f"list.xlsx, sheet Liste, row {n}" for n in (3, 4, 5)]
    first = drafts[0].canonical()
    assert first["title"] == {"de": "Wege"}
    assert first["start"] == "2020-03-01"
    assert first["budget"]["total"]["amount"] == "1234.50"
    assert first["organisations"][0]["type"] == "LocalPublicAuthority"
    assert first["organisations"][0]["source_type"] == "Gemeinde"
    assert drafts[1].canonical()["stated"] == {"start": "03/04/2020", "budget_total_amount": "viel"}
    (failure,) = failures(errors)
    assert (failure.key, failure.message) == ("a-2", "is empty, but needed")
    told = " | ".join(f"{error.where}: {error.message}" for error in errors)
    assert failure.place.parts == {
        "file": "list.xlsx", "sheet": "Liste", "row": 4, "column": "Titel"
    }  # fmt: skip
    amount_told = next(error for error in errors if error.value == "viel")
    assert amount_told.place.column == "Summe" and amount_told.mend.startswith("write the amount")
    assert "columns without a meaning here, left out: Farbe" in told
    assert "can be day 3 of month 4 or day 4 of month 3" in told
    assert "'viel' is not an amount" in told
    assert "names no organisation" in told


def test_lacking_columns_are_an_error_with_those_there_are(tmp_path: Path) -> None:
    path = made(tmp_path, ["Code", "Beginn"], ["A-1", "2020-01-01"])
    items, _, (error,) = run(TableImporter(INFO, SETTINGS), path)
    assert items == []
    assert error.message == "lacks the columns Titel; it has Code, Beginn"


def test_one_list_in_several_formats_is_read_once(tmp_path: Path) -> None:
    made(tmp_path, ["Code", "Titel"], ["A-1", "Wege"])
    (tmp_path / "list.csv").write_text("Code;Titel\nA-1;Wege\n")
    items, _, errors = run(TableImporter(INFO, SETTINGS), tmp_path)
    assert len(items) == 1
    assert "list.xlsx is taken for the same list" in errors[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1 234,50", "1234.50"), ("1.234,50 €", "1234.50"), ("1,234.50", "1234.50"), ("12", "12"),
     ("1.234.567", "1234567"), ("-3,5", "-3.5"), ("0.125", "0.125"), ("EUR 12.50", "12.50")],
)  # fmt: skip
def test_amounts(text: str, expected: str) -> None:
    assert amount(text, {}) == expected


def test_an_amount_of_two_meanings_is_refused() -> None:
    with pytest.raises(ValueError, match="thousands or decimals"):
        amount("1.234", {})
    assert amount("1.234", {"decimal": ","}) == "1234"


def test_lists_keep_values_with_commas_whole() -> None:
    whole = {"whole": ["Food, water and nutrients"]}
    text = "Packaging, Food, water and nutrients, Other (markets, fairs), Packaging"
    assert listed(text, whole) == [
        "Packaging",
        "Food, water and nutrients",
        "Other (markets, fairs)",
    ]
    assert country("Other (Norway)", {}) == "NO"


@given(name=st.sampled_from(sorted(CONVERTERS)), text=st.text(max_size=40))
def test_converters_give_a_value_or_a_value_error(name: str, text: str) -> None:
    with contextlib.suppress(ValueError):
        CONVERTERS[name](text, {})


# interreg-sweden


def test_interreg_sweden_sample() -> None:
    items, drafts, errors = run(importer("interreg-sweden"), SOURCES / "interreg_sweden" / "sample")
    assert failures(errors) == []
    assert sum(len(item.raw["rows"]) for item in items) == 5
    by_name = {draft.id.partition(":")[2]: draft for draft in drafts}
    assert set(by_name) == {
        "sverige-norge:gransstig-stigar-over-gransen",
        "south-baltic-programme:reedroof-feasibility-study",
        "south-baltic-programme:reedroof",
        "interreg-europe:clusterlinks",
    }
    first = by_name["sverige-norge:gransstig-stigar-over-gransen"]
    assert (first.acronym, first.title, first.status) == (
        "GRANSSTIG", {"sv": "GRANSSTIG - Stigar över gränsen"}, "ongoing",
    )  # fmt: skip
    (lead,) = first.organisations
    assert (lead.role, lead.nuts, lead.country, lead.budget) == (
        "lead",
        "SE311",
        "SE",
        Decimal("120500.5"),
    )
    assert first.objectives == ["RSO4.6"]
    assert any("without a name" in note for note in first.notes)
    assert any("Status derived" in note for note in first.notes)
    broken = by_name["south-baltic-programme:reedroof"]
    assert (broken.end, broken.status) == (None, None)
    assert broken.canonical()["stated"]["end"] == "2026-02-31"
    reversed_dates = by_name["interreg-europe:clusterlinks"].canonical()
    assert reversed_dates["stated"]["end"] == "2023-03-31"
    assert reversed_dates["programme"]["id"] == "2021TC16RFIR001"
    assert "type" not in reversed_dates["organisations"][0]
    assert reversed_dates["organisations"][0]["source_type"] == "Bodies governed by public law"


def row(**values: object) -> dict[str, object]:
    sample = json.loads((SOURCES / "interreg_sweden" / "sample" / "rawdata.json").read_text())
    return {**sample[0], **values}


def test_rows_of_one_project_that_differ_are_told(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps([
        row(slutdatum="2025-12-31"), row(organisationsnamn="B", slutdatum="2026-06-30"),
        row(organisationsnamn="C", startdatum="2031-01-01", slutdatum="2032-01-01"),
    ]))  # fmt: skip
    _, drafts, errors = run(importer("interreg-sweden"), path)
    assert [str(draft.end) for draft in drafts] == ["2026-06-30", "2032-01-01"]
    assert drafts[1].id == f"{drafts[0].id}-2031"
    assert any("its 2 rows differ" in error.message for error in errors)


def test_the_order_of_projects_does_not_change_them(tmp_path: Path) -> None:
    rows = [row(), row(projektnamn="B"), row(organisationsnamn="X")]
    checksums = []
    for order in (rows, [rows[1], rows[0], rows[2]]):
        path = tmp_path / "r.json"
        path.write_text(json.dumps(order))
        items, _, _ = run(importer("interreg-sweden"), path)
        checksums.append({item.key: item.checksum for item in items})
    assert checksums[0] == checksums[1]


def test_interreg_sweden_whole() -> None:
    """833 partnerships: each is a partner of a project, or is told to have no name."""
    path = shared("interreg_sweden", "rawdata.json")
    items, drafts, errors = run(importer("interreg-sweden"), path)
    assert failures(errors) == []
    assert sum(len(item.raw["rows"]) for item in items) == 833
    assert len(drafts) == len(items) == 369
    nameless = sum(1 for each in json.loads(path.read_text()) if not each["organisationsnamn"])
    assert sum(len(draft.organisations) for draft in drafts) == 833 - nameless
    roles = Counter(each.role for draft in drafts for each in draft.organisations)
    assert roles["lead"] == 132
    assert Counter(draft.status for draft in drafts)[None] == 3
    assert len({draft.id for draft in drafts}) == 369


# good-practices


def test_good_practices_sample() -> None:
    _, drafts, errors = run(importer("good-practices"), SOURCES / "good_practices" / "sample")
    assert failures(errors) == []
    jars, furniture = (draft.canonical() for draft in drafts)
    assert jars["text"] == {
        "en": 'Stalls lend jars instead of bags. "It took two winters", says the hall.'
    }
    assert jars["themes"] == ["Consumption", "Waste management", "Food, water and nutrients",
                              "Packaging", "Reuse"]  # fmt: skip
    assert jars["organisations"][0]["type"] == "LocalPublicAuthority"
    assert jars["countries"] == ["PT"]
    assert (furniture["countries"], furniture.get("text")) == (["NO"], None)


def test_good_practices_whole() -> None:
    items, drafts, errors = run(importer("good-practices"), shared("good_practices_ce"))
    assert failures(errors) == []
    assert len(items) == len(drafts) == len({draft.id for draft in drafts}) == 520
    assert all(draft.text and draft.url for draft in drafts)
    assert sum(1 for draft in drafts if draft.countries) == 520 - 16 - 1 - 1


def test_the_failed_scrape_says_what_it_lacks() -> None:
    path = shared("good_practices_ce", "good_practices.csv")
    _, drafts, errors = run(importer("good-practices"), path)
    assert len(drafts) == 630
    (lack,) = errors
    assert lack.message.startswith("nothing in any of the 630 rows under Description, Organisation")
