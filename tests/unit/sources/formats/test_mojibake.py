from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.formats.mojibake import mended

SPOILT = [
    ("J√∂ckel", "Jöckel"),
    ("KERPELYSTRA√üE 199", "KERPELYSTRAßE 199"),
    ("INSTITUT F√úR ANGEWANDTE", "INSTITUT FÜR ANGEWANDTE"),
    ("Lietuvos nacionalinƒó vartotoj≈≥ federacija", "Lietuvos nacionalinė vartotojų federacija"),
    ("√Ös", "Ås"),
    ("AVENUE D‚ÄôAUDERGHEM", "AVENUE D’AUDERGHEM"),
    ("ŒöŒïŒëŒî (KEAD)", "ΚΕΑΔ (KEAD)"),
    ("the beneficiariesâ€™ costs", "the beneficiaries’ costs"),
    ("layoutï»¿described", "layout\ufeffdescribed"),
    ("geÃ¯ntegreerd", "geïntegreerd"),
    ("LOGROÃ‘O y MÃ©rida", "LOGROÑO y Mérida"),
    ("IL-1Î² and TNF", "IL-1β and TNF"),
    ("Ã¢â‚¬â„¢twas", "’twas"),
    ("GyĹ‘r, SzegedĂ©", "Győr, Szegedé"),
]
RIGHT = [
    "",
    "ascii only",
    "JYVÄSKYLÄ–TURKU",
    "Große Straße, Ängelholm, Łódź, Ștefan, TOMÁŠ, ÍŽ",
    "SÃO JOÃO, AMANHÃ®, Citroën “C4”",
    "«École» – «À bientôt»…",
    "√2 ≈ 1.41, ≈±5 %, ∆t ≤ 3 s, ƒ(x) ¬p",
    "Αθήνα, Œuvre, œuf, Ελλάδα",
    "Пловдив – Хасково",
    "§ 5 Abs. 2 °C ™ ® © €",
]


@pytest.mark.parametrize(("spoilt", "meant"), SPOILT)
def test_what_is_certain_is_put_right(spoilt: str, meant: str) -> None:
    assert mended(spoilt) == meant


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_stays(text: str) -> None:
    assert mended(text) == text


def test_a_doubtful_place_follows_a_certain_one_unless_its_letter_stands_alone() -> None:
    assert mended("CAFÃ‰ MÃ©rida") == "CAFÉ Mérida"
    assert mended("RÅ–") == "RÅ–"


@given(st.text(alphabet="aBéÖßłžșΆωяЖ’–€ 1."), st.sampled_from(["cp1252", "mac_roman", "cp1250"]))
def test_a_text_is_never_made_longer_and_is_mended_once_for_all(text: str, encoding: str) -> None:
    spoilt = text.encode().decode(encoding, "replace")
    found = mended(spoilt)
    assert len(found) <= len(spoilt)
    assert mended(found) == found


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    mended(text)


def test_names_of_2017_and_calls_are_mended(shared: Path) -> None:
    path = shared / "data/cordis_h2020_orgs_2017/stacked_dump.csv"
    fields = ("name", "shortName", "street", "city")
    with path.open(encoding="utf-8", newline="") as file:
        spoilt = [v for row in csv.DictReader(file) for f in fields if not (v := row[f]).isascii()]
    assert len(spoilt) == 560
    assert sum(mended(text) != text for text in spoilt) == 560
    with gzip.open(shared / "data/horizon_calls/open.jsonl.gz", "rt", encoding="utf-8-sig") as file:
        assert not any("â€™" in mended(line) for line in file)
