"""The admin's pages of runs, of sources and of locked fields, as an editor reads them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tessera.accounts.models import User
from tessera.harvest.models import Run, RunError
from tessera.harvest.report import HarvestError
from tessera.harvest.run import harvest
from tessera.records.corrections import correct, locked_fields
from tessera.records.models import Record, Source
from tessera.trail.signing import told
from tests.integration.deliveries import Lines, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor@portal.example", "secret"))
    return client


def item(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"p:{number}", "kind": "project", "title": {"en": f"Number {number}"}, **more}


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def delivered(path: Path, records: list[Any], **promises: Any) -> Run:
    try:
        report = harvest(Lines(**promises), [write(path / "in.jsonl", records)])
    except HarvestError as error:
        assert error.report is not None
        report = error.report
    return Run.objects.get(pk=report.run)


def test_the_page_of_a_run_says_how_it_ended_and_what_to_do(editor: Client, tmp_path: Path) -> None:
    run = delivered(tmp_path, [item(1), item(2, start="soon"), item(3, start="later"), "{"])
    html = page(editor, f"/admin/harvest/run/{run.pk}/change/")
    assert "Done, with errors. 4 items received: 1 records added" in html
    assert "Mend the errors below" in html and "At least 1 good records; there are 1." in html
    assert "in.jsonl, line 2" in html and "<script" not in html.split("</header>")[1]
    told = json.loads(editor.get(f"/admin/harvest/run/{run.pk}/report.json").content)
    assert (told["run"], len(told["errors"]), told["stages"]["gather"]["files"]) == (run.pk, 3, 1)
    answer = editor.get(f"/admin/harvest/run/{run.pk}/errors.csv")
    table = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # streams
    assert [row["where"] for row in csv.DictReader(io.StringIO(table))] == [
        f"in.jsonl, line {n}" for n in (2, 3, 4)
    ]
    assert editor.get("/admin/harvest/run/999/errors.csv").status_code == 404
    error = RunError.objects.get(row=2)
    assert (error.file, error.column, error.key) == ("in.jsonl", "", "p:2")
    listed = "/admin/harvest/runerror/?run__id__exact="
    assert "in.jsonl" in page(editor, f"{listed}{run.pk}&file=in.jsonl&stage__exact=map")
    assert "0 " in page(editor, f"{listed}{run.pk}&column=Budget")
    assert "whereabouts/?q=p%3A2" in page(editor, f"/admin/harvest/runerror/{error.pk}/change/")


def test_broken_promises_are_named(editor: Client, tmp_path: Path) -> None:
    delivered(tmp_path, [item(n) for n in range(9)])
    html = page(editor, f"/admin/harvest/run/{delivered(tmp_path, [item(1)]).pk}/change/")
    assert "Failed." in html and "At most 50% of the 9 known records lost; it lacks 8." in html
    assert "<strong>Broken.</strong>" in html and "--accept-loss" in html
    Run.objects.update(outcome="interrupted")
    assert "the next run completes" in page(
        editor, f"/admin/harvest/run/{Run.objects.latest('pk').pk}/change/"
    )


def test_nobody_else_reads_reports(client: Client, tmp_path: Path) -> None:
    run = delivered(tmp_path, [item(1)])
    for name in ("change/", "report.json", "errors.csv"):
        assert client.get(f"/admin/harvest/run/{run.pk}/{name}").status_code == 302
    client.force_login(User.objects.create_user("clerk@portal.example"))
    for name in ("change/", "report.json", "errors.csv"):
        assert client.get(f"/admin/harvest/run/{run.pk}/{name}").status_code == 302, name


def test_the_page_of_a_source(editor: Client, tmp_path: Path) -> None:
    run = delivered(tmp_path, [item(1), item(2, start="soon")])
    html = page(editor, f"/admin/records/source/{Source.objects.get(slug='lines').pk}/change/")
    assert f"/admin/harvest/run/{run.pk}/change/" in html and "by hand" in html
    assert "problem__isempty=0" in html
    address = "/admin/records/sourcerecord/?problem__isempty=0"
    assert "p:2" in page(editor, address) and "p:1" not in page(editor, address)


def test_locked_fields_survive_and_show(editor: Client, tmp_path: Path) -> None:
    first = [item(1, status="ongoing", acronym="OLD"), item(2)]
    delivered(tmp_path, first)
    record = Record.objects.get(uid="p:1")
    address = f"/admin/records/record/{record.pk}/change/"
    assert editor.post(address, {"corrections": '{"status": "closed"}'}).status_code == 302
    html = page(editor, address)
    assert "editor@portal.example, 20" in html and "Take back" in html
    assert "changed since" not in html

    run = delivered(tmp_path, [item(1, status="contracted", acronym="NEW"), item(2)])
    record.refresh_from_db()
    assert (record.current["status"], record.current["acronym"]) == ("closed", "NEW")
    assert (run.stages["store"]["changed"], run.stages["store"]["contradicted"]) == (1, 1)
    assert "The source has changed since." in page(editor, address)

    moved = [{"key": "elsewhere", "records": [item(1, status="contracted")]}, item(2)]
    assert delivered(tmp_path, moved).stages["store"]["moved"] == 1
    delivered(tmp_path, [item(2)], max_loss=1.0)
    record.refresh_from_db()
    assert record.withdrawn_at is not None and record.current["status"] == "closed"
    delivered(tmp_path, first)
    record.refresh_from_db()
    assert record.withdrawn_at is None and record.current["status"] == "closed"
    (field,) = locked_fields(record)
    kept = (field.by, field.source_value, field.source_changed)
    assert (told(kept[0]), *kept[1:]) == ("editor@portal.example", "ongoing", False)

    assert editor.post(address, {"_take_back": "status"}).status_code == 302
    record.refresh_from_db()
    assert record.current["status"] == "ongoing" and not record.locks.exists()
    assert "None: all is as the source has it." in page(editor, address)


def test_a_source_that_comes_to_agree_is_told(tmp_path: Path) -> None:
    delivered(tmp_path, [item(1, status="ongoing")])
    correct(Record.objects.get(uid="p:1"), {"status": "closed"}, by="editor")
    run = delivered(tmp_path, [item(1, status="closed")])
    assert run.stages["store"]["contradicted"] == 0
    (field,) = locked_fields(Record.objects.get(uid="p:1"))
    assert field.agrees and field.source_changed


def test_what_an_editor_says_of_a_source_outlasts_imports(tmp_path: Path) -> None:
    delivered(tmp_path, [item(1), item(2, licence="CC0-1.0")])
    Source.objects.filter(slug="lines").update(licence="CC-BY-4.0", name="The lines")
    delivered(tmp_path, [item(1), item(2, licence="CC0-1.0"), item(3)])
    source = Source.objects.get(slug="lines")
    assert (source.licence, source.name) == ("CC-BY-4.0", "The lines")
    terms = {record.uid: record.terms for record in Record.objects.all()}
    assert terms == {"p:1": "CC-BY-4.0", "p:2": "CC0-1.0", "p:3": "CC-BY-4.0"}


def test_importing_twice_changes_nothing_and_one_field_one_record(tmp_path: Path) -> None:
    records = [item(n, status="ongoing") for n in range(20)]
    delivered(tmp_path, records)
    again = delivered(tmp_path, records)
    assert (again.added, again.changed, again.withdrawn, again.unchanged) == (0, 0, 0, 20)
    assert (again.stages["map"]["mapped"], again.stages["map"]["skipped"]) == (0, 20)
    records[7]["status"] = "closed"
    once = delivered(tmp_path, records)
    assert (once.changed, once.unchanged, once.stages["map"]["mapped"]) == (1, 19, 1)
