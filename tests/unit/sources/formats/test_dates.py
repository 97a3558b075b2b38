"""Dates as people write them; what is unclear is refused, never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.formats.dates import (
    DateError,
    ParsedRange,
    parse_date,
    parse_date_range,
    parse_time,
)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("13-14.11.2018", "2018-11-13", "2018-11-14"),
        ("13.–14.11.2018", "2018-11-13", "2018-11-14"),
        ("13.11.-14.12.2018", "2018-11-13", "2018-12-14"),
        ("14th and 15th of May 2018", "2018-05-14", "2018-05-15"),
        ("May 14-15, 2018", "2018-05-14", "2018-05-15"),
        ("28 May - 2 June 2018", "2018-05-28", "2018-06-02"),
        ("28 December - 3 January 2019", "2018-12-28", "2019-01-03"),
        ("2018-11-13/2018-11-14", "2018-11-13", "2018-11-14"),
        ("27/29 May 2020", "2020-05-27", "2020-05-29"),
        ("14. bis 15. Mai 2018", "2018-05-14", "2018-05-15"),
        ("du 14 au 15 mai 2018", "2018-05-14", "2018-05-15"),
        ("del 14 al 15 de mayo de 2018", "2018-05-14", "2018-05-15"),
        ("dal 14 al 15 maggio 2018", "2018-05-14", "2018-05-15"),
        ("w dniach 14-15 maja 2018 r.", "2018-05-14", "2018-05-15"),
        ("2018. május 14-15.", "2018-05-14", "2018-05-15"),
        ("14. i 15. maj 2018.", "2018-05-14", "2018-05-15"),
        ("14. и 15. мај 2018.", "2018-05-14", "2018-05-15"),
        ("den 14-15 maj 2018", "2018-05-14", "2018-05-15"),
        ("14 έως 15 Μαΐου 2018", "2018-05-14", "2018-05-15"),
        ("14 - 15 май 2018 г.", "2018-05-14", "2018-05-15"),
    ],
)
def test_spans_in_many_languages(text: str, start: str, end: str) -> None:
    assert parse_date_range(text) == ParsedRange(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("27 May 2020", "2020-05-27"),
        ("25.10.2019", "2019-10-25"),
        ("17.12.2019.", "2019-12-17"),
        ("13/04/2020", "2020-04-13"),
        ("2015-05-6", "2015-05-06"),
        ("1er mars 2019", "2019-03-01"),
        ("1° marzo 2019", "2019-03-01"),
        ("lunedì 3 giugno 2019", "2019-06-03"),
        ("Donnerstag, 14. Mai 2018", "2018-05-14"),
        ("2018. május 14-én", "2018-05-14"),
        ("2018 m. gegužės 14 d.", "2018-05-14"),
        ("3 listopada 2020 r.", "2020-11-03"),
        ("15. Mrz 2016", "2016-03-15"),
        ("15. Jänner 2016", "2016-01-15"),
        ("15. junija 2018", "2018-06-15"),
        ("2018. gada 14. janvārī", "2018-01-14"),
        ("15 sett. 2016", "2016-09-15"),
        ("5 noi 2017", "2017-11-05"),
    ],
)
def test_single_days(text: str, expected: str) -> None:
    lang = "pl" if "listopada" in text else ""
    assert parse_date(text, lang=lang).day == date.fromisoformat(expected)


def test_a_time_with_an_offset_keeps_it() -> None:
    found = parse_date("2021-11-05 10:00:00 +0100")
    assert isinstance(found.value, datetime)
    assert found.value.isoformat() == "2021-11-05T10:00:00+01:00"
    assert parse_date("2021-11-05T14:00:00Z").value == datetime(2021, 11, 5, 14, tzinfo=UTC)


def test_times_and_zones_in_words() -> None:
    found = parse_date_range("27 May 2020, 14:00-16:00 CEST")
    assert (found.start, found.end) == (datetime(2020, 5, 27, 14), datetime(2020, 5, 27, 16))
    assert found.timezone == "CET"
    assert parse_time("13:30 CET") == (time(13, 30), "CET")


@pytest.mark.parametrize("text", ["03/04/2020", "03-04-2020", "5 - 7/10/2020"])
def test_two_readings_are_refused_and_both_are_named(text: str) -> None:
    with pytest.raises(DateError, match="state the order"):
        parse_date_range(text)


def test_the_order_of_the_source_decides() -> None:
    assert parse_date("03/04/2020", order="dmy").day == date(2020, 4, 3)
    assert parse_date("03/04/2020", order="mdy").day == date(2020, 3, 4)


def test_a_month_of_two_meanings_needs_its_language() -> None:
    with pytest.raises(DateError, match=r"month 10 \(hr\) or month 11 \(pl\)"):
        parse_date("3 listopada 2020")
    assert parse_date("3. listopada 2020", lang="hr").day == date(2020, 10, 3)


def test_less_than_a_day_is_said() -> None:
    found = parse_date("November, 2019")
    assert (found.day, found.precision) == (date(2019, 11, 1), "month")
    assert "the day is not stated" in found.note


@pytest.mark.parametrize(
    "text",
    ["", "soon", "31 February 2020", "2021-02-31", "25.10.19", "3 February 20", "1 2 3 4 5",
     "15-13.11.2018", "٣/٤/2020", "x" * 500, "2020-13-45", "10:00", "May"],
)  # fmt: skip
def test_what_is_no_date_is_an_error(text: str) -> None:
    with pytest.raises(DateError):
        parse_date_range(text)


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_a_date_error(text: str) -> None:
    try:
        found = parse_date_range(text)
    except DateError:
        return
    assert found.start.year >= 1


@given(st.text(alphabet="0123456789.-/ :maijunedcThZ+–", max_size=30))
def test_texts_like_dates_are_dates_or_date_errors(text: str) -> None:
    try:
        parse_date(text)
        parse_time(text)
    except DateError:
        pass


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_written_days_are_read_back(day: date) -> None:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%A, %d %b %Y", "%B %d, %Y", "%Y/%m/%d"):
        assert parse_date(day.strftime(pattern)).day == day
