from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.schema.draft import RecordDraft
from tessera.sources.base import ItemError
from tessera.sources.cordis.values import money, unwrapped
from tessera.sources.hygiene import drafts_of
from tessera.sources.registry import FOLDER, importer

CORDIS = importer("cordis")
SAMPLE = FOLDER / "cordis" / "sample"


def read(*paths: Path) -> tuple[dict[str, dict[str, Any]], list[ItemError]]:
    """Records by id, and all that was told."""
    records: dict[str, dict[str, Any]] = {}
    errors: list[ItemError] = []
    for item in CORDIS.gather(paths):
        for made in [item] if isinstance(item, ItemError) else drafts_of(CORDIS, item):
            if isinstance(made, RecordDraft):
                assert made.id not in records
                records[made.id] = made.canonical()
            else:
                errors.append(made)
    return records, errors


@pytest.fixture(scope="module")
def sample() -> tuple[dict[str, dict[str, Any]], list[ItemError]]:
    return read(SAMPLE)


def test_a_project_is_joined_from_all_tables(sample: Any) -> None:
    project = sample[0]["cordis:101000001"]
    assert project["text"]["en"].startswith('The action "FERRY" works\non both shores\n\nKeywords')
    assert (project["programme"]["name"], project["period"]) == ("Horizon Europe", "2021-2027")
    assert (project["start"], project["end"], project["status"]) == (
        "2023-01-01", "2026-12-31", "ongoing",
    )  # fmt: skip
    assert project["themes"] == ["transport"]
    assert project["budget"]["total"]["amount"] == project["budget"]["eu"]["amount"] == "960619.95"
    assert project["websites"] == ["https://ferry.example.org"]
    assert project["links"] == [{"rel": "topic", "id": "eu-call:HORIZON-CL9-2026-01-02"}]
    lead, partner, third = project["organisations"]
    assert (lead["id"], lead["role"], lead["country"]) == ("pic:900000001", "lead", "GR")
    assert (partner["name"], partner["type"]) == ("HAFENBETRIEBE KäRNTEN GMBH", "Sme")
    assert project["mended"] == [
        {
            "field": "organisations.1.name", "what": "encoding", "before": "K√§RNTEN",
            "after": "KäRNTEN", "times": 1,
        }
    ]  # fmt: skip
    assert (partner["budget"], partner["eu"]) == ("230000.50", "230000")
    assert (third["role"], third["source_role"], third["country"]) == (
        "associated", "thirdParty", "DE",
    )  # fmt: skip
    assert third["budget"] == "0" and "eu" not in third
    assert project["countries"] == ["HU"]


def test_money_that_is_zero_is_not_money_that_is_silent(sample: Any) -> None:
    budget = sample[0]["cordis:101000002"]["budget"]
    assert budget == {"eu": {"amount": "0", "currency": "EUR"}}


def test_organisations_documents_and_articles_are_records(sample: Any) -> None:
    records = sample[0]
    assert Counter(record["kind"] for record in records.values()) == {
        "project": 3, "organisation": 3, "file": 2, "news": 1,
    }  # fmt: skip
    assert records["pic:900000001"]["names"][0]["name"] == "UOC"
    assert records["pic:900000003"]["countries"] == ["DE", "HU"]
    about = [{"rel": "about", "id": "cordis:101000001"}]
    for name in ("101000001_1_DELIVHORIZON", "101000001_1_PSHORIZON", "article-450001"):
        assert records[f"cordis:{name}"]["links"] == about
    assert records["cordis:article-450001"]["text"]["en"] == "On both shores.\n\nNext\n\nTrains."


def test_what_is_wrong_is_told_with_its_place(sample: Any) -> None:
    told = {(error.where, error.message.split(";")[0]) for error in sample[1]}
    assert ("project.csv, row 4, status",
            "'waiting' is none of SIGNED, CLOSED, TERMINATED") in told  # fmt: skip
    assert ("project.csv, row 4, startdate", "'2016-13-01' is no day of the calendar") in told
    assert ("project.csv, row 4, totalcost", "'much' is not an amount such as 1234.50") in told
    assert all(error.warning for error in sample[1])


def test_an_archive_gives_the_same_as_the_folder(sample: Any, tmp_path: Path) -> None:
    path = tmp_path / "cordis-HORIZONprojects-csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(SAMPLE.iterdir()):
            archive.write(each, f"csv/{each.name}")
        archive.writestr("csv/readme.pdf", b"%PDF-")
    records, errors = read(path)
    assert records == sample[0]
    assert [e.message for e in errors if "not read: csv/readme.pdf" in e.message]


def test_json_gives_the_same_as_csv(sample: Any, tmp_path: Path) -> None:
    from tessera.sources.formats.table import Row, read_tables

    for path in SAMPLE.glob("*.csv"):
        rows = [r.values for t in read_tables(path) for r in t.rows if isinstance(r, Row)]
        for row in rows:
            if row.get("projectID"):
                row["projectID"] = int(row["projectID"])
        (tmp_path / f"{path.stem}.json").write_text(json.dumps(rows))
    shutil.copy(SAMPLE / "article.xml", tmp_path)
    assert read(tmp_path)[0] == sample[0]


def test_rows_that_come_twice_are_taken_once_and_told(sample: Any, tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "one")
    shutil.copytree(SAMPLE, tmp_path / "two")
    records, errors = read(tmp_path)
    assert records == sample[0]
    assert any(e.message.startswith("3 of 3 rows say again") for e in errors)


def test_tables_without_their_projects_are_told_once(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "topics.csv", tmp_path)
    records, [error] = read(tmp_path)
    assert records == {} and "101000001" in error.message and "project.csv" in error.message


def test_a_project_whose_title_is_not_there_is_called_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "derived.csv").write_text("id;acronym;title;topic\n7;;;ERC-2021-STG\n8;WE;;\n")
    (tmp_path / "topics.csv").write_text("projectID;topic;title\n9;ERC-2024-STG;STARTING GRANTS\n")
    records, errors = read(tmp_path)
    assert {name: record["title"] for name, record in records.items()} == {
        "cordis:7": {"en": "Project 7 (ERC-2021-STG)"},
        "cordis:8": {"und": "WE"},
        "cordis:9": {"en": "Project 9 (STARTING GRANTS)"},
    }
    assert "Its title is not in the delivery" in records["cordis:7"]["notes"]
    assert all(error.warning for error in errors)
    told = [e.message for e in errors if "taken with what these say" in e.message]
    assert len(told) == 1 and told[0].startswith("1 projects have rows in other tables")
    assert sum("called by its number" in e.message for e in errors) == 2


def test_a_value_that_is_left_out_is_quoted_in_short_and_told_whole(tmp_path: Path) -> None:
    code = "XX999" + "a" * 30_000
    (tmp_path / "organization.csv").write_text(
        f"projectID;organisationID;name;nutsCode\n7;999888777;River Town;{code}\n"
    )
    (tmp_path / "project.csv").write_text("id;acronym;title\n7;WE;Wells\n")
    _, errors = read(tmp_path)
    told = [error.message for error in errors if error.value == code]
    assert told
    assert all(len(each) < 1000 and each.endswith("; left out") for each in told)


def test_numbers_of_projects_that_are_long_texts_are_told_in_short(tmp_path: Path) -> None:
    (tmp_path / "topics.csv").write_text(f"projectID;topic;title\n{'9' * 30_000};T;Grants\n")
    _, errors = read(tmp_path)
    (told,) = [error.message for error in errors if "rows in other tables" in error.message]
    assert len(told) < 400


def test_the_tables_of_horizon_come_in_whole(shared: Path) -> None:
    folder = shared / "data/cordis_horizon_tables"
    found = [*CORDIS.gather([folder / "derived_projects_min.csv", folder / "csv"])]
    items = [each for each in found if not isinstance(each, ItemError)]
    assert len(items) == 15_341
    assert all(each.warning for each in found if isinstance(each, ItemError))
    made = [draft for item in items[::500] for draft in drafts_of(CORDIS, item)]
    assert sum(isinstance(draft, RecordDraft) for draft in made) == len(items[::500])


def test_lists_of_codes_are_told_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "cordisref-sicCode.csv").write_text("code;title;description;language\nA;B;;en\n")
    (tmp_path / "cordisref-topics.csv").write_text("title;topicRcn;topicCode\nA;1;B\n")
    records, errors = read(tmp_path)
    assert records == {} and len(errors) == 2
    assert all(error.warning and "names codes" in error.message for error in errors)


def test_persons_and_publications_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "erc-pi.csv").write_text("projectId;firstName;lastName\n1;A;Person\n")
    (tmp_path / "projectPublications.csv").write_text(
        "id;title;isPublishedAs;authors;projectID\n1;T;x;A Person;1\n"
    )
    records, errors = read(tmp_path)
    assert records == {} and len(errors) == 2
    assert all("person" in error.message for error in errors)


def test_a_scraped_list_keeps_no_names_of_contacts(tmp_path: Path) -> None:
    row = {
        "Partners": ["ONE", "TWO, AND MORE"], "Country": ["Norway", "Spain"],
        "To": ["2016-12-31, closed project |"],
        "From": ["2012-10-01"], "Project_ID": ["300001"], "Project_Title": ["Wells"],
        "Project_ACR": ["WELL"], "Technology_Description": "Deep.",
        "Total_Cost": ["EUR 9 616 525,18"],
        "EU_Contribution": [], "Activity": ["Research Organisations", "A. Person", "Tel.: +1"],
        "Topic_s": ["ENV.1 - Water"], "Call_for_Proposal": ["FP7-ENV-2012"], "Funding_scheme": [],
    }  # fmt: skip
    (tmp_path / "list.json").write_text(json.dumps([row]))
    [item] = [each for each in CORDIS.gather([tmp_path]) if not isinstance(each, ItemError)]
    assert "Person" not in item.written
    [project] = [
        made.canonical() for made in drafts_of(CORDIS, item) if isinstance(made, RecordDraft)
    ]
    assert [(p["name"], p["country"]) for p in project["organisations"]] == [
        ("ONE", "NO"), ("TWO, AND MORE", "ES"),
    ]  # fmt: skip
    assert project["budget"] == {"total": {"amount": "9616525.18", "currency": "EUR"}}
    assert (project["period"], project["status"]) == ("2007-2013", "closed")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.json", '[{"projectID": 1, "topic": "A"}, {"a": ', "broken"),
        ("a.xml", "<project><id>1</id>", "no XML"),
        ("b.xml", '<!DOCTYPE x [<!ENTITY a "b">]><project>&a;</project>', "no XML"),
        ("c.xml", "<result><id>1</id></result>", "neither a project nor an article"),
        ("d.yaml", "a: [1", "broken YAML"),
        ("e.zip", "PK", "broken archive"),
        ("f.csv", "", "column names"),
    ],
)
def test_a_file_that_is_broken_says_so(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    records, errors = read(tmp_path / name)
    assert records == {}
    assert any(said in error.message and error.where.startswith(name) for error in errors), errors


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(p.name for p in SAMPLE.iterdir())), st.randoms(use_true_random=False))
def test_spoilt_files_never_break_the_run(tmp_path: Path, name: str, chance: random.Random) -> None:
    folder = tmp_path / "spoilt"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE, folder)
    data = bytearray((folder / name).read_bytes())
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    (folder / name).write_bytes(data[: chance.randint(1, len(data))])
    records, _ = read(folder)
    if name != "projectDeliverables.csv":
        assert "cordis:101000001_1_DELIVHORIZON" in records


@pytest.mark.parametrize(
    ("written", "value"),
    [("230000", "230000"), ("528340.97", "528340.97"), ("2073781,25", "2073781.25"),
     ("0", "0"), ("123,456", "123.456"), ("EUR 9 616 525,18", "9616525.18")],
)  # fmt: skip
def test_one_mark_in_money_is_a_decimal_one(written: str, value: str) -> None:
    assert money(written) == value


def test_marks_around_a_whole_text_go_those_within_stay() -> None:
    assert unwrapped('"The "X" works"') == 'The "X" works'
    assert unwrapped('"A" and "B"') == '"A" and "B"'
    assert unwrapped('"') == '"'


def test_names_of_2017_are_mended_and_none_is_lost(shared: Path) -> None:
    records, errors = read(shared / "data/cordis_h2020_orgs_2017/stacked_dump.csv")
    spared = [each for each in errors if "natural person" in each.message]
    assert len(records) + len(spared) == 13_421
    others = [each for each in errors if each not in spared]
    assert all(each.warning and each.message.startswith("mended the ") for each in others)
    fields = [{each["field"] for each in r.get("mended", ())} for r in records.values()]
    assert sum("title.und" in each for each in fields) == 124
    assert not any("√" in r["title"]["und"] for r in records.values())


def test_the_official_xml_comes_in(shared: Path) -> None:
    records, errors = read(shared / "data/cordis_xml")
    project = records["cordis:101190685"]
    assert [p["role"] for p in project["organisations"]].count("lead") == 1
    assert len(project["organisations"]) == 7
    assert records["cordis:article-451044"]["links"] == [{"rel": "about", "id": "cordis:101017142"}]
    assert [error.message for error in errors] == ["not read: LICENSE.EUPL"]


def test_the_scraped_lists_come_in(shared: Path) -> None:
    records, errors = read(shared / "data/cordis_fp7_h2020_scrape")
    assert len(records) == 67
    assert all(error.warning for error in errors)
