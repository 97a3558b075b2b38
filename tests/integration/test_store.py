"""What is stored of a delivery: records, links, organisations, Changes."""

from __future__ import annotations

from typing import Any

import pytest

from tessera.records.corrections import correct, uncorrect
from tessera.records.models import Change, Link, Mention, Record, SourceRecord
from tessera.records.views import record_view, record_views
from tessera.schema.draft import DraftError
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db


def record(uid: str, kind: str = "project", **more: Any) -> dict[str, Any]:
    return {"id": uid, "kind": kind, "title": {"en": f"Title of {uid}"}, **more}


def partner(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "country": "LT", **more}


def changes(after: int = 0) -> list[tuple[str, str]]:
    lines = Change.objects.filter(sequence__gt=after).order_by("sequence")
    return sorted(lines.values_list("record__uid", "what"))


def newest() -> int:
    return Change.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def organisation() -> Record:
    return Record.objects.get(kind="organisation")


def test_a_second_delivery_of_the_same_changes_nothing(deliver: Deliver) -> None:
    records = [record("p:1", organisations=[partner("Mita")]), record("p:2")]
    first = deliver(records)
    assert (first.received, first.added) == (2, 2)
    before = (newest(), list(Record.objects.values().order_by("uid")))
    second = deliver(records)
    assert (second.added, second.changed, second.unchanged, second.withdrawn) == (0, 0, 2, 0)
    assert (newest(), list(Record.objects.values().order_by("uid"))) == before


def test_one_changed_field_is_one_change(deliver: Deliver) -> None:
    records = [record(f"p:{n}") for n in range(5)]
    deliver(records)
    start = newest()
    records[3]["status"] = "closed"
    report = deliver(records)
    assert (report.changed, report.unchanged) == (1, 4)
    assert changes(start) == [("p:3", "changed")]


def test_an_unchanged_draft_of_a_changed_item_is_no_change(deliver: Deliver) -> None:
    deliver([{"key": "a", "records": [record("p:1")], "fetched": "monday"}])
    start = newest()
    report = deliver([{"key": "a", "records": [record("p:1")], "fetched": "tuesday"}])
    assert (report.changed, report.unchanged) == (0, 1)
    assert changes(start) == []
    assert SourceRecord.objects.get().raw["fetched"] == "tuesday"  # type: ignore[index]


def test_last_seen_moves_on(deliver: Deliver) -> None:
    deliver([record("p:1", organisations=[partner("Mita")])])
    seen = Record.objects.get(uid="p:1").last_seen
    deliver([record("p:1", organisations=[partner("Mita")])])
    again = Record.objects.get(uid="p:1")
    assert seen is not None and again.last_seen is not None
    assert again.last_seen > seen
    assert organisation().last_seen == again.last_seen
    assert again.first_seen <= seen


def test_links_are_stored_as_stated(deliver: Deliver) -> None:
    deliver([
        record("p:1", organisations=[
            partner("Mita", role="lead", start="2017-01-01", budget="100.50", town="Vilnius"),
            partner("Mita", role="lead", town="Kaunas"),
            partner("Other", id="pic:1"),
        ], links=[{"rel": "part_of", "id": "p:2"}, {"rel": "part_of", "id": "p:1"}]),
        record("who:1", "person", organisation="pic:1"),
        record("who:2", "person", organisation="Ministry: of names"),
    ])  # fmt: skip
    stored = list(Link.objects.filter(record__uid="p:1").values_list("rel", "role", "target_uid"))
    mita = Record.objects.get(title="Mita").uid
    assert stored == [
        ("partner", "lead", mita), ("partner", "partner", "pic:1"), ("part_of", "", "p:2"),
    ]  # fmt: skip
    data = Link.objects.get(target_uid=mita).data
    assert data["start"] == "2017-01-01"
    assert (data["town"], data["more"][0]["town"]) == ("Vilnius", "Kaunas")
    persons = Link.objects.filter(record__kind="person").values_list("record__uid", "target_uid")
    assert list(persons) == [("who:1", "pic:1")]


def test_who_inherits_from_a_record_changes_with_it(deliver: Deliver) -> None:
    about = [{"rel": "about", "id": "p:1"}]
    others = [record("e:1", "event", links=about), record("p:2")]
    deliver([record("p:1", programme={"name": "North"}), *others])
    start = newest()
    deliver([record("p:1", programme={"name": "South"}), *others])
    assert changes(start) == [("e:1", "linked"), ("p:1", "changed")]
    start = newest()
    deliver([record("p:1", programme={"name": "South"}, status="closed"), *others])
    assert changes(start) == [("p:1", "changed")]


class TestOrganisations:
    def test_are_made_from_partners(self, deliver: Deliver) -> None:
        said = partner("Mita", type="Sme", nuts="LT011", town="Vilnius")
        deliver([record("p:1", organisations=[said])])
        made = organisation()
        assert made.derived
        assert made.source.slug == "derived"
        assert made.data == {
            "id": made.uid, "kind": "organisation", "title": {"und": "Mita"},
            "countries": ["LT"], "type": "Sme", "regions": [{"nuts": "LT011"}],
            "place": "Vilnius",
        }  # fmt: skip

    def test_the_majority_decides_whatever_the_order(self, deliver: Deliver) -> None:
        names = ["MITA", "Mita", "Mita", "mita", "MITA"]
        types = ["Sme", "Other", "Other", "Sme", "Egtc"]
        records = [
            record(f"p:{n}", organisations=[partner(name, type=kind)])
            for n, (name, kind) in enumerate(zip(names, types, strict=True))
        ]
        deliver(records)
        data = organisation().data
        assert data["title"] == {"und": "MITA"}
        assert [each["name"] for each in data["names"]] == ["Mita", "mita"]
        assert data["type"] == "Other"
        start = newest()
        deliver(list(reversed(records)))
        assert organisation().data == data
        assert changes(start) == []

    def test_one_of_a_source_takes_precedence(self, deliver: Deliver) -> None:
        mention = record("p:1", organisations=[partner("Mita", id="pic:1")])
        own = record("pic:1", "organisation", acronym="MITA")
        deliver([mention])
        start = newest()
        report = deliver([own], source="register")
        assert report.added == 1
        assert changes(start) == [("p:1", "linked"), ("pic:1", "changed")]
        kept = organisation()
        assert (kept.derived, kept.source.slug, kept.data["acronym"]) == (False, "register", "MITA")
        deliver([record("p:1", organisations=[partner("Otherwise", id="pic:1")])])
        assert organisation().data == kept.data

    def test_one_that_its_source_drops_lives_on_in_mentions(self, deliver: Deliver) -> None:
        deliver([record("p:1", organisations=[partner("Mita", id="pic:1")])])
        deliver([record("pic:1", "organisation"), record("o:2", "organisation")], source="register")
        start = newest()
        report = deliver([record("o:2", "organisation")], source="register")
        assert report.withdrawn == 1
        assert changes(start) == [("p:1", "linked"), ("pic:1", "changed")]
        left = Record.objects.get(uid="pic:1")
        assert (left.derived, left.title, left.withdrawn_at) == (True, "Mita", None)

    def test_goes_with_its_last_mention_and_comes_back(self, deliver: Deliver) -> None:
        with_it = record("p:1", organisations=[partner("Mita")])
        deliver([with_it, record("p:2", organisations=[partner("Mita")])])
        deliver([with_it, record("p:2")])
        assert organisation().withdrawn_at is None
        start = newest()
        deliver([record("p:1"), record("p:2")])
        uid = organisation().uid
        assert organisation().withdrawn_at is not None
        assert changes(start) == [(uid, "withdrawn"), ("p:1", "changed")]
        assert not Mention.objects.exists()
        start = newest()
        deliver([with_it, record("p:2")])
        assert organisation().withdrawn_at is None
        assert changes(start) == [(uid, "restored"), ("p:1", "changed")]


class TestWithdrawal:
    def test_what_a_delivery_lacks_is_withdrawn_and_restored(self, deliver: Deliver) -> None:
        both = [record("p:1"), record("p:2", links=[{"rel": "part_of", "id": "p:1"}])]
        deliver(both)
        start = newest()
        assert deliver(both[1:]).withdrawn == 1
        assert changes(start) == [("p:1", "withdrawn"), ("p:2", "linked")]
        gone = Record.objects.get(uid="p:1")
        assert gone.withdrawn_at is not None
        assert gone.item is not None and gone.item.gone_at is not None
        assert record_view(Record.objects.get(uid="p:2")).links == ()
        start = newest()
        assert deliver(both).added == 1
        back = Record.objects.get(uid="p:1")
        assert (back.pk, back.withdrawn_at) == (gone.pk, None)
        assert changes(start) == [("p:1", "restored"), ("p:2", "linked")]

    def test_a_loss_beyond_the_promise_fails_and_withdraws_nothing(self, deliver: Deliver) -> None:
        from tessera.harvest.report import HarvestError

        records = [record(f"p:{n}") for n in range(10)]
        deliver(records)
        with pytest.raises(HarvestError, match="lacks 6 of the 10 records"):
            deliver(records[:4])
        assert not Record.objects.exclude(withdrawn_at=None).exists()
        assert deliver(records[:4], accept_loss=True).withdrawn == 6

    def test_a_delivery_below_the_minimum_fails(self, deliver: Deliver) -> None:
        from tessera.harvest.report import HarvestError

        deliver([record("p:1"), record("p:2")], minimum=2)
        with pytest.raises(HarvestError, match="promises at least 2"):
            deliver([record("p:1")], minimum=2)
        with pytest.raises(HarvestError, match="0 good records"):
            deliver([], minimum=1)
        assert not Record.objects.exclude(withdrawn_at=None).exists()

    def test_an_item_in_error_is_not_gone(self, deliver: Deliver) -> None:
        deliver([record("p:1"), record("p:2")])
        broken = {**record("p:1"), "period": "sometime"}
        report = deliver([broken, record("p:2")])
        assert (len(report.errors), report.withdrawn) == (1, 0)
        kept = Record.objects.get(uid="p:1")
        assert kept.withdrawn_at is None and kept.item is not None
        assert "sometime" in kept.item.problem
        deliver([record("p:1"), record("p:2")])
        assert Record.objects.get(uid="p:1").item.problem == ""  # type: ignore[union-attr]

    def test_unreadable_lines_may_be_the_missing_ones(self, deliver: Deliver) -> None:
        records = [record(f"p:{n}") for n in range(4)]
        deliver(records)
        report = deliver([*records[:3], "{broken"])
        assert (report.withdrawn, len(report.errors)) == (0, 1)
        assert "nothing was withdrawn" in report.notes[0]
        assert deliver(records[:3]).withdrawn == 1

    def test_an_item_that_maps_to_less_withdraws_the_rest(self, deliver: Deliver) -> None:
        deliver([{"key": "a", "records": [record("p:1"), record("p:2")]}])
        report = deliver([{"key": "a", "records": [record("p:2")]}])
        assert (report.withdrawn, report.unchanged) == (1, 1)
        assert Record.objects.get(uid="p:1").withdrawn_at is not None


class TestClaims:
    def test_another_sources_id_is_refused(self, deliver: Deliver) -> None:
        deliver([record("p:1")], source="one")
        report = deliver([record("p:1", status="closed"), record("p:2")], source="two")
        assert report.added == 1
        assert report.errors[0].stage == "store"
        assert "comes from the source 'one'" in report.errors[0].message
        assert Record.objects.get(uid="p:1").source.slug == "one"
        assert "comes from" in SourceRecord.objects.get(source__slug="two", key="p:1").problem

    def test_a_withdrawn_one_may_move_to_another_source(self, deliver: Deliver) -> None:
        deliver([record("p:1"), record("p:2")], source="one")
        deliver([record("p:2")], source="one")
        deliver([record("p:1")], source="two")
        assert Record.objects.get(uid="p:1").source.slug == "two"
        report = deliver([record("p:1"), record("p:2")], source="one")
        assert [error.stage for error in report.errors] == ["store"]

    def test_the_same_key_twice(self, deliver: Deliver) -> None:
        report = deliver(
            [record("p:1"), record("p:2"), record("p:1"), record("p:2", status="closed")]
        )
        assert (report.received, report.added, report.repeated) == (4, 2, 1)
        (error,) = report.errors
        assert error.where.endswith("line 4") and "line 2" in error.message
        again = deliver(
            [record("p:1"), record("p:2"), record("p:1"), record("p:2", status="closed")]
        )
        assert (again.unchanged, again.changed, again.repeated, len(again.errors)) == (2, 0, 1, 1)

    def test_the_first_item_keeps_a_record(self, deliver: Deliver) -> None:
        one = {"key": "a", "records": [record("p:1")]}
        same = {"key": "b", "records": [record("p:1")]}
        other = {"key": "c", "records": [record("p:1", status="closed")]}
        for _ in range(2):
            report = deliver([one, same, other])
            assert len(report.errors) == 1 and "already given" in report.errors[0].message
            assert any("already given" in message for _, message in report.warnings)
            kept = Record.objects.get(uid="p:1")
            assert kept.item is not None and kept.item.key == "a"

    def test_a_record_moves_with_its_item_to_a_new_key(self, deliver: Deliver) -> None:
        deliver([{"key": "old.pdf", "records": [record("f:1")]}, record("p:1")])
        start = newest()
        report = deliver([{"key": "new.pdf", "records": [record("f:1")]}, record("p:1")])
        assert (report.unchanged, report.withdrawn, report.errors) == (2, 0, [])
        assert changes(start) == []
        moved = Record.objects.get(uid="f:1")
        assert moved.item is not None and moved.item.key == "new.pdf"

    def test_an_earlier_item_takes_a_record_from_a_later_one(self, deliver: Deliver) -> None:
        late = {"key": "z", "records": [record("p:1")]}
        early = {"key": "a", "records": [record("p:1", status="closed")]}
        deliver([late, record("p:2")])
        for repeated in range(2):
            report = deliver([early, late, record("p:2")])
            assert [error.where for error in report.errors] == [f"lines-{_last()}.jsonl, line 2"]
            assert report.changed == (0 if repeated else 1)
            kept = Record.objects.get(uid="p:1")
            assert kept.item is not None and kept.item.key == "a"


def _last() -> str:
    """The number of the delivery of the last run."""
    place = SourceRecord.objects.get(key="a").place
    return place.removeprefix("lines-").partition(".")[0]


class TestCorrections:
    def test_win_and_survive(self, deliver: Deliver) -> None:
        deliver([record("p:1"), record("p:2", links=[{"rel": "part_of", "id": "p:1"}])])
        found = Record.objects.get(uid="p:1")
        start = newest()
        assert correct(found, {"title": {"en": "Corrected"}, "status": "closed"})
        assert changes(start) == [("p:1", "changed"), ("p:2", "linked")]
        assert not correct(found, {"status": "closed"})
        deliver([
            record("p:1", period="2014-2020"),
            record("p:2", links=[{"rel": "part_of", "id": "p:1"}]),
        ])  # fmt: skip
        found.refresh_from_db()
        assert (found.title, found.current["period"]) == ("Corrected", "2014-2020")
        assert found.current["status"] == "closed"
        assert uncorrect(found, "title")
        assert (found.title, found.corrections) == ("Title of p:1", {"status": "closed"})
        assert uncorrect(found)
        assert "status" not in found.current

    def test_move_links(self, deliver: Deliver) -> None:
        deliver([record("p:1", organisations=[partner("Mita")])])
        found = Record.objects.get(uid="p:1")
        correct(found, {"organisations": [partner("Corrected body")]})
        assert Record.objects.get(title="Mita").withdrawn_at is not None
        assert Record.objects.get(title="Corrected body").withdrawn_at is None
        correct(found, {"organisations": None})
        assert not found.links.exists()

    def test_must_be_valid(self, deliver: Deliver) -> None:
        deliver([record("p:1", start="2020-01-01")])
        found = Record.objects.get(uid="p:1")
        for wrong in ({"end": "2010-01-01"}, {"id": "p:9"}, {"kind": "news"}, {"colour": "red"},
                      {"title": None}):  # fmt: skip
            with pytest.raises(DraftError):
                correct(found, wrong)
        found.refresh_from_db()
        assert found.corrections == {}


def test_views_resolve_links_both_ways_in_few_queries(
    deliver: Deliver, django_assert_max_num_queries: Any
) -> None:
    deliver([
        record("p:1", acronym="ONE", organisations=[partner(f"Org {n}") for n in range(30)]),
        record("n:1", "news", links=[{"rel": "about", "id": "p:1"}, {"rel": "about", "id": "p:9"}]),
    ])  # fmt: skip
    with django_assert_max_num_queries(7):
        views = {view.id: view for view in record_views(Record.objects.all())}
    assert len(views) == 32
    (about,) = views["n:1"].links
    assert (about.rel, about.id, about.outgoing, about.data["acronym"]) == (
        "about", "p:1", True, "ONE",
    )  # fmt: skip
    kinds = [(link.kind, link.outgoing) for link in views["p:1"].links]
    assert kinds == [("organisation", True)] * 30 + [("news", False)]
