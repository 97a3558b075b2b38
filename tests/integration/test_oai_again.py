"""A repository harvested again and again: what changed, what went, where a run broke off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import pytest

from tessera.harvest.configured import harvest_source
from tessera.harvest.report import HarvestError
from tessera.records.models import Record
from tessera.sources.configured import ConfiguredSource
from tests.websites import Website, send, website

pytestmark = pytest.mark.django_db

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"


@dataclass
class Repository:
    """Two records to an answer. stamps: datestamp of each; gone: those said to be deleted."""

    stamps: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    policy: str = "persistent"
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    now: str = "2026-03-01T10:00:00Z"
    asked: list[dict[str, str]] = field(default_factory=list)
    fails_at: str = ""
    forgets: bool = False

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        query = {name: v[0] for name, v in parse_qs(urlsplit(handler.path).query).items()}
        self.asked.append(query)
        token = query.get("resumptionToken", "")
        if token and token == self.fails_at:
            send(handler, 403)
            return
        body = self._identify() if query["verb"] == "Identify" else self._list(query, token)
        whole = f'<OAI-PMH xmlns="{OAI}"><responseDate>{self.now}</responseDate>{body}</OAI-PMH>'
        send(handler, 200, whole.encode(), {"Content-Type": "text/xml"})

    def _identify(self) -> str:
        return (
            f"<Identify><deletedRecord>{self.policy}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def _list(self, query: dict[str, str], token: str) -> str:
        if token and self.forgets:
            return '<error code="badResumptionToken">too old</error>'
        since, _, place = token.partition("|") if token else (query.get("from", ""), "", "0")
        if "T" in since and "T" not in self.granularity:
            return '<error code="badArgument">no times here</error>'
        found = sorted(n for n, stamp in self.stamps.items() if stamp[: len(since) or 1] >= since)
        some = found[int(place) : int(place) + 2]
        if not some:
            return '<error code="noRecordsMatch"/>'
        following = int(place) + 2
        more = f"{since}|{following}" if following < len(found) else ""
        return (
            "<ListRecords>" + "".join(map(self._record, some))
            + f"<resumptionToken>{more}</resumptionToken></ListRecords>"
        )  # fmt: skip

    def _record(self, number: int) -> str:
        head = (
            f"<identifier>oai:r:{number}</identifier><datestamp>{self.stamps[number]}</datestamp>"
        )
        if number in self.gone:
            return f'<record><header status="deleted">{head}</header></record>'
        return (
            f'<record><header>{head}</header><metadata><dc xmlns:dc="{DC}"><dc:title>'
            f"Report {number} of {self.stamps[number]}</dc:title></dc></metadata></record>"
        )


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as served:
        yield served


@pytest.fixture
def repository(site: Website) -> Repository:
    made = Repository(dict.fromkeys(range(1, 6), "2026-01-01T00:00:00Z"))
    site.pages["/oai"] = made.answer
    return made


def source(site: Website, query: str = "") -> ConfiguredSource:
    return ConfiguredSource(
        "reports", "oai", urls=(f"{site.url}/oai{query}",), private=frozenset({site.endpoint}),
        limits={"delay": 0.0},
    )  # fmt: skip


def live() -> set[str]:
    return set(Record.objects.filter(withdrawn_at=None).values_list("uid", flat=True))


def test_only_what_changed_is_asked_for_and_the_rest_stays(
    site: Website, repository: Repository
) -> None:
    assert harvest_source(source(site)).added == 5
    repository.asked.clear()
    repository.now = "2026-03-08T10:00:00Z"
    repository.stamps |= {2: "2026-03-05T09:00:00Z", 9: "2026-03-06T09:00:00Z"}
    repository.stamps[3], repository.gone = "2026-03-07T09:00:00Z", {3}
    report = harvest_source(source(site))
    assert (report.received, report.added, report.changed, report.withdrawn) == (3, 1, 1, 1)
    assert live() == {f"oai:r:{n}" for n in (1, 2, 4, 5, 9)}
    assert repository.asked[0]["verb"] == "Identify"
    assert repository.asked[1]["from"] == "2026-03-01T10:00:00Z"
    assert any("only what changed since" in note for note in report.notes)


def test_nothing_new_is_no_broken_promise(site: Website, repository: Repository) -> None:
    harvest_source(source(site))
    report = harvest_source(source(site))
    assert (report.received, report.withdrawn, len(live())) == (0, 0, 5)


def test_days_are_asked_for_where_there_are_no_times(site: Website, repository: Repository) -> None:
    repository.granularity = "YYYY-MM-DD"
    harvest_source(source(site))
    repository.stamps[7] = "2026-03-01"
    assert harvest_source(source(site)).added == 1
    assert repository.asked[-1]["from"] == "2026-03-01"


@pytest.mark.parametrize("policy", ["no", "transient", ""])
def test_without_kept_deletions_the_whole_list_comes_at_an_interval(
    site: Website, repository: Repository, policy: str
) -> None:
    repository.policy = policy
    harvest_source(source(site))
    del repository.stamps[4]
    repository.now = "2026-03-20T10:00:00Z"
    assert harvest_source(source(site)).withdrawn == 0
    repository.now = "2026-03-31T10:00:00Z"
    report = harvest_source(source(site))
    assert (report.received, report.withdrawn) == (4, 1)
    repository.now = "2026-04-02T10:00:00Z"
    assert harvest_source(source(site)).received == 0


def test_a_run_that_broke_off_goes_on_there(site: Website, repository: Repository) -> None:
    # The repository's clock has to be near ours: a token is tried for a day.
    repository.now = "2999-01-01T00:00:00Z"
    repository.fails_at = "|4"
    with pytest.raises(HarvestError):
        harvest_source(source(site))
    assert len(live()) == 4
    repository.fails_at = ""
    repository.asked.clear()
    report = harvest_source(source(site))
    assert repository.asked == [{"verb": "ListRecords", "resumptionToken": "|4"}]
    assert (report.received, report.withdrawn, len(live())) == (1, 0, 5)
    assert any("went on where" in note for note in report.notes)


def test_a_token_that_holds_no_more_begins_the_list_anew(
    site: Website, repository: Repository
) -> None:
    repository.now, repository.fails_at = "2999-01-01T00:00:00Z", "|4"
    with pytest.raises(HarvestError):
        harvest_source(source(site))
    repository.fails_at, repository.forgets = "", True
    with pytest.raises(HarvestError, match="badResumptionToken"):  # it forgets its own at once
        harvest_source(source(site))
    assert [q.get("resumptionToken") for q in repository.asked[-3:]] == ["|4", None, "|2"]


def test_a_failed_run_does_not_move_the_day(site: Website, repository: Repository) -> None:
    harvest_source(source(site))
    repository.now = "2026-03-08T10:00:00Z"
    repository.stamps |= dict.fromkeys((1, 2, 3), "2026-03-05T09:00:00Z")
    repository.fails_at = "2026-03-01T10:00:00Z|2"
    with pytest.raises(HarvestError):
        harvest_source(source(site))
    repository.fails_at = ""
    repository.now = "2026-03-09T10:00:00Z"
    assert harvest_source(source(site)).received == 3
    assert repository.asked[-2]["from"] == "2026-03-01T10:00:00Z"


def test_a_list_that_is_bounded_by_hand_is_asked_for_as_written(
    site: Website, repository: Repository
) -> None:
    for _ in range(2):
        harvest_source(source(site, "?from=2025-12-01"))
    assert [q["from"] for q in repository.asked if "from" in q] == ["2025-12-01"] * 2


def test_a_source_that_is_gone_for_good_is_said_to_be(site: Website) -> None:
    site.pages["/oai"] = lambda handler: send(handler, 410)
    with pytest.raises(HarvestError, match=r"gone for good\..*tessera\.toml"):
        harvest_source(source(site))
