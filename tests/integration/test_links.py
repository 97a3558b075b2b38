"""`tessera links` over real servers: outcomes, when a link is broken, stopping and going on."""

from __future__ import annotations

import csv
import io
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tessera.harvest.models import LinkProgress, WebLink, WebLinkUse
from tessera.harvest.weblinks import checking, collecting
from tessera.harvest.weblinks.checking import Answer, Checked, asked, check, note
from tessera.harvest.weblinks.collecting import collect, links_in
from tessera.harvest.weblinks.commands import OUTCOMES
from tessera.harvest.weblinks.reporting import Wanted, counts, listing
from tessera.records.models import Record
from tessera.sources.configured import LinkChecking
from tessera.sources.fetch.fetcher import Fetcher
from tests.integration.conftest import Deliver
from tests.livesite import environment, tessera
from tests.websites import Website, redirect, send, website

pytestmark = pytest.mark.django_db

Outcome = WebLink.Outcome
MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as served:
        served.pages["/robots.txt"] = "User-agent: *\nDisallow: /closed\n"
        yield served


def bounds(site: Website, **more: Any) -> LinkChecking:
    return LinkChecking(delay=0.0, private=frozenset({site.endpoint}), **more)


def project(number: int, url: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"p:{number}", "kind": "project", "title": {"en": f"Project {number}"}, "url": url,
    } | more  # fmt: skip


def status(number: int, **headers: str) -> Any:
    return lambda handler: send(handler, number, b"x", headers)


def outcome(site: Website, path: str) -> Answer:
    return asked(site.fetcher(retries=0, seconds=1.0), f"{site.url}{path}")


def test_outcomes_are_told_apart(site: Website) -> None:
    site.pages |= {
        "/ok": "here", "/gone": status(404), "/gone2": status(410), "/in": status(401),
        "/no": status(403), "/bad": status(500), "/busy": status(429), "/closed/x": "x",
        "/moved": redirect("/ok", 301), "/moved2": redirect("/moved", 308),
        "/for-now": redirect("/ok", 302), "/mixed": redirect("/moved", 307),
        "/to-gone": redirect("/gone", 301), "/round": redirect("/round2"),
        "/round2": redirect("/round"), "/slow": lambda handler: time.sleep(2),
        "/long": redirect("/long1"), **{f"/long{n}": redirect(f"/long{n + 1}") for n in range(9)},
    }  # fmt: skip
    found = {path: outcome(site, path).outcome for path in site.pages}
    assert found == {
        "/robots.txt": Outcome.OK, "/ok": Outcome.OK, "/gone": Outcome.GONE,
        "/gone2": Outcome.GONE, "/in": Outcome.REFUSED, "/no": Outcome.REFUSED,
        "/bad": Outcome.SERVER_ERROR, "/busy": Outcome.REFUSED, "/closed/x": Outcome.REFUSED,
        "/moved": Outcome.MOVED, "/moved2": Outcome.MOVED, "/for-now": Outcome.OK,
        "/mixed": Outcome.OK, "/to-gone": Outcome.GONE, "/round": Outcome.REDIRECTS,
        "/round2": Outcome.REDIRECTS, "/slow": Outcome.TIMEOUT, "/long": Outcome.REDIRECTS,
        **{f"/long{n}": Outcome.REDIRECTS if n < 4 else Outcome.GONE for n in range(9)},
    }  # fmt: skip
    assert outcome(site, "/moved2").moved_to == f"{site.url}/ok"
    assert outcome(site, "/gone").status == 404


def test_hosts_that_are_not_there_are_told_apart(site: Website) -> None:
    fetcher = site.fetcher(retries=0)
    assert asked(fetcher, "http://nowhere.invalid/").outcome == Outcome.NO_NAME
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        closed = Fetcher("Tessera", fetcher.limits, frozenset({(site.endpoint[0], port)}))
        assert asked(closed, f"http://127.0.0.1:{port}/").outcome == Outcome.NO_CONNECTION
    assert asked(fetcher, site.url.replace("http:", "https:") + "/").outcome == Outcome.TLS


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/", "http://localhost/", "http://10.0.0.1/",
        "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://2130706433/",
        "http://intranet.local/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused_also_behind_a_redirect(site: Website, url: str) -> None:
    fetcher = site.fetcher(retries=0)
    assert asked(fetcher, url).outcome == Outcome.REFUSED
    site.pages["/in"] = redirect(url, 301)
    assert asked(fetcher, f"{site.url}/in").outcome == Outcome.REFUSED


def test_head_is_asked_and_get_where_a_site_answers_that_badly(site: Website) -> None:
    read: list[int] = []

    def fussy(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "HEAD":
            send(handler, 405)
            return
        handler.send_response(200)
        handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        try:
            for _ in range(500):
                read.append(handler.wfile.write(b"x" * 100_000))
        except OSError:
            return

    site.pages |= {"/fussy": fussy, "/fine": "x" * 1000}
    assert outcome(site, "/fine").outcome == Outcome.OK
    assert site.methods == ["GET", "HEAD"]  # robots.txt, then the page
    assert outcome(site, "/fussy").outcome == Outcome.OK
    assert site.methods[2:] == ["GET", "HEAD", "GET"]
    assert sum(read) < 50_000_000


def test_addresses_are_found_in_fields_and_in_texts() -> None:
    data: dict[str, object] = {
        "id": "https://x.example/id", "url": "https://X.example/a#part",
        "websites": ["http://b.example", "mailto:jane@b.example", "ftp://b.example/"],
        "text": {"en": "See https://c.example/d_(e), (https://f.example/g) or https://h.example/."},
        "summary": {"en": "Write to https://list.example/?to=jane@b.example or jane@b.example"},
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "stated": {"url": "https://no.example/"}, "links": [{"rel": "about", "id": "http://n.ex"}],
    }  # fmt: skip
    assert list(links_in(data)) == [
        ("url", "https://x.example/a"),
        ("websites.0", "http://b.example/"),
        ("text.en", "https://c.example/d_(e)"),
        ("text.en", "https://f.example/g"),
        ("text.en", "https://h.example/"),
    ]


def test_links_follow_the_records(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "BATCH", 2)
    same = "https://x.example/same"
    deliver([project(1, same), project(2, same), project(3, "https://x.example/3")])
    assert collect() == 3
    assert WebLink.objects.count() == 2 and WebLinkUse.objects.count() == 3
    assert collect() == 0
    deliver([project(1, same), project(2, "https://x.example/new")], max_loss=1)
    assert collect() == 2
    assert sorted(WebLink.objects.values_list("url", flat=True)) == ["https://x.example/new", same]


def test_a_link_is_broken_after_failures_on_three_days_and_whole_by_one_answer() -> None:
    link = WebLink(url="https://x.example/", due_at=MARCH)
    gone, fine = Answer(Outcome.GONE, 404), Answer(Outcome.OK, 200)
    told = []
    for hours in (0, 1, 24, 25, 26, 96):
        note(link, gone, MARCH + timedelta(hours=hours))
        told.append((link.failed_days, link.broken, (link.due_at - MARCH).days))
    assert told == [(1, False, 1), (1, False, 1), (2, False, 4), (2, False, 4), (2, False, 4),
                    (3, True, 11)]  # fmt: skip
    assert link.failing_since == MARCH
    note(link, Answer(Outcome.REFUSED, 403), MARCH + timedelta(days=12))
    assert (link.broken, link.failing_since) == (True, MARCH)  # a refusal says nothing
    note(link, gone, MARCH + timedelta(days=13))
    assert (link.failed_days, link.due_at) == (4, MARCH + timedelta(days=43))
    note(link, fine, MARCH + timedelta(days=14))
    assert (link.broken, link.failing_since, link.failed_days) == (False, None, 0)
    assert link.due_at == link.good_at + checking.MONTH  # type: ignore[operator]  # it is set


def test_a_refusal_on_the_same_day_makes_no_second_day_of_failures() -> None:
    link = WebLink(url="https://x.example/", due_at=MARCH)
    for hours, answer in ((0, Outcome.GONE), (1, Outcome.REFUSED), (2, Outcome.GONE)):
        note(link, Answer(answer), MARCH + timedelta(hours=hours))
    assert link.failed_days == 1


def test_a_run_is_bounded_and_the_next_one_goes_on(deliver: Deliver, site: Website) -> None:
    site.pages |= {f"/{n}": "here" for n in range(10)}
    deliver([project(n, f"{site.url}/{n}") for n in range(10)])
    first = check("Tessera", bounds(site, links=4))
    assert (first.asked, first.left) == (4, 6)
    second = check("Tessera", bounds(site))
    assert (second.asked, second.left, second.outcomes) == (6, 0, {"ok": 6})
    assert check("Tessera", bounds(site)).asked == 0
    assert sorted(path for path in site.asked if path != "/robots.txt") == [
        f"/{n}" for n in range(10)
    ]
    assert LinkProgress.objects.get().begun_at is not None


def test_time_bounds_a_run_too(deliver: Deliver, site: Website) -> None:
    deliver([project(n, f"{site.url}/{n}") for n in range(3)])
    found = check("Tessera", bounds(site, minutes=1e-9))
    assert (found.asked, found.left) == (0, 3)
    assert "left for the next run" in found.notes[0]


class Killed(BaseException):
    """As by a signal."""


def test_a_run_that_is_stopped_anywhere_loses_nothing(deliver: Deliver, site: Website) -> None:
    site.pages |= {f"/{n}": "here" for n in range(6)}
    deliver([project(n, f"{site.url}/{n}") for n in range(6)])

    def stop(checked: Checked) -> None:
        if checked.asked == 2:
            raise Killed

    with pytest.raises(Killed):
        check("Tessera", bounds(site), progress=stop)
    assert WebLink.objects.filter(outcome=Outcome.OK).count() == 2
    assert check("Tessera", bounds(site)).asked == 4


def test_a_link_that_another_run_asks_for_is_left_to_it(deliver: Deliver, site: Website) -> None:
    deliver([project(1, f"{site.url}/1")])
    collect()
    WebLink.objects.update(due_at=datetime.now(UTC) + checking.CLAIM)
    assert check("Tessera", bounds(site)).asked == 0


def test_one_source_can_be_asked_alone(deliver: Deliver, site: Website) -> None:
    site.pages |= {"/a": "a", "/b": "b"}
    deliver([project(1, f"{site.url}/a")], source="one")
    deliver([project(2, f"{site.url}/b")], source="two")
    assert check("Tessera", bounds(site), source="two").asked == 1
    assert "/b" in site.asked and "/a" not in site.asked


def test_a_silent_host_is_not_asked_for_all_its_links(
    deliver: Deliver, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SILENCES", 2)

    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    site.pages |= {f"/{n}": hang_up for n in range(5)}
    deliver([project(n, f"{site.url}/{n}") for n in range(5)]
            + [project(10 + n, f"http://nowhere.invalid/{n}") for n in range(4)])  # fmt: skip
    found = check("Tessera", bounds(site))
    assert found.outcomes == {"no-connection": 2, "no-name": 4}
    assert found.left == 3
    assert found.notes == [
        "127.0.0.1 did not answer 2 times; its 3 other links are left for the next run."
    ]


def test_records_are_never_written(deliver: Deliver, site: Website) -> None:
    deliver([project(1, f"{site.url}/gone")])
    before = list(Record.objects.values())
    check("Tessera", bounds(site))
    assert list(Record.objects.values()) == before


def test_the_report_counts_by_outcome_source_and_host(deliver: Deliver, site: Website) -> None:
    site.pages["/a"] = "a"
    deliver([project(1, f"{site.url}/a"), project(2, f"{site.url}/gone")], source="one")
    deliver([project(3, f"{site.url}/a")], source="two")
    check("Tessera", bounds(site))
    WebLink.objects.filter(outcome=Outcome.GONE).update(broken=True)
    assert counts(Wanted(), "outcome") == [
        {"outcome": "gone", "links": 1, "records": 1, "broken": 1},
        {"outcome": "ok", "links": 1, "records": 2, "broken": 0},
    ]
    assert [(r["source"], r["links"]) for r in counts(Wanted(), "source")] == [
        ("one", 2), ("two", 1),
    ]  # fmt: skip
    assert counts(Wanted(), "host")[0]["host"] == "127.0.0.1"
    [gone] = listing(Wanted(broken=True))
    assert (gone["record"], gone["status"], gone["field"]) == ("p:2", 404, "url")
    assert len(list(listing(Wanted(outcome="ok", source="one")))) == 1


def test_the_page_of_a_record_says_that_its_link_is_broken(
    deliver: Deliver, client: Client, memory_index: None
) -> None:
    deliver([project(1, "https://x.example/A b".replace(" ", "%20"))])
    collect()
    page = client.get("/project/p:1").content.decode()
    assert "has not answered" not in page
    WebLink.objects.update(broken=True, outcome=Outcome.TIMEOUT, failing_since=MARCH)
    page = client.get("/project/p:1").content.decode()
    assert "this link has not answered since 3 March 2026" in page
    assert 'href="https://x.example/A%20b"' in page
    WebLink.objects.update(outcome=Outcome.GONE)
    page = client.get("/project/p:1").content.decode()
    assert "nothing has been found at this link since 3 March 2026" in page


def test_editors_see_links_with_their_records(
    deliver: Deliver, admin_client: Client, site: Website
) -> None:
    deliver([project(1, f"{site.url}/gone")])
    check("Tessera", bounds(site))
    link = WebLink.objects.get()
    listed = admin_client.get("/admin/harvest/weblink/?outcome__exact=gone&source=lines")
    assert link.url in listed.content.decode()
    assert link.url not in admin_client.get("/admin/harvest/weblink/?source=x").content.decode()
    page = admin_client.get(f"/admin/harvest/weblink/{link.pk}/change/").content.decode()
    assert "/project/p:1" in page
    assert admin_client.get("/admin/harvest/weblink/add/").status_code == 403


def test_the_command_checks_and_reports(tmp_path: Path, site: Website) -> None:
    site.pages["/a"] = "a"
    home = tmp_path / "home"
    home.mkdir()
    (home / "tessera.toml").write_text(
        '[links]\nschedule = "daily 03:00"\ndelay = 0\n'
        f'private_addresses = ["127.0.0.1:{site.port}"]\n'
    )
    lines = tmp_path / "p.jsonl"
    lines.write_text(
        "\n".join(json.dumps(project(n, f"{site.url}/{'a' if n else '=b'}")) for n in range(3))
    )
    assert tessera(home, "import", "jsonl", str(lines)).returncode == 0
    assert site.asked == []  # nobody asked for it
    done = tessera(home, "links", "check", "--limit", "1", "--json")
    assert json.loads(done.stdout)["asked"] == 1
    worked = tessera(home, "worker", "--once")
    assert worked.returncode == 0
    done = tessera(home, "links", "check")
    assert done.returncode == 0
    report = json.loads(tessera(home, "links", "report", "--json").stdout)
    assert {row["outcome"]: row["records"] for row in report["by_outcome"]} == {"gone": 1, "ok": 2}
    assert len(report["links"]) == 3
    rows = list(csv.DictReader(io.StringIO(
        tessera(home, "links", "report", "--csv", "--outcome", "gone").stdout
    )))  # fmt: skip
    assert [row["record"] for row in rows] == ["p:0"]
    shown = tessera(home, "links", "report", "--source", "jsonl").stdout
    assert "gone since" in shown and "p:0" in shown
    assert tessera(home, "links", "report", "--source", "x").returncode == 2


def test_the_commands_outcomes_are_those_of_the_model() -> None:
    assert set(OUTCOMES) == set(Outcome.values)


def test_two_runs_at_once_ask_for_each_link_once(deliver: Deliver, site: Website) -> None:
    """In one process each claims before it asks; here the second begins in the middle of one."""
    site.pages |= {f"/{n}": "here" for n in range(6)}
    deliver([project(n, f"{site.url}/{n}") for n in range(6)])
    other: list[Checked] = []

    def meanwhile(checked: Checked) -> None:
        if checked.asked == 2 and not other:
            other.append(check("Tessera", bounds(site)))

    mine = check("Tessera", bounds(site), progress=meanwhile)
    assert (mine.asked, other[0].asked) == (2, 4)


def test_a_killed_run_is_gone_on_with(tmp_path: Path, site: Website) -> None:
    """A real process, killed while it asks; only the link that it asked for then has to wait."""
    number = 8
    site.pages |= {f"/{n}": lambda handler: (time.sleep(0.3), send(handler, 200)) for n in range(8)}
    home = tmp_path / "home"
    home.mkdir()
    (home / "tessera.toml").write_text(
        f'[links]\ndelay = 0\nprivate_addresses = ["127.0.0.1:{site.port}"]\n'
    )
    lines = tmp_path / "p.jsonl"
    lines.write_text("\n".join(json.dumps(project(n, f"{site.url}/{n}")) for n in range(number)))
    assert tessera(home, "import", "jsonl", str(lines)).returncode == 0
    command = [sys.executable, "-m", "tessera.cli", "links", "check"]
    with subprocess.Popen(command, env=environment(home), cwd=home) as running:
        until = time.monotonic() + 60
        while len(site.asked) < 5 and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        assert running.wait(10) == -signal.SIGKILL
    before = len(site.asked)
    assert 5 <= before < number
    done = json.loads(tessera(home, "links", "check", "--json").stdout)
    report = json.loads(tessera(home, "links", "report", "--json").stdout)
    outcomes = {row["outcome"]: row["links"] for row in report["by_outcome"]}
    assert outcomes["ok"] >= number - 1 and outcomes["ok"] + outcomes.get("unchecked", 0) == number
    assert 0 < done["asked"] < number
