from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tessera.sources.configured import Schedule

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("text", "last", "expected"),
    [
        ("every 6h", hours(5.9), False),
        ("every 6h", hours(6), True),
        ("Every 30 minutes", hours(0.6), True),
        ("every 2 days", hours(47), False),
        ("daily 03:00", hours(8.9), False),
        ("daily 03:00", hours(9.1), True),
        ("daily 23:30", hours(12.4), False),
        ("daily 23:30", hours(12.6), True),
        ("weekly mon 12:00", hours(47), False),
        ("weekly monday 12:00", hours(49), True),
        ("weekly wed 13:00", hours(24 * 6), False),
        ("weekly wed 13:00", hours(24 * 7), True),
    ],
)
def test_when_a_run_is_due(text: str, last: timedelta, expected: bool) -> None:
    assert Schedule.parse(text).due(NOON - last, NOON) is expected


def test_first_and_failed_runs() -> None:
    schedule = Schedule.parse("weekly fri 03:00")
    assert schedule.due(None, NOON)
    assert not schedule.due(NOON - hours(0.9), NOON, failed=True)
    assert schedule.due(NOON - hours(1.1), NOON, failed=True)


@pytest.mark.parametrize("text", ["", "every h", "daily 24:00", "every 5m", "hourly"])
def test_what_is_no_schedule(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Schedule.parse(text)
