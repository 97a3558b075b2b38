"""People and organisations: by their names however written, and by what linked records say."""

from __future__ import annotations

from typing import Any

import pytest

from tessera.engine.query import Query
from tessera.engine.result import Hit
from tessera.engine.spelling.spellers import spellers
from tessera.indexing.current import current
from tessera.indexing.rebuild import rebuild
from tessera.indexing.sync import sync
from tessera.records.corrections import correct, uncorrect
from tessera.records.models import Change, Record
from tessera.records.store import withdraw
from tessera.records.views import record_view
from tessera.schema.document import to_document
from tessera.schema.told import CHARACTERS, RECORDS
from tessera.search.spelled import spelled_search
from tests.integration.conftest import Deliver

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index")]

PEOPLE = {
    "x:jana": "Jana Müller", "x:peter": "Peter Müller", "x:giorgos": "Γιώργος Παπαδόπουλος",
    "x:stefan": "Стефан Димитров", "x:nikos": "Nikos Kazantzakis", "x:hans": "Hans-Peter Schäfer",
}  # fmt: skip
ORGANISATIONS = {
    "o:bologna": {"title": {"it": "Università di Bologna"}, "acronym": "UNIBO"},
    "o:munich": {"title": {"de": "Technische Universität München"}},
    "o:health": {"title": {"en": "National Institute of Public Health Ltd"}},
}


def record(uid: str, kind: str, title: str, **more: Any) -> dict[str, Any]:
    return {"id": uid, "kind": kind, "title": {"en": title}, **more}


def about(*uids: str) -> list[dict[str, str]]:
    return [{"rel": "about", "id": uid} for uid in uids]


def hits(text: str) -> list[Hit]:
    return list(current().search(Query(text, size=100)).hits)


def found(text: str) -> list[tuple[str, str]]:
    return [(hit.id, hit.way) for hit in hits(text)]


@pytest.fixture
def named(deliver: Deliver) -> None:
    people = [record(uid, "person", name) for uid, name in PEOPLE.items()]
    deliver([*people, *({"id": u, "kind": "organisation", **o} for u, o in ORGANISATIONS.items())])
    sync()


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Muller Jana", ["x:jana"]),
        ("Mueller, Jana", ["x:jana"]),
        ("J. Müller", ["x:jana"]),
        ("J.Müller", ["x:jana"]),
        ("müller j", ["x:jana"]),
        ("P Mueller", ["x:peter"]),
        ("Mueller", ["x:jana", "x:peter"]),
        ("Schafer H.-P.", ["x:hans"]),
        ("H P Schaefer", ["x:hans"]),
        ("Giorgos Papadopoulos", ["x:giorgos"]),
        ("Papadopoulos G.", ["x:giorgos"]),
        ("Stefan Dimitrov", ["x:stefan"]),
        ("S. Dimitrov", ["x:stefan"]),
        ("Καζαντζάκης", ["x:nikos"]),
        ("Никос", ["x:nikos"]),
        ("Univ. Bologna", ["o:bologna"]),
        ("unibo", ["o:bologna"]),
        ("TUM", ["o:munich"]),
        ("NIPH", ["o:health"]),
    ],
)
def test_a_name_however_it_is_written(named: None, typed: str, wanted: list[str]) -> None:
    assert sorted(found(typed)) == [(uid, "words") for uid in wanted]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Mülller", {"x:jana", "x:peter"}),
        ("Jana Muler", {"x:jana"}),
        ("Papadopulos", {"x:giorgos"}),
        ("Dimitrof", {"x:stefan"}),
        ("Казанцакис", {"x:nikos"}),
    ],
)
def test_a_surname_with_one_edit(named: None, typed: str, wanted: set[str]) -> None:
    spellers.of(current(), wait=True)
    result = spelled_search(current(), Query(typed), wait=True)
    assert {hit.id for hit in result.hits} == wanted
    assert result.correction is not None and result.correction.applied


def test_a_topic_finds_those_whose_projects_news_files_and_events_say_it(deliver: Deliver) -> None:
    deliver([
        record("x:ann", "person", "Ann", links=about("p:1")),
        record("x:ben", "person", "Ben", text={"en": "Knows what mussels need."}),
        record("x:cem", "person", "Cem"),
        record("x:eva", "person", "Eva", text={"en": "Mussels."}, links=about("p:1")),
        record("p:1", "project", "Clean coasts", acronym="SHELL", start="2021-01-01",
               summary={"en": "Mussels filter the water of harbours."},
               organisations=[{"id": "o:1", "name": "Coast Institute", "country": "LT"}]),
        record("f:1", "file", "Manual", text={"en": "On mussels."}, links=about("p:1")),
        record("n:1", "news", "Mussels are back", links=about("x:cem")),
    ])  # fmt: skip
    sync()
    ways = dict(found("mussels"))
    assert list(ways.values()) == sorted(ways.values(), reverse=True), "own words come first"
    told = {uid for uid, way in ways.items() if way == "linked"}
    assert told == {"x:ann", "x:cem"}
    assert {"x:ben", "x:eva", "p:1", "f:1", "n:1"} == ways.keys() - told
    ann = next(hit for hit in hits("mussels") if hit.id == "x:ann").highlights[0]
    assert (ann.field, ann.label) == ("told", "project p:1 SHELL")
    assert ann.html.endswith("<mark>Mussels</mark> filter the water of harbours.")
    assert found("ann mussels") == [("x:ann", "linked")]


def told_of(uid: str, word: str) -> bool:
    sync()
    return uid in dict(found(word))


def test_what_is_told_follows_every_change_at_the_next_sync(deliver: Deliver) -> None:
    project = record("p:1", "project", "One", summary={"en": "Mussels."}, links=about("x:cem"))
    person = record("x:ann", "person", "Ann", links=about("p:1"))
    ends = ("x:ann", "x:cem")
    cem = record("x:cem", "person", "Cem")
    deliver([project, person, cem])
    assert all(told_of(uid, "mussels") for uid in ends)
    deliver([project | {"summary": {"en": "Oysters."}}, person, cem])
    assert all(told_of(uid, "oysters") and not told_of(uid, "mussels") for uid in ends)
    stored = Record.objects.get(uid="p:1")
    correct(stored, {"summary": {"en": "Herrings."}})
    assert all(told_of(uid, "herrings") and not told_of(uid, "oysters") for uid in ends)
    uncorrect(stored)
    assert all(told_of(uid, "oysters") for uid in ends)
    withdraw([stored.pk], stored.changed_at)
    assert not any(told_of(uid, "oysters") for uid in ends)
    deliver([project | {"summary": {"en": "Oysters again."}}, person, cem])
    assert all(told_of(uid, "oysters") for uid in ends)
    synced = found("oysters")
    rebuild()
    assert synced == found("oysters")


def test_only_people_are_written_anew_for_a_summary(deliver: Deliver) -> None:
    project = record("p:1", "project", "One", summary={"en": "Mussels."})
    others = [record(f"n:{n}", "news", f"N{n}", links=about("p:1")) for n in range(5)]
    person = record("x:ann", "person", "Ann", links=about("p:1"))
    deliver([project, person, *others])
    last = Change.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    deliver([project | {"summary": {"en": "Oysters."}}, person, *others])
    logged = Change.objects.filter(sequence__gt=last).values_list("record__uid", "what")
    assert set(logged) == {("p:1", "changed"), ("x:ann", "linked")}


def test_someone_in_thousands_of_projects_holds_what_the_newest_say(
    deliver: Deliver,
) -> None:
    many = [
        record(
            f"p:{n:04}",
            "project",
            f"Word{n:04}x",
            start=f"{1990 + n // 100}-{n % 12 + 1:02}-01",
            summary={"en": "mussels " * 20},
            links=about("x:ann"),
        )
        for n in range(3_000)
    ]
    ann = record("x:ann", "person", "Ann Coast")
    deliver([ann, *many])
    sync()
    last = Change.objects.order_by("-sequence").values_list("sequence", flat=True)[0]
    deliver([ann, *(each | {"summary": {"en": "oysters " * 20}} for each in many)])
    lines = Change.objects.filter(sequence__gt=last, record__uid="x:ann").count()
    assert 0 < lines <= 20, "once for each batch that is stored, not for each project"
    report = sync()
    assert report.written <= 3_000 + 3, "once for each batch that is applied"
    newest = [hit.id for hit in hits("coast word2999x") if hit.way == "linked"]
    assert newest == ["x:ann"]
    assert "x:ann" not in {uid for uid, way in found("coast word0000x") if way == "linked"}
    texts = to_document(record_view(Record.objects.get(uid="x:ann"))).texts["told"]
    assert len(texts) <= RECORDS
    assert sum(len(text.text) for text in texts) <= CHARACTERS
