"""Official lists of operations: what columns, numbers and dates mean, and what becomes of rows."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import ItemError
from tessera.sources.operations.headers import meaning
from tessera.sources.operations.records import is_bare_code
from tessera.sources.operations.values import Forms, day, money, span
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, pdf, run, shared, xlsx

SAMPLE = SOURCES / "operations" / "sample"
SMALL = (
    "DE.germany/DE1.baden-wuerttemberg/ERDF 2014-2020/ERDF_BaWü_2014-2020.xlsx",
    "BE.belgium/BE1.brussels/ERDF_Brussels_2007-2013.xls",
    "DE.germany/DEF.schleswig-holstein/ESF 2014-2020/ldv.xlsx",
    "LV.latvia/2014-2020/all_funds_Latvia_2014-2020.xls",
    "PL.poland/Poland_CF_2014_2020.csv",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Unions-Kofinan-zierungs-satz pro Prioritäts-achse", "rate"),
        ("Name des Beguenstigten", "beneficiary"),
        ("2_bezeichnung_des_vorhabens", "title"),
        ("Land\n\n\nCountry", "country"),
        ("ΟΝΟΜΑΣΙΑ ΔΙΚΑΙΟΥΧΟΥ / \nBENEFICIARY NAME ", "beneficiary"),
        ("emnia_lekses_prakses", "end"),
        ("projektanosaukums__operation_namenameofproject", "title"),
        ("Wydatki kwalifikowalne [zł]", "eligible"),
        ("Kontaktperson / Contacts", ""),
        ("Ausgezahlter Betrag zum Projektende", "paid"),
        ("name_of_category_of_intervention_for_the_operation", "category"),
    ],
)
def test_columns_are_known_by_their_names(name: str, field: str) -> None:
    found = meaning(name)
    assert found is not None
    assert found.field == field


def test_a_name_of_no_known_word_means_nothing() -> None:
    assert meaning("Zqxv") is None
    assert meaning("") is None


@pytest.mark.parametrize(
    ("text", "decimal", "amount", "currency"),
    [
        ("1.234.567,89", "", "1234567.89", ""),
        ("1 234 567,89 €", "", "1234567.89", "EUR"),
        ("1,234,567.89", "", "1234567.89", ""),
        ("5.172.338,50 kn", "", "5172338.50", "HRK"),
        ("€ 2.034.550", "", "2034550", "EUR"),
        ("50.000", ",", "50000", ""),
        ("50.125", ".", "50.125", ""),
        ("(120,5)", "", "-120.5", ""),
        ("12.000,--", "", "12000", ""),
        ("0", "", "0", ""),
    ],
)
def test_amounts(text: str, decimal: str, amount: str, currency: str) -> None:
    found = money(text, decimal)
    assert (found.amount, found.currency, found.note) == (amount, currency, "")


def test_an_amount_of_two_readings_is_told() -> None:
    assert money("1.234").amount == "1234"
    assert "read as 1234" in money("1.234").note
    for wrong in ("viel", "50%", "12 Stück", "1-2"):
        with pytest.raises(ValueError, match="is not an amount"):
            money(wrong)


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("27.06.2016", "", "2016-06-27"),
        ("6/29/2015", "mdy", "2015-06-29"),
        ("01-Jul-12", "", "2012-07-01"),
        ("31-Dez-2009", "", "2009-12-31"),
        ("05.02.16", "", "2016-02-05"),
        ("42370", "", "2016-01-01"),
        ("20150131", "", "2015-01-31"),
        ("2015-05-01T00:00:00Z", "", "2015-05-01"),
    ],
)
def test_days(text: str, order: str, expected: str) -> None:
    assert day(text, order=order, lang="de")[0] == expected


def test_years_and_spans() -> None:
    assert day("2014")[0] == "2014-01-01"
    assert day("2014", last=True) == ("2014-12-31", "published as a year")
    assert span("Mai 2012 - Janvier 2014", lang="fr") == ("2012-05-01", "2014-01-31")


def test_the_cells_of_a_column_tell_how_it_is_written() -> None:
    forms = Forms()
    for text in ("1.234", "12,50", "1.234,00"):
        forms.see_amount(text)
    for text in ("03/04/2016", "12/31/2016"):
        forms.see_date(text)
    assert (forms.decimal, forms.order) == (",", "mdy")


def test_sample() -> None:
    items, drafts, errors = run(importer("operations"), SAMPLE)
    assert failures(errors) == []
    assert [len(item.raw["rows"]) for item in items] == [1, 2, 1]
    way, saw, advice = (draft.canonical() for draft in drafts)
    assert way["id"] == "operations:2014at16rfop001:a-1"
    assert way["title"] == {"de": "Ein Radweg am Fluss"}
    assert (way["start"], way["end"]) == ("2016-03-01", "2018-02-28")
    assert way["budget"] == {"eligible": {"amount": "1234567.89", "currency": "EUR"}}
    assert (way["countries"], way["period"]) == (["AT"], "2014-2020")
    assert way["programme"]["id"] == "2014AT16RFOP001"
    assert "Muster" not in items[0].written
    assert [each["name"] for each in saw["organisations"]] == [
        "Holzbau Muster GmbH", "Forschungsinstitut Holz",
    ]  # fmt: skip
    assert [each["budget"] for each in saw["organisations"]] == ["45000", "12500.50"]
    assert "budget" not in saw
    assert "organisations" not in advice
    assert (advice["start"], advice["end"]) == ("2017-01-01", "2017-12-31")
    told = " | ".join(error.message for error in errors)
    assert "1 rows carry no operation (sums)" in told
    assert "columns about persons, left out: Ansprechpartner" in told
    assert "a natural person; no organisation is made of it" in told


def test_a_natural_person_by_a_column_of_legal_forms_is_nowhere_in_the_item(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "Název projektu;Název příjemce;Právní forma příjemce;Shrnutí projektu\n"
        "Chata;Jan Vzorný;Fyzická osoba;Jan Vzorný staví chatu\n"
        "Most;Obec Vzor;Obec;Nový most\n"
    )
    items, drafts, errors = run(importer("operations"), path)
    assert failures(errors) == []
    assert "Vzorný" not in items[0].written
    assert drafts[0].organisations == []
    assert [each.name for each in drafts[1].organisations] == ["Obec Vzor"]


def test_sheets_of_operations_and_partners_are_joined(tmp_path: Path) -> None:
    """Interact's template: partners stand on a sheet of their own, without money."""
    path = xlsx(tmp_path / "list.xlsx", {
        "Operations": [
            ["List of operations"],
            ["Project ID", "Project acronym", "Project name", "Total eligible cost",
             "Total EU funding (amount)", "Number of partners", "Start date"],
            ["P1", "BRIDGE", "A bridge", 1000, 800, 2, "2022-01-01"],
        ],
        "Partners": [
            ["Project ID", "Partner name", "Lead partner", "Partner type", "PIC", "Town",
             "Country"],
            ["P1", "City of Graz", "Yes", "Local public authority", 999999999, "Graz", "AT"],
            ["P1", "Town of Maribor", "No", "Local public authority", "", "Maribor", "SI"],
        ],
    })  # fmt: skip
    _, (draft,), errors = run(importer("operations"), path)
    assert failures(errors) == []
    assert [(each.name, each.role, each.country) for each in draft.organisations] == [
        ("City of Graz", "lead", "AT"), ("Town of Maribor", "partner", "SI"),
    ]  # fmt: skip
    assert set(draft.budget) == {"eligible", "eu"}


def test_rows_of_partners_are_one_project(tmp_path: Path) -> None:
    """Interreg Europe's list: one row a partner; what is said of the project stands in each."""
    path = tmp_path / "list.csv"
    path.write_text(
        "Project acronym,Operation name,Lead partner Y/N,Beneficiary name,"
        "Total eligible expenditure,Operation postal code,Country code,NUTS2 code\n"
        "CLUSTER,Better clusters,Y,Region Lazio,100000,00100,IT,ITI4\n"
        "OTHER,Another,Y,City of Riga,5,LV-1050,LV,LV00\n"
        "CLUSTER,Better clusters,N,City of Turku,50000,20100,FI,FI1C\n"
    )
    items, drafts, errors = run(importer("operations"), path)
    assert failures(errors) == []
    assert len(items) == 2
    project = next(draft for draft in drafts if draft.acronym == "CLUSTER")
    assert [(each.role, str(each.budget)) for each in project.organisations] == [
        ("lead", "100000"), ("partner", "50000"),
    ]  # fmt: skip
    assert project.budget == {}
    assert {each.nuts for each in project.regions} == {"ITI4", "FI1C"}


def test_a_hint_beside_the_list_says_what_its_columns_mean(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Alpha;Beta;Gamma\nBrücke;Stadt Graz;1.500\n")
    _, drafts, errors = run(importer("operations"), path)
    assert drafts == []
    assert "say what the columns mean in list.csv.yaml" in failures(errors)[0].message
    path.with_name("list.csv.yaml").write_text(
        'country: AT\nlanguage: de\nperiod: 2014-2020\ncurrency: EUR\ndecimal: ","\n'
        "columns:\n  Alpha: title\n  Beta: beneficiary\n  Gamma: eligible\n"
    )
    _, (draft,), errors = run(importer("operations"), path)
    assert errors == []
    assert (draft.title, draft.countries) == ({"de": "Brücke"}, ["AT"])
    assert str(draft.budget["eligible"].amount) == "1500"


def test_one_list_in_two_formats_gives_each_operation_once(tmp_path: Path) -> None:
    rows = [["Projektname", "Begünstigter", "Beginn des Vorhabens", "Gesamtkosten"],
            ["Brücke", "Stadt Graz", "2016-03-01", 1000],
            ["Steg", "Stadt Graz", "2016-03-01", 5]]  # fmt: skip
    xlsx(tmp_path / "b.xlsx", {"Liste": rows})
    (tmp_path / "a.csv").write_text(
        "Projektname;Begünstigter;Beginn des Vorhabens;Gesamtkosten\n"
        "Brücke;Stadt Graz;01.03.2016;1.000,00\nSteg;Stadt Graz;01.03.2016;5,00\n"
        "Steg;Stadt Graz;01.03.2016;5,00\n"
    )
    items, _, errors = run(importer("operations"), tmp_path)
    assert len(items) == len({item.key for item in items}) == 3
    assert any("2 operations stand word for word" in error.message for error in errors)


def test_a_pdf_is_one_clear_error(tmp_path: Path) -> None:
    _, _, (error,) = run(importer("operations"), pdf(tmp_path / "list.pdf", ["Liste"]))
    assert not error.warning
    assert "get the list as CSV or XLSX" in error.message


@settings(max_examples=60)
@given(data=st.data())
def test_broken_lists_give_errors_and_never_a_traceback(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = (SAMPLE / "liste_der_vorhaben.csv").read_bytes()
    lines = data.draw(st.permutations(whole.splitlines(keepends=True)))
    written = b"".join(lines)[: data.draw(st.integers(0, len(whole)))]
    written += data.draw(st.binary(max_size=60))
    path = tmp_path_factory.mktemp("broken") / "list.csv"
    path.write_bytes(written)
    _, drafts, errors = run(importer("operations"), path)
    assert drafts or errors
    assert all(isinstance(error, ItemError) and error.where for error in errors)


def test_names_of_columns_across_the_union() -> None:
    """At least 97 % of 3,654 real column names mean something, or are left out for a reason."""
    path = shared("eu1420", "docs", "individual_columns.csv")
    with path.open(encoding="utf-8", newline="") as file:
        names = [row["column_name"] for row in csv.DictReader(file)]
    found = Counter("unknown" if meaning(name) is None else "known" for name in names)
    assert len(names) == 3654
    assert found["known"] / len(names) > 0.99


@pytest.mark.parametrize("name", SMALL)
def test_real_lists(name: str) -> None:
    path = shared("lists_of_operations", "data", *name.split("/"))
    items, drafts, errors = run(importer("operations"), path)
    assert failures(errors) == []
    assert len(drafts) == len(items) > 20
    assert all(draft.budget for draft in drafts)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("E1", True), ("A", True), ("12.3", True), ("700-700-001-3/2016", True),
        ("2015 TIZ 0439", True), ("IEJ_201537000612FR", True), ("BVA 2011: 3611000301", True),
        ("GO 2019", False), ("JAVA 2010-1", False), ("ESF GVB 2008/2009", False), ("CO2PE!", False),
        ("Most 2", False), ("4 za 600", False), ("HRM", False),
    ],
)  # fmt: skip
def test_a_bare_code_is_no_name(text: str, bare: bool) -> None:
    assert is_bare_code(text) is bare


def test_of_a_code_and_a_summary_the_summary_is_the_title(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Name des Begünstigten;Bezeichnung des Vorhabens;Zusammenfassung des Vorhabens\n"
        "Muster GmbH;2015 TIZ 0439;Bau einer Halle\n"
        "Beispiel AG;2015 TIZ 0440;\n"
    )
    _, drafts, errors = run(importer("operations"), path)
    assert [[*draft.title.values()] for draft in drafts] == [["Bau einer Halle"], ["2015 TIZ 0440"]]
    assert (drafts[0].model_extra or {})["code"] == "2015 TIZ 0439"
    told = [e for e in errors if "bare code" in e.message]
    assert [(e.warning, e.value) for e in told] == [(True, "2015 TIZ 0439")]
    assert "its summary is taken" in told[0].message


def test_an_action_is_a_measure_and_the_name_beside_it_the_title(tmp_path: Path) -> None:
    path = tmp_path / "lijst.csv"
    head = "Project_Nummer;Actie;Naam Aanvrager;Naam Project\n"
    path.write_text(head + "1;E1;Voorbeeld BV;Groei\n2;E1;Voorbeeld BV;2.1\n")
    _, drafts, errors = run(importer("operations"), path)
    assert [[*draft.title.values()] for draft in drafts] == [["Groei"], ["2.1"]]
    assert drafts[0].stated["measure"] == "E1"
    assert not [e for e in errors if e.where.startswith("lijst.csv, row")]


def test_partners_part_at_full_stops_where_the_column_shows_it(tmp_path: Path) -> None:
    again = "By Kommune. Vig Havn. P. Prøve A/S. Nord V.M.B.A.. EUC Øst."
    lists = "".join(f"Projekt {n};Vig Kommune;{again}\n" for n in range(5))
    header = "projekttitel;navn;parter\n"
    path = tmp_path / "liste.csv"
    path.write_text(header + lists)
    _, drafts, _ = run(importer("operations"), path)
    names = [each.name for each in drafts[0].organisations]
    assert names == [
        "Vig Kommune", "By Kommune", "Vig Havn", "P. Prøve A/S", "Nord V.M.B.A.", "EUC Øst"
    ]  # fmt: skip
    path.write_text(header + lists.splitlines(keepends=True)[0])
    _, drafts, _ = run(importer("operations"), path)
    assert [each.name for each in drafts[0].organisations] == ["Vig Kommune", again]


def test_an_operation_named_by_a_natural_person_alone_says_so(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Name des Begünstigten;Name des Projekts;Jahr der Bewilligung;Bewilligter Betrag in Euro\n"
        "Sabine Mustermann;Sabine Mustermann;2012;13.070,74\n"
        "Muster GmbH;Halle;2012;5.000,00\n"
    )
    items, drafts, errors = run(importer("operations"), path)
    assert failures(errors) == []
    assert drafts[0].title == {"en": "Operation of a natural person (2012)"}
    assert "Mustermann" not in items[0].written


def test_what_stands_for_a_name_that_was_taken_off_is_no_organisation(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Name des Begünstigten;Name des Projekts;Bewilligter Betrag in Euro\n"
        "Begünstigte oder Begünstigter;Scheune;13.070,74\n"
        "Privado GmbH;Halle;5.000,00\n"
    )
    _, drafts, errors = run(importer("operations"), path)
    assert failures(errors) == []
    named = [[each.name for each in draft.organisations] for draft in drafts]
    assert named == [[], ["Privado GmbH"]]
