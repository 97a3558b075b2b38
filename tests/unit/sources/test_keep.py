"""keep.eu's export and project records: the join, the languages, money, and what is broken."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import ItemError
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, xlsx

SAMPLE = SOURCES / "keep" / "sample"
PROJECTS, PARTNERS = "Search results, projects", "Search results, partners"
PROJECT_ID = "Project ID (2021-2027 only)"
NORTH = "2014 - 2020 INTERREG VB North Sea"
AURORA = "2021 - 2027 INTERREG VI-A Aurora"

PROJECT: dict[str, object] = {
    "Period": "2014-2020",
    "Programme": NORTH,
    PROJECT_ID: "",
    "Project acronym": "SALT",
    "Project name in English": "Salt meadows",
    "Project name in language 2": "",
    "Description in English": "Dikes give way.",
    "Description in language 2": "",
    "Project start": "2016-03-01",
    "Project end": "2019-08-31",
    "Project's total budget / expenditure": 1000,
    "Project's EU funding": 500,
    "Union co-financing rate": "50%",
    "Theme 1": "Water management",
    "Website": "",
}
PARTNER: dict[str, object] = {
    "Programme": NORTH,
    PROJECT_ID: "",
    "Project acronym": "SALT",
    "Lead partner": "Yes",
    "Organisation in English": "Wadden Academy",
    "Organisation in language 2": "",
    "Participant Identification Code": "",
    "Partner’s ID if not PIC": "",
    "Type of Organisation": "SME",
    "Country code": "DE",
    "Town": "Husum",
    "NUTS3 code (or equivalent)": "DEF07",
    "Partner's total eligible budget / expenditure": "",
}


def rows(first: Mapping[str, object], given: Iterable[Mapping[str, object]]) -> list[list[object]]:
    each = list(given)
    columns = list(dict.fromkeys([*first, *(name for row in each for name in row)]))
    return [list(columns), *([{**first, **row}.get(name, "") for name in columns] for row in each)]


def workbook(
    path: Path,
    projects: Sequence[Mapping[str, object]],
    partners: Sequence[Mapping[str, object]],
) -> Path:
    return xlsx(
        path,
        {
            "Cover": [["keep.eu"], ["Programme"], ["all"]],
            PROJECTS: rows(PROJECT, projects),
            PARTNERS: rows(PARTNER, partners),
        },
    )


def read(path: Path) -> tuple[list[dict[str, Any]], list[ItemError]]:
    _, drafts, errors = run(importer("keep"), path)
    return [draft.canonical() for draft in drafts], errors


def test_the_sample_of_all_periods() -> None:
    records, errors = read(SAMPLE / "Project_search_results_keep_eu.xlsx")
    assert failures(errors) == []
    salt, light, path, bridge = records
    assert salt["id"] == "keep:2014-2020-interreg-vb-north-sea:saltmeadow"
    assert salt["title"] == {
        "de": "Salzwiesen für ruhige Küsten und ihre Bewohner",
        "en": "Salt meadows for „quiet” shores",
    }
    assert salt["summary"]["en"] == "Dikes give way to meadows.\nSheep are asked first."
    assert "Expected achievements\nTwelve meadows" in salt["text"]["en"]
    assert (salt["start"], salt["end"], salt["period"]) == (
        "2016-03-01", "2019-08-31", "2014-2020",
    )  # fmt: skip
    assert salt["programme"] == {"id": "2014TC16RFTN005", "name": "North Sea", "stated": NORTH}
    assert salt["url"] == "http://www.saltmeadow.example"
    academy, council = salt["organisations"]
    assert (academy["role"], council["role"]) == ("lead", "partner")
    assert (council["country"], council["nuts"]) == ("GB", "UKJ11")
    assert light["objectives"] == ["RSO2.4"]
    assert light["output_indicators"] == [{"name": "RCO84 Pilot actions", "unit": "Pilot actions"}]
    assert "end" not in light
    assert [each["id"] for each in light["organisations"]] == [
        "pic:938012345", "vat:FI20774740",
    ]  # fmt: skip
    assert path["title"] == {"it": "Vecchi sentieri delle nostre montagne da salvare insieme"}
    assert path["organisations"][0]["name"] == "Comunità dei Sentieri"
    assert "period" not in bridge
    assert bridge["stated"] == {"period": "Other"}
    left = [each for each in errors if "names neither project id nor acronym" in each.message]
    assert [each.where for each in left] == [
        "Project_search_results_keep_eu.xlsx, sheet Search results, partners, row 7"
    ]


def test_money_has_three_states(tmp_path: Path) -> None:
    budget = "Partner's total eligible budget / expenditure"
    path = workbook(
        tmp_path / "keep.xlsx",
        [{"Project's total budget / expenditure": "N.a.", "Project's EU funding": 0}],
        [{budget: "1 234,50"}, {budget: "0.00"}, {budget: "n/a"}, {budget: "much"}],
    )
    (record,), errors = read(path)
    assert record["budget"] == {"eu": {"amount": "0", "currency": "EUR"}}
    assert [each.get("budget") for each in record["organisations"]] == [
        "1234.50", "0.00", None, None,
    ]  # fmt: skip
    assert record["organisations"][3]["stated"] == {"budget": "much"}
    (told,) = [each for each in errors if "much" in each.message]
    assert told.where.endswith("rows 2, 3, 4, 5), partner 4, " + budget)


def test_partners_are_joined_by_id_and_before_2021_by_acronym(tmp_path: Path) -> None:
    latest = {"Programme": AURORA, "Period": "2021-2027", "Project acronym": "LIGHT"}
    path = workbook(
        tmp_path / "keep.xlsx",
        [{}, {**latest, PROJECT_ID: "A1"}, {**latest, PROJECT_ID: "A2"}],
        [
            {"Organisation in English": "By acronym", "Project acronym": "salt "},
            {**latest, PROJECT_ID: "A2", "Organisation in English": "Of the second"},
            {**latest, PROJECT_ID: "A1", "Project acronym": "", "Organisation in English": "First"},
            {**latest, PROJECT_ID: "A9", "Organisation in English": "Of none"},
            {"Programme": AURORA, "Organisation in English": "Other programme"},
        ],
    )
    records, errors = read(path)
    assert [[each["name"] for each in record["organisations"]] for record in records] == [
        ["By acronym"], ["First"], ["Of the second"],
    ]  # fmt: skip
    left = [each for each in errors if "no project of the export" in each.message]
    assert [each.where[-5:] for each in left] == ["row 5", "row 6"]


def test_projects_of_one_acronym_stay_apart_and_say_so(tmp_path: Path) -> None:
    other = {"Project name in English": "Salt mines", "Project start": "2017-01-01"}
    path = workbook(tmp_path / "keep.xlsx", [{}, other, {"Theme 1": "Sheep"}], [{}])
    records, errors = read(path)
    assert [record["title"]["en"] for record in records] == ["Salt meadows", "Salt mines"]
    first, second = (record["id"] for record in records)
    assert second.startswith(f"{first}-")
    assert all(len(record["organisations"]) == 1 and record["notes"] for record in records)
    assert any("states the project of row 2 otherwise under Theme 1" in e.message for e in errors)
    # The one that was alone keeps its id.
    (alone,), _ = read(workbook(tmp_path / "alone.xlsx", [{}], [{}]))
    assert alone["id"] == first
    assert "notes" not in alone


def test_what_cannot_be_used_is_left_out_told_and_kept_as_stated(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "keep.xlsx",
        [
            {"Project end": "2015-01-01", "Period": "2015-2020", "Website": "none yet"},
            {"Project acronym": "", "Project name in English": ""},
            {"Project acronym": "NAMELESS", "Project name in English": "N.a."},
        ],
        [
            {"Participant Identification Code": "12345", "Country code": "Atlantis"},
            {"NUTS3 code (or equivalent)": "SE110", "Lead partner": "Maybe"},
            {"Organisation in English": "", "Organisation in language 2": "n/a"},
        ],
    )
    (salt, nameless), errors = read(path)
    (failure,) = failures(errors)
    assert (failure.where, failure.message) == (
        f"keep.xlsx, sheet {PROJECTS}, row 3",
        "names no project: its id, its acronym and its names are empty",
    )
    assert salt["stated"] == {"end": "2015-01-01", "period": "2015-2020", "url": "none yet"}
    assert salt["organisations"][0]["stated"] == {"pic": "12345", "country": "Atlantis"}
    assert salt["organisations"][1]["stated"] == {"nuts3": "SE110"}
    assert len(salt["organisations"]) == 2
    assert nameless["title"] == {"und": "NAMELESS"}
    told = " | ".join(each.message for each in errors)
    for part in ("lies before the start", "nine digits", "lies in SE", "neither Yes nor No",
                 "'Atlantis' is not a country", "no name in any language; left out"):  # fmt: skip
        assert part in told


@given(seed=st.integers(0, 10_000))
@settings(max_examples=6)
def test_the_order_of_columns_sheets_and_rows_is_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    projects = [
        {"Project acronym": f"P{n}", "Project name in English": f"No {n}"} for n in range(5)
    ]
    partners = [
        {"Project acronym": f"P{n % 5}", "Organisation in English": f"Org {n}"} for n in range(11)
    ]
    folder = tmp_path_factory.mktemp("shuffled")
    expected, _ = read(workbook(folder / "plain.xlsx", projects, partners))
    sheets = [(PROJECTS, rows(PROJECT, projects)), (PARTNERS, rows(PARTNER, partners))]
    chance.shuffle(sheets)
    shuffled = {}
    for name, (header, *body) in sheets:
        header, body = [*header, "Extra"], [[*row, "more"] for row in body]
        order = chance.sample(range(len(header)), len(header))
        if name == PROJECTS:
            chance.shuffle(body)
        shuffled[name] = [[row[n] for n in order] for row in (header, *body)]
    found, errors = read(xlsx(folder / "shuffled.xlsx", shuffled))
    assert sorted(found, key=lambda each: str(each["id"])) == expected
    assert all(each.warning for each in errors)
    assert sum("Extra" in each.message for each in errors) == 2


_CELLS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="<&\ufffe\uffff"),
            max_size=12),
    st.integers(-10, 10**12),
    st.sampled_from(["N.a.", "Yes", "2020-02-30", "80%", "1.234", "www.x", "EL", "DE", "A" * 300]),
)  # fmt: skip


@given(
    projects=st.lists(
        st.dictionaries(st.sampled_from(sorted(PROJECT)), _CELLS, max_size=6),
        min_size=1,
        max_size=4,
    ),
    partners=st.lists(
        st.dictionaries(st.sampled_from(sorted(PARTNER)), _CELLS, max_size=6), max_size=4
    ),
)
@settings(max_examples=12)
def test_every_row_is_accounted_for_whatever_its_cells_hold(
    tmp_path_factory: pytest.TempPathFactory,
    projects: list[dict[str, object]],
    partners: list[dict[str, object]],
) -> None:
    good = {"Project acronym": "GOOD ROW", "Project name in English": "A good row"}
    path = tmp_path_factory.mktemp("hostile") / "keep.xlsx"
    workbook(path, [*projects, good], [*partners, {"Project acronym": "GOOD ROW"}])
    items, drafts, errors = run(importer("keep"), path)
    merged = sum("states the project of row" in each.message for each in errors)
    nameless = sum("names no project" in each.message for each in errors)
    assert len(items) + merged + nameless == len(projects) + 1
    assert len(drafts) + len(failures(errors)) - nameless >= len(items)
    assert any(draft.acronym == "GOOD ROW" and draft.organisations for draft in drafts)
    assert all(each.where and each.message for each in errors)


@given(data=st.data())
@settings(max_examples=6)
def test_a_broken_workbook_is_an_error_never_half_a_delivery(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = (SAMPLE / "Project_search_results_keep_eu.xlsx").read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    path = tmp_path_factory.mktemp("cut") / "keep.xlsx"
    path.write_bytes(whole[:cut])
    items, _, errors = run(importer("keep"), path)
    assert items == []
    assert failures(errors)


def test_a_workbook_whose_partners_are_broken_is_not_taken(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", [{}], [{}])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "keep.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:300] + b"</x>" if name.endswith("sheet3.xml") else data)
    items, _, errors = run(importer("keep"), tmp_path / "keep.xlsx")
    assert items == []
    assert "nothing of it was taken" in failures(errors)[0].message


def test_a_project_record_of_the_api() -> None:
    (record,), errors = read(SAMPLE / "31234.json")
    assert failures(errors) == []
    assert record["id"] == "keep:31234"
    assert record["title"] == {
        "en": "Stone-oven bread on both banks", "und": "Каменен хляб",
    }  # fmt: skip
    assert (record["period"], record["status"]) == ("2021-2027", "ongoing")
    lead, partner = record["organisations"]
    assert (lead["role"], lead["type"], lead["keep_partner"]) == (
        "lead", "LocalPublicAuthority", "777",
    )  # fmt: skip
    assert "id" not in lead or lead["id"] == ""
    assert lead["names"] == [{"name": "Община Примерово"}]
    assert partner["id"] == "pic:897654321"
    assert partner["cofinancing"] == "0.00"
    assert partner.get("budget") is None


def test_what_reaches_a_person_is_never_taken() -> None:
    (item,), _, _ = run(importer("keep"), SAMPLE / "31234.json")
    assert "baker@" not in item.written


@pytest.mark.parametrize("shape", ["array", "results"])
def test_project_records_in_an_array_or_in_pages(tmp_path: Path, shape: str) -> None:
    one = json.loads((SAMPLE / "31234.json").read_text())
    listed = [one, "text", {"acronym": "no id"}, {**one, "id": 7, "partnerships": [3, {}]}]
    written = listed if shape == "array" else {"count": 4, "results": listed}
    (tmp_path / "projects.json").write_text(json.dumps(written))
    items, drafts, errors = run(importer("keep"), tmp_path / "projects.json")
    assert [item.key for item in items] == ["31234", "7"]
    assert len(drafts) == 2
    assert [each.where for each in failures(errors)] == [
        "projects.json, record 2", "projects.json, record 3, id",
    ]  # fmt: skip


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "name", "partner", "partnerships", "programme", "title", "type",
                         "translations", "en", "pic", "country", "start_date", "themes"]),
        inner, max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(value=_JSON)
@settings(max_examples=30)
def test_any_json_is_a_record_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, value: object
) -> None:
    path = tmp_path_factory.mktemp("json") / "any.json"
    path.write_text(json.dumps([value, {"id": 1, "title": "Good"}]))
    items, drafts, errors = run(importer("keep"), path)
    assert items[-1].key == "1"
    assert any(draft.id == "keep:1" for draft in drafts)
    assert len(drafts) + len(failures(errors)) >= 2
