from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from tessera.search import dates


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2018, 11, 13), date(2018, 11, 14), "13 to 14 November 2018"),
        (date(2018, 11, 30), date(2018, 12, 1), "30 November to 1 December 2018"),
        (date(2018, 12, 31), date(2019, 1, 1), "31 December 2018 to 1 January 2019"),
        (date(2018, 11, 13), date(2018, 11, 13), "13 November 2018"),
        (date(2018, 11, 13), None, "13 November 2018"),
    ],
)
def test_days(first: date, last: date | None, expected: str) -> None:
    assert dates.days(first, last) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "expected"),
    [
        ("2018-11-13", "2018-11-14", "", "13 to 14 November 2018"),
        (
            "2018-11-13T09:00:00+01:00", "2018-11-13T17:30:00+01:00", "Europe/Bratislava",
            "13 November 2018, 09:00 to 17:30",
        ),
        ("2018-11-13T23:30:00Z", None, "Europe/Sofia", "14 November 2018, 01:30"),
        ("2018-11-13T09:00:00", None, "No/Such_Zone", "13 November 2018, 09:00"),
        (None, None, "", ""),
        ("gibberish", None, "", ""),
    ],
)  # fmt: skip
def test_occasion(starts: str | None, ends: str | None, zone: str, expected: str) -> None:
    assert dates.occasion(starts, ends, zone) == expected


def test_other_languages_write_dates_their_own_way() -> None:
    with translation.override("de"):
        assert dates.day(date(2018, 11, 13)) == "13. November 2018"
        assert dates.number(1234567) == "1.234.567"


def test_sizes() -> None:
    assert [dates.size(n) for n in (12, 240_400, 1_400_000)] == ["12 bytes", "240 kB", "1.4 MB"]


def test_places() -> None:
    assert dates.place("Koper", online=True) == "Koper and online"
    assert dates.place("Online", online=True) == "Online"
    assert dates.place("", online=True) == "Online"
    assert dates.place("Koper", online=False) == "Koper"


def test_years() -> None:
    assert dates.years("2017-01-01", "2021-06-30") == "2017 to 2021"
    assert dates.years("2017-01-01", None) == "from 2017"
    assert dates.years(None, "2017-01-01") == "until 2017"
    assert dates.years("2017-01-01", "2017-05-01") == "2017"
    assert dates.years(None, None) == ""
