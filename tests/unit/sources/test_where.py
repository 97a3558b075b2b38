"""Places in a delivery: a sentence that keeps its parts."""

from __future__ import annotations

import json

from tessera.sources.base import Item
from tessera.sources.drafting import drafted
from tessera.sources.where import Where


def test_a_row_and_its_column() -> None:
    where = Where.at("list.xlsx", 12, sheet="Projects").field("Budget")
    assert where == "list.xlsx, sheet Projects, row 12, Budget"
    assert where.parts == {
        "file": "list.xlsx", "sheet": "Projects", "row": 12, "column": "Budget"
    }  # fmt: skip


def test_a_part_of_a_row_keeps_file_and_row() -> None:
    where = Where.at("news.xml", 3, unit="entry").within("partner 2").field("name")
    assert where == "news.xml, entry 3, partner 2, name"
    assert (where.file, where.row, where.column) == ("news.xml", 3, "name")


def test_a_text_alone_is_a_file() -> None:
    assert Where.of("reports/a.pdf").parts == {"file": "reports/a.pdf"}
    assert Where.of(Where.at("a.csv", 2)).row == 2


def test_packed_and_made_again() -> None:
    where = Where.at("a.csv", 2).said("a.csv, rows 2, 3").field("x")
    again = Where(*json.loads(json.dumps(where.packed)))
    assert again == where and again.parts == where.parts


def test_an_invalid_draft_names_field_and_value() -> None:
    item = Item("a", {}, Where.at("a.jsonl", 7, unit="line"))
    (error,) = drafted({"id": "a", "kind": "project", "title": {"en": "T"}, "start": "soon"}, item)
    assert (error.where, error.place.column, error.value) == ("a.jsonl, line 7", "start", "soon")
