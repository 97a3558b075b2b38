from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.hygiene import drafts_of
from tessera.sources.registry import FOLDER, importer

CALLS = importer("calls")
SAMPLE = FOLDER / "calls" / "sample"
ROW: dict[str, Any] = {"topicId": "T-1", "title": "A call", "deadline": "2026-09-17"}


def read(*paths: Path) -> tuple[list[RecordDraft], list[ItemError]]:
    drafts: list[RecordDraft] = []
    errors: list[ItemError] = []
    for item in CALLS.gather(paths):
        for made in [item] if isinstance(item, ItemError) else drafts_of(CALLS, item):
            if isinstance(made, RecordDraft):
                drafts.append(made)
            else:
                errors.append(made)
    return drafts, errors


def mapped(**values: Any) -> tuple[list[RecordDraft], list[ItemError]]:
    made = list(drafts_of(CALLS, Item("T-1", ROW | values, "calls.jsonl, row 1")))
    drafts = [each for each in made if isinstance(each, RecordDraft)]
    return drafts, [each for each in made if isinstance(each, ItemError)]


def test_the_sample_becomes_calls() -> None:
    drafts, errors = read(SAMPLE)
    [told] = errors
    assert told.where.endswith("row 1, beneficiariesâ€™ became beneficiaries’")
    assert (told.message, told.warning) == ("mended the encoding in text.en", True)
    first, second = (draft.canonical() for draft in drafts)
    assert first["id"] == "eu-call:HORIZON-CL9-2026-01-02"
    assert first["kind"] == "call"
    assert (first["deadline"], first["call_status"]) == ("2026-09-17", "open")
    assert (first["programme"]["name"], first["period"]) == ("Horizon Europe", "2021-2027")
    assert first["themes"] == ["Bridges", "Materials"]
    assert "beneficiaries’" in first["text"]["en"]
    assert "Conditions\nGeneral conditions" in first["text"]["en"]
    assert second["deadlines"] == ["2026-03-17", "2026-09-17"]
    assert second["deadline"] == "2026-09-17"


def test_money_has_three_states() -> None:
    [stated], _ = mapped(budgetMin=0, budgetMax="4000000.50")
    assert str(stated.budget["least per grant"].amount) == "0"
    assert str(stated.budget["most per grant"].amount) == "4000000.50"
    [silent], _ = mapped(budgetMin=None, budgetMax="")
    assert silent.budget == {}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"deadline": "soon"}, "deadline"),
        ({"callStatus": "perhaps"}, "callStatus"),
        ({"portalUrl": "nowhere"}, "portalUrl"),
        ({"budgetMax": "much"}, "budgetMax"),
    ],
)
def test_a_value_that_is_wrong_is_left_out_and_told(values: dict[str, str], where: str) -> None:
    drafts, [error] = mapped(**values)
    assert len(drafts) == 1 and error.warning
    assert error.where == f"calls.jsonl, row 1, {where}"


def test_a_time_keeps_its_offset() -> None:
    [draft], errors = mapped(deadline="2026-09-17T17:00:00.000+0200")
    assert errors == [] and draft.canonical()["deadline"] == "2026-09-17T17:00:00+02:00"


def test_broken_lines_cost_themselves_alone(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text("\n".join([
        json.dumps(ROW), '{"topicId": "T-2", "title', json.dumps({"title": "x"}), json.dumps(ROW),
        json.dumps(ROW | {"topicId": "T-3", "title": ""}), json.dumps(ROW | {"topicId": "T-4"}),
    ]))  # fmt: skip
    drafts, errors = read(path)
    assert [draft.id for draft in drafts] == ["eu-call:T-1", "eu-call:T-4"]
    assert [error.where for error in errors] == [
        "calls.jsonl, row 2", "calls.jsonl, row 3, topicId", "calls.jsonl, row 4",
        "calls.jsonl, row 5, title",
    ]  # fmt: skip


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(["title", "deadline", "callStatus", "keywords", "budgetMin", "description",
                         "programme", "portalUrl", "openingDate"]),
        json_values,
    )
)  # fmt: skip
def test_any_values_give_a_call_or_reasons(values: dict[str, Any]) -> None:
    drafts, errors = mapped(**values)
    assert drafts or errors


def test_the_open_calls_of_the_portal_all_come_in(shared: Path) -> None:
    drafts, errors = read(shared / "data/horizon_calls")
    assert len(drafts) == 460
    assert {each.message for each in errors} <= {
        f"mended the encoding in {field}.en" for field in ("title", "text")
    }
    assert len({draft.id for draft in drafts}) == 460
    assert all(draft.deadline and draft.call_status and draft.text for draft in drafts)
    assert not any("â€™" in draft.text["en"] for draft in drafts)
