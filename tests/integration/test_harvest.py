"""Runs: errors, limits, dry runs, one at a time."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tessera.harvest import gathering, taking
from tessera.harvest.models import Run, RunError
from tessera.harvest.report import HarvestError
from tessera.harvest.run import harvest
from tessera.harvest.turn import process_start, turn
from tessera.records.models import Change, Record, Source, SourceRecord
from tests.integration.conftest import Deliver
from tests.integration.deliveries import Lines, outcome, project, write
from tests.integration.test_index_equals_records import SOURCES, Catalogue

pytestmark = pytest.mark.django_db


def record(uid: str, **more: Any) -> dict[str, Any]:
    return {"id": uid, "kind": "project", "title": {"en": uid}, **more}


def test_errors_are_stored_by_stage_and_the_run_goes_on(deliver: Deliver) -> None:
    report = deliver([
        record("p:1"), "{broken", record("p:2", period="never"), record("p:3", slip=True),
        record("p:4"),
    ])  # fmt: skip
    assert (report.received, report.added) == (5, 2)
    stored = RunError.objects.filter(run_id=report.run).values_list("stage", "where", "message")
    assert [(stage, where.partition(", ")[2]) for stage, where, _ in stored] == [
        ("gather", "line 2"), ("map", "line 3"), ("map", "line 4"),
    ]  # fmt: skip
    assert "KeyError: 'slip'" in stored[2][2]
    run = Run.objects.get(pk=report.run)
    assert (run.outcome, run.received, run.added, run.errors_count) == ("done", 5, 2, 3)
    assert run.finished_at is not None
    problem = SourceRecord.objects.get(key="p:2")
    assert "never" in problem.problem and problem.raw["period"] == "never"  # type: ignore[index]


def test_what_no_database_stores_is_an_error_of_its_item(deliver: Deliver) -> None:
    report = deliver([
        record("p:1", title={"en": "nul \0 here"}), record("p:2", title={"en": "half \ud800"}),
        '{"id": "p:3", "kind": "project", "title": "t", "size": NaN}',
        record("p:4", title={"en": "a backslash \\u0000 is text"}), record("x" * 600),
        record("p:5\0"), record("p:6"), '"half \ud800 line"',
    ][:7])  # fmt: skip
    assert sorted(Record.objects.values_list("uid", flat=True)) == ["p:4", "p:6"]
    messages = [error.message for error in report.errors]
    assert len(messages) == 5
    assert "U+0000" in messages[0] and "U+D800" in messages[1] and "NaN" in messages[2]
    assert "600 characters" in messages[3]
    again = deliver([record("p:4", title={"en": "a backslash \\u0000 is text"}), record("p:6")])
    assert again.unchanged == 2


def test_too_many_errors_stop_the_run(deliver: Deliver) -> None:
    records: list[Any] = [record(f"p:{n}") for n in range(10)]
    deliver(records)
    with pytest.raises(HarvestError, match="30 are in error") as failed:
        deliver(records[:9] + ["{broken"] * 30)
    assert failed.value.report is not None and len(failed.value.report.errors) == 30
    run = Run.objects.first()
    assert run is not None and run.outcome == "failed" and "30 are in error" in run.message
    assert RunError.objects.filter(run=run).count() == 30
    assert not Record.objects.exclude(withdrawn_at=None).exists()


def test_a_delivery_that_breaks_off_withdraws_nothing(deliver: Deliver) -> None:
    records: list[Any] = [record(f"p:{n}") for n in range(4)]
    deliver(records)
    with pytest.raises(HarvestError, match=r"after 2 items .*Input/output error"):
        deliver([record("p:0", status="closed"), records[1], '"break"'])
    assert Record.objects.get(uid="p:0").current["status"] == "closed"
    assert not Record.objects.exclude(withdrawn_at=None).exists()
    run = Run.objects.first()
    assert run is not None and run.outcome == "failed"
    assert deliver(records).changed == 1


def test_an_item_that_was_in_error_is_mapped_again(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = record("p:1", period="never")
    deliver([bad, record("p:2")])
    monkeypatch.setattr("tests.integration.deliveries.RecordDraft", Lenient)
    report = deliver([bad, record("p:2")])
    assert (report.added, report.unchanged) == (1, 1)


class Lenient:
    """As when the importer was mended meanwhile."""

    @staticmethod
    def from_json(value: dict[str, Any]) -> Any:
        from tessera.schema.draft import RecordDraft

        return RecordDraft.from_json({**value, "period": None})


def test_another_version_of_the_mapping_maps_all_again(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver([record("p:1"), record("p:2")])
    monkeypatch.setattr(taking, "mapping_version", lambda importer: "another")
    mapped: list[str] = []
    original = Lines.map
    monkeypatch.setattr(
        Lines, "map", lambda self, item: mapped.append(item.key) or original(self, item)
    )
    report = deliver([record("p:1"), record("p:2")])
    assert (report.unchanged, mapped) == (2, ["p:1", "p:2"])
    deliver([record("p:1"), record("p:2")])
    assert mapped == ["p:1", "p:2"]


def test_batches_make_no_difference(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [record(f"p:{n}", links=[{"rel": "part_of", "id": f"p:{n + 1}"}]) for n in range(9)]
    records += [record("p:2"), records[5], {"key": "late", "records": [record("p:3")]}]
    monkeypatch.setattr(gathering, "BATCH", 2)
    small = deliver(records, source="small", dry_run=True), deliver(records, source="small")
    Record.objects.all().delete()
    monkeypatch.setattr(gathering, "BATCH", 500)
    big = deliver(records, source="big", dry_run=True), deliver(records, source="big")

    def counts(report: Any) -> Any:
        told = report.as_json()
        return outcome(told)["stages"] | {
            "errors": [error["where"].partition(",")[2] for error in told["errors"]]
        }

    assert len({str(counts(report)) for report in (*small, *big)}) == 1
    assert counts(small[0])["errors"] == [" line 10", " line 12"]


@pytest.mark.parametrize("seed", range(4))
def test_a_dry_run_reports_the_same_and_writes_nothing(seed: int, tmp_path: Path) -> None:
    catalogue = Catalogue(seed)
    pick = random.Random(seed)
    for _ in range(10):
        catalogue.change()
        source = pick.choice(SOURCES)
        own = [r for uid, r in catalogue.records.items() if catalogue.owner[uid] == source]
        other = [r for uid, r in catalogue.records.items() if catalogue.owner[uid] != source]
        lines: list[Any] = [*own, *pick.sample(other, min(2, len(other)))]
        lines += [{**r, "status": "closed"} for r in pick.sample(own, min(1, len(own)))]
        lines += [{"key": f"moved {pick.random()}", "records": [r]} for r in own[:1]]
        pick.shuffle(lines)
        path = write(tmp_path / "delivery.jsonl", lines)
        importer = Lines(source, minimum=0, max_loss=1.0)
        before = _everything()
        rehearsed = harvest(importer, [path], dry_run=True)
        assert _everything() == before
        done = harvest(importer, [path])
        assert outcome(rehearsed.as_json()) == outcome(done.as_json())


def _everything() -> list[Any]:
    models = (Source, SourceRecord, Record, Change, Run, RunError)
    return [list(model.objects.order_by("pk").values()) for model in models]


class TestOneAtATime:
    def source(self) -> Source:
        return Source.objects.create(slug="lines", importer="lines", name="Lines")

    def test_a_second_run_is_refused(self, deliver: Deliver) -> None:
        with turn(self.source()), pytest.raises(HarvestError, match="is going on since"):
            deliver([record("p:1")])
        assert deliver([record("p:1")]).added == 1

    def test_a_run_of_a_dead_process_is_interrupted(self, deliver: Deliver) -> None:
        child = subprocess.Popen([sys.executable, "-c", "pass"])
        child.wait()
        run = self.going(child.pid, "boot-1")
        deliver([record("p:1")])
        run.refresh_from_db()
        assert (run.outcome, run.finished_at is not None) == ("interrupted", True)

    def test_a_pid_that_another_process_has_now_is_dead(self, deliver: Deliver) -> None:
        run = self.going(os.getppid(), "another start")
        deliver([record("p:1")])
        run.refresh_from_db()
        assert run.outcome == "interrupted"

    def test_a_living_process_is_left_alone(self, deliver: Deliver) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        try:
            self.going(child.pid, process_start(child.pid))
            with pytest.raises(HarvestError, match=f"process {child.pid}"):
                deliver([record("p:1")])
        finally:
            child.communicate(b"\n")
        assert deliver([record("p:1")]).added == 1

    def test_another_machine_is_judged_by_its_sign_of_life(self, deliver: Deliver) -> None:
        run = self.going(1, "", host="elsewhere")
        with pytest.raises(HarvestError, match="elsewhere"):
            deliver([record("p:1")])
        Run.objects.filter(pk=run.pk).update(alive_at=timezone.now() - timedelta(hours=1))
        assert deliver([record("p:1")]).added == 1

    def going(self, pid: int, start: str, host: str = "") -> Run:
        return Run.objects.create(
            source=self.source(), pid=pid, process_start=start, host=host or socket.gethostname()
        )


def test_a_source_belongs_to_its_importer(deliver: Deliver, tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [record("p:1")])
    harvest(Lines("one"), [path], source_slug="mine")
    assert Source.objects.get(slug="mine").importer == "one"
    assert Record.objects.get(uid="p:1").terms == "CC0-1.0"
    with pytest.raises(HarvestError, match="read by the importer 'one'"):
        harvest(Lines("two"), [path], source_slug="mine")
    with pytest.raises(HarvestError, match="is taken"):
        harvest(Lines("derived"), [path])


def test_memory_stays_bounded(tmp_path: Path) -> None:
    """A delivery four times as long needs no more memory, but for what SQLite keeps in memory."""
    if connection.vendor == "sqlite":
        pytest.skip("the test database itself is in memory; test_on_postgresql measures this")
    import tracemalloc

    peaks = []
    for count in (600, 2400):
        path = write(tmp_path / "many.jsonl", (project(n) for n in range(count)))
        tracemalloc.start()
        harvest(Lines(), [path])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
