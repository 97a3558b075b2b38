"""Who may see what of a record, and the documents that this makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.engine.audience import BOTH, Audience
from tessera.schema.audiences import seen, to_documents
from tessera.schema.document import LinkedRecord, RecordView, to_document
from tessera.schema.draft import DraftError, RecordDraft
from tessera.schema.visibility import FIELD, Visibility, visible

EVERYONE, MEMBERS = Audience.EVERYONE, Audience.MEMBERS
PERSON: dict[str, Any] = {
    "id": "m:1",
    "kind": "person",
    "title": {"en": "Ada Quill"},
    "text": {"en": "Bridges and ferries."},
    "representing": "sme",
    "countries": ["LT"],
    "interested_in": ["leading"],
    "organisation": "org:1",
    "themes": ["transport"],
    "links": [{"rel": "about", "id": "p:1"}],
}
FIELDS = tuple(name for name in PERSON if name not in ("id", "kind"))
levels = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(Visibility), max_size=8)


def data(**visibility: str) -> dict[str, Any]:
    return {**PERSON, FIELD: visibility}


def view(stated: dict[str, Any], *links: LinkedRecord) -> RecordView:
    return RecordView(1, stated["id"], stated["kind"], stated, links)


ORGANISATION = LinkedRecord("member_of", "org:1", "organisation", True, {"title": {"en": "Quay"}})
PROJECT = LinkedRecord("about", "p:1", "project", True, {"title": {"en": "FERRY"}})


def test_a_record_that_says_nothing_of_it_is_for_everyone() -> None:
    for audience in Audience:
        assert visible(PERSON, audience) is PERSON
    (document,) = to_documents(view(PERSON))
    assert document == to_document(view(PERSON))
    assert document.audiences == BOTH


@pytest.mark.parametrize("stated", [{}, {"text": "everyone"}, {"title": "nobody"}])
def test_without_its_name_nothing_of_it_is_there(stated: dict[str, str]) -> None:
    assert to_documents(view(data(**stated), ORGANISATION)) == ()
    for audience in Audience:
        assert visible(data(**stated), audience) is None


def test_what_is_for_members_makes_a_document_of_its_own() -> None:
    found = to_documents(
        view(data(title="everyone", countries="everyone", text="members", organisation="members"),
             ORGANISATION, PROJECT)
    )  # fmt: skip
    everyone, members = found
    assert [each.audiences for each in found] == [{EVERYONE}, {MEMBERS}]
    assert {(each.id, each.key) for each in found} == {("m:1", 1)}
    assert set(everyone.texts) == {"title", "initials"}
    assert set(members.texts) == {"title", "initials", "text", "related"}
    assert everyone.facets["country"] == ("LT",)
    assert everyone.facets["organisation"] == everyone.facets["representing"] == ()
    assert members.facets["organisation"] == ("org:1",)
    assert (everyone.stored["linked"], members.stored["linked"]) == ({}, {"organisation": 1})


def test_for_members_alone_there_is_one_document_and_for_both_alike_one() -> None:
    (document,) = to_documents(view(data(title="members")))
    assert document.audiences == {MEMBERS}
    (document,) = to_documents(view(data(title="everyone", themes="everyone", text="nobody")))
    assert document.audiences == BOTH
    assert "text" not in document.texts


@pytest.mark.parametrize(
    ("stated", "linked"),
    [
        ({}, {EVERYONE: 0, MEMBERS: 0}),
        ({"title": "everyone"}, {EVERYONE: 0, MEMBERS: 0}),
        ({"organisation": "everyone"}, {EVERYONE: 0, MEMBERS: 0}),
        ({"title": "members", "organisation": "everyone"}, {EVERYONE: 0, MEMBERS: 1}),
        ({"title": "everyone", "organisation": "members"}, {EVERYONE: 0, MEMBERS: 1}),
        ({"title": "everyone", "organisation": "everyone"}, {EVERYONE: 1, MEMBERS: 1}),
    ],
)
def test_what_others_show_of_it_is_no_more(
    stated: dict[str, str], linked: dict[Audience, int]
) -> None:
    face = {"title": PERSON["title"], FIELD: stated}
    organisation = {"id": "org:1", "kind": "organisation", "title": {"en": "Quay"}}
    of_person = LinkedRecord("member_of", "m:1", "person", False, face)
    documents = to_documents(replace(view(organisation, of_person), key=2))
    assert frozenset[Audience]().union(*(each.audiences for each in documents)) == BOTH
    for document in documents:
        counts = document.stored["linked"]
        for audience in document.audiences:
            assert counts == ({"person": 1} if linked[audience] else {})
            assert "Ada" not in str(replace(document, stored={}))
    assert len(documents) == len(set(linked.values()))


@given(stated=levels)
def test_no_audience_is_given_a_field_that_it_may_not_see(stated: dict[str, Visibility]) -> None:
    whole = {**PERSON, FIELD: dict(stated)}
    for audience in Audience:
        shown = seen(view(whole, ORGANISATION, PROJECT), audience)
        may = {name for name in FIELDS
               if stated.get(name, Visibility.NOBODY).holds_for(audience)}  # fmt: skip
        assert (shown is None) == ("title" not in may)
        if shown is None:
            continue
        assert set(shown.data) == may | {"id", "kind"}
        rels = {"organisation": "member_of", "links": "about"}
        assert [link.rel for link in shown.links] == [
            rel for name, rel in rels.items() if name in may
        ]
        documents = [d for d in to_documents(view(whole, ORGANISATION, PROJECT))
                     if audience in d.audiences]  # fmt: skip
        assert [replace(d, audiences=BOTH) for d in documents] == [to_document(shown)]


def test_a_document_for_all_is_never_made_of_what_is_not_for_all() -> None:
    with pytest.raises(ValueError, match="to_documents"):
        to_document(view(data(title="everyone")))


def test_drafts_keep_it_and_keep_it_when_it_is_empty() -> None:
    """An empty one hides everything, and must not become none, which hides nothing."""
    stated = RecordDraft.from_json({**PERSON, FIELD: {"title": "members"}})
    assert stated.canonical()[FIELD] == {"title": "members"}
    assert RecordDraft.from_json({**PERSON, FIELD: {}}).canonical()[FIELD] == {}
    assert FIELD not in RecordDraft.from_json(PERSON).canonical()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({FIELD: {"title": "friends"}}, "everyone"),
        ({FIELD: {"tittle": "members"}}, "tittle"),
        ({FIELD: {"kind": "nobody"}}, "kind"),
        ({FIELD: {}, "kind": "project"}, "kind person"),
        ({FIELD: {}, "organisations": [{"name": "Quay"}]}, "`organisation` alone"),
        ({FIELD: {}, "links": [{"rel": "member_of", "id": "org:2"}]}, "`organisation` alone"),
    ],
)
def test_drafts_that_would_hide_less_than_they_say_are_refused(
    changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(DraftError, match=message):
        RecordDraft.from_json({**PERSON, **changed})
