"""Ids of organisations, and places, as sources write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.conversion import amount, percent
from tessera.sources.identifiers import pic_id, vat_id
from tessera.sources.places import country_in, region_in


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("ATU 6342 7811", "AT", "vat:ATU63427811"),
        ("GR094038689", "GR", "vat:EL094038689"),
        ("XI123498765", "GB", "vat:XI123498765"),
        ("LT188603091", "SE", ""),  # of another country
        ("556677-8899", "SE", ""),  # a national number
        ("DE000000000", "DE", ""),
        ("123456789", None, ""),
    ],
)
def test_only_a_whole_vat_number_is_an_id(text: str, country: str, expected: str) -> None:
    assert vat_id(text, country) == expected


def test_a_pic_has_nine_digits_and_is_no_placeholder() -> None:
    assert pic_id(" 938 012 345 ") == "pic:938012345"
    with pytest.raises(ValueError, match="nine digits"):
        pic_id("93801234")
    with pytest.raises(ValueError, match="isn't known"):
        pic_id("000000000")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [("Wien (AT13)", "AT", "AT13"), ("Wien", "AT", "AT13"), ("DE300 - Berlin", "DE", "DE300"),
     ("EL30", None, "EL30"), ("Bern", "CH", "CH021"), ("FR21", "FR", "FRF2")],
)  # fmt: skip
def test_regions_by_code_or_name(text: str, country: str | None, expected: str) -> None:
    assert region_in(text, country) == expected


@pytest.mark.parametrize(("text", "country"), [("SE11", "FI"), ("NUTS", "DE"), ("BERN", None)])
def test_what_is_no_region_of_the_country_is_refused(text: str, country: str | None) -> None:
    with pytest.raises(ValueError, match=r"NUTS|lies in"):
        region_in(text, country)


def test_countries_with_their_code_in_brackets() -> None:
    assert [country_in(each) for each in ("Österreich (AT)", "Ελλάδα (EL)", "UK", "Kroatien")] == [
        "AT", "GR", "GB", "HR",
    ]  # fmt: skip


def test_a_number_is_read_as_it_shows_itself_whatever_the_column_says() -> None:
    assert amount("1.234,50", {"decimal": "."}) == "1234.50"
    assert amount("1234,50", {"decimal": "."}) == "1234.50"
    assert amount("12.50", {"decimal": ","}) == "12.50"
    assert amount("123.456", {"decimal": "."}) == "123.456"
    assert percent("80 %", {}) == "80"
    with pytest.raises(ValueError, match="no share"):
        percent("0.8", {})


@given(st.text(max_size=30), st.sampled_from([None, "AT", "GR", "GB", "??"]))
def test_anything_gives_a_value_or_a_value_error(text: str, country: str | None) -> None:
    for read in (pic_id, country_in, lambda t: region_in(t, country), lambda t: vat_id(t, country)):
        with contextlib.suppress(ValueError):
            read(text)
