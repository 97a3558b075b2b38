"""Reports, mapping and promises, without a database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from tessera.harvest.departures import broken_promise
from tessera.harvest.mapping import mapped, mapping_version, noted, unfit
from tessera.harvest.report import Report, legible
from tessera.harvest.turn import process_start
from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError, SourceInfo
from tessera.sources.where import Where
from tests.integration.deliveries import Lines

INFO = SourceInfo("lines", "Lines", "For tests", minimum=2, max_loss=0.5)


def test_warnings_are_counted_at_their_first_place() -> None:
    report = Report("lines")
    report.warn("map", "line 1", "unknown key")
    report.warn("map", "line 2", "unknown key")
    report.fail("map", "line 3", "wrong \0 \ud800")
    told = report.as_json()
    assert told["warnings"] == [
        {
            "stage": "map", "where": "line 1", "message": "unknown key", "file": "line 1",
            "times": 2,
        }
    ]  # fmt: skip
    assert told["errors"] == [
        {"stage": "map", "where": "line 3", "message": "wrong \\x00 \\ud800", "file": "line 3"}
    ]
    assert told["stages"]["map"]["errors"] == 1 and told["stages"]["map"]["warnings"] == 2
    assert report.sentence().endswith("0 withdrawn, 1 error")


def test_values_are_shortened_and_no_address_of_a_person_is_kept() -> None:
    report = Report("lines")
    where = Where.at("a.csv", 3).field("Contact")
    error = ItemError("map", where, "'jane@example.org' is no name", value="jane@example.org " * 30)
    report.tell("map", error)
    (problem,) = report.errors
    assert problem.message == "'[e-mail address]' is no name"
    assert "@" not in problem.value and len(problem.value) == 200 and problem.value[-1] == "…"
    assert (problem.file, problem.row, problem.column) == ("a.csv", 3, "Contact")


def test_promises() -> None:
    report = Report("lines", added=1, unchanged=1)
    assert broken_promise(INFO, report, known=4, lost=2) == ""
    assert "lacks 3 of the 4" in broken_promise(INFO, report, known=4, lost=3)
    report.fail("map", "line 1", "bad")
    few = broken_promise(replace(INFO, minimum=3), report, known=0, lost=0)
    assert "2 good records" in few and "line 1: bad" in few


class Careless(Lines):
    """Yields one draft, a warning and an error, and then slips."""

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        yield RecordDraft.from_json({"id": "p:1", "kind": "project", "title": "t"})
        yield ItemError("map", item.where, "left out", warning=True)
        yield ItemError("map", f"{item.where}, column 3", "no date")
        raise IndexError(3)


def test_mapping_keeps_what_is_good_and_says_what_is_not() -> None:
    report = Report("lines")
    received = noted(mapped(Careless(), Item("k", {"a": 1}, "line 9"), "v", 4), report)
    assert [draft.uid for draft in received.drafts] == ["p:1"]
    assert received.problem == "no date\nthe importer can't read this: IndexError: 3"
    assert (received.raw, received.mapping, received.position) == ('{"a": 1}', "v", 4)
    assert [error.where for error in report.errors] == ["line 9, column 3", "line 9"]
    assert list(report.warnings) == [("map", "left out")]


def test_items_that_cannot_be_told_apart() -> None:
    assert unfit(Item("k", {}, "here")) is None
    assert "600 characters" in str(unfit(Item("x" * 600, {}, "here")))
    for key in ("", "a\0", "\ud800"):
        assert "its key" in str(unfit(Item(key, {}, "here")))
    assert "JSON" in str(unfit(Item("k", {"a": object()}, "here")))


def test_the_mapping_version_goes_with_the_importer() -> None:
    assert mapping_version(Lines()) == mapping_version(Lines())
    assert mapping_version(Lines()) != mapping_version(Careless())
    assert mapping_version(Lines("one")) != mapping_version(Lines("two"))


def test_legible_and_process_start() -> None:
    assert legible("łódź \0\ud800") == "łódź \\x00\\ud800"
    assert process_start(os.getpid()) == process_start(os.getpid())
    assert process_start(2**22 + 1) == ""
