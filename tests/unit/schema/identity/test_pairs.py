"""Pairs that are one organisation, pairs that must never be taken for one, and what is said."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.schema.identity.blocking import features, keys, number_of
from tessera.schema.identity.identifiers import identifiers
from tessera.schema.identity.names import compared, parsed
from tessera.schema.identity.pairs import Organisation, evidence, known


def org(
    name: str, country: str = "", town: str = "", uid: str = "o:1", **more: Any
) -> Organisation:
    data: dict[str, Any] = {"title": {"und": name}, "countries": [country] if country else []}
    if town:
        data["place"] = town
    return known(uid, data | more)


SURE = [
    (org("Fibrain sp. z o.o.", "PL"), org("FIBRAIN Spółka z ograniczoną odpowiedzialnością", "PL")),
    (org("Universität Wien", "AT", "Wien"), org("University of Vienna", "AT", "Vienna")),
    (org("Comune di Trieste", "IT", "Trieste"), org("Municipality of Trieste", "IT", "Trst")),
    (org("ELKETHE A.E.", "GR"), org("ΕΛΚΕΘΕ ΑΕ", "GR")),
    (org("Anything", uid="pic:938012345"), org("Something else", pic="938 012 345")),
    (
        org("SPRI - Basque Agency (until 12/11/2018, SPRI - Society for Change S.A')", "ES",
            "Bilbao"),
        org("Society for Change S.A.", "ES", "Bilbao", acronym="SPRI"),
    ),
]  # fmt: skip

NEVER = [
    (org("University of Maribor", "SI"), org("University of Maribor, Faculty of Law", "SI")),
    (org("Univerza v Mariboru", "SI", "Maribor"),
     org("Univerza v Mariboru, Fakulteta za logistiko", "SI", "Maribor")),
    (org("Stadt Salzburg", "AT", "Salzburg"), org("Land Salzburg", "AT", "Salzburg")),
    (org("Ministry of Finance", "LV"), org("Ministry of Finance", "LT")),
    (org("Ministry of Finance"), org("Ministry of Finance", "LT")),
    (org("Grundschule 5", "DE", "Ulm"), org("Grundschule 6", "DE", "Ulm")),
    (org("Provincia di Trento", "IT", "Trento"), org("Comune di Trento", "IT", "Trento")),
    (org("Medical University of Vienna", "AT", "Wien"), org("Universität Wien", "AT", "Wien")),
    (org("Gmina Kołobrzeg", "PL"), org("Gmina Miasto Kołobrzeg", "PL")),
    (org("Obec Dlouhá Ves", "CZ"), org("Obec Dlouhá Ves", "CZ")),
    (org("ДА ТРАНС ООД", "BG"), org("ТРАНС ООД", "BG")),
    (org("University of Bath", "GB", "Bath"), org("Bath Spa University", "GB", "Bath")),
    (org("RIOPELE - TÊXTEIS, S.A.", "PT"), org("ÉRIUS - TÊXTEIS, S.A.", "PT")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SURE)
def test_one_organisation(one: Organisation, other: Organisation) -> None:
    assert evidence(one, other).sure, evidence(one, other).parts


@pytest.mark.parametrize(("one", "other"), NEVER)
def test_two_organisations(one: Organisation, other: Organisation) -> None:
    assert not evidence(one, other).sure, evidence(one, other).parts


@pytest.mark.parametrize(("one", "other"), SURE + NEVER)
def test_the_parts_add_up_whichever_comes_first(one: Organisation, other: Organisation) -> None:
    found = evidence(one, other)
    assert found.score == round(sum(part.weight for part in found.parts), 2)
    assert found.score == evidence(other, one).score


def test_a_dated_note_is_a_former_name() -> None:
    found = parsed("SPRI - Basque Agency (until 12/11/2018, formerly SPRI - Society S.A')")
    assert found.name == "Basque Agency"
    assert found.acronyms == {"spri"}
    assert [(a.name, a.until) for a in found.aliases] == [
        ("SPRI - Society S.A", date(2018, 11, 12))
    ]
    assert parsed("Agency (until 40/40/2018, X)").aliases == ()


def test_legal_forms_and_languages_are_set_aside() -> None:
    assert compared("Univerza v Ljubljani").words == compared("University of Ljubljana").words
    assert compared("Siemens AG").words == compared("SIEMENS Aktiengesellschaft").words
    assert compared("AG").words == ("ag",)


@pytest.mark.parametrize(("stated", "spelled"), [
    ({"ror": "https://ror.org/03yrm5c26"}, {"ror": "03yrm5c26"}),
    ({"ror": "ROR.org/03YRM5C26"}, {"ror": "03yrm5c26"}),
    ({"ror": "03yrm5c27"}, {}),
    ({"pic": 938012345}, {"pic": "938012345"}), ({"pic": "938 012 345"}, {"pic": "938012345"}),
    ({"pic": 999999999}, {}), ({"pic": "n.a."}, {}), ({"pic": "93801234"}, {}),
    ({"vat": "SI 5022 3054"}, {"vat": "SI50223054"}), ({"vat": "SI 5022 3055"}, {}),
    ({"vat": "GR094259216"}, {"vat": "EL094259216"}), ({"vat": "50223054"}, {}),
    ({"vat": "DE 999999999"}, {}), ({"vat": "CHE-109.322.551"}, {"vat": "CHE109322551"}),
    ({"nid": "lt:304 151 376"}, {"nid": "LT:304151376"}), ({"nid": "304151376"}, {}),
    ({"nid": "LT:000000000"}, {}), ({"nid": "LT:n/a"}, {}),
])  # fmt: skip
def test_numbers_are_checked(stated: dict[str, Any], spelled: dict[str, str]) -> None:
    assert identifiers("keep:1", stated) == spelled
    for scheme, number in stated.items():
        assert identifiers(f"{scheme}:{number}", {}) == spelled


@pytest.mark.parametrize(("country", "number", "spelled"), [
    ("HR", "22910368449", {"nid": "HR:22910368449"}),
    ("HR", "HR 229 103 684 49", {"nid": "HR:22910368449"}),
    ("HR", 22910368449, {"nid": "HR:22910368449"}),
    ("", "22910368449", {}), ("HR", "00000000001", {}), ("HR", "not applicable", {}),
    ("HR", "1234", {}), ("HR", "99999999999", {}),
])  # fmt: skip
def test_a_national_number_counts_with_its_country(
    country: str, number: object, spelled: dict[str, str]
) -> None:
    countries = [country] if country else []
    assert identifiers("x:1", {"countries": countries, "national_id": number}) == spelled
    assert identifiers("x:1", {"countries": ["HR", "SI"], "national_id": number}) == {}


def test_a_national_number_needs_a_country_and_a_name_that_is_like_it_to_be_sure() -> None:
    number = {"national_id": "22910368449"}
    faculty = "Fakultet strojarstva i brodogradnje"
    whole = "Fakultet strojarstva i brodogradnje, Sveučilište u Zagrebu"
    assert (
        evidence(org(faculty, "HR", **number), org(whole, "HR", **number)).score
        > evidence(org(faculty, "HR"), org(whole, "HR")).score + 7
    )
    lada = "Lada d.o.o.", "LADA društvo za zapošljavanje invalida"
    assert not evidence(org(lada[0], "HR", **number), org(lada[1], "SI", **number)).worth_asking
    assert not evidence(org(lada[0], **number), org(lada[1], **number)).worth_asking
    asked = evidence(org("Kalvenor", "HR", **number), org("Maslina Sunce", "HR", **number))
    assert asked.worth_asking and not asked.sure
    slip = org("Obrtničko učilište Split", "HR"), org("Obtničko učilište Split", "HR", **number)
    sure = [org("Obrtničko učilište Split", "HR", **number), slip[1]]
    assert evidence(*sure).sure
    alike = org("Udruga Sunce", "HR", national_id="22910368450")
    assert not evidence(alike, org("Udruga Sunce", "HR", **number)).sure


def test_a_national_number_that_repeats_a_vat_number_counts_once() -> None:
    both = {"vat": "SI50223054", "national_id": "SI 50223054"}
    reasons = [
        part.reason for part in evidence(org("A B", "SI", **both), org("A B", "SI", **both)).parts
    ]
    assert "same vat" in reasons and "same nid" not in reasons


def test_words_that_many_names_have_are_not_enough() -> None:
    pair = org("Stadtwerke GmbH", "DE"), org("Stadtwerke mbH", "DE")
    assert evidence(*pair).sure
    assert not evidence(*pair, lambda country, word: (country, word) == ("DE", "stadtwerke")).sure
    assert evidence(*pair, lambda country, word: country == "AT").sure


@pytest.mark.parametrize(("one", "other"), [
    (org("Universität Wien", "AT"), org("University of Vienna", "AT")),
    (org("Infrastructura Gdanska Wodociagowa", "PL"),
     org("Infrastruktura Gdańska Wodociągowa", "PL")),
    (org("Agency for Coastal Waters", "HR"), org("Agency Coastal Fishing and Waters", "HR")),
    (org("Some Name", "SI", uid="vat:SI50223054"), org("Another", "SI", vat="SI 5022 3054")),
    (org("Ministry of Finance"), org("Ministerium für Finanzen", "AT")),
])  # fmt: skip
def test_what_is_alike_shares_a_key(one: Organisation, other: Organisation) -> None:
    assert keys(one) & keys(other)


def test_what_is_not_alike_shares_none() -> None:
    assert not keys(org("Universität Wien", "AT")) & keys(org("Nothing alike", "AT"))
    assert not keys(org("Obec Dlouhá Ves", "CZ")) & keys(org("Obec Krátká Ves", "SK"))


def test_the_keys_of_one_depend_on_it_alone_and_are_numbers_that_stay() -> None:
    assert keys(org("Obec Lhota", "CZ", "Lhota")) == keys(org("OBEC LHOTA", "CZ", "Lhota"))
    assert number_of("AT:name:university vienna") == 1234429382702000382


def test_what_is_counted() -> None:
    one = org("Stadtwerke Ulm GmbH", "DE", uid="vat:DE136695976")
    assert features(one) == {
        ("word:DE:stadtwerke", "stadtwerke ulm"),
        ("word:DE:ulm", "stadtwerke ulm"),
        ("number:vat:DE136695976", "stadtwerke ulm"),
    }


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_names_can_be_compared(one: str, other: str) -> None:
    pair = org(one or "x", "LT"), org(other or "y", "LT")
    assert evidence(*pair).score == evidence(*reversed(pair)).score
