from __future__ import annotations

from pathlib import Path
from typing import Any

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.hygiene import drafts_of
from tessera.sources.registry import FOLDER, importer

ERC = importer("cordis-erc")


def read(path: Path) -> tuple[list[Item], list[dict[str, Any]], list[ItemError]]:
    items: list[Item] = []
    records: list[dict[str, Any]] = []
    errors: list[ItemError] = []
    for item in ERC.gather([path]):
        if isinstance(item, ItemError):
            errors.append(item)
            continue
        items.append(item)
        for made in drafts_of(ERC, item):
            if isinstance(made, RecordDraft):
                records.append(made.canonical())
            else:
                errors.append(made)
    return items, records, errors


def test_the_sample_becomes_projects_without_persons() -> None:
    items, records, errors = read(FOLDER / "cordis_erc" / "sample")
    assert not any("Person" in item.written for item in items)
    assert [record["acronym"] for record in records] == ["PEBBLE", "MOSS"]
    [host] = records[0]["organisations"]
    assert (host["name"], host["role"]) == ("UNIVERSITY OF NOWHERE", "lead")
    assert records[0]["text"] == {"en": "Stones travel. We follow them."}
    assert records[0]["budget"]["eu"]["amount"] == "1491013"
    assert records[0]["stated"]["scheme"] == "ERC Starting Grant"
    assert "budget" not in records[1]
    assert sorted(error.message for error in errors) == [
        "1 rows say word for word what a row before says; passed over",
        "is empty: no host is stated",
    ]


def test_a_changed_abstract_keeps_the_id(tmp_path: Path) -> None:
    head = "project_acronym,project,institution,details_project,date_start_project\n"
    ids = []
    for abstract in ("One.", "Two."):
        path = tmp_path / "erc.csv"
        path.write_text(f"{head}A,Title,Host,{abstract},2018-01-01\n")
        ids.append(read(path)[1][0]["id"])
    assert ids[0] == ids[1]


def test_all_grants_come_in_once(shared: Path) -> None:
    _, records, errors = read(shared / "data/cordis_erc")
    assert len(records) == len({record["id"] for record in records}) == 2_674
    assert all(error.warning for error in errors)
    assert [e.message for e in errors if e.stage == "gather"] == [
        "100 rows say word for word what a row before says; passed over"
    ]
