"""What is kept of a search that found nothing."""

from __future__ import annotations

import pytest

from tessera.wording.personal import kept_form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Wasserstoff  Züge", "wasserstoff züge"),
        ("interreg 2014-2020", "interreg 2014-2020"),
        ("programmes 2014 2020 2021–2027", "programmes 2014 2020 2021–2027"),
        ("NACE 72.19", "nace 72.19"),
        ("Strategy 10000", "strategy 10000"),
        (" ".join(["word"] * 12), " ".join(["word"] * 12)),
    ],
)
def test_kept(typed: str, kept: str) -> None:
    assert kept_form(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "anna@portal.example",
        "anna＠portal.example",
        "@anna",
        "https://portal.example/anna",
        "www.portal.example",
        "+43 660 123 45 67",
        "0660/1234567",
        "(01) 58 80-10",
        "٠٦٦٠١٢٣٤٥٦٧",
        "AT61 1904 3002 3457 3201",
        "12.03.1985",
        "1985-03-12",
        "3/12/85",
        "project 101058585",
        " ".join(["word"] * 13),
        "w" * 201,
        " ",
    ],
)
def test_not_kept(typed: str) -> None:
    assert kept_form(typed) == ""
