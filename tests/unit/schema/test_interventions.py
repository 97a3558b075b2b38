"""Categories of intervention: a code means something within its period and dimension alone."""

from __future__ import annotations

import re

import pytest

from tessera.schema import vocabularies as v


def test_a_code_means_two_things_in_two_periods() -> None:
    early, late = v.intervention("2014-2020", "1", "026"), v.intervention("2021-2027", "1", "26")
    assert early and late
    assert early.label == "Other railways"
    assert late.label.startswith("Support for innovation clusters")
    assert early.code == late.code == "026"
    assert early.dimension_label == late.dimension_label == "intervention field"
    assert v.intervention("2014-2020", "2", "01") is None
    assert v.intervention("2014-2020", "1", "124") is None


def test_every_row_is_sound() -> None:
    assert len(v.interventions("2014-2020")) == 123
    assert len(v.interventions("2021-2027")) == 165
    for period in ("2014-2020", "2021-2027"):
        rows = v.interventions(period)
        assert [row.code for row in rows] == sorted({row.code for row in rows})
        assert all(re.fullmatch(r"\d{3}", row.code) and row.label.strip() for row in rows)
    assert v.interventions("2007-2013") == ()


@pytest.mark.parametrize(
    ("text", "period", "code", "label"),
    [
        ("026", "2014-2020", "026", "Other railways"),
        ("26", "2014-2020", "026", "Other railways"),
        ("026 - Autres chemins de fer", "2014-2020", "026", "Other railways"),
        ("053-Υποδομές στον τομέα της υγείας", "2014-2020", "053", "Health infrastructure"),
        ("CI 022", "2014-2020", "022", "Waste water treatment"),
        ("026", "", "026", ""),
        ("026 Autres chemins de fer", "", "026", "Autres chemins de fer"),
        ("031 Something", "2021-2027", "031", "Something"),
        ("Waste water", "2014-2020", "", "Waste water"),
        ("2014 roads", "2014-2020", "", "2014 roads"),
        ("5 schools", "2014-2020", "", "5 schools"),
        ("5 - schools", "2014-2020", "005", "Electricity (storage and transmission)"),
        ("", "2014-2020", "", ""),
    ],
)
def test_what_sources_write_is_read(text: str, period: str, code: str, label: str) -> None:
    found = v.stated_intervention(text, period)
    assert (found.code, found.label) == (code, label)


def test_several_codes_in_one_cell_are_several() -> None:
    assert [each.code for each in v.stated_interventions("26, 027;118", "2014-2020")] == [
        "026", "027", "118",
    ]  # fmt: skip
    assert [each.label for each in v.stated_interventions("roads, paths")] == ["roads, paths"]
