from __future__ import annotations

from tessera.schema.identity import organisation_id
from tessera.schema.parts import OrganisationRef


def organisation(name: str, country: str | None = "LT", given: str = "") -> str:
    return organisation_id(OrganisationRef(name=name, country=country, id=given))


def test_a_given_id_is_kept() -> None:
    assert organisation("MITA", given="pic:999999999") == "pic:999999999"


def test_case_marks_and_punctuation_do_not_make_another_organisation() -> None:
    assert organisation("Żilina – Univerzita, a.s.") == organisation("ZILINA univerzita a s")


def test_the_same_name_in_another_country_is_another_organisation() -> None:
    assert organisation("Ministry of Economy", "LT") != organisation("Ministry of Economy", "LV")


def test_long_names_that_differ_late_stay_apart() -> None:
    name = "Agency for Regional Development of the Province " * 3
    assert organisation(name + "North") != organisation(name + "South")


def test_the_id_fits_an_address_and_can_be_read() -> None:
    made = organisation("Αθήνα Development Agency", "GR")
    assert made.startswith("org:gr:athina-development")
    assert made.isascii()
    assert " " not in made
    assert len(made) < 80


def test_a_name_of_signs_only_still_has_an_id() -> None:
    assert organisation("+++") != organisation("---")
