"""Tables of every make by the names of their columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.sources.formats.table import Row, RowError, Table, TableError, column_key, read_tables
from tests.unit.sources.making import shared, xlsx, zipped

EXPECTED = [{"Name": "Łódź", "Budget": "1200"}, {"Name": 'The "Gate"; two\nlines', "Budget": ""}]


def rows(path: Path, **options: object) -> list[dict[str, object]]:
    return [
        row.values
        for table in read_tables(path, **options)  # type: ignore[arg-type]  # options as they come
        for row in table.rows
        if isinstance(row, Row)
    ]


def read(path: Path, **options: object) -> tuple[Table, list[Row | RowError]]:
    """The one table of a file, with its rows read."""
    tables = read_tables(path, **options)  # type: ignore[arg-type]  # options as they come
    table = next(tables)
    found = list(table.rows)
    assert next(tables, None) is None
    return table, found


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_csv_of_any_delimiter_and_encoding(tmp_path: Path, mark: str, encoding: str) -> None:
    text = f'Name{mark}Budget\r\nŁódź{mark}1200\r\n"The ""Gate""; two\nlines"{mark}\r\n'
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode(encoding))
    assert rows(path) == EXPECTED


def test_a_workbook_with_titles_above_its_header(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "t.xlsx",
        {"Read me": [["About this list"]],
         "List": [["List of projects", "", "2024"], [], ["Name ", "BUDGET"], ["Łódź", 1200]]},
    )  # fmt: skip
    tables = list(read_tables(path, wanted=("name", "budget")))
    assert [table.sheet for table in tables] == ["List"]
    table, found = read(path, wanted=("name", "budget"))
    (row,) = found
    assert isinstance(row, Row)
    assert (row.values, row.number) == ({"Name": "Łódź", "BUDGET": "1200"}, 4)
    assert table.where(row.number) == "t.xlsx, sheet List, row 4"


def test_names_of_columns_are_compared_without_case_and_blanks() -> None:
    assert (
        column_key("  Total\n Budget: ")
        == column_key("total budget")
        == column_key("TOTAL_BUDGET*")
    )


def test_json_is_read_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    values = [{"a": n, "b": "x" * 5000} for n in range(60)]
    path.write_text(json.dumps(values, indent=1))
    assert rows(path) == values


def test_a_broken_json_gives_what_stands_before_and_an_error(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"a": 1}, {"a": 2}, {"a": ')
    table = next(read_tables(path))
    found = []
    with pytest.raises(TableError, match="after value 2"):
        for row in table.rows:
            found.append(row)
    assert len(found) == 2


def test_html_that_is_called_xls(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_text(
        "<html><body><table><tr><th>Name<th>Budget</tr><tr><td>Łódź<td>1200</tr></table>",
        encoding="utf-8",
    )
    assert rows(path) == [{"Name": "Łódź", "Budget": "1200"}]


def test_a_row_with_too_many_cells_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n1,2,3\n4\n")
    _, found = read(path)
    assert [row.surplus for row in found if isinstance(row, Row)] == [(), ("3",), ()]
    assert isinstance(found[2], Row)
    assert found[2].values == {"a": "4", "b": ""}


def test_columns_without_a_name_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(";a;b;\n0;1;2;x\n")
    table, (found,) = read(path)
    assert isinstance(found, Row)
    assert (found.values, found.surplus) == ({"a": "1", "b": "2"}, ())
    assert table.notes == ["columns without a name, left out: 1, 4"]


def test_without_known_names_a_narrow_title_is_no_header(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "t.xlsx", {"L": [["List of", "2024"], ["Code", "Name", "Town"],
                                            ["A", "Footpaths", "Graz"]]})  # fmt: skip
    assert rows(path) == [{"Code": "A", "Name": "Footpaths", "Town": "Graz"}]


def test_an_open_quotation_mark_is_an_error_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,2\n"open,2\n' + "x" * 2_100_000 + "\n5,6\n")
    _, found = read(path)
    errors = [row for row in found if isinstance(row, RowError)]
    assert [error.number for error in errors] == [3]
    assert "quotation mark" in errors[0].message


def test_a_workbook_that_would_inflate_beyond_measure(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.xlsx", {"xl/workbook.xml": b"<x/>", "bomb": bytes(60_000_000)})
    with pytest.raises(TableError, match="inflate"):
        list(read_tables(path))


@pytest.mark.parametrize("content", [b"", b"just text", b"%PDF-1.4 no table", b"\x00\x01\x02"])
def test_what_is_no_table(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(TableError):
        for table in read_tables(path):
            list(table.rows)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), ending=st.sampled_from([".csv", ".json", ".xls"]))
def test_any_bytes_give_rows_or_errors(tmp_path: Path, data: bytes, ending: str) -> None:
    path = tmp_path / f"t{ending}"
    path.write_bytes(data)
    try:
        for table in read_tables(path):
            for row in table.rows:
                assert isinstance(row, Row | RowError)
    except TableError as error:
        assert path.name in str(error)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PL.poland/Poland_CF_2014_2020.csv", "środowisk"),
        ("EL.greece/2014-2020/ListOfOperations_20160513.csv", "Περιφέρει"),
    ],
)
def test_real_lists_in_old_encodings(name: str, value: str) -> None:
    path = shared("lists_of_operations", "data", *name.split("/"))
    table = next(tables := read_tables(path))
    text = " ".join(str(row.values) for _, row in zip(range(3000), table.rows, strict=False)
                    if isinstance(row, Row))  # fmt: skip
    assert value.casefold() in text.casefold()
    assert "\ufffd" not in text
    tables.close()


LIST = "No;Name;Place\n" + "".join(f"{n};Project {n};Town {n}\n" for n in range(1, 9))


def told(path: Path) -> tuple[list[str], list[str]]:
    """What the rows have under "No", and what is wrong with the others."""
    _, found = read(path)
    numbers = [str(row.values["No"]) for row in found if isinstance(row, Row)]
    return numbers, [row.message for row in found if isinstance(row, RowError)]


def test_a_mark_that_is_not_closed_costs_its_own_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(LIST.replace("3;Project", '3;"Project').replace("6;Project 6", '6;"Pro"ject'))
    numbers, wrong = told(path)
    assert numbers == ["1", "2", "4", "5", "6", "7", "8"]
    assert wrong == [
        "can't be read: a quotation mark isn't closed, or the file is cut off "
        "(1 line from '3;\"Project 3;Town 3' on)"
    ]


def test_a_mark_too_many_in_the_last_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(LIST.replace("8;Project", '8;"Project'))
    numbers, wrong = told(path)
    assert numbers == [*"1234567"]
    assert len(wrong) == 1


def test_a_row_that_was_cut_within_marks_before_one_with_marks(tmp_path: Path) -> None:
    rows = [f'"{n}";"A ""good"" one; {n}";"Town\nand {n}"\n' for n in range(1, 6)]
    path = tmp_path / "t.csv"
    path.write_text("".join(["No;Name;Place\n", *rows[:2], '"9";"A ""go\n', *rows[2:]]))
    numbers, wrong = told(path)
    assert numbers == [*"12345"]
    assert len(wrong) == 1


def test_a_row_of_very_many_cells_does_not_change_how_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    long = ";".join(["9", "Project", "Town"] * 20_000)
    path.write_text(LIST.replace("1;Project 1", f'{long}\n1;"Project 1'))
    numbers, wrong = told(path)
    assert numbers == [*"92345678"]
    assert len(wrong) == 1


def test_a_file_that_ends_within_a_row_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(LIST.removesuffix(";Town 8\n"))
    numbers, wrong = told(path)
    assert numbers == [*"1234567"]
    assert wrong == ["has 2 of 3 cells, and the file ends there; is it whole?"]


def test_a_table_in_html_whose_cells_are_not_closed(tmp_path: Path) -> None:
    path = tmp_path / "t.xls"
    path.write_text(
        "<html><table><tr><th>No<th>Name<tr><td colspan=0>1<td>One<table><tr><td>x</table> more"
        "<tr><td colspan=-1>2<td>Two<tr><td>3<td>Three"
    )
    table = next(read_tables(path))
    found = [row.values for row in table.rows if isinstance(row, Row)]
    assert found == [
        {"No": "1", "Name": "One more"}, {"No": "2", "Name": "Two"}, {"No": "3", "Name": "Three"},
    ]  # fmt: skip
    assert not any("open" in note for note in table.notes)


def test_rows_of_several_lines_each_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    rows = [f'2013,"""Haus {n}""\nDorf",A2 - Beratung,"2.{n},00",\n' for n in range(20)]
    path.write_text("year,name,what,paid,granted\n" + "".join(rows))
    [table] = read_tables(path)
    found = list(table.rows)
    assert [each for each in found if isinstance(each, RowError)] == []
    assert [row.values["name"] for row in found if isinstance(row, Row)] == [
        f'"Haus {n}"\nDorf' for n in range(20)
    ]


def test_texts_with_many_delimiters_do_not_tell_the_width_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    text = "\n".join(["one, two, three, four"] * 15)
    path.write_text("a,b\n" + "".join(f'{n},"{text}"\n' for n in range(5)))
    [table] = read_tables(path)
    assert all(isinstance(row, Row) and row.values["b"] == text for row in table.rows)


def test_every_column_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Name,Name,Name (2),name,Name (2),Town\na,b,c,d,e,f\n")
    table, found = read(path)
    (row,) = found
    assert isinstance(row, Row)
    assert table.columns == ("Name", "Name (3)", "Name (2)", "name (4)", "Name (2) (2)", "Town")
    assert list(row.values.values()) == [*"abcdef"]


def test_as_many_columns_as_a_sheet_can_have(tmp_path: Path) -> None:
    columns = [f"Column {number}" for number in range(16_384)]
    path = xlsx(tmp_path / "t.xlsx", {"List": [columns, [*range(16_384)], ["only", "two"]]})
    table, found = read(path)
    assert table.columns == tuple(columns)
    first, second = (row.values for row in found if isinstance(row, Row))
    assert first["Column 16383"] == "16383"
    assert (second["Column 1"], second["Column 16383"]) == ("two", "")
