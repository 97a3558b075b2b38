"""A folder of documents: one broken file is an error of that file alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tessera.sources.files.importer import FilesImporter
from tessera.sources.formats.reading import Limits
from tessera.sources.registry import importer, importers
from tests.unit.sources.making import SOURCES, docx, failures, pdf, run

SENTENCE = "The partners of the project met in the town hall and agreed on the work plan."


def test_the_sample() -> None:
    items, drafts, errors = run(importer("files"), SOURCES / "files" / "sample")
    assert errors == []
    assert [item.key for item in items] == [
        "handbook.md", "lessons.txt", "reports/counting.csv", "reports/page.html",
    ]  # fmt: skip
    by_path = {draft.path: draft for draft in drafts}
    assert by_path["handbook.md"].title == {"en": "Handbook of signposts"}
    assert str(by_path["handbook.md"].published) == "2024-02-01"
    assert by_path["reports/counting.csv"].title == {"und": "Walkers counted in 2023"}
    assert by_path["reports/page.html"].file_type == "web"
    assert {draft.licence for draft in drafts} == {"CC BY 4.0"}
    assert {link.id for draft in drafts for link in draft.links} == {"sample:p1"}


def test_broken_files_are_errors_and_the_rest_is_read(tmp_path: Path) -> None:
    pdf(tmp_path / "b.pdf", [SENTENCE], "Minutes of March")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nnot really\n%%EOF")
    (tmp_path / "c.docx").write_bytes(b"PK\x03\x04 torn")
    (tmp_path / "d.txt").write_bytes(b"")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    items, drafts, errors = run(importer("files"), tmp_path)
    assert [item.key for item in items] == ["b.pdf", "photo.jpg"]
    assert [(draft.file_type, len(draft.pages)) for draft in drafts] == [("pdf", 1), ("image", 0)]
    assert {error.key for error in failures(errors)} == {"a.pdf", "c.docx", "d.txt"}
    assert all(error.where == error.key for error in errors)


def test_links_hidden_and_temporary_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text(SENTENCE)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop").symlink_to(folder)
    for name in (".hidden.txt", "~$open.docx", "Thumbs.db"):
        (folder / name).write_text("x")
    items, _, errors = run(importer("files"), folder)
    assert items == []
    assert {(error.where, error.warning) for error in errors} == {("out.txt", True), ("loop", True)}
    assert all("links are not followed" in error.message for error in errors)


def test_a_large_file_says_its_size_and_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "large.pdf").open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.truncate(200_000_000)
    _, _, (error,) = run(importer("files"), tmp_path)
    assert "is 200 MB large, more than the limit of 100 MB" in error.message
    small = FilesImporter(importers()[0], Limits(max_size=10))
    (tmp_path / "large.pdf").unlink()
    (tmp_path / "a.txt").write_text(SENTENCE)
    assert "limit of 0 MB" in run(small, tmp_path)[2][0].message


@pytest.mark.parametrize(
    ("sidecar", "message", "warning"),
    [
        ("colour: red", "colour: not known, left out", True),
        ("title: [", "broken YAML", False),
        ("just text", "expected keys with values", False),
    ],
)
def test_sidecars_that_cannot_be_used(
    tmp_path: Path, sidecar: str, message: str, warning: bool
) -> None:
    docx(tmp_path / "a.docx", [[SENTENCE]])
    (tmp_path / "a.yaml").write_text(sidecar)
    items, _, (error,) = run(importer("files"), tmp_path)
    assert message in error.message
    assert (error.warning, len(items)) == (warning, int(warning))


def test_an_index_that_lists_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "index.yaml").write_text("files:\n  b.txt: {title: B}\n  a.txt: {language: en}\n")
    items, _, (error,) = run(importer("files"), tmp_path)
    assert len(items) == 1
    assert (error.where, error.warning) == ("index.yaml, b.txt", True)


def test_a_wrong_override_is_an_error_of_its_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE)
    (tmp_path / "a.txt.yaml").write_text("published: last spring\n")
    _, drafts, (error,) = run(importer("files"), tmp_path)
    assert drafts == []
    assert "published: " in error.message
    assert "expected a date such as 2017-01-31" in error.message
