from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tessera.schema.document import (
    LinkedRecord,
    RecordView,
    boost,
    excerpt,
    moment,
    to_document,
)
from tessera.schema.draft import RecordDraft
from tessera.schema.fields import SCHEMA
from tessera.schema.kinds import KINDS


def view(kind: str, *links: LinkedRecord, **data: Any) -> RecordView:
    draft = RecordDraft.from_json({"id": "t:1", "kind": kind, "title": {"en": "T"}, **data})
    return RecordView(1, "t:1", kind, draft.canonical(), links, "test")


CLUSTERFY = LinkedRecord(
    "about",
    "t:p",
    "project",
    True,
    {
        "title": {"en": "Exploiting the potential of clusterization"},
        "acronym": "ClusterFY",
        "programme": {"id": "2014TC16RFIR001", "name": "Interreg Europe"},
        "period": "2014-2020",
        "themes": ["Clusters"],
    },
)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_bare_record_is_in_scope_of_its_kinds_facets_without_a_value(kind: str) -> None:
    document = to_document(view(kind))
    declared = {facet.name for facet in SCHEMA.facets}
    assert {*document.facets, *document.years} <= declared
    stated = {name for name, values in document.facets.items() if values}
    assert stated == {"kind", "language"}


def test_a_region_brings_its_ancestors_and_its_country() -> None:
    document = to_document(view("project", regions=["LT011"]))
    assert document.facets["region"] == ("LT", "LT0", "LT01", "LT011")
    assert document.facets["country"] == ("LT",)


def test_a_country_is_counted_once_however_often_it_is_stated() -> None:
    partners = [{"name": "A", "country": "GR"}, {"name": "B", "country": "EL"}]
    document = to_document(view("project", countries=["EL"], organisations=partners))
    assert document.facets["country"] == ("GR",)


def test_a_project_lies_in_every_year_from_start_to_end() -> None:
    document = to_document(view("project", start="2017-05-01", end="2019-01-31"))
    assert document.years["year"] == (2017, 2018, 2019)


def test_news_has_its_projects_programme_period_and_theme_and_is_found_by_its_name() -> None:
    document = to_document(view("news", CLUSTERFY, published="2018-05-14"))
    assert document.facets["programme"] == ("2014TC16RFIR001",)
    assert document.facets["period"] == ("2014-2020",)
    assert document.facets["theme"] == ("Clusters",)
    assert "ClusterFY" in {text.text for text in document.texts["related"]}


def test_what_news_states_itself_is_not_overruled() -> None:
    document = to_document(view("news", CLUSTERFY, period="2021-2027"))
    assert document.facets["period"] == ("2021-2027",)


def test_an_event_is_upcoming_until_its_last_day_has_ended() -> None:
    document = to_document(
        view("event", starts="2018-11-13", ends="2018-11-14", timezone="Europe/Bratislava")
    )
    assert document.moments["when"] == moment("2018-11-14T22:59:59+00:00", "")


def test_an_event_to_come_is_as_new_as_its_announcement() -> None:
    made = replace(view("event", starts="2027-06-01"), first_seen=date(2026, 11, 22))
    assert to_document(made).sort["date"] == date(2026, 11, 22).toordinal()
    past = replace(view("event", starts="2018-06-01"), first_seen=date(2026, 11, 22))
    assert to_document(past).sort["date"] == date(2018, 6, 1).toordinal()


def test_a_call_is_upcoming_until_its_last_deadline_and_ordered_by_it() -> None:
    document = to_document(view("call", opens="2026-03-01", deadlines=["2026-09-17", "2026-03-17"]))
    assert document.moments["when"] == moment("2026-09-17T23:59:59+00:00", "")
    assert document.sort["starts"] == document.moments["when"]
    assert document.sort["date"] == date(2026, 9, 17).toordinal()
    assert document.years["year"] == (2026,)
    assert document.stored["deadlines"] == ["2026-03-17", "2026-09-17"]


def test_a_call_without_a_deadline_is_neither_upcoming_nor_past() -> None:
    assert "when" not in to_document(view("call", opens="2026-03-01")).moments


def test_a_deadline_at_a_time_of_day_is_that_moment() -> None:
    document = to_document(view("call", deadline="2026-09-17T17:00:00", timezone="Europe/Brussels"))
    assert document.moments["when"] == moment("2026-09-17T15:00:00+00:00", "")


def test_pages_of_a_file_are_texts_with_their_number() -> None:
    document = to_document(
        view("file", language="da", pages=[{"page": 1, "text": "a"}, {"page": 37, "text": "b"}])
    )
    assert [(t.label, t.lang) for t in document.texts["text"]] == [("1", "da"), ("37", "da")]


def test_a_file_without_a_type_counts_as_not_stated() -> None:
    assert to_document(view("file")).facets["file_type"] == ()


@pytest.mark.parametrize(
    ("text", "cut"),
    [("short", "short"), ("one two three", "one two…"), ("uninterruptedlylong", "uninterrup…")],
)
def test_an_excerpt_never_ends_within_a_word(text: str, cut: str) -> None:
    assert excerpt(text, 10) == cut


def test_recency_keeps_its_relation_whatever_the_day() -> None:
    older, newer = boost(date(2010, 6, 1)), boost(date(2020, 6, 1))
    assert newer / older == pytest.approx(1.15, rel=1e-3)
    assert boost(None) == boost(date(2015, 1, 1))
    assert 1.0 <= boost(date(1900, 1, 1)) <= boost(date(2100, 1, 1)) <= 2.0
