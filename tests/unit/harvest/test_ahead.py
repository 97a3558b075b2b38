"""Mapping ahead in a process of its own: same batches, same order, same results."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tessera.harvest.ahead import WORTH, Ahead
from tessera.harvest.ledger import Ledger
from tessera.harvest.mapping import mapped
from tessera.harvest.rehearsal import Memory
from tessera.harvest.report import HarvestError, Report
from tessera.harvest.taking import Taking
from tessera.sources.base import Importer, Item, Taken
from tessera.sources.registry import importer

pytestmark = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="nothing is mapped ahead on a single core"
)


def taking_of(chosen: Importer) -> Taking:
    report = Report("jsonl", dry_run=True)
    return Taking(chosen, None, report, None, Ledger(None, report, None), Memory())


def batch(begin: int, size: int = WORTH) -> list[Taken]:
    return [
        Item(f"p:{n}", {"id": f"p:{n}", "kind": "project", "title": f"Nr {n}"}, f"a, line {n}")
        for n in range(begin, begin + size)
    ]


def test_what_is_mapped_ahead_is_what_would_be_mapped_here() -> None:
    jsonl = importer("jsonl")
    taking = taking_of(jsonl)
    batches = [batch(0), batch(500), batch(1000, 3), batch(2000), batch(3000)]
    with Ahead(taking) as ahead:
        found = list(ahead.over(batches))
    assert [each for each, _ in found] == batches
    assert [len(ready) for _, ready in found] == [0, WORTH, 0, WORTH, WORTH]
    for taken, ready in found:
        for position, made in ready.items():
            item = taken[position]
            assert isinstance(item, Item)
            here = mapped(jsonl, item, taking.version, position)
            assert (made.received, made.told) == (here.received, here.told)


def test_batches_before_a_break_are_not_lost() -> None:
    def broken() -> Iterator[list[Taken]]:
        yield batch(0)
        yield batch(500)
        raise HarvestError("The delivery can't be read any further.")

    found = []
    with Ahead(taking_of(importer("jsonl"))) as ahead, pytest.raises(HarvestError):
        for each in ahead.over(broken()):
            found.append(each)
    assert [len(ready) for _, ready in found] == [0, WORTH]


def test_without_its_process_the_run_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    found = []
    with Ahead(taking_of(importer("jsonl"))) as ahead:
        for each in ahead.over([batch(0), batch(500), batch(1000), batch(2000)]):
            found.append(each)
            process = ahead._process
            if process is not None:
                process.kill()
                process.wait()
    assert [taken for taken, _ in found] == [batch(0), batch(500), batch(1000), batch(2000)]
    assert "going on without it" in caplog.text


def test_an_importer_that_needs_this_process_is_not_handed_on() -> None:
    with Ahead(taking_of(importer("files"))) as ahead:
        found = list(ahead.over([batch(0), batch(500)]))
        assert ahead._process is None
    assert [len(ready) for _, ready in found] == [0, 0]
