from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.schema.draft import DraftError, RecordDraft


def project(**more: Any) -> dict[str, Any]:
    return {"id": "keep:1", "kind": "project", "title": {"en": "Clusters"}, **more}


def problems(**more: Any) -> list[tuple[str, str]]:
    with pytest.raises(DraftError) as raised:
        RecordDraft.from_json(project(**more))
    return raised.value.problems


def test_only_id_kind_and_title_are_required() -> None:
    assert RecordDraft.from_json(project()).canonical() == project()
    with pytest.raises(DraftError) as raised:
        RecordDraft.from_json({})
    assert {field for field, _ in raised.value.problems} == {"id", "kind", "title"}


def test_every_problem_is_named_with_its_field_and_value() -> None:
    found = problems(start="last summer", countries=["LT", "Atlantis"], status="done")
    assert {field for field, _ in found} == {"start", "countries.1", "status"}
    assert any("'Atlantis' is not a country" in message for _, message in found)
    assert any("last summer" in message for _, message in found)


def test_unknown_keys_are_kept_and_reported() -> None:
    draft = RecordDraft.from_json(project(colour="blue"))
    assert draft.unknown_keys == ("colour",)
    assert draft.canonical()["colour"] == "blue"


def test_greece_and_the_united_kingdom_are_known_by_both_codes() -> None:
    draft = RecordDraft.from_json(project(countries=["EL", "GR", "UK", "gb"]))
    assert draft.countries == ["GR", "GR", "GB", "GB"]
    assert RecordDraft.from_json(project(regions=["GR30"])).regions[0].nuts == "EL30"


def test_a_region_code_of_an_older_version_is_kept_beside_todays() -> None:
    region = RecordDraft.from_json(project(regions=["LT00A"])).regions[0]
    assert (region.nuts, region.stated) == ("LT011", "LT00A")


def test_codes_are_normalised() -> None:
    draft = RecordDraft.from_json(
        project(period="2014–20", objectives=[" rso2.8"], programme="2014tc16rfir001")
    )
    assert draft.period == "2014-2020"
    assert draft.objectives == ["RSO2.8"]
    assert draft.programme is not None
    assert draft.programme.id == "2014tc16rfir001"


def test_zero_is_money_and_absence_is_not() -> None:
    draft = RecordDraft.from_json(project(budget={"eu": {"amount": "0.00", "currency": "EUR"}}))
    assert draft.canonical()["budget"] == {"eu": {"amount": "0.00", "currency": "EUR"}}
    assert "budget" not in RecordDraft.from_json(project()).canonical()


def test_an_end_before_its_start_is_refused() -> None:
    assert "lies before" in problems(start="2020-01-01", end="2019-01-01")[0][1]


def test_an_unknown_kind_lists_the_known_ones() -> None:
    with pytest.raises(DraftError, match="project, person, event"):
        RecordDraft.from_json({"id": "a:1", "kind": "unicorn", "title": "x"})


@pytest.mark.parametrize("bad", ["has blank", "line\nbreak", "", "x" * 201, "a?b", "a#b"])
def test_an_id_must_fit_into_an_address(bad: str) -> None:
    with pytest.raises(DraftError):
        RecordDraft.from_json(project(id=bad))


def test_a_bare_title_is_a_text_in_an_unknown_language() -> None:
    assert RecordDraft.from_json(project(title="Clusters")).title == {"und": "Clusters"}


@pytest.mark.parametrize("value", [None, 3, "text", [], [project()], {"id": {}}])
def test_what_is_not_a_record_is_refused_in_words(value: object) -> None:
    with pytest.raises(DraftError):
        RecordDraft.from_json(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(RecordDraft.model_fields)), json_values))
def test_any_values_give_a_draft_or_a_named_problem(values: dict[str, Any]) -> None:
    try:
        draft = RecordDraft.from_json(project(**values))
    except DraftError as error:
        assert error.problems
    else:
        assert RecordDraft.from_json(draft.canonical()).canonical() == draft.canonical()
        assert RecordDraft.from_json(draft.canonical()).checksum() == draft.checksum()


def test_a_type_in_words_becomes_its_code_and_the_words_are_kept() -> None:
    written = project(
        objectives=[" RSO2.8"],
        organisations=[{"name": "A", "type": "Regional public authority"},
                       {"name": "B", "type": "N.a."}, {"name": "C", "type": "Sme"}],
    )  # fmt: skip
    draft = RecordDraft.from_json(written)
    assert [partner.type for partner in draft.organisations] == [
        "RegionalPublicAuthority", None, "Sme",
    ]  # fmt: skip
    assert draft.organisations[1].source_type == "N.a."
    assert set(draft.normalised(written)) == {
        ("objectives.0", " RSO2.8", "RSO2.8"),
        ("organisations.0.type", "Regional public authority", "RegionalPublicAuthority"),
        ("organisations.1.type", "N.a.", ""),
    }


def test_a_type_that_nobody_knows_is_refused() -> None:
    assert problems(organisations=[{"name": "A", "type": "Guild"}])[0][0] == "organisations.0.type"
