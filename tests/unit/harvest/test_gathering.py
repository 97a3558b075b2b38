"""How the stream of an importer is cut into batches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tessera.harvest import gathering
from tessera.harvest.gathering import batches
from tessera.harvest.report import Report
from tessera.sources.base import Item


def stream(raws: list[Any]) -> Iterator[Item]:
    for number, raw in enumerate(raws):
        yield Item(f"k{number}", raw, f"list, row {number + 1}")


def sizes(raws: list[Any]) -> list[int]:
    return [len(batch) for batch in batches(partial(stream, raws), Report("x"))]


def test_so_many_items_are_a_batch() -> None:
    assert sizes(["short"] * (2 * gathering.BATCH + 1)) == [gathering.BATCH, gathering.BATCH, 1]


def test_few_long_items_are_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_TEXT", 100)
    assert sizes(["short", "x" * 60, "x" * 60, "short", "x" * 300, "short"]) == [3, 2, 1]


def test_what_is_no_json_doesnt_break_the_stream() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert sizes([endless, {1, 2}, "short"]) == [3]
