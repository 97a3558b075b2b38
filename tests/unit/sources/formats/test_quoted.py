from __future__ import annotations

import csv
import io
import random
import time
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.formats.archives import Member
from tessera.sources.formats.quoted import all_quoted, quoted_rows
from tessera.sources.formats.table import Row, RowError, read_tables

CELL = st.text(alphabet='ab";\n é', max_size=8)


def rows_of(text: str, columns: int) -> list[list[str] | str]:
    lines = io.StringIO(text, newline="")
    return [cells for _, cells in quoted_rows(lines, ";", columns, 10_000)]


def test_a_field_that_lost_its_first_mark_is_read() -> None:
    text = '"1";""The action ""X"" works"";"end"\n"2";"a\n""b""";""\n'
    assert rows_of(text, 3) == [["1", '"The action "X" works"', "end"], ["2", 'a\n"b"', ""]]


def test_such_a_field_may_hold_line_breaks() -> None:
    assert rows_of('"1";""A\n\nB"";"x"\n"2";"y";"z"\n', 3) == [
        ["1", '"A\n\nB"', "x"],
        ["2", "y", "z"],
    ]


def test_a_record_that_is_cut_off_costs_itself_alone() -> None:
    found = rows_of('"1";"a";"b"\n"2";"open\n"3";"c";"d"\n', 3)
    assert found[0] == ["1", "a", "b"] and found[2] == ["3", "c", "d"]
    assert isinstance(found[1], str) and "2" in found[1]


def test_short_and_unquoted_rows_are_left_to_the_usual_reader() -> None:
    assert rows_of('"a";"b"\nplain;2;x\n"d";3;"e"\n', 3) == [
        ["a", "b"],
        ["plain", "2", "x"],
        ["d", "3", "e"],
    ]


def test_only_a_header_with_every_name_quoted_counts() -> None:
    assert all_quoted('\ufeff"id";"title"\r\n', ";") == 2
    assert all_quoted('id;"title"', ";") == all_quoted('"id"', ";") == all_quoted("", ";") == 0


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_written_rightly_is_read_as_by_any_reader(rows: list[list[str]]) -> None:
    rows = [[f"{number}", *row[1:]] for number, row in enumerate(rows)]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    assert rows_of(text.getvalue(), 3) == rows


@given(st.text(alphabet='"1;\na', max_size=60))
def test_any_text_gives_rows_or_reasons(text: str) -> None:
    for cells in rows_of(text, 3):
        assert isinstance(cells, list | str)


def test_a_table_in_an_archive_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("topics.csv", '"projectID";"topic"\n"1";"A"\n')
        archive.writestr("list.json", '[{"projectID": 2}]')
    with zipfile.ZipFile(path) as archive:
        found = []
        for info in archive.infolist():
            for table in read_tables(Member(archive, info, f"export.zip/{info.filename}")):
                found += [row.values for row in table.rows if isinstance(row, Row)]
    assert found == [{"projectID": "1", "topic": "A"}, {"projectID": 2}]


def test_json_lines_are_a_table_whose_broken_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jl"
    path.write_text('{"a": 1}\n{"a": \n{"a": 3}\n')
    rows = [row for table in read_tables(path) for row in table.rows]
    assert [type(row) for row in rows] == [Row, RowError, Row]
    assert [row.number for row in rows] == [1, 2, 3]


def test_a_member_that_is_broken_is_an_error_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    noise = random.Random(1).randbytes(400_000).hex()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("topics.csv", f'"projectID";"topic"\n"1";"{noise}"\n')
    data = bytearray(path.read_bytes())
    data[200_000:200_100] = bytes(100)
    path.write_bytes(data)
    with zipfile.ZipFile(path) as archive:
        member = Member(archive, archive.infolist()[0], "export.zip/topics.csv")
        try:
            for table in read_tables(member):
                list(table.rows)
        except ValueError as error:
            assert "export.zip" in str(error)
        else:
            raise AssertionError("read to its end")


def test_rows_without_ids_after_a_broken_one() -> None:
    good = [f'"P{n}";"a ""good""\none";"x"\n' for n in range(6)]
    text = "".join([*good[:2], '"P9";"cut off\n', *good[2:], '"P7";"a;"x"\n', good[0]])
    found = rows_of(text, 3)
    whole = [row[0] for row in found if isinstance(row, list)]
    assert whole == ["P0", "P1", "P2", "P3", "P4", "P5", "P0"]
    assert sum(isinstance(row, str) for row in found) == 2


def test_a_field_that_begins_with_the_delimiter_and_a_mark_goes_on() -> None:
    assert rows_of('"0";"";";""a""\n"\n', 3) == [["0", "", ';"a"\n']]


def test_many_lines_that_belong_to_nothing_take_no_time() -> None:
    text = '"1";""a\n' + 'x"\n' * 40_000 + '"2";"b";"c"\n'
    began = time.process_time()
    found = [cells for _, cells in quoted_rows(io.StringIO(text), ";", 3, 2_000_000)]
    assert time.process_time() - began < 20
    assert found[-1] == ["2", "b", "c"]
    assert isinstance(found[0], str)
