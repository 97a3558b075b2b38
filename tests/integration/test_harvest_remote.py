"""`tessera harvest` over real servers: what changes, what fails, what is withdrawn, and when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tessera.harvest.configured import due, harvest_source
from tessera.harvest.models import Fetched, Run
from tessera.harvest.report import HarvestError
from tessera.records.models import Record
from tessera.sources.configured import ConfiguredSource, Schedule
from tests.livesite import tessera
from tests.websites import Website, redirect, send, website

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as served:
        yield served


def source(site: Website, importer: str, path: str, **more: Any) -> ConfiguredSource:
    return ConfiguredSource(
        "remote", importer, urls=(f"{site.url}{path}",),
        private=frozenset({site.endpoint}), limits={"delay": 0.0}, **more,
    )  # fmt: skip


def feed(*numbers: int) -> str:
    items = "".join(
        f"<item><guid>urn:news:{n}</guid><title>News of the river, number {n}</title></item>"
        for n in numbers
    )
    return f'<rss version="2.0"><channel><title>River</title>{items}</channel></rss>'


def calendar(*numbers: int, cancelled: int = 0) -> str:
    events = "".join(
        f"BEGIN:VEVENT\nUID:event-{n}@rivers.example\nDTSTART;VALUE=DATE:202605{n:02}\n"
        f"SUMMARY:Event {n}\n{'STATUS:CANCELLED' if n == cancelled else 'STATUS:CONFIRMED'}\n"
        "END:VEVENT\n"
        for n in numbers
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n"


def live() -> int:
    return Record.objects.filter(withdrawn_at=None).count()


def test_a_feed_adds_and_never_takes_away(site: Website) -> None:
    made = source(site, "feed", "/feed", name="News of the river")
    site.pages["/feed"] = feed(1, 2, 3)
    assert harvest_source(made).added == 3
    site.pages["/feed"] = feed(3, 4)
    report = harvest_source(made)
    assert (report.added, report.unchanged, report.withdrawn) == (1, 1, 0)
    assert live() == 4
    assert Run.objects.first().source.name == "News of the river"  # type: ignore[union-attr]  # there are two runs


def test_an_unchanged_calendar_is_not_sent_again_and_loses_nothing(site: Website) -> None:
    body = calendar(1, 2).encode()
    statuses: list[int] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        known = handler.headers.get("If-None-Match") == '"7"'
        statuses.append(304 if known else 200)
        send(handler, statuses[-1], b"" if known else body, {"ETag": '"7"'})

    site.pages["/cal"] = answer
    made = source(site, "calendar", "/cal")
    assert harvest_source(made).added == 2
    report = harvest_source(made)
    assert (report.unchanged, report.withdrawn, statuses) == (2, 0, [200, 304])
    assert Fetched.objects.get().url == f"{site.url}/cal"
    Fetched.objects.update(version="older code")
    assert harvest_source(made).unchanged == 2
    assert statuses == [200, 304, 200], "other code asks for the whole again"


def test_what_is_called_off_or_taken_out_is_withdrawn(site: Website) -> None:
    made = source(site, "calendar", "/cal")
    site.pages["/cal"] = calendar(1, 2, 3, 4)
    harvest_source(made)
    site.pages["/cal"] = calendar(1, 2, 3, cancelled=2)
    report = harvest_source(made)
    assert (report.withdrawn, live()) == (2, 2)
    site.pages["/cal"] = calendar(1, 2, 3, 4)
    assert harvest_source(made).added == 2


def test_all_may_be_called_off_but_not_all_be_lost(site: Website) -> None:
    made = source(site, "calendar", "/cal")
    site.pages["/cal"] = calendar(1, 2, 3)
    harvest_source(made)
    site.pages["/cal"] = calendar()
    with pytest.raises(HarvestError, match="lacks 3 of the 3"):
        harvest_source(made)
    assert live() == 3
    assert harvest_source(made, accept_loss=True).withdrawn == 3


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda handler: send(handler, 404), "answers 404"),
        (lambda handler: send(handler, 403), "answers 403"),
        (b"<html>Under construction</html>", "is no calendar"),
        (redirect("http://169.254.169.254/latest/meta-data"), "the local link"),
        (redirect("/cal"), "in a circle"),
    ],
)
def test_a_failure_is_a_sentence_and_withdraws_nothing(
    site: Website, answer: Any, said: str
) -> None:
    made = source(site, "calendar", "/cal")
    site.pages["/cal"] = calendar(1, 2)
    harvest_source(made)
    site.pages["/cal"] = answer
    with pytest.raises(HarvestError, match=said) as caught:
        harvest_source(made)
    assert str(caught.value).endswith("Nothing was withdrawn.")
    assert live() == 2
    run = Run.objects.first()
    assert run is not None and run.outcome == Run.Outcome.FAILED and said in run.message


def test_robots_are_a_failure_too(site: Website) -> None:
    made = source(site, "calendar", "/cal")
    site.pages |= {"/cal": calendar(1), "/robots.txt": "User-agent: *\nDisallow: /"}
    with pytest.raises(HarvestError, match=r"robots\.txt does not want it"):
        harvest_source(made)
    assert live() == 0


def test_this_machine_is_closed_unless_named(site: Website) -> None:
    site.pages["/cal"] = calendar(1)
    closed = ConfiguredSource("remote", "calendar", urls=(f"{site.url}/cal",))
    with pytest.raises(HarvestError, match="only public addresses are asked"):
        harvest_source(closed)
    assert site.asked == []


def oai(*records: str) -> str:
    listed = f"<ListRecords>{''.join(records)}</ListRecords>"
    return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{listed}</OAI-PMH>'


def test_deleted_records_of_a_repository_are_withdrawn(site: Website) -> None:
    def there(number: int) -> str:
        return (
            f"<record><header><identifier>oai:r:{number}</identifier></header><metadata><d>"
            f'<title xmlns="http://purl.org/dc/elements/1.1/">Report {number}</title>'
            "</d></metadata></record>"
        )

    gone = "<record><header status='deleted'><identifier>oai:r:{}</identifier></header></record>"
    made = source(site, "oai", "/oai")
    site.pages["/oai"] = oai(there(1), there(2), there(3), there(4))
    assert harvest_source(made).added == 4
    # More than may be lost at once: but this is said, not lost.
    site.pages["/oai"] = oai(there(1), *(gone.format(n) for n in (2, 3, 4)))
    report = harvest_source(made)
    assert (report.withdrawn, live()) == (3, 1)
    assert harvest_source(made).withdrawn == 0


def test_promises_of_the_site_stand_before_those_of_the_importer(site: Website) -> None:
    site.pages["/feed"] = feed(1)
    with pytest.raises(HarvestError, match="promises at least 5"):
        harvest_source(source(site, "feed", "/feed", minimum=5))


def test_an_importer_of_files_has_no_address(site: Website) -> None:
    with pytest.raises(HarvestError, match="reads files only"):
        harvest_source(source(site, "jsonl", "/x"))


def test_what_is_due(site: Website) -> None:
    site.pages["/feed"] = feed(1)
    made = source(site, "feed", "/feed", schedule=Schedule.parse("every 6h"))
    by_hand = ConfiguredSource("by-hand", "feed", urls=(f"{site.url}/feed",))
    now = datetime.now(UTC)
    assert due([made, by_hand], now) == [made]
    harvest_source(made)
    assert due([made], now + timedelta(hours=5)) == []
    assert due([made], now + timedelta(hours=7)) == [made]
    site.pages["/feed"] = lambda handler: send(handler, 404)
    with pytest.raises(HarvestError):
        harvest_source(made)
    assert due([made], now + timedelta(minutes=50)) == []
    assert due([made], now + timedelta(minutes=70)) == [made], "a failed run is tried again"


def test_the_commands_as_an_operator_uses_them(site: Website, tmp_path: Path) -> None:
    site.pages |= {"/feed": feed(1, 2), "/cal": "nothing of the kind"}
    host = f"127.0.0.1:{site.port}"
    (tmp_path / "tessera.toml").write_text(
        f'[sources.news]\nimporter = "feed"\nurl = "{site.url}/feed"\nschedule = "every 1h"\n'
        f'delay = 0\nprivate_addresses = ["{host}"]\n'
        f'[sources.dates]\nimporter = "calendar"\nurls = ["{site.url}/cal"]\n'
        f'delay = 0\nprivate_addresses = ["{host}"]\n',
        encoding="utf-8",
    )
    done = tessera(tmp_path, "harvest", "--json")
    assert done.returncode == 1
    assert "dates: " in done.stderr and "is no calendar" in done.stderr
    reports = {each["source"]: each for each in json.loads(done.stdout)}
    assert reports["news"]["added"] == 2
    assert any("TESSERA_URL" in note for note in reports["news"]["notes"])
    site.asked.clear()
    again = tessera(tmp_path, "worker", "--once")
    assert again.returncode == 0, again.stderr
    assert site.asked == [], "nothing is due yet"
    found = tessera(tmp_path, "search", "river", "--json")
    assert json.loads(found.stdout)["total"] == 2
