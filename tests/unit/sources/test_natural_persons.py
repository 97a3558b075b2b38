"""Names of natural persons are told from those of organisations, on the safe side for both."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.natural_persons import NOTE, is_natural_person
from tessera.sources.registry import importer
from tests.unit.sources.making import run

PERSONS = [
    ("Vzorný Jan", "CZ"), ("Jan Vzorný OSVČ", "CZ"), ("Kovács Márta egyéni vállalkozó", "HU"),
    ("Muster, Hans-Peter", "DE"), ("Dipl.-Ing. Franz Muster", "AT"), ("Herrn Otto Muster", "DE"),
    ("Anna und Karl Muster", "AT"), ("Maria João Silva Santos", "PT"),
    ("ЕТ Вики - Иван Иванов", "BG"),
    ("Gasthaus Anker Inh. Otto Muster", "DE"), ("Otto Muster e.K.", "DE"), ("JAN WZORNY", "PL"),
    ("Obrt Val, vlasnik Ivan Uzor", "HR"), ("von Muster, Eberhard", "DE"),
]  # fmt: skip
ORGANISATIONS = [
    ("Bäckerei Otto Muster", "DE"), ("Autohaus Peter", "DE"), ("Hotel Residenz e.K.", "DE"),
    ("Robert Bosch GmbH", "DE"), ("UAB Jonas", "LT"), ("Stiftung Anna Huber", "DE"),
    ("Frauen helfen Frauen e.V.", "DE"), ("San Pietro", "IT"), ("Mr. Cloud s.r.o.", "CZ"),
    ("CLARIN ERIC", "NL"), ("Comune di San Giovanni", "IT"), ("MARINE SCOTLAND", "UK"),
    ("Bouwbedrijf Karsten", "NL"), ("Universität Martin Luther", "DE"), ("Anna", "DE"),
    ("Agentur Peter & Paul", "DE"), ("Markt Sankt Florian", "AT"), ("INRAE", "FR"), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "country"), PERSONS)
def test_persons(name: str, country: str) -> None:
    assert is_natural_person(name, country)


@pytest.mark.parametrize(("name", "country"), ORGANISATIONS)
def test_organisations(name: str, country: str) -> None:
    assert not is_natural_person(name, country)


@given(st.text(max_size=80), st.sampled_from(["", "DE", "BG"]))
def test_any_text_is_answered(name: str, country: str) -> None:
    assert is_natural_person(name, country) in (True, False)


def test_a_name_that_is_not_marked_is_nowhere_in_the_item(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Vorhaben;Begünstigter;Zusammenfassung\n"
        "Neuer Ofen;Muster, Otto;Muster, Otto kauft einen Ofen\n"
        "Weg;Muster Otto;Weg\n"
        "Brücke;Gemeinde Muster;Neue Brücke\n"
        "Saal;Gemeinde Muster; Otto Muster;Neuer Saal\n".replace("Muster; Otto", "Muster| Otto")
    )
    items, drafts, _ = run(importer("operations"), path)
    assert "Otto" not in "".join(each.written for each in items)
    named = [[each.name for each in draft.organisations] for draft in drafts]
    assert named == [[], [], ["Gemeinde Muster"], ["Gemeinde Muster"]]
    assert any("natural person" in note for note in drafts[0].notes)


def test_of_a_beneficiary_of_kohesio_that_is_a_person_there_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "b.tsv"
    path.write_text(
        "Beneficiary Name\tCountry\tNumber of Projects\n"
        "Jan Vzorný\tCzechia\t1\nObec Vzor\tCzechia\t2\n"
    )
    _, drafts, errors = run(importer("kohesio"), path)
    assert [draft.title for draft in drafts] == [{"und": "Obec Vzor"}]
    assert "is a natural person" in errors[0].message


def test_of_a_participant_of_cordis_that_is_a_person_there_is_no_record(tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "project.csv").write_text("id;acronym;title;frameworkProgramme\n1;A;One;H2020\n")
    (folder / "organization.csv").write_text(
        "projectID;organisationID;name;country;role\n"
        "1;938012345;MUSTER HANS;DE;coordinator\n1;938012346;MUSTER GMBH;DE;participant\n"
    )
    _, drafts, _ = run(importer("cordis"), folder)
    (project,) = [draft for draft in drafts if draft.kind == "project"]
    assert [each.name for each in project.organisations] == ["MUSTER GMBH"]
    assert NOTE in project.notes
    assert [draft.id for draft in drafts if draft.kind == "organisation"] == ["pic:938012346"]
