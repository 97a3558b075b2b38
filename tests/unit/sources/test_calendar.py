from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Gone, ItemError, Partial
from tessera.sources.calendar.importer import CalendarImporter
from tessera.sources.delivered import Delivered
from tessera.sources.fetch.errors import Unusable
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, shared, sorted_out
from tests.websites import website

SAMPLE = SOURCES / "calendar" / "sample" / "events.ics"


def made(today: date = date(2026, 6, 15)) -> CalendarImporter:
    return CalendarImporter(importer("calendar").info, lambda: today)


def calendar(folder: Path, *events: str, head: str = "") -> Path:
    path = folder / "made.ics"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, [head])]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")
    return path


def starts(drafts: list[RecordDraft]) -> list[str]:
    return [str(draft.canonical().get("starts")) for draft in drafts]


def test_each_occurrence_is_an_event_and_a_moved_one_stays_itself() -> None:
    _, drafts, errors = run(made(), SAMPLE)
    first, moved, fair = drafts
    assert starts(drafts) == [
        "2026-03-23T10:00:00+02:00", "2026-03-31T14:00:00+03:00", "2026-09-12",
    ]  # fmt: skip
    assert first.id.endswith(":20260323T0800Z")
    assert moved.id.endswith(":20260330T0700Z"), "known by when it was first meant to be"
    assert first.online is True and first.timezone == "Europe/Vilnius"
    assert fair.canonical()["ends"] == "2026-09-13", "the end of whole days is the day after"
    assert fair.title["en"] == "River fair, both banks"
    assert [each.where for each in failures(errors)] == ["events.ics, line 63"]
    assert "someday" in failures(errors)[0].message
    assert any("not public" in each.message for each in errors)


def test_what_is_called_off_is_gone() -> None:
    gone = [each for each in made().gather([SAMPLE]) if isinstance(each, Gone)]
    assert [each.key for each in gone] == ["off@rivers.example"]


def test_a_template_is_no_calendar(tmp_path: Path) -> None:
    path = tmp_path / "events.ics"
    path.write_text(
        "---\nlayout: null\n---\nBEGIN:VCALENDAR\nMETHOD:PUBLISH{% for event in events %}\n"
        "BEGIN:VEVENT\nUID:{{ event.id }}\nEND:VEVENT{% endfor %}\nEND:VCALENDAR\n"
    )
    items, _, (error,) = run(made(), path)
    assert items == [] and "template" in error.message and not error.warning


def test_persons_are_not_even_stored() -> None:
    items, _, _ = run(made(), SAMPLE)
    assert not any("omeone" in item.written or "Another" in item.written for item in items)


def test_an_export_of_another_day_is_the_same(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    later = tmp_path / "events.ics"
    later.write_text(text.replace("DTSTAMP:20260301T", "DTSTAMP:20260302T"), encoding="utf-8")
    before, _, _ = run(made(date(2026, 6, 1)), SAMPLE)
    after, _, _ = run(made(date(2026, 6, 30)), later)
    assert [item.checksum for item in before] == [item.checksum for item in after]


def test_the_real_calendar() -> None:
    items, drafts, errors = run(made(), shared("events_feeds", "copcap_ics", "events_subset.ics"))
    assert (len(items), len(drafts), errors) == (8, 8, [])
    first = drafts[0].canonical()
    assert (first["starts"], first["ends"]) == ("2026-10-04", "2026-10-09")
    assert all(draft.url.startswith("https://") for draft in drafts)


def test_summer_time_keeps_the_hour(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:weekly-meeting@x\nDTSTART;TZID=Europe/Brussels:20261019T090000\n"
        "DURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Meeting",
    )
    _, drafts, _ = run(made(), path)
    assert starts(drafts) == ["2026-10-19T09:00:00+02:00", "2026-10-26T09:00:00+01:00"]
    assert drafts[1].canonical()["ends"] == "2026-10-26T11:00:00+01:00"


def test_a_series_is_taken_within_its_window(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:yearly-fair@x\nDTSTART;VALUE=DATE:19900501\nRRULE:FREQ=YEARLY\nSUMMARY:May fair",
        "UID:once-long-ago@x\nDTSTART;VALUE=DATE:19910501\nSUMMARY:Opening",
    )
    _, drafts, _ = run(made(), path)
    assert starts(drafts) == [*(f"{y}-05-01" for y in range(2022, 2029)), "1991-05-01"]


def test_endless_and_impossible_series_end(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:every-second@x\nDTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Tick",
        "UID:each-day@x\nDTSTART:20200101T000000Z\nRRULE:FREQ=DAILY\nSUMMARY:Day",
        "UID:never@x\nDTSTART:20200101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"
        "SUMMARY:Never",
    )
    _, drafts, errors = run(made(), path)
    assert sum(draft.title.get("und") == "Tick" for draft in drafts) == 1
    assert sum(draft.title.get("und") == "Day" for draft in drafts) == 1_000
    told = [each.message for each in errors]
    assert any("secondly" in each for each in told)
    assert any("the last 1,000" in each for each in told)
    assert failures(errors) == []


def test_the_latest_version_counts(tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        "UID:changed@x\nSEQUENCE:2\nDTSTART;VALUE=DATE:20260502\nSUMMARY:New day",
        "UID:changed@x\nSEQUENCE:1\nDTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED\nSUMMARY:Old day",
    )
    _, drafts, _ = run(made(), path)
    assert starts(drafts) == ["2026-05-02"]


def test_over_the_network() -> None:
    with website() as site:
        site.pages["/cal.ics"] = SAMPLE.read_bytes()
        stream = made().gather_remote([f"{site.url}/cal.ics"], site.fetcher())
        assert len(sorted_out(made(), stream)[1]) == 3
        site.pages["/cal.ics"] = "<html>Log in</html>"
        with pytest.raises(Unusable, match="is no calendar"):
            list(made().gather_remote([f"{site.url}/cal.ics"], site.fetcher()))


@settings(max_examples=60)
@given(st.integers(0, 2_400), st.integers(0, 300), st.binary(max_size=30))
def test_no_damage_makes_a_traceback_or_costs_another_event(
    start: int, length: int, noise: bytes
) -> None:
    body = SAMPLE.read_bytes()
    fair = (body.index(b"BEGIN:VEVENT\nUID:fair"), body.index(b"BEGIN:VEVENT\nUID:off"))
    damaged = body[:start] + noise + body[start + length :]
    found = []
    importer_ = made()
    try:
        stream = list(importer_._items(Delivered("x.ics", damaged), set()))
    except ValueError:
        return  # no calendar any more, said so
    for each in stream:
        if not isinstance(each, ItemError | Gone | Partial):
            found += [draft for draft in importer_.map(each) if not isinstance(draft, ItemError)]
    untouched = start > fair[1] + 20 and b"END" not in noise and b"BEGIN" not in noise
    if untouched and start + length < len(body):
        assert any("River fair" in str(draft.title) for draft in found)


@pytest.mark.parametrize("zone", ["Euro" + "9" * 400, "Europe", "Middle of Nowhere"])
def test_a_zone_that_is_none_costs_no_event(tmp_path: Path, zone: str) -> None:
    event = "UID:one\nSUMMARY:Ferry open day\nDTSTART:20260620T100000"
    path = calendar(tmp_path, event, head=f"X-WR-TIMEZONE:{zone}")
    _, drafts, errors = run(made(), path)
    assert starts(drafts) == ["2026-06-20T10:00:00"]
    assert "is no time zone" in errors[0].message and errors[0].value == zone
    assert not failures(errors)


def test_a_zone_of_a_time_that_is_none_is_an_error_of_its_event(tmp_path: Path) -> None:
    event = f"UID:one\nSUMMARY:Ferry open day\nDTSTART;TZID=Euro{'9' * 400}:20260620T100000"
    _, drafts, errors = run(made(), calendar(tmp_path, event))
    assert drafts or failures(errors)
