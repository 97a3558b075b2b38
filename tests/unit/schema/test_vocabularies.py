"""The controlled vocabularies: what sources write is understood, and every value has a label."""

import doctest
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tessera.schema import vocabularies as v

SHARED = Path(os.environ.get("TESSERA_SHARED", Path(__file__).parents[3] / ".." / "shared"))
SWEDEN = SHARED / "data" / "interreg_sweden" / "rawdata.json"


@pytest.fixture(scope="module")
def partnerships() -> list[dict[str, Any]]:
    if not SWEDEN.exists():
        pytest.skip(f"no {SWEDEN}: set TESSERA_SHARED to the folder with the real data")
    rows: list[dict[str, Any]] = json.loads(SWEDEN.read_text(encoding="utf-8"))
    return rows


# --- countries and languages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GR", "GR"), ("EL", "GR"), ("el", "GR"), ("GB", "GB"), ("UK", "GB"), (" uk ", "GB"),
        ("GRC", "GR"), ("gbr", "GB"), ("XK", "XK"), ("XKX", "XK"), ("Ελλάδα", "GR"),
        ("ΕΛΛΑΔΑ", "GR"), ("Sverige", "SE"), ("SVERIGE", "SE"), ("Zviedrija", "SE"),
        ("Česko", "CZ"), ("Cesko", "CZ"), ("Czechia", "CZ"), ("Czech Republic", "CZ"),
        ("Türkiye", "TR"), ("Turkiye", "TR"), ("Turkey", "TR"), ("Kosovo*", "XK"),
        ("Kosovo", "XK"), ("North Macedonia", "MK"), ("FYROM", "MK"), ("The Netherlands", "NL"),
        ("Republic of Moldova", "MD"), ("Norge", "NO"), ("Suisse", "CH"), ("България", "BG"),
        ("US", "US"), ("Japan", "JP"), ("Україна", "UA"), ("an Fhrainc", "FR"),
    ],
)  # fmt: skip
def test_a_country_is_understood(text: str, code: str) -> None:
    assert v.country_code(text) == code


@pytest.mark.parametrize("text", ["", " ", "Atlantis", "ZZ", "EU", "XX", "Kongo", "QQQ"])
def test_what_is_no_country_or_may_be_two_is_not_guessed(text: str) -> None:
    assert v.country_code(text) is None


@pytest.mark.parametrize("lang", v.EU_LANGUAGES)
def test_every_country_and_language_has_a_name_in_every_eu_language(lang: str) -> None:
    for code in v.countries():
        known = v.country(code)
        assert known is not None
        assert known.names[lang].strip(), f"{code} in {lang}"
    for code in v.LANGUAGES:
        assert v.language(code).names[lang].strip(), f"{code} in {lang}"  # type: ignore[union-attr]


def test_every_name_of_a_country_that_is_understood_leads_back_to_it() -> None:
    unclear = []
    for code in v.countries():
        for lang in v.LANGUAGES:
            found = v.country_code(v.country_name(code, lang) or "")
            assert found in (code, None)
            if found is None:
                unclear.append((code, lang))
    assert unclear == [("CD", "no"), ("CG", "pl")]  # Kongo is one in Norwegian, the other in Polish


def test_all_of_iso_3166_is_there_and_the_eu_has_27() -> None:
    assert len(v.countries()) == 250
    assert len(v.EU_COUNTRIES) == 27
    assert set(v.countries()) >= v.EU_COUNTRIES | v.EFTA_COUNTRIES | v.CANDIDATE_COUNTRIES


def test_names_of_countries_are_the_ones_the_eu_uses() -> None:
    assert v.country_name("CZ") == "Czechia"
    assert v.country_name("TR") == "Türkiye"
    assert v.country_name("MK") == "North Macedonia"
    assert v.country_name("MK", "pt") == "Macedónia do Norte"
    assert v.country_name("EL", "sv") == "Grekland"
    assert v.country_name("GR", "xx") == "Greece"
    assert v.country_name("SE", "pt-PT") == "Suécia"
    assert v.country("UK").autonym == "United Kingdom"  # type: ignore[union-attr]
    assert v.country("CH").autonym == "Schweiz / Suisse / Svizzera"  # type: ignore[union-attr]


def test_kosovo_carries_its_footnote() -> None:
    assert v.country_name("XK") == "Kosovo*"
    assert v.country_name("XK", "lt") == "Kosovas*"
    assert "UNSCR 1244/1999" in (v.country_note("XK") or "")
    assert v.country_note("SE") is None


def test_nuts_and_iso_codes_of_countries_are_kept_apart() -> None:
    assert (v.nuts_country("GR"), v.nuts_country("gb"), v.nuts_country("SE")) == ("EL", "UK", "SE")
    assert (v.iso_country("EL301"), v.iso_country("ukn0"), v.iso_country("SE11")) == (
        *("GR", "GB"),
        "SE",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [("sv", "sv"), ("SV", "sv"), ("sv-FI", "sv"), ("swe", "sv"), ("Swedish", "sv"),
     ("svenska", "sv"), ("Ελληνικά", "el"), ("el", "el"), ("uk", "uk"), ("da", "da"), ("et", "et"),
     ("nb", "no"), ("nn-NO", "no"), ("sr_Latn", "sr"), ("ger", "de"), ("deu", "de")],
)  # fmt: skip
def test_a_language_is_understood(text: str, code: str) -> None:
    assert v.language_code(text) == code


@pytest.mark.parametrize("text", ["se", "dk", "cz", "gr", "ua", "Klingon", ""])
def test_a_country_code_is_not_taken_for_a_language(text: str) -> None:
    assert v.language_code(text) is None


def test_languages_have_names_in_others_and_in_themselves() -> None:
    assert v.language_name("el", "sv") == "grekiska"
    assert v.language_name("uk", "en") == "Ukrainian"
    assert v.language_name("uk", "xx") == "Ukrainian"
    assert v.language_name("xx") is None
    assert v.autonym("bg") == "български"
    assert len(v.EU_LANGUAGES) == 24
    assert len(v.LANGUAGES) == 34


# --- regions


@pytest.mark.parametrize("text", ["EL301", "el301", " EL 301 ", "GR301", "gr301"])
def test_a_region_code_is_read_in_every_spelling(text: str) -> None:
    found = v.region(text)
    assert found is not None
    assert (found.code, found.level, found.parent, found.country) == ("EL301", 3, "EL30", "GR")
    assert found.resolved_from is None
    assert found.latin == "Voreios Tomeas Athinon"


def test_the_united_kingdom_has_its_regions_of_2016() -> None:
    found = v.region("GBI")
    assert found is not None
    assert (found.code, found.versions, found.country) == ("UKI", (2016,), "GB")
    assert v.ancestors("UKN10") == ("UK", "UKN", "UKN0")


def test_regions_of_2021_and_of_2024_are_both_there() -> None:
    old, new = v.region("PT17"), v.region("PT1A")
    assert old is not None
    assert new is not None
    assert (old.versions, new.versions) == ((2021,), (2024,))
    assert v.region("SE11").versions == (2021, 2024)  # type: ignore[union-attr]
    assert v.region("PT16B").replaced_by == "PT1D1"  # type: ignore[union-attr]
    assert v.region("UA71").name == "Закарпатська Область"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("FR71", "FRK2"), ("FR711", "FRK2"), ("FRA5", "FRY5"), ("GR11", "EL51"), ("EL113", "EL51"),
     ("LT00A", "LT011"), ("ITD5", "ITH5"), ("ITE", "ITI"), ("PL127", "PL9"), ("HU101", "HU110"),
     ("IE01", "IE0"), ("HR04", "HR0"), ("NO011", "NO0"), ("SE999", "SE")],
)  # fmt: skip
def test_an_older_code_gives_the_region_that_stands_in_for_it_and_says_so(
    asked: str, code: str
) -> None:
    found = v.region(asked)
    assert found is not None
    assert found.code == code
    assert found.resolved_from == asked.replace("GR", "EL")
    assert v.region_label(asked) is None


@pytest.mark.parametrize("text", ["", "S", "US", "US11", "XX123", "SE1100", "Stockholm", "SE-11"])
def test_what_is_no_nuts_code_is_no_region(text: str) -> None:
    assert v.region(text) is None
    assert v.ancestors(text) == ()
    assert v.children(text) == ()


def test_parents_and_children_agree_all_through_the_table() -> None:
    for code in v.regions():
        found = v.region(code)
        assert found is not None
        assert found.resolved_from is None
        above = v.ancestors(code)
        assert len(above) == found.level
        if found.level:
            assert above[-1] == found.parent
            assert code in v.children(found.parent or "", max(found.versions))
            assert v.region_label(code)
        assert v.country(found.country) is not None


def test_children_are_those_of_one_version() -> None:
    assert v.children("SE") == ("SE1", "SE2", "SE3", "SEZ")
    assert v.children("GB")[:2] == ("UKC", "UKD")
    assert "PT17" in v.children("PT1", 2021)
    assert "PT17" not in v.children("PT1")
    assert v.children("PT1") == ("PT11", "PT15", "PT19", "PT1A", "PT1B", "PT1C", "PT1D")
    assert v.children("SE110") == ()


def test_the_member_states_have_as_many_regions_as_the_nuts_regulation_says() -> None:
    counts = []
    for level in (1, 2, 3):
        items = [v.region(code) for code in v.regions(level) if code[2:].strip("Z")]
        counts.append(
            sum(1 for i in items if i and i.country in v.EU_COUNTRIES and 2024 in i.versions)
        )
    assert counts == [92, 244, 1165]


def test_labels_of_regions_have_name_and_code() -> None:
    assert v.region_label("SE11") == "Stockholm (SE11)"
    assert v.region_label("gr30") == "Αττική / Attiki (EL30)"
    assert v.region_label("EL", "sv") == "Grekland"
    assert v.region_label("ZZ") is None


SWEDISH_REGIONS = {
    (3, "Stockholms län"): "SE110", (3, "Uppsala län"): "SE121", (3, "Södermanlands län"): "SE122",
    (3, "Östergötlands län"): "SE123", (3, "Örebro län"): "SE124", (3, "Västmanlands län"): "SE125",
    (3, "Jönköpings län"): "SE211", (3, "Kronobergs län"): "SE212", (3, "Kalmar län"): "SE213",
    (3, "Gotlands län"): "SE214", (3, "Blekinge län"): "SE221", (3, "Skåne län"): "SE224",
    (3, "Hallands län"): "SE231", (3, "Västra Götalands län"): "SE232",
    (3, "Värmlands län"): "SE311", (3, "Dalarnas län"): "SE312", (3, "Gävleborgs län"): "SE313",
    (3, "Västernorrlands län"): "SE321", (3, "Jämtlands län"): "SE322",
    (3, "Västerbottens län"): "SE331", (3, "Norrbottens län"): "SE332", (2, "Stockholm"): "SE11",
    (2, "Östra Mellansverige"): "SE12", (2, "Småland med öarna"): "SE21",
    (2, "Småland och öarna"): "SE21", (2, "Sydsverige"): "SE22", (2, "Västsverige"): "SE23",
    (2, "Norra Mellansverige"): "SE31", (2, "Mellersta Norrland"): "SE32",
    (2, "Övre Norrland"): "SE33",
}  # fmt: skip


@pytest.mark.parametrize(("level", "name"), SWEDISH_REGIONS)
def test_swedish_regions_are_found_by_name(level: int, name: str) -> None:
    found = v.find_region(name, country="SE", level=level)
    assert found is not None
    assert found.code == SWEDISH_REGIONS[level, name]


def test_every_region_of_the_swedish_list_is_found(partnerships: list[dict[str, Any]]) -> None:
    names = {(level, row[f"nuts{level}"]) for row in partnerships for level in (2, 3)}
    unknown = {
        (level, name) for level, name in names if name and not v.find_region(name, "SE", level)
    }
    # Gotland is a county (NUTS 3); one row has it as NUTS 2, which is not silently mended.
    assert unknown <= {(2, "Gotland")}


@pytest.mark.parametrize(
    ("name", "country", "level", "code"),
    [
        ("Stockholm", None, None, "SE11"), ("stockholm", "SE", 3, "SE110"),
        ("Gotland", "SE", None, "SE214"), ("Västra Götaland", None, None, "SE232"),
        ("ÖVRE NORRLAND", None, None, "SE33"), ("Αττική", None, None, "EL3"),
        ("Attiki", None, 2, "EL30"), ("Attica", None, None, "EL30"), ("Bayern", None, None, "DE2"),
        ("Bavaria", "DE", None, "DE2"), ("Wien", "AT", None, "AT13"), ("Wien", "AT", 3, "AT130"),
        ("Limburg", "BE", None, "BE22"), ("Limburg", "NL", None, "NL42"),
        ("Bruxelles", None, None, "BE1"), ("Centro", "PT", None, "PT19"),
        ("Utrecht", "NL", 2, "NL35"), ("Закарпатська Область", None, None, "UA71"),
        ("Sofia", "BG", None, "BG412"), ("Centre", "FR", None, "FRB"),
        ("Βόρειο Αιγαίο", "GR", 2, "EL41"), ("Northern Ireland", "GB", 1, "UKN"),
        ("Trento", "IT", 2, "ITH2"), ("Berlin", None, 3, "DE300"), ("Liège", "BE", 2, "BE33"),
    ],
)  # fmt: skip
def test_a_region_is_found_by_its_name(
    name: str, country: str | None, level: int | None, code: str
) -> None:
    found = v.find_region(name, country, level)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("name", ["Limburg", "Extra-Regio NUTS 1", "Nowhere", "", "län"])
def test_a_name_of_several_regions_or_of_none_finds_nothing(name: str) -> None:
    assert v.find_region(name) is None


def test_every_official_name_finds_its_region_in_its_country_and_level() -> None:
    missed = []
    for code in v.regions():
        item = v.region(code)
        assert item is not None
        if not item.level or 2024 not in item.versions or not code[2:].strip("Z"):
            continue
        if v.find_region(item.name, item.country, item.level) != item:
            missed.append(code)
    assert missed == []


# --- organisation types

SWEDISH_TYPES = {
    "Local public authority": ("LocalPublicAuthority", "exact"),
    "Higher education and research institution": ("HigherEducationOrganisations", "exact"),
    "Business support organisation": ("BusinessSupportOrganisation", "exact"),
    "Regional public authority": ("RegionalPublicAuthority", "exact"),
    "Small or medium-sized enterprise (SME)": ("Sme", "exact"),
    "National public authority": ("NationalPublicAuthority", "exact"),
    "NGO": ("InterestGroups", "close"),
    "Other": ("Other", "exact"),
    "Interest groups including NGOs": ("InterestGroups", "exact"),
    "Bodies governed by public law": ("Other", "broad"),
    "Large enterprise": ("EnterpriseExceptSme", "exact"),
    "Sectoral agency": ("SectoralAgency", "exact"),
    "International governmental organisation": ("InternationalOrganisationEeig", "close"),
    "national, regional and local authorities": ("LocalPublicAuthority", "broad"),
    "Education and research institution": ("HigherEducationOrganisations", "close"),
    "Infrastructure and (Public organisation) service provider": (
        *("InfrastructureAndServiceProvider", "exact"),
    ),
    "Hospital and medical centre": ("Hospitals", "exact"),
    "EGTC": ("Egtc", "exact"),
}


@pytest.mark.parametrize("label", SWEDISH_TYPES)
def test_the_spellings_of_the_swedish_list_are_understood(label: str) -> None:
    assert v.organisation_type(label) == SWEDISH_TYPES[label]


def test_no_type_of_the_swedish_list_is_left_out(partnerships: list[dict[str, Any]]) -> None:
    labels = {row["organisationstyp"] for row in partnerships} - {None, ""}
    assert {label for label in labels if v.organisation_type(label) is None} == set()


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("business support organisation ", "BusinessSupportOrganisation"),
        ("BusinessSupportOrganisation", "BusinessSupportOrganisation"),
        ("SME", "Sme"), ("KMU", "Sme"), ("PME", "Sme"),
        ("Enterprise, except SME", "EnterpriseExceptSme"),
        ("Regionale öffentliche Behörde", "RegionalPublicAuthority"),
        ("Autorité publique locale", "LocalPublicAuthority"),
        ("Education/training center and school", "EducationTrainingCentreAndSchool"),
        ("Education/training centre and school", "EducationTrainingCentreAndSchool"),
        ("Hochschule und Forschungseinrichtung", "HigherEducationOrganisations"),
        ("HES", "HigherEducationOrganisations"), ("PRC", "EnterpriseExceptSme"),
        ("Övrigt", "Other"), ("EVTZ", "Egtc"), ("Cluster", "BusinessSupportOrganisation"),
    ],
)  # fmt: skip
def test_other_spellings_of_types_are_understood(label: str, code: str) -> None:
    found = v.organisation_type(label)
    assert found is not None
    assert found[0] == code


@pytest.mark.parametrize("label", ["", "N.a.", "Public", "Private", "Public body", "Clown academy"])
def test_a_legal_status_is_no_type(label: str) -> None:
    assert v.organisation_type(label) is None


def test_all_types_have_a_label_and_map_to_themselves() -> None:
    assert len(v.ORGANISATION_TYPES) == 17
    for code in v.ORGANISATION_TYPES:
        entry = v.organisation_type_entry(code)
        assert entry is not None
        assert v.organisation_type(entry.label) == (code, "exact")
    assert "Clusters" in (v.organisation_type_entry("BusinessSupportOrganisation").note or "")  # type: ignore[union-attr]


# --- periods, objectives, programmes


@pytest.mark.parametrize(
    ("text", "period"),
    [("2014-2020", "2014-2020"), ("2014-20", "2014-2020"), ("2014–2020", "2014-2020"),
     ("2014/2020", "2014-2020"), (" 2000–06 ", "2000-2006"), ("2007 - 2013", "2007-2013"),
     ("2014 - 2020 INTERREG VB North Sea", "2014-2020"), ("2021TC16RFCB020", "2021-2027"),
     ("2014tc16rfir001", "2014-2020"), ("Interreg IVC", "2007-2013"), ("INTERREG V-A", "2014-2020"),
     ("Interreg III B", "2000-2006"), ("Interreg VI", "2021-2027")],
)  # fmt: skip
def test_a_period_is_understood(text: str, period: str) -> None:
    assert v.period_of(text) == period


@pytest.mark.parametrize(
    "text",
    ["", "Other", "2014", "2015-2020", "2014-2021", "12014-2020", "2014-2020 and 2021-2027",
     "Interreg Europe", "2014-02"],
)  # fmt: skip
def test_what_names_no_single_period_gives_none(text: str) -> None:
    assert v.period_of(text) is None


def test_periods_have_their_generation_of_interreg() -> None:
    labels = [v.label("period", code) for code in v.PERIODS]
    assert labels == ["2000–2006 (Interreg III)", "2007–2013 (Interreg IV)",
                      "2014–2020 (Interreg V)", "2021–2027 (Interreg VI)"]  # fmt: skip
    assert all(
        v.period_of(label or "") == code for label, code in zip(labels, v.PERIODS, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "code", "parent"),
    [("RSO2.8", "RSO2.8", "PO2"), (" rso2.8", "RSO2.8", "PO2"), ("RSO 2.6", "RSO2.6", "PO2"),
     ("RSO2.6: Promoting the transition", "RSO2.6", "PO2"), ("SO 4.6", "RSO4.6", "PO4"),
     ("ISO6.6", "ISO6.6", "ISO1"), ("ISO7.1", "ISO7.1", "ISO2"), ("RSO6.1", "ISO6.1", "ISO1"),
     ("PO6", "ISO1", None), ("po2", "PO2", None), ("TO1", "TO1", None), ("TO 01", "TO1", None),
     ("Thematic objective 11", "TO11", None), ("ISO12", "ISO12", None)],
)  # fmt: skip
def test_an_objective_is_understood_and_knows_its_parent(
    text: str, code: str, parent: str | None
) -> None:
    found = v.objective(text)
    assert found is not None
    assert (found.code, found.parent) == (code, parent)
    assert v.objective_parent(text) == parent


@pytest.mark.parametrize("text", ["", "ISO", "TO", "Tourism", "PO9", "TO12", "RSO9.9", "PO2.1"])
def test_what_is_no_objective_gives_none(text: str) -> None:
    assert v.objective(text) is None


def test_objectives_are_complete_and_lead_back_to_themselves() -> None:
    codes = v.objectives()
    assert [code for code in codes if code.startswith("TO")] == [f"TO{n}" for n in range(1, 12)]
    assert sum(code.startswith("RSO") for code in codes) == 5 + 8 + 2 + 6 + 2
    for code in codes:
        found = v.objective(code)
        assert found is not None
        assert found.code == code
        assert found.title
        assert found.period.code == ("2014-2020" if code.startswith("TO") else "2021-2027")
        assert ("." in code) == (found.parent is not None)
        assert v.label("objective", code) == f"{code} {found.short}"


def test_the_objectives_of_the_swedish_list_are_known(partnerships: list[dict[str, Any]]) -> None:
    codes = {row["specifiktmal"] for row in partnerships} - {None}
    assert {code for code in codes if v.objective(code) is None} == set()


@pytest.mark.parametrize(
    ("text", "period", "cci"),
    [("2014tc16rfir001", None, "2014TC16RFIR001"), (" 2021TC16RFIR001 ", None, "2021TC16RFIR001"),
     ("2014 - 2020 INTERREG VB North Sea", None, "2014TC16RFTN005"),
     ("Interreg Europe", "2014-2020", "2014TC16RFIR001"),
     ("Interreg europe", "2021-2027", "2021TC16RFIR001"),
     ("Interreg V-A - Austria-Czech Republic", None, "2014TC16RFCB002"),
     ("South Baltic Programme", "2014-2020", "2014TC16RFCB013"),
     ("POCTEP", None, "2014TC16RFCB005"), ("URBACT IV", None, "2021TC16FFIR001"),
     ("Interreg VI-B Danube Region", None, "2021TC16FFTN004")],
)  # fmt: skip
def test_a_programme_is_found_by_code_and_by_name(text: str, period: str | None, cci: str) -> None:
    found = v.programme(text, period)
    assert found is not None
    assert found.cci == cci


@pytest.mark.parametrize("text", ["", "Interreg Europe", "Europe", "Interreg", "2014XX16RFCB001"])
def test_a_programme_that_is_unknown_or_of_two_periods_is_not_guessed(text: str) -> None:
    assert v.programme(text) is None


def test_programmes_are_sound_and_lead_back_to_themselves() -> None:
    codes = [item.code for item in v.programmes()]
    assert len(codes) == len(set(codes))
    for item in v.programmes():
        assert item.period in v.PERIODS
        assert item.strand in v.STRANDS
        assert v.programme(item.code) == item
        assert v.programme(item.name, item.period) == item
        if item.cci:
            assert v.looks_like_cci(item.cci)
            # A programme that was adopted later has the year of its adoption in its code.
            assert v.period_of(item.cci) in (item.period, None)


def test_the_programmes_of_the_swedish_list_are_known(partnerships: list[dict[str, Any]]) -> None:
    names = {(row["program"], row["strand_kod"]) for row in partnerships}
    for name, strand in names:
        found = v.programme(name, "2021-2027")
        assert found is not None, name
        assert found.strand == strand


def test_a_cci_code_is_checked_loosely() -> None:
    assert v.looks_like_cci("2014tc16m5tn001")
    assert v.looks_like_cci("2007CB163PO001")
    assert not v.looks_like_cci("Interreg Europe")
    assert not v.looks_like_cci("2014TC16RFIR0011")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2007DE052PO002", "Germany, ESF 2007–2013 (2007DE052PO002)"),
        ("2007AT162PO001", "Austria, ERDF 2007–2013 (2007AT162PO001)"),
        ("2007PL161PO002", "Poland 2007–2013 (2007PL161PO002)"),
        ("2014uk05sfop001", "United Kingdom, ESF 2014–2020 (2014UK05SFOP001)"),
        ("2014GR16M2OP001", "Greece 2014–2020 (2014GR16M2OP001)"),
        ("2007CB163PO001", None),
        ("2014TC16RFCB001", None),
        ("Interreg Europe", None),
    ],
)
def test_a_cci_code_says_country_fund_and_period(code: str, said: str | None) -> None:
    assert v.described_cci(code) == said


def test_only_programmes_across_borders_are_of_interreg() -> None:
    assert v.of_interreg("North Sea", "2014-2020")
    assert v.of_interreg("2007CB163PO001")
    assert v.of_interreg("Interreg IVC", "2007-2013")
    assert not v.of_interreg("2007DE052PO002")
    assert not v.of_interreg("2014DE05SFOP009")
    assert not v.of_interreg("Horizon Europe", "2021-2027")


# --- short lists, themes, labels


@pytest.mark.parametrize(
    ("text", "role"),
    [("LP", "lead"), ("lead", "lead"), ("LEAD_PARTNER", "lead"), ("Lead partner", "lead"),
     ("coordinator", "lead"), ("PP", "partner"), ("PARTNER", "partner"), ("participant", "partner"),
     ("AP", "associated"), ("Associated organisation", "associated"),
     ("associatedPartner", "associated"), ("juggler", None), ("", None)],
)  # fmt: skip
def test_a_role_is_understood(text: str, role: str | None) -> None:
    assert v.role(text) == role


def test_a_status_is_understood() -> None:
    assert v.status("Running") == "ongoing"
    assert v.status("CLOSED") == "closed"
    assert v.status("TERMINATED") == "terminated"
    assert v.status("who knows") is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pdf", "pdf"), (".PDF", "pdf"), ("docx", "doc"), ("List of ops.XLSX", "xls"), ("csv", "xls"),
     (".pptx", "ppt"), ("a.b/photo.JPEG", "image"), ("mp3", "audio"), ("mp4", "video"),
     ("data.tar.gz", "archive"), ("index.html?x=1", "web"), ("exe", "other"), ("", "other")],
)  # fmt: skip
def test_a_file_type_follows_from_the_extension(name: str, kind: str) -> None:
    assert v.file_type_of(name) == kind


def values() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "country", v.countries()
    yield "language", v.LANGUAGES
    yield "region", v.regions()
    yield "organisation_type", v.ORGANISATION_TYPES
    yield "representing", v.ORGANISATION_TYPES
    yield "objective", v.objectives()
    yield "period", v.PERIODS
    yield "programme", tuple(item.code for item in v.programmes())
    yield "status", v.STATUSES
    yield "interested_in", v.INTERESTS
    yield "file_type", v.FILE_TYPES
    yield "organiser", v.ORGANISERS
    yield "news_source", v.NEWS_SOURCES
    yield "role", v.ROLES


def test_every_value_of_every_vocabulary_has_a_label_of_its_own() -> None:
    assert {name for name, _ in values()} == set(v.VOCABULARIES)
    for name, codes in values():
        labels = [v.label(name, code) for code in codes]
        assert all(labels), name
        assert len(set(labels)) == len(codes), name


def test_labels_of_the_filters_are_those_people_know() -> None:
    assert [v.label("interested_in", code) for code in v.INTERESTS] == [
        "Leading a project", "Joining a project", "Sharing a project idea", "Networking with peers",
    ]  # fmt: skip
    assert v.label("organiser", "programme") == "Programme"
    assert v.label("news_source", "project") == "Project"
    assert v.label("file_type", "pdf") == "PDF document"
    assert v.label("organisation_type", "Sme") == "SME"


def test_an_unknown_value_has_no_label_and_an_unknown_vocabulary_is_an_error() -> None:
    for name in v.VOCABULARIES:
        assert v.label(name, "no such thing") is None, name
    with pytest.raises(KeyError, match="organisation_type"):
        v.label("colour", "red")


def test_themes_are_an_open_list() -> None:
    assert len(v.themes()) == len(set(v.themes())) == 42
    assert v.theme(" water  MANAGEMENT ") == "Water management"
    assert v.theme(" Clustering and economic cooperation ") == "Clustering and economic cooperation"


def test_importing_reads_no_data() -> None:
    code = (
        "import sys\n"
        "seen = []\n"
        "def hear(event, args):\n"
        "    seen.append(str(args[0])) if event == 'open' else None\n"
        "sys.addaudithook(hear)\n"
        "import tessera.schema.vocabularies as v\n"
        "read = [name for name in seen if name.endswith(('.tsv', '.toml'))]\n"
        "assert not read, read\n"
        "v.region('SE11')\n"
        "assert any(name.endswith('regions.tsv') for name in seen)\n"
    )
    source = Path(v.__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(Path(v.__file__).parent.glob("*.t*")), ids=lambda p: p.name)
def test_every_data_file_states_its_source_and_licence(path: Path) -> None:
    head = [line for line in path.read_text(encoding="utf-8").splitlines()[:12] if line[:1] == "#"]
    assert any("Licence:" in line for line in head)
    assert any("Source:" in line or "Own wording" in line for line in head)


def test_the_examples_in_the_reference_run() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "vocabularies.md"
    failed, tried = doctest.testfile(str(page), module_relative=False)
    assert (failed, tried > 8) == (0, True)
