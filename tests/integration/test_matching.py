"""Organisations are recognised without a hand: bounded by what changed, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tessera.records import match_keys, matching
from tessera.records.matching import match, recognise
from tessera.records.merges import merge, undo
from tessera.records.models import (
    Candidate,
    Change,
    Compared,
    Link,
    MatchKey,
    MatchState,
    Mention,
    Merge,
    Record,
    Source,
    SourceRecord,
)
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

TOWNS = ("Ulm", "Graz", "Wien", "Trieste", "Košice", "Praha", "Nitra", "Maribor")
COUNTRIES = ("DE", "AT", "AT", "IT", "SK", "CZ", "SK", "SI")
FORMS = (
    "University of {}", "Universität {}", "Universita {}", "University {} (UNI)",
    "University of {}, Faculty of Law", "Stadtwerke {} GmbH", "Stadtwerke {}",
    "Stadtwerke {} Holding GmbH", "City of {}", "Stadt {}", "Region {}", "Innovaktion {} s.r.o.",
    "Inovaktion {}", "Technologie Zentrum {}", "Technology Centre {} Ltd", "Kalvenor{} s.r.o.",
    "KALVENOR{} spol. s r.o.", "{}tronik Universal", "{}tronik Universal Ltd", "{}tronic Universal",
)  # fmt: skip


def organisation(number: int, name: str, country: str = "", **more: Any) -> dict[str, Any]:
    scheme = "pic:9" if number % 7 == 0 else "x:"
    return {"id": f"{scheme}{number:08}", "kind": "organisation", "title": {"und": name},
            "countries": [country] if country else [], **more}  # fmt: skip


def many() -> list[dict[str, Any]]:
    """Names that are one, that may be one, that must not be one; common words; shared numbers."""
    found = []
    for town, country in zip(TOWNS, COUNTRIES, strict=True):
        for form in FORMS:
            place = {"place": town} if len(found) % 3 else {}
            found.append(organisation(len(found), form.format(town), country, **place))
    for number in range(8):
        name = f"Firma {chr(65 + number) * 5} {number}"
        found.append(organisation(len(found), name, "DE", vat="DE811128135"))
    for _ in range(45):
        found.append(organisation(len(found), "Základní škola", "CZ"))
    return found


def outcome() -> dict[str, Any]:
    """Under which id each is shown, and what waits for an editor."""
    waiting = Candidate.objects.filter(state="open").values_list("one", "other", "score")
    holding = Merge.objects.filter(undone_at=None).values_list("kept", "merged")
    return {
        "shown": dict(Record.objects.values_list("uid", "answers_as")),
        "merges": sorted(holding),
        "waiting": sorted(waiting),
    }


def empty() -> None:
    for model in (Candidate, Merge, MatchKey, Compared, MatchState, Change, Mention, Link, Record,
                  SourceRecord, Source):  # fmt: skip
        model.objects.all().delete()


@pytest.fixture
def expected(deliver: Deliver) -> dict[str, Any]:
    """What comes of one import."""
    deliver(many(), source="all")
    recognise()
    made = outcome()
    empty()
    assert sum(map(bool, made["shown"].values())) > 10 and len(made["waiting"]) > 10
    return made


@pytest.mark.parametrize("seed", range(3))
def test_ten_imports_in_any_order_come_to_the_same_as_one(
    deliver: Deliver, expected: dict[str, Any], seed: int
) -> None:
    records = many()
    random.Random(seed).shuffle(records)
    for part in range(10):
        deliver(records[part::10], source=f"part{part}")
        recognise()
    assert outcome() == expected
    match()
    assert outcome() == expected


def test_what_changed_back_leaves_no_trace(deliver: Deliver, expected: dict[str, Any]) -> None:
    records = many()
    deliver(records, source="all")
    recognise()
    other = [each | {"title": {"und": f"Wholly {n} different"}} if n % 4 == 0 else each
             for n, each in enumerate(records)]  # fmt: skip
    deliver(other, source="all")
    recognise()
    assert outcome() != expected
    deliver(records, source="all")
    recognise()
    assert outcome() == expected


def test_what_was_withdrawn_and_came_back_is_one_again(
    deliver: Deliver, expected: dict[str, Any]
) -> None:
    records = many()
    deliver(records, source="all")
    recognise()
    deliver(records[::2], source="all", max_loss=1.0)
    recognise()
    gone = {each["id"] for each in records[1::2]}
    assert not Candidate.objects.filter(state="open", one__in=gone).exists()
    deliver(records, source="all")
    recognise()
    assert outcome() == expected


def test_a_second_time_there_is_nothing_to_do(deliver: Deliver) -> None:
    deliver(many())
    first = recognise()
    assert (first.organisations, first.merged > 0) == (len(many()), True)
    before = outcome(), Change.objects.count(), Merge.objects.count()
    again = recognise()
    assert (again.organisations, again.compared, again.merged, again.undone) == (0, 0, 0, 0)
    assert again.candidates == first.candidates
    assert (outcome(), Change.objects.count(), Merge.objects.count()) == before


def test_work_is_bounded_by_what_changed(deliver: Deliver) -> None:
    deliver(many(), source="all")
    recognise()
    deliver([organisation(9_000, "Universität Ulm", "DE", place="Ulm")], source="one")
    with CaptureQueriesContext(
        connection,
    ) as made:
        report = recognise()
    assert (report.organisations, report.merged) == (1, 1)
    assert report.compared < 60
    assert len(made) < 400


@pytest.mark.parametrize("place", ["read", "compared"])
def test_it_goes_on_where_it_was_stopped(
    deliver: Deliver, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(match_keys, "BATCH", 20)
    monkeypatch.setattr(matching, "BATCH", 10)
    deliver(many(), source="all")

    class Killed(Exception):
        pass

    def kill(what: str, number: int) -> None:
        if place in what:
            raise Killed

    for _ in range(4):
        with pytest.raises(Killed):
            recognise(kill)
    recognise()
    assert outcome() == expected


def test_other_rules_compare_all_anew(deliver: Deliver, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(many())
    recognise()
    before = outcome()
    monkeypatch.setattr(match_keys, "rules", lambda: "others")
    assert recognise().organisations == len(many())
    assert outcome() == before


def test_what_editors_decided_stays(deliver: Deliver) -> None:
    deliver(many(), source="all")
    recognise()
    held: Sequence[Merge] = list(Merge.objects.filter(undone_at=None)[:5])
    undo(held[0].pk, by="ed")
    ours = merge("x:00000005", "x:00000010", by="ed")
    match()
    ours.refresh_from_db()
    assert ours.undone_at is None
    assert Record.objects.get(uid="x:00000010").answers_as != ""
    one, other = (Record.objects.get(uid=uid) for uid in (held[0].kept, held[0].merged))
    assert (one.answers_as or one.uid) != (other.answers_as or other.uid)


def test_a_number_that_many_names_share_is_none_of_theirs(deliver: Deliver) -> None:
    def firm(number: int) -> dict[str, Any]:
        return organisation(number, f"Firm {chr(65 + number) * 6}", "DE", vat="DE136695976")

    deliver([firm(1), firm(2)], source="two")
    assert recognise().merged == 1
    deliver([firm(number) for number in range(3, 9)], source="more")
    assert recognise().undone == 1
    assert not Record.objects.exclude(answers_as="").exists()
