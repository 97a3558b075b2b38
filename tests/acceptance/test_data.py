"""ACCEPTANCE 25 to 27, 31 and 40: what becomes of data that comes in."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tessera.schema.draft import RecordDraft
from tests.acceptance.conftest import run_json
from tests.livesite import ROOT

DOCUMENTS = ROOT / "demo" / "documents"


def write(path: Path, records: list[dict[str, Any]]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def test_25_a_second_import_changes_nothing_and_one_changed_field_is_one_change(
    tmp_path: Path,
) -> None:
    records = [
        {"id": f"k:{n}", "kind": "project", "title": f"Project {n}",
         "organisations": [{"name": f"Agency {n % 3}", "country": "LT", "role": "lead"}]}
        for n in range(10)
    ]  # fmt: skip
    path = write(tmp_path / "p.jsonl", records)
    first = run_json(tmp_path, "import", "jsonl", path, "--json")
    assert (first["received"], first["added"]) == (10, 10)
    again = run_json(tmp_path, "import", "jsonl", path, "--json")
    assert (again["unchanged"], again["added"], again["changed"]) == (10, 0, 0)
    records[4]["title"] = "Project four"
    third = run_json(tmp_path, "import", "jsonl", write(tmp_path / "p.jsonl", records), "--json")
    assert (third["unchanged"], third["changed"], third["withdrawn"]) == (9, 1, 0)


REGIONS = {
    # stated (its version): the region of today that the record is found under
    "FR71": "FRK2",  # 2013, another code since 2016
    "UKM2": "UKM",  # 2013, divided in 2016: the smallest region around it
    "UKI31": "UKI31",  # 2016
    "NO060": "NO060",  # 2021 and 2024
    "HR05": "HR05",  # 2021
    "PT1A0": "PT1A0",  # 2024
    "EL303": "EL303", "GR303": "EL303",
    "UKC1": "UKC1", "GBC1": "UKC1",
}  # fmt: skip


def test_26_regions_of_every_version_are_found_and_the_code_as_stated_is_kept(
    tmp_path: Path,
) -> None:
    records = [
        {"id": f"n:{code}", "kind": "project", "title": code, "regions": [{"nuts": code}]}
        for code in REGIONS
    ]
    records += [
        {"id": f"c:{code}", "kind": "project", "title": code, "countries": [code]}
        for code in ("EL", "GR", "UK", "GB")
    ]
    path = write(tmp_path / "n.jsonl", records)
    report = run_json(tmp_path, "import", "jsonl", path, "--json")
    assert (report["added"], report["errors"]) == (len(records), [])
    for code, region in (("FR71", "FRK2"), ("GR303", "EL303"), ("PT1A0", "PT1A0")):
        answer = run_json(tmp_path, "search", "", "--filter", f"region={region}", "--json")
        assert f"n:{code}" in {hit["id"] for hit in answer["hits"]}, code
    for code in ("GR", "GB"):
        answer = run_json(tmp_path, "search", "", "--filter", f"country={code}", "--json")
        written = {"GR": "EL", "GB": "UK"}[code]
        assert {f"c:{code}", f"c:{written}"} <= {hit["id"] for hit in answer["hits"]}, code


@pytest.mark.parametrize(("stated", "region"), REGIONS.items())
def test_26_a_region_is_that_of_today(stated: str, region: str) -> None:
    draft = RecordDraft.from_json(
        {"id": "n:1", "kind": "project", "title": "t", "regions": [{"nuts": stated}]}
    )
    (found,) = draft.regions
    assert found.nuts == region
    assert found.stated == ("" if stated == region else stated)


def test_26_an_imported_version_says_what_its_regions_are_called(tmp_path: Path) -> None:
    table = tmp_path / "NUTS_AT_2013.csv"
    table.write_text("NUTS_ID,NAME_LATN\nFR71,Rhône-Alpes\n", encoding="utf-8")
    assert run_json(tmp_path, "import", "nuts", str(table), "--json")["added"] == 1
    (region,) = run_json(tmp_path, "vocabularies", "show", "nuts", "FR71", "--json")
    assert (region["labels"], region["versions"]) == ({"und": "Rhône-Alpes"}, ["2013"])


def test_27_codes_are_normalised_and_the_run_says_so(tmp_path: Path) -> None:
    record = {
        "id": "n:1", "kind": "project", "title": "Norms", "objectives": [" RSO2.8"],
        "programme": {"id": "2014tc16rfir001"},
        "organisations": [{"name": "A", "type": "N.a."}],
    }  # fmt: skip
    path = write(tmp_path / "n.jsonl", [record])
    report = run_json(tmp_path, "import", "jsonl", path, "--json")
    assert report["added"] == 1
    assert report["errors"] == []
    for name, value in (("objective", "RSO2.8"), ("programme", "2014TC16RFIR001"),
                        ("organisation_type", "none")):  # fmt: skip
        answer = run_json(tmp_path, "search", "", "--filter", f"{name}={value}",
                          "--kind", "project", "--json")  # fmt: skip
        assert answer["total"] == 1, name
    told = json.dumps(report)
    assert " RSO2.8" in told
    assert "N.a." in told


@pytest.fixture(scope="module")
def documents_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("documents-home")
    report = run_json(home, "import", "files", str(DOCUMENTS), "--json")
    assert report["received"] == report["added"] == len(list(DOCUMENTS.iterdir()))
    assert report["errors"] == []
    return home


def test_31_a_phrase_on_page_37_is_found_with_its_page(documents_home: Path) -> None:
    answer = run_json(documents_home, "search", '"two-lantern rule"', "--json")
    assert answer["total"] == 1
    (hit,) = answer["hits"]
    assert [each["label"] for each in hit["highlights"] if each["field"] == "text"] == ["37"]


def test_31_a_scan_says_that_it_has_no_text_layer(documents_home: Path) -> None:
    answer = run_json(documents_home, "search", "cheesemakers", "--json")
    (scan,) = [hit for hit in answer["hits"] if "scan" in hit["id"]]
    record = json.dumps(scan)
    assert re.search("no text layer", record)


def test_one_broken_file_is_an_error_of_that_file_alone(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text("A report on footpaths across the border.\n" * 5)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really\n%%EOF")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 torn")
    report = run_json(tmp_path, "import", "files", str(folder), "--json")
    assert report["added"] == 1
    wrong = {Path(str(e["where"]).split(",")[0]).name for e in report["errors"]}
    assert wrong == {"broken.pdf", "broken.docx"}
