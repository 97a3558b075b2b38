"""The dictionary of a home: made of its records, vocabularies and files of pairs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tessera.engine.expansion import DictionaryError
from tessera.harvest.run import harvest
from tessera.indexing.dictionary import learned, materials
from tessera.sources.registry import importer
from tests.integration.deliveries import write
from tests.livesite import ROOT, commands_in

CRAFTS = ROOT / "src" / "tessera" / "sources" / "skos" / "sample" / "crafts.ttl"

RECORDS = [
    {"id": "p:1", "kind": "project", "title": {"en": "Clean water", "it": "Acqua pulita"}},
    {"id": "p:2", "kind": "project", "title": {"en": "Water mills", "it": "Mulini ad acqua"},
     "summary": {"en": "Old mills. New ways.", "it": "Vecchi mulini. Nuove vie."}},
    {"id": "p:3", "kind": "project", "title": {"en": "Old mills", "und": "Mlyny"}},
]  # fmt: skip


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return tmp_path / "home"


def found(text: str, into: tuple[str, ...]) -> set[tuple[str, str, str]]:
    expander = learned.current_expander()
    assert expander is not None
    return {
        (each.alternative, each.lang, each.source)
        for each in expander.expand(text.split(), "", into)
    }


@pytest.mark.django_db
def test_it_is_learned_from_records_in_several_languages(
    home: Path, deliver: Callable[..., Any]
) -> None:
    deliver(RECORDS)
    assert "There is no dictionary" in learned.due()
    assert learned.current_expander() is None
    report = learned.make()
    assert report.pairs == 4
    assert learned.due() == ""
    assert ("acqua", "it", "parallel texts") in found("water", ("it",))
    deliver(RECORDS[1:], max_loss=1)
    learned.make()
    assert learned.status().words < report.words


@pytest.mark.django_db
def test_labels_of_an_imported_vocabulary_are_found(home: Path) -> None:
    learned.make()
    harvest(importer("skos"), [CRAFTS])
    assert "vocabularies" in learned.due()
    learned.make()
    assert learned.due() == ""
    source = next(iter(found("coopering", ("de",))))[2]
    assert ("Fassbinderei", "de", source) in found("Coopering", ("de",))
    assert ("barrel making", "en", source) in found("kuferei", ("en",))
    assert learned.status().labels > 0


@pytest.mark.django_db
def test_it_is_due_again_after_many_changes(
    home: Path, deliver: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "LEAST", 3)
    deliver(RECORDS[:1])
    learned.make()
    deliver(RECORDS[1:2], source="two")
    assert learned.due() == ""
    deliver([{"id": f"q:{n}", "kind": "project", "title": {"en": f"Q {n}"}} for n in range(9)],
            source="three")  # fmt: skip
    assert "changes of records" in learned.due()


@pytest.mark.django_db
def test_files_of_pairs_are_kept_and_taken_away(home: Path, tmp_path: Path) -> None:
    given = tmp_path / "given.jsonl"
    given.write_text(json.dumps({"en": "harbour", "hr": "luka"}) + "\n")
    assert materials.keep(given, "ports") == 1
    learned.make()
    assert ("luka", "hr", "parallel texts") in found("harbour", ("hr",))
    given.write_text("{}\n")
    with pytest.raises(DictionaryError, match="no text in two languages"):
        materials.keep(given, "ports")
    assert learned.status().files == ("ports",)
    assert materials.forget("ports")
    assert not materials.forget("ports")
    assert not materials.forget("../tessera")
    assert "files of pairs" in learned.due()


@pytest.mark.django_db
def test_what_ends_the_learning_leaves_the_old_one(home: Path, deliver: Callable[..., Any]) -> None:
    deliver(RECORDS)
    learned.make()
    before = learned.path().read_bytes()

    def stop(pairs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learned.make(stop)
    assert learned.path().read_bytes() == before


@pytest.mark.django_db
def test_it_can_be_switched_off_and_a_broken_one_stops_nothing(
    home: Path, deliver: Callable[..., Any], settings: Any
) -> None:
    deliver(RECORDS)
    learned.make()
    settings.SITE = replace(settings.SITE, expansion=False)
    assert learned.current_expander() is None
    settings.SITE = replace(settings.SITE, expansion=True)
    assert learned.current_expander() is learned.current_expander()
    learned.path().write_text("nothing of the kind")
    assert learned.current_expander() is None
    assert learned.status().words == 0
    assert "is no dictionary" in learned.due()
    learned.make()
    assert learned.current_expander() is not None


def test_the_command(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    run = commands_in(home, **own_database())

    run("import", "jsonl", write(tmp_path / "p.jsonl", RECORDS))
    given = tmp_path / "Ports & co.jsonl"
    given.write_text(json.dumps({"en": "harbour", "hr": "luka"}) + "\n")
    _, err = run("dictionary", "import", given, status=2)
    assert "--as" in err
    _, err = run("dictionary", "import", given, "--as", "ports")
    assert "Kept 1 pairs as ports" in err
    _, err = run("dictionary", "status")
    assert "There is no dictionary" in err
    _, err = run("worker", "--once")
    assert "There is no dictionary" in err
    out, _ = run("dictionary", "status", "--json")
    status = json.loads(out)
    assert (status["files"], status["due"], status["languages"]) == (
        ["ports"], "", ["en", "hr", "it"],
    )  # fmt: skip
    out, _ = run("dictionary", "show", "harbour", "mills", "--json")
    assert {each["alternative"] for each in json.loads(out)} == {"luka", "mulini"}
    out, _ = run("dictionary", "show", "luka", "--lang", "hr")
    assert "luka: harbour (en, 1.00, parallel texts)" in out
    out, _ = run("dictionary", "learn", "--json")
    assert json.loads(out)["pairs"] == 5
    run("dictionary", "remove", "ports")
    run("dictionary", "remove", "ports", status=1)
    run("dictionary", "learn", "--from", given, status=2)
    _, err = run("dictionary", "learn", "--from", given, "--out", tmp_path / "d.sqlite3")
    assert "Learned 2 translations of 2 words from 1 pairs" in err
    given.write_text("{\n")
    _, err = run("dictionary", "import", given, "--as", "ports", status=1)
    assert "line 1: is not JSON" in err
