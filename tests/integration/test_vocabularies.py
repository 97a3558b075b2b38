"""Imported vocabularies: replaced whole or not at all, looked up, shown, kept in backups."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tessera.accounts.models import User
from tessera.cli import parser
from tessera.harvest.models import Run, RunError
from tessera.harvest.report import HarvestError, Report
from tessera.harvest.run import harvest
from tessera.records import concepts
from tessera.records.models import Concept, ConceptLabel, Record, Source, Vocabulary
from tessera.sources.registry import importer
from tests.livesite import ROOT, environment, tessera

SOURCES = ROOT / "src" / "tessera" / "sources"
A = "http://a.example/"
HEAD = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://a.example/> . "


def turtle(path: Path, numbers: Iterable[int], **labels: str) -> Path:
    """Concepts `:n` with the notation n, each below :0; labels by `n<number>`."""
    lines = [
        f':{n} a skos:Concept ; skos:inScheme :all ; skos:notation "{n}" ; '
        f'skos:prefLabel "{labels.get(f"n{n}", f"thing {n}")}"@en, "Ding {n}"@de'
        + (" ; skos:broader :0 ." if n else " .")
        for n in numbers
    ]
    path.write_text(HEAD + ':all a skos:ConceptScheme ; skos:prefLabel "All"@en .\n'
                    + "\n".join(lines))  # fmt: skip
    return path


def take(path: Path, slug: str = "skos", **options: Any) -> Report:
    return harvest(importer(slug), [path], **options)


def state() -> list[tuple[Any, ...]]:
    rows = Concept.objects.order_by("uri").values_list("uri", "title", "checksum", "withdrawn_at")
    labels = ConceptLabel.objects.order_by("concept__uri", "lang", "text")
    return [*rows, *labels.values_list("concept__uri", "lang", "role", "text")]


@pytest.mark.django_db
def test_a_vocabulary_is_taken_in_and_a_second_time_unchanged(tmp_path: Path) -> None:
    path = turtle(tmp_path / "a.ttl", range(30))
    report = take(path)
    assert (report.received, report.added) == (31, 31)
    before = state()
    report = take(path)
    assert (report.unchanged, report.added, report.changed, report.withdrawn) == (31, 0, 0, 0)
    assert state() == before
    vocabulary = Vocabulary.objects.get()
    assert (vocabulary.uri, vocabulary.title) == (f"{A}all", {"en": "All"})
    assert vocabulary.languages == ["de", "en"]
    assert not Record.objects.exists()
    report = take(turtle(path, range(30), n3="thing three"))
    assert (report.changed, report.unchanged) == (1, 30)
    assert [each.uri for each in concepts.find("THING  three")] == [f"{A}3"]
    assert concepts.find("thing 3") == []


@pytest.mark.django_db
def test_a_concept_that_goes_is_kept_as_withdrawn_and_may_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    take(turtle(path, range(30)))
    report = take(turtle(path, range(28)))
    assert report.withdrawn == 2
    gone = concepts.concept("skos", "29")
    assert gone is not None and gone.label("de") == "Ding 29", "records go on naming it"
    assert f"{A}29" not in concepts.below(f"{A}0")[0]
    report = take(turtle(path, range(30)))
    assert (report.added, report.unchanged) == (2, 29)
    assert f"{A}29" in concepts.below(f"{A}0")[0]


@pytest.mark.django_db
def test_a_delivery_that_lacks_too_much_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    take(turtle(path, range(30)))
    before = state()
    with pytest.raises(HarvestError, match=r"lacks 20 of the 31 concepts.*as it was") as caught:
        take(turtle(path, range(10), n1="renamed"))
    assert state() == before
    report = caught.value.report
    assert report is not None and (report.changed, report.withdrawn) == (0, 0)
    run = Run.objects.first()
    assert run is not None and (run.outcome, run.received, run.changed) == ("failed", 11, 0)
    assert take(path, accept_loss=True).withdrawn == 20


@pytest.mark.django_db
def test_a_file_that_breaks_off_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    take(turtle(path, range(30)))
    before = state()
    text = path.read_text()
    path.write_text(text.replace("thing", "thong")[: len(text) * 3 // 4])
    with pytest.raises(HarvestError, match=r"a\.ttl is broken.*as it was"):
        take(path)
    assert state() == before


@pytest.mark.django_db
def test_errors_and_warnings_are_kept_with_the_run(tmp_path: Path) -> None:
    path = turtle(tmp_path / "a.ttl", range(30))
    path.write_text(path.read_text() + '\n[] a skos:Concept ; skos:prefLabel "nameless" .'
                    f'\n:long{"x" * 600} a skos:Concept . :bare a skos:Concept .')  # fmt: skip
    report = take(path)
    assert (report.received, report.added) == (34, 32)
    stored = {(e.warning, e.message) for e in RunError.objects.filter(run_id=report.run)}
    assert any(not warning and "has no URI" in text for warning, text in stored)
    assert any(not warning and "at most 500" in text for warning, text in stored)
    assert any(warning and "no label in any language" in text for warning, text in stored)
    report = take(turtle(path, range(30)))
    assert report.withdrawn == 1, "the bare one"


@pytest.mark.django_db
def test_what_cannot_be_told_apart_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    take(turtle(path, range(30)))
    turtle(path, range(29))
    path.write_text(path.read_text() + '\n[] a skos:Concept ; skos:prefLabel "nameless" .')
    report = take(path)
    assert report.withdrawn == 0
    assert "nothing was withdrawn" in report.notes[0]


@pytest.mark.django_db
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    assert take(turtle(path, range(30)), dry_run=True).added == 31
    assert not Source.objects.exists()
    take(path)
    before = state()
    report = take(turtle(path, range(29), n4="four"), dry_run=True)
    assert (report.changed, report.unchanged, report.withdrawn) == (1, 29, 1)
    assert state() == before


@pytest.mark.django_db
def test_concepts_are_looked_up() -> None:
    take(SOURCES / "skos" / "sample" / "crafts.ttl")
    c = "http://example.org/crafts/"
    assert [each.uri for each in concepts.find("KUFEREI")] == [f"{c}barrels"]
    assert [each.uri for each in concepts.find("coopering", "skos", "en")] == [f"{c}barrels"]
    assert concepts.find("coopering", "skos", "de") == []
    assert concepts.find("coopering", "elsewhere") == []
    found = concepts.concepts("skos", ["1.1", f"{c}wood", "9"])
    assert {code: each.label("de-AT") for code, each in found.items()} == {
        "1.1": "Fassbinderei", f"{c}wood": "Holzhandwerk",
    }  # fmt: skip
    assert concepts.below(f"{c}wood") == ([f"{c}barrels", f"{c}pegs"], False)
    assert concepts.below(f"{c}wood", limit=1) == ([f"{c}barrels"], True)
    assert concepts.matching(f"{c}barrels") == ["http://example.net/trades/cooper"]
    assert concepts.matching("http://example.net/trades/cooper") == [f"{c}barrels"]


@pytest.mark.django_db
def test_circles_are_gone_through_once(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(HEAD + ":1 a skos:Concept ; skos:broader :2 . "
                           ":2 a skos:Concept ; skos:broader :1 .")  # fmt: skip
    take(path)
    assert concepts.below(f"{A}1") == ([f"{A}2"], False)


@pytest.mark.django_db
def test_an_editor_finds_a_concept_by_a_label_in_any_language(client: Client) -> None:
    take(SOURCES / "skos" / "sample" / "crafts.ttl")
    client.force_login(User.objects.create_superuser("editor@portal.example"))
    assert b"2.1" in client.get("/admin/records/vocabulary/").content
    vocabulary = Vocabulary.objects.get()
    assert client.get(f"/admin/records/vocabulary/{vocabulary.pk}/change/").status_code == 200
    listed = client.get("/admin/records/concept/", {"q": "kuferei"}).content.decode()
    assert "barrel making" in listed and "woodwork" not in listed
    wood = Concept.objects.get(notation="1")
    shown = client.get(f"/admin/records/concept/{wood.pk}/change/").content.decode()
    assert "Holzhandwerk" in shown and "peg making" in shown


@pytest.mark.django_db
def test_a_record_page_speaks_the_readers_language(client: Client, deliver: Any) -> None:
    take(SOURCES / "euroscivoc" / "sample" / "fields.ttl", "euroscivoc")
    take(SOURCES / "nuts" / "sample" / "NUTS_AT_2013.csv", "nuts")
    deliver([{
        "id": "p:1", "kind": "project", "title": "Echoes", "period": "2014-2020",
        "themes": ["study of echoes", "bridges"],
        "concepts": [{"vocabulary": "euroscivoc", "code": "901", "label": "study of echoes"},
                     {"vocabulary": "nowhere", "code": "1", "label": "bridges"}],
        "intervention_fields": ["026 Autres chemins de fer", "999"],
        "regions": [{"nuts": "EL30", "stated": "ZZ2"}],
    }])  # fmt: skip
    page = client.get("/project/p:1", {"lang": "de"}).content.decode()
    assert '<a href="/explore?theme=study%20of%20echoes" lang="de">Echokunde</a>' in page
    assert ">bridges</a>" in page
    assert "026 Other railways" in page and "intervention field, 2014-2020" in page
    assert ">999</span>" in page
    assert "stated as ZZ2, Lower Valley" in page
    assert ">study of echoes</a>" in client.get("/project/p:1").content.decode()


@pytest.fixture
def run(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> Any:
    """A command in a fresh home: status, stdout, stderr; `run.home`, `run.more`."""
    more = own_database()
    home = tmp_path / "home"
    home.mkdir()

    def ran(*arguments: object, where: Path = home) -> tuple[int, str, str]:
        done = tessera(where, *map(str, arguments), **more)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    ran.home, ran.more = home, more  # type: ignore[attr-defined]  # what a test of kills needs
    return ran


@pytest.mark.django_db
def test_the_command_lists_shows_and_removes(capsys: pytest.CaptureFixture[str]) -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        args = parser().parse_args(["vocabularies", *arguments])
        status: int = args.run(args)
        return status, *capsys.readouterr()

    status, out, err = command()
    assert (status, out) == (0, "") and "No vocabulary was imported" in err
    take(SOURCES / "eurovoc" / "sample", "eurovoc")
    (listed,) = json.loads(command("--json")[1])
    assert (listed["name"], listed["concepts"], listed["languages"]) == ("eurovoc", 2, ["en", "fr"])
    assert "Decision 2011/833/EU" in command()[1]
    shown = json.loads(command("show", "eurovoc", "SENTIER DE CRETE", "--json")[1])
    assert [each["uri"] for each in shown] == ["http://eurovoc.europa.eu/2"]
    assert "fr: sentier" in command("show", "eurovoc", "1")[1]
    status, _, err = command("show", "eurovoc", "nothing")
    assert status == 1 and "no concept with the code or label 'nothing'" in err
    status, _, err = command("show", "other", "1")
    assert status == 2 and "there are: eurovoc" in err
    assert command("remove", "eurovoc")[0] == 0
    assert not Concept.objects.exists()


def test_a_backup_has_the_vocabularies(run: Any, tmp_path: Path) -> None:
    assert run("import", "nuts", SOURCES / "nuts" / "sample", "--no-index")[0] == 0
    before = run("vocabularies", "show", "nuts", "ZZ1", "--json")[1]
    archive = tmp_path / "all.zip"
    assert run("backup", archive)[0] == 0
    assert run("vocabularies", "remove", "nuts")[0] == 0
    status, _, err = run("restore", archive)
    assert status == 0, err
    assert run("vocabularies", "show", "nuts", "ZZ1", "--json")[1] == before


KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from tessera.harvest.run import harvest
from tessera.sources.registry import importer

def progress(report):
    if report.received > int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

harvest(importer("skos"), [Path(sys.argv[1])], progress=progress)
"""


def test_a_killed_import_leaves_the_former_vocabulary_whole(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    assert run("import", "skos", turtle(path, range(1500)), "--no-index")[0] == 0
    turtle(path, range(1490), **{f"n{n}": f"renamed {n}" for n in range(1490)})
    for received in (400, 1400):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), str(received)],
            env={**environment(run.home, **run.more),
                 "DJANGO_SETTINGS_MODULE": "tessera.site.settings"},
            cwd=run.home, check=False, capture_output=True,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        shown = json.loads(run("vocabularies", "show", "skos", "7", "--json")[1])
        assert shown[0]["labels"]["en"] == "thing 7"
        assert json.loads(run("vocabularies", "--json")[1])[0]["concepts"] == 1500
    report = json.loads(run("import", "skos", path, "--no-index", "--json")[1])
    assert (report["changed"], report["withdrawn"]) == (1490, 10)


@pytest.mark.django_db
def test_an_import_that_is_stopped_leaves_the_former_vocabulary_whole(tmp_path: Path) -> None:
    def stop(report: Report) -> None:
        if report.received > 400:
            raise KeyboardInterrupt

    path = turtle(tmp_path / "a.ttl", range(1000))
    take(path)
    before = state()
    turtle(path, range(990), **{f"n{n}": f"renamed {n}" for n in range(990)})
    with pytest.raises(KeyboardInterrupt):
        take(path, progress=stop)
    assert state() == before
    run = Run.objects.first()
    assert run is not None and (run.outcome, run.changed) == ("interrupted", 0)
