"""Links of a draft, and the face that a record shows."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tessera.records.changes import Neighbours, Touched, merged, neighbours
from tessera.records.links import Shown, Stated, face, links_of, mention, same_name
from tessera.records.models import Change
from tessera.records.organisations import organisation_data
from tessera.schema.draft import RecordDraft


def project(**more: Any) -> dict[str, Any]:
    return {"id": "p:1", "kind": "project", "title": {"en": "One"}, **more}


def test_partners_come_first_and_once_by_role() -> None:
    links = links_of("p:1", project(
        organisations=[
            {"id": "pic:1", "name": "Mita", "role": "lead", "budget": "10"},
            {"id": "pic:1", "name": "Mita", "role": "partner"},
            {"id": "pic:1", "name": "MITA", "role": "lead"},
        ],
        links=[{"rel": "about", "id": "p:2", "note": "kept"}, {"rel": "about", "id": "p:2"}],
    ))  # fmt: skip
    assert links == (
        Stated("partner", "lead", "pic:1",
               {"name": "Mita", "budget": "10", "more": [{"name": "MITA"}]}),
        Stated("partner", "partner", "pic:1", {"name": "Mita"}),
        Stated("about", "", "p:2", {"note": "kept"}),
    )  # fmt: skip
    shown = Shown.of("project", {}, links)
    assert shown.targets == {"pic:1", "p:2"}
    assert [target for target, _ in shown.mentions] == ["pic:1"] * 3


def test_a_link_to_itself_says_nothing() -> None:
    assert links_of("p:1", project(links=[{"rel": "about", "id": "p:1"}])) == ()


def test_an_employer_is_linked_by_id_only() -> None:
    assert links_of("x", {"organisation": "ror:123"})[0].target == "ror:123"
    for name in ("Mita", "Ministry: of names", "", "a:" + "b" * 300):
        assert links_of("x", {"organisation": name}) == ()


def test_a_face_is_what_others_show() -> None:
    data = project(acronym="A", text={"en": "long"}, themes=["Ports"], programme={"name": "North"})
    assert face(data) == {
        "acronym": "A", "title": {"en": "One"}, "themes": ["Ports"], "programme": {"name": "North"},
        "summary": {"en": "long"},
    }  # fmt: skip
    assert face({**data, "summary": {"en": "word " * 100}, "start": "2020-01-01"}) == {
        **face(data), "summary": {"en": ("word " * 60).rstrip()}, "start": "2020-01-01",
    }  # fmt: skip
    assert "summary" not in face({**data, "kind": "person"})
    assert same_name(face(data), face({**data, "themes": []}))
    assert not same_name(face(data), face({**data, "acronym": "B"}))


def touched(before: Shown | None, after: Shown | None) -> Touched:
    return Touched(1, "p:1", Change.What.CHANGED, before, after)


def shown(name: str = "A", targets: str = "ab", **more: Any) -> Shown:
    return Shown("project", {"acronym": name, **more}, frozenset(targets))


def test_neighbours() -> None:
    both = Neighbours({"a", "b"}, {"p:1"})
    assert neighbours([touched(shown(), shown())]) == Neighbours()
    assert neighbours([touched(None, shown())]) == both
    assert neighbours([touched(shown(), None)]) == both
    assert neighbours([touched(shown(), shown(targets="bc"))]) == Neighbours({"a", "c"})
    assert neighbours([touched(shown(), shown("B"))]) == both
    assert neighbours([touched(shown(), shown(themes=["x"]))]) == Neighbours(set(), {"p:1"})


def test_neighbours_of_whom_it_tells() -> None:
    told = Neighbours(told_targets={"a", "b"}, told_from={"p:1"})
    assert neighbours([touched(shown(), shown(summary={"en": "x"}))]) == told
    assert neighbours([touched(shown(start="2020"), shown(start="2021"))]) == told


def test_a_record_touched_twice_is_logged_once() -> None:
    gone = Touched(1, "p:1", Change.What.WITHDRAWN, shown(), None)
    back = Touched(1, "p:1", Change.What.RESTORED, None, shown("B"))
    assert merged([gone, back]) == {1: Touched(1, "p:1", Change.What.CHANGED, shown(), shown("B"))}


def test_what_is_said_of_an_organisation_is_a_valid_draft() -> None:
    said = [
        ('["Mita", "LT", "Sme", "LT011", "Vilnius", "", "304 151 376"]', 2),
        ('["MITA", "LT", "", "XX99", "", "", "304151376"]', 2),
        ('["Agency", "", "Other", "", "Kaunas", "", "99999"]', 1),
    ]
    data = organisation_data("pic:1", said)
    assert data == organisation_data("pic:1", said[::-1])
    assert data["title"] == {"und": "MITA"}
    assert data["names"] == [{"name": "Mita"}, {"name": "Agency"}]
    assert (data["type"], data["countries"], data["place"]) == ("Sme", ["LT"], "Vilnius")
    assert data["regions"] == [{"nuts": "LT011"}]
    assert data["national_id"] == "304 151 376"
    draft = RecordDraft.from_json(data)
    assert draft.type == "Sme" and draft.kind == "organisation"


@pytest.mark.parametrize(("said", "numbers"), [
    ([("LT", "", "304151376"), ("LT", "", "LT 304151376")], {"national_id": "304151376"}),
    ([("LT", "", "304151376"), ("LT", "", "304151377")], {}),
    ([("LT", "", "304151376"), ("LV", "", "40003000000"), ("LT", "", "")],
     {"national_id": "304151376"}),
    ([("", "", "304151376")], {"national_id": "304151376"}),
    ([("LT", "", "n/a"), ("LT", "", "n/a"), ("LT", "", "304151376")],
     {"national_id": "304151376"}),
    ([("SI", "SI50223054", ""), ("SI", "SI 5022 3054", "")], {"vat": "SI 5022 3054"}),
    ([("SI", "SI50223054", "12345"), ("SI", "SI12345679", "12345")], {"national_id": "12345"}),
])  # fmt: skip
def test_a_number_is_kept_where_no_other_one_is_stated(
    said: list[tuple[str, str, str]], numbers: dict[str, str]
) -> None:
    counted = Counter(
        mention({"name": "Mita", "country": country, "vat": vat, "national_id": national})
        for country, vat, national in said
    )
    data = organisation_data("org:1", counted.items())
    assert {name: data[name] for name in ("vat", "national_id") if name in data} == numbers


def test_what_no_text_is_says_nothing_of_an_organisation() -> None:
    said = {"name": "Mita", "town": ["Vilnius"], "national_id": 304151376, "vat": {"number": 1}}
    assert json.loads(mention(said)) == ["Mita", "", "", "", "", "", "304151376"]
