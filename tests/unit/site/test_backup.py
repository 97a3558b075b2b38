"""Names in an archive."""

from __future__ import annotations

import pytest

from tessera.site.backup.archive import Entry, Manifest, _safe


@pytest.mark.parametrize("name", ["home/media/a b.pdf", "rows/records.record.jsonl", "home/ž"])
def test_names_that_stay_inside(name: str) -> None:
    assert _safe(name)


@pytest.mark.parametrize(
    "name",
    ["home/../a", "/etc/passwd", "home/", "home", "elsewhere/a", "home/a/../../b", "home/a\\b",
     "../home/a"],
)  # fmt: skip
def test_names_that_do_not(name: str) -> None:
    assert not _safe(name)


def test_a_manifest_survives_being_written() -> None:
    made = Manifest("1", "now", [("records", "0001")], {"records.record": 2},
                    {"home/a": Entry(1, "ff")})  # fmt: skip
    assert Manifest.from_json(made.as_json()) == made
