"""Jems: projects and partners of a delivery, funds by their columns, and what stays private."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import ItemError
from tessera.sources.jems.sheets import funds_of
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, xlsx

SAMPLE = SOURCES / "jems" / "sample"
PROJECTS = SAMPLE / "Alps of Example_project_en_en_20261102_091500.xlsx"
PARTNERS = SAMPLE / "Alps of Example_partner_de_de_20261102_092000.xlsx"
PLUGIN = SAMPLE / "Coast of Example_project_en_en_20261102_100000.json"
ID = "Project id (automatically created)"
TITLE = ["Alps of Example - project data - 2026.11.02 - 09:15:00"]


def read(*paths: Path) -> tuple[dict[str, dict[str, Any]], list[ItemError]]:
    _, drafts, errors = run(importer("jems"), *paths)
    return {draft.acronym: draft.canonical() for draft in drafts}, errors


def test_projects_and_partners_of_two_files_are_one() -> None:
    records, errors = read(PROJECTS, PARTNERS)
    assert failures(errors) == []
    chamois = records["CHAMOIS"]
    assert chamois["id"] == "jems:alps-of-example:ae0100001"
    assert chamois["title"] == {"en": "Paths that chamois would choose"}
    assert (chamois["status"], chamois["contracted"]) == ("contracted", "2022-09-01")
    assert "start" not in chamois  # "Start date" is that of the call
    assert chamois["budget"]["total"]["amount"] == "100000"
    assert chamois["funding"] == [
        {"fund": "ERDF", "amount": "80000", "rate": "80", "share": "90"},
        {"fund": "Other fund EN", "amount": "0"},
    ]
    assert chamois["dimensions"][1] == {
        "dimension": "D5", "code": "AT332", "amount": "100000", "share": "100",
    }  # fmt: skip
    lead, partner = chamois["organisations"]
    assert (lead["id"], lead["role"], lead["country"], lead["nuts"]) == (
        "vat:ATU63427811", "lead", "AT", "AT332",
    )  # fmt: skip
    assert (lead["type"], lead["source_type"]) == ("RegionalPublicAuthority", "Regionale Behörde")
    assert lead["names"] == [{"name": "Amt für Gämsen"}]
    assert (partner["id"], partner["vat"], partner["role"]) == (
        "pic:938012346", "DE811128135", "partner",
    )  # fmt: skip
    assert partner["funding"][0] == {
        "fund": "ERDF DE", "amount": "40000", "rate": "80", "share": "50",
    }  # fmt: skip
    assert partner["partner_status"] == "Aktiv"


def test_either_file_does_alone() -> None:
    projects, _ = read(PROJECTS)
    (lead,) = projects["MARMOT"]["organisations"]
    assert (lead["name"], lead["role"], lead["nuts"]) == ("Ufficio Marmotte", "lead", "ITH10")
    assert projects["MARMOT"]["notes"]
    partners, _ = read(PARTNERS)
    eagle = partners["STEINADLER"]
    assert (eagle["title"], eagle["status"]) == ({"de": "Adler über der Grenze"}, "planned")
    assert "budget" not in eagle  # the partner's budget is not the project's
    assert eagle["organisations"][0]["budget"] == "0"


def test_applications_are_left_out_and_told() -> None:
    records, errors = read(PROJECTS)
    assert "YETI" not in records
    assert any("'Not approved' is the status of an application" in e.message for e in errors)
    assert any("could not export 1 projects" in each.message for each in errors)


def test_persons_and_judgements_are_never_taken() -> None:
    items, _, _ = run(importer("jems"), PROJECTS, PARTNERS, PLUGIN)
    written = "".join(item.written for item in items)
    for private in ("Muster", "bo@gams", "+43 1", "secret", "not for the public", "A. Person",
                    "meunier@"):  # fmt: skip
        assert private not in written


def test_funds_are_found_by_the_names_of_their_columns() -> None:
    columns = ["ERDF", "ERDF % Rate", "% of total ERDF", "Private Contribution", "Fonds Ü",
               "Fonds Ü % Rate", "% of total Fonds Ü", "X", "X % Rate"]  # fmt: skip
    assert funds_of(columns) == ["ERDF", "Fonds Ü"]


def test_without_a_title_the_programme_is_not_known(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "jems.xlsx",
        {"Project data": [[ID, "Project acronym", "Project title", "Status"],
                          ["00016", "HAPTIC", "Feeling alarms", "Contracted"]]},
    )  # fmt: skip
    records, errors = read(path)
    assert records["HAPTIC"]["id"] == "jems:no-programme:00016"
    assert any("the programme isn't known" in each.message for each in errors)


def test_versions_statuses_and_rows_without_a_project(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "jems.xlsx",
        {"Project data": [
            TITLE,
            ["Status", "Project version", "Project title", ID, "Project acronym", "Colour"],
            ["Contracted", "V2.0", "Second", "A1", "AONE", "red"],
            ["Contracted", "V10.0", "Tenth", "A1", "AONE", ""],
            ["Schváleno", "V1.0", "Unknown", "A2", "ATWO", ""],
            ["Contracted", "V1.0", "Nowhere", "", "ATHREE", ""],
            ["MODIFICATION_SUBMITTED", "V1.0", "Code", "A4", "AFOUR", ""],
        ]},
    )  # fmt: skip
    records, errors = read(path)
    assert records["AONE"]["title"]["und"] == "Tenth"
    assert records["AFOUR"]["status"] == "contracted"
    (failure,) = failures(errors)
    assert failure.where == "jems.xlsx, sheet Project data, row 5, Status"
    assert "'Schváleno' isn't known" in failure.message
    told = " | ".join(f"{each.where}: {each.message}" for each in errors)
    assert "stated in 2 rows (3, 4)" in told
    assert f"row 6, {ID}: is empty" in told
    assert "left out: Colour" in told


def test_the_json_for_keep() -> None:
    (record,) = read(PLUGIN)[0].values()
    assert record["id"] == "jems:coast-of-example:ce00001"
    assert record["title"] == {
        "en": "Mills that the moon turns", "fr": "Moulins que tourne la lune",
    }  # fmt: skip
    assert record["start"] == "2023-05-01"
    assert "end" not in record  # 1970-01-01 says that there is none
    assert record["text"] == {"en": "Four mills grind again\n\nA school for millers"}
    (mill,) = record["organisations"]
    assert (mill["id"], mill["name"], mill["role"], mill["country"]) == (
        "vat:FR40303265045", "Mills Society", "lead", "FR",
    )  # fmt: skip


def test_the_failed_sheet_alone_is_no_export(tmp_path: Path) -> None:
    items, _, errors = run(
        importer("jems"), xlsx(tmp_path / "other.xlsx", {"Sheet": [["Project id"], ["1"]]})
    )
    assert items == []
    assert "no sheet of projects or partners" in failures(errors)[0].message


_CELL = st.sampled_from(["", "N.a.", "AE0100001", "Contracted", "x" * 500, "12,5", "EL", "LP", "ß"])


@given(cells=st.lists(st.lists(_CELL, min_size=8, max_size=8), max_size=4), seed=st.randoms())
@settings(max_examples=10)
def test_hostile_rows_never_cost_a_good_one(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], seed: Any
) -> None:
    header = [ID, "Project acronym", "Project title", "Status", "Total eligible budget",
              "Partner role", "Name of the organisation in english",
              "Partner main address - Country"]  # fmt: skip
    good = ["GOOD1", "GOOD", "A good row", "Contracted", "5", "LP", "Good Ltd", "Italia (IT)"]
    order = seed.sample(range(8), 8)
    table = [[row[n] for n in order] for row in (header, *cells, good)]
    title = ["Alps of Example - partner data - 2026.11.02 - 09:15:00"]
    path = xlsx(tmp_path_factory.mktemp("jems") / "jems.xlsx", {"Partner data": [title, *table]})
    items, drafts, errors = run(importer("jems"), path)
    assert any(draft.acronym == "GOOD" and len(draft.organisations) == 1 for draft in drafts)
    left_out = sum("belongs to no project" in each.message for each in errors)
    filled = [row for row in cells if any(row)]
    assert left_out == sum(row[0] in ("", "N.a.") for row in filled)
    assert len(items) == len({row[0] for row in filled} - {"", "N.a."} | {"GOOD1"})


@given(cut=st.integers(0, 2600))
@settings(max_examples=12)
def test_truncated_json_is_an_error(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "export.json"
    path.write_bytes(PLUGIN.read_bytes()[:cut])
    items, _, errors = run(importer("jems"), path)
    assert items == []
    assert failures(errors)


def test_projects_that_are_no_objects_cost_only_themselves(tmp_path: Path) -> None:
    value = json.loads(PLUGIN.read_text())
    value["programme"]["project"] += [None, {"acronym": "x"}, {"project_id": "Z", "partner": [1]}]
    (tmp_path / "export.json").write_text(json.dumps(value))
    items, drafts, errors = run(importer("jems"), tmp_path / "export.json")
    assert (len(items), len(drafts)) == (2, 2)
    assert [each.where for each in failures(errors)] == [
        "export.json, project 2", "export.json, project 3, project_id",
    ]  # fmt: skip


def test_one_folder_is_one_delivery(tmp_path: Path) -> None:
    for path in (PROJECTS, PARTNERS, PLUGIN):
        shutil.copy(path, tmp_path)
    records, _ = read(tmp_path)
    assert sorted(records) == ["CHAMOIS", "MARMOT", "STEINADLER", "TIDEMILL"]
