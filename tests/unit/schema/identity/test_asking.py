"""Which texts name an organisation, and what in them counts."""

from __future__ import annotations

import pytest

from tessera.engine.document import Text
from tessera.schema.identity.asking import ASIDE, line


@pytest.mark.parametrize("text", [
    "Dept. of Chem., Univ. Wien, 1090 Vienna",
    "Georgia Institute of Technology",
    "CERN, Geneva",
    "Siemens Mobility GmbH",
    "Πανεπιστήμιο Αθηνών",
])  # fmt: skip
def test_a_line_names_an_organisation(text: str) -> None:
    assert line(text) is not None


@pytest.mark.parametrize("text", [
    "",
    "rail freight",
    "Which University did Einstein Visit?",
    "University libraries that lend books to schools",
    "Waste Water, treated in Towns",
    "Anna Müller",
])  # fmt: skip
def test_other_texts_are_no_lines(text: str) -> None:
    assert line(text) is None


def test_parts_and_places_count_less_than_the_whole() -> None:
    asked = line("Department of Physics, Technische Universität München, 85748 Garching, Germany")
    assert asked is not None
    counts = asked.emphasis
    assert counts["munchen"] == counts["technische"] == 1
    assert counts["physics"] == counts["garching"] == counts["germany"] == ASIDE


def test_names_are_like_it_in_any_language_and_field() -> None:
    asked = line("Dept. of Chem., Univ. of Vienna, 1090 Wien, Austria")
    assert asked is not None
    documents = [
        {"title": [Text("Vienna University Hospital", "en")]},
        {"title": [Text("UNIVIE", "und")], "names": [Text("Universität Wien", "de")]},
        {"text": [Text("Universität Wien", "de")]},
        {"title": [Text("Department of Chemistry, Universität Graz", "de")]},
    ]
    hospital, vienna, unnamed, graz = asked.likeness(documents)
    assert vienna > hospital > unnamed == 0
    assert vienna > graz
    assert asked.likeness([]) == []
