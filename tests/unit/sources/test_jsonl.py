"""The interchange format: a bad line is an error of that line alone."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.formats.jsonlines import MAX_LINE
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, docx, failures, run

GOOD = {"id": "k:1", "kind": "project", "title": {"en": "Footpaths"}}


def lines(path: Path, *written: bytes | str | dict[str, Any]) -> Path:
    path.write_bytes(
        b"\n".join(
            json.dumps(each).encode()
            if isinstance(each, dict)
            else each.encode()
            if isinstance(each, str)
            else each
            for each in written
        )
    )
    return path


def only_error(tmp_path: Path, written: bytes | str | dict[str, Any]) -> ItemError:
    """The error of one bad line; the good lines around it must come through."""
    path = lines(tmp_path / "p.jsonl", GOOD, written, GOOD | {"id": "k:2"})
    _, drafts, errors = run(importer("jsonl"), path)
    assert [draft.id for draft in drafts] == ["k:1", "k:2"]
    (error,) = failures(errors)
    assert error.where.startswith("p.jsonl, line 2")
    return error


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "k:9", "kind": ', "broken JSON at character"),
        ("[1, 2]", "an array, expected an object"),
        ('"text"', "a text, expected an object"),
        ("null", "null, expected an object"),
        ('{"kind": "project", "title": "x"}', "id: is missing; expected a text"),
        ('{"id": 7, "kind": "project", "title": "x"}', "id: is 7; expected a text"),
        ('{"id": "k:9", "kind": "project", "title": "x", "budget": NaN}', "NaN"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"id": "k:9", "title": "Gr\xf6\xdfe"}',
         "byte 27 of the line (byte 90 of the file) is 0xf6"),
        ({"id": "k:9", "kind": "projekt", "title": "x"}, "kind 'projekt' is not one of project"),
        ({"id": "k:9", "kind": "project", "title": {}}, "title"),
        ({"id": "k 9", "kind": "project", "title": "x"}, "without blanks"),
        ({**GOOD, "start": "31/01/2017"}, "start: "),
        ({**GOOD, "start": "2017-02-31"}, "expected a date such as 2017-01-31"),
        ({**GOOD, "start": "2019-01-01", "end": "2018-01-01"}, "lies before start"),
        ({**GOOD, "countries": ["Atlantis"]}, "expected an ISO 3166-1 code"),
        ({**GOOD, "url": "javascript:alert(1)"}, "http://"),
        ({**GOOD, "organisations": [{"role": "lead"}]}, "organisations.0.name"),
        ({**GOOD, "budget": {"total": {"amount": "a lot"}}}, "budget.total.amount"),
        ({**GOOD, "size": -1}, "size"),
    ],
)  # fmt: skip
def test_a_bad_line_is_an_error_of_that_line(
    tmp_path: Path, line: bytes | str | dict[str, Any], message: str
) -> None:
    assert message in only_error(tmp_path, line).message


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    long = json.dumps(GOOD | {"id": "k:9", "text": {"en": "x" * MAX_LINE}})
    assert "more than 16,000,000; split the record" in only_error(tmp_path, long).message


def test_bom_blank_lines_and_a_missing_newline_are_fine(tmp_path: Path) -> None:
    path = lines(tmp_path / "p.jsonl", b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), "", "  \r",
                 GOOD | {"id": "k:2"})  # fmt: skip
    items, drafts, errors = run(importer("jsonl"), path)
    assert [item.where for item in items] == ["p.jsonl, line 1", "p.jsonl, line 4"]
    assert (len(drafts), errors) == (2, [])


def test_packed_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(json.dumps(GOOD).encode()))
    lines(tmp_path / "a.jsonl", GOOD | {"id": "k:2"})
    _, drafts, errors = run(importer("jsonl"), tmp_path)
    assert ([draft.id for draft in drafts], errors) == (["k:2", "k:1"], [])


def test_a_torn_packed_file_gives_what_it_has_and_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(json.dumps(GOOD | {"id": f"k:{n}"}).encode() + b"\n"
                                   for n in range(20_000)))  # fmt: skip
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    items = errors = 0
    for found in importer("jsonl").gather([path]):
        items += isinstance(found, Item)
        errors += isinstance(found, ItemError)
    assert 0 < items < 20_000
    assert errors == 1


def test_utf_16_is_told(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(json.dumps(GOOD).encode("utf-16"))
    _, _, (error,) = run(importer("jsonl"), path)
    assert "UTF-16; save the file as UTF-8" in error.message


def test_unknown_keys_are_kept_and_told_once_with_their_number(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "p.jsonl", *(GOOD | {"id": f"k:{n}", "colour": "red"} for n in range(5))
    )
    _, drafts, (error,) = run(importer("jsonl"), path)
    assert {draft.canonical()["colour"] for draft in drafts} == {"red"}
    assert error.warning
    assert "'colour' is not in the format; kept as it is (5 times" in error.message


def test_what_is_read_otherwise_is_told(tmp_path: Path) -> None:
    record = GOOD | {
        "objectives": [" RSO2.8"],
        "countries": ["EL"],
        "organisations": [{"name": "A", "type": "N.a."}, {"name": "B", "type": "University"}],
    }
    _, (draft,), errors = run(importer("jsonl"), lines(tmp_path / "p.jsonl", record))
    assert (draft.objectives, draft.countries) == (["RSO2.8"], ["GR"])
    assert [each.type for each in draft.organisations] == [None, "HigherEducationOrganisations"]
    assert all(error.warning for error in errors)
    told = " ".join(error.message for error in errors)
    for written in ("' RSO2.8'", "'N.a.'", "'EL'", "'University'"):
        assert written in told


def test_a_type_that_nobody_knows_is_an_error(tmp_path: Path) -> None:
    wrong = {**GOOD, "id": "k:9", "organisations": [{"name": "A", "type": "Wizards"}]}
    assert "organisations.0.type" in only_error(tmp_path, wrong).message


def test_texts_are_cleaned(tmp_path: Path) -> None:
    record = GOOD | {"title": {"en": "Foot\u0000paths \ud800 e\u0301tude\u202e\n x"},
                     "text": {"en": "One\r\n\r\n\r\n\r\nTwo  three\x07"}}  # fmt: skip
    (item,), (draft,), errors = run(importer("jsonl"), lines(tmp_path / "p.jsonl", record))
    assert draft.title == {"en": "Footpaths \ufffd étude x"}
    assert draft.text == {"en": "One\n\nTwo three"}
    assert [each.message for each in errors] == [
        "mended the control characters in title.en", "mended the control characters in text.en",
    ]  # fmt: skip
    json.dumps(item.raw, ensure_ascii=False).encode()


def test_the_text_of_a_document_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    docx(folder / "a.docx", [["The partners agreed on the date of the opening."], ["Second"]])
    docx(tmp_path / "b.docx", [["In the folder above"]])
    file = {"kind": "file", "title": "T"}
    path = lines(folder / "p.jsonl", file | {"id": "f:1", "path": "a.docx"},
                 file | {"id": "f:2", "path": "b.docx", "language": "en"})  # fmt: skip
    _, drafts, errors = run(importer("jsonl"), path)
    assert errors == []
    assert [[page.text for page in draft.pages] for draft in drafts] == [
        ["The partners agreed on the date of the opening.", "Second"], ["In the folder above"],
    ]  # fmt: skip
    assert (drafts[0].file_type, drafts[0].language) == ("doc", "en")
    assert drafts[0].size == (folder / "a.docx").stat().st_size


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("../secret.txt", "points out"),
        ("/etc/passwd", "points out"),
        ("a/../../secret.txt", "points out"),
        ("link.txt", "link out of the folder"),
        ("nothing.txt", "there is no file"),
        (["a"], "is no text"),
    ],
)
def test_paths_out_of_the_folder_are_refused(tmp_path: Path, path: object, message: str) -> None:
    folder = tmp_path / "x" / "y"
    folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    record = {"id": "f:1", "kind": "file", "title": "T", "path": path}
    items, _, (error,) = run(importer("jsonl"), lines(folder / "p.jsonl", record))
    assert items == []
    assert message in error.message


def test_the_sample() -> None:
    _, drafts, errors = run(importer("jsonl"), SOURCES / "jsonl" / "sample")
    assert [draft.kind for draft in drafts] == ["project", "event", "file"]
    assert failures(errors) == []
    assert [page.page for page in drafts[2].pages] == [1, 2]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_any_bytes_give_items_or_errors(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(data)
    run(importer("jsonl"), path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(record=st.dictionaries(st.sampled_from(sorted(RecordDraft.model_fields)), JSON, max_size=8))
def test_any_values_give_a_draft_or_an_error(tmp_path: Path, record: dict[str, Any]) -> None:
    record = {"kind": "project", "title": "T"} | record | {"id": "k:1"}
    if record["kind"] == "file":
        record.pop("path", None)
    _, drafts, errors = run(importer("jsonl"), lines(tmp_path / "p.jsonl", record))
    assert len(drafts) + len(failures(errors)) == 1
