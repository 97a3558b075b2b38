"""What no database takes is found before it gets there."""

from __future__ import annotations

import json

import pytest

from tessera.records.keeping import checksum_of, written
from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"a": "x\0"}, r"U\+0000"),
        ({"a\0": 1}, r"U\+0000"),
        (["\udc80"], r"U\+DC80"),
        ([float("nan")], "NaN"),
        ({"a": float("-inf")}, "Infinity"),
        ({"a": object()}, "can't be written as JSON"),
    ],
)
def test_refused(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        written(value)


@pytest.mark.parametrize(
    "value", ["a \\u0000 as text", "NaN", "Infinity and beyond", "ąžuolas 😀", {"b": 1, "a": None}]
)
def test_taken(value: object) -> None:
    assert json.loads(written(value)) == value


def test_checksums_are_those_of_draft_and_item() -> None:
    draft = RecordDraft.from_json({"id": "p:1", "kind": "project", "title": {"lt": "Ąžuolas"}})
    assert checksum_of(written(draft.canonical())) == draft.checksum()
    raw = {"b": ["ą"], "a": 1}
    assert Item("k", raw, "here").checksum == checksum_of(written(raw))
