"""No document is read twice; what is kept of it may be lost or spoilt without harm."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tessera.sources.files.importer import FilesImporter
from tessera.sources.files.texts import NAME, Texts
from tessera.sources.formats.documents import DocumentPage, DocumentText, read_document
from tessera.sources.formats.likeness import fingerprint
from tessera.sources.formats.reading import Limits
from tests.unit.sources.files.delivering import INFO, gathered, prose
from tests.unit.sources.making import docx, failures, pdf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    pdf(made / "a.pdf", prose(1))
    docx(made / "b.docx", [prose(2)])
    (made / "c.txt").write_text("\n".join(prose(3)))
    (made / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    return made


class Counted:
    """Counts the documents that are read, by reading them really."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []

        def counting(path: Path, **options: object) -> DocumentText:
            self.names.append(path.name)
            return read_document(path, **options)  # type: ignore[arg-type]  # handed through

        monkeypatch.setattr("tessera.sources.files.importer.read_document", counting)


def test_a_second_run_reads_nothing_and_gives_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = gathered(folder, workspace=tmp_path / "cache")
    counted = Counted(monkeypatch)
    second = gathered(folder, workspace=tmp_path / "cache")
    assert counted.names == []
    assert second == first
    assert [error.key for error in failures(second[1])] == ["broken.pdf"]


def test_only_what_changed_is_read_whatever_its_time_says(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered(folder, workspace=tmp_path / "cache")
    path = folder / "c.txt"
    before = path.stat()
    text = path.read_text()
    path.write_text(text.replace(text[:5], "Other"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    (folder / "a.pdf").rename(folder / "renamed.pdf")
    counted = Counted(monkeypatch)
    items, _ = gathered(folder, workspace=tmp_path / "cache")
    assert counted.names == ["c.txt"]
    assert items[1].raw["pages"][0]["text"].startswith("Other")


def spoil(path: Path, column: str) -> None:
    database = sqlite3.connect(path)
    for row, value in database.execute(f"SELECT rowid, {column} FROM text").fetchall():
        spoilt = bytes([value[0] ^ 1]) + value[1:] if value else b""
        database.execute(f"UPDATE text SET {column} = ? WHERE rowid = ?", (spoilt, row))
    database.commit()
    database.close()


@pytest.mark.parametrize("column", ["body", "sketch", "seal", "about"])
def test_spoilt_entries_are_read_anew_and_it_is_said(
    folder: Path, tmp_path: Path, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = gathered(folder, workspace=tmp_path)
    spoil(tmp_path / NAME, column)
    second, errors = gathered(folder, workspace=tmp_path)
    assert second == first
    assert any("were spoilt and have been read anew" in error.message for error in errors)
    counted = Counted(monkeypatch)
    third, errors = gathered(folder, workspace=tmp_path)
    assert (third, counted.names) == (first, [])
    assert not any("spoilt" in error.message for error in errors)


@pytest.mark.parametrize(
    "junk", [b"no database at all" * 500, b"", b"SQLite format 3\0" + bytes(99)]
)
def test_a_spoilt_file_is_begun_anew(folder: Path, tmp_path: Path, junk: bytes) -> None:
    first, _ = gathered(folder, workspace=tmp_path)
    (tmp_path / NAME).write_bytes(junk)
    assert gathered(folder, workspace=tmp_path)[0] == first


def test_what_no_file_has_any_more_is_dropped(folder: Path, tmp_path: Path) -> None:
    gathered(folder, workspace=tmp_path)
    (folder / "a.pdf").unlink()
    gathered(folder, workspace=tmp_path)
    database = sqlite3.connect(tmp_path / NAME)
    assert database.execute("SELECT count(*) FROM text").fetchone() == (3,)
    database.close()


def test_there_is_a_bound_and_beyond_it_documents_are_read_again(tmp_path: Path) -> None:
    with Texts(tmp_path, Limits(), most=100) as texts:
        document = DocumentText("doc", "txt", "A", "en", (DocumentPage(1, "x" * 99),), 9)
        known = texts.keep("1", "txt", document, fingerprint(document.pages))
        assert known.language == "en"
        many = tuple(DocumentPage(n, line) for n, line in enumerate(prose(1), start=1))
        texts.keep("2", "txt", DocumentText("doc", "txt", "B", "", many, 9), fingerprint(many))
        assert texts.beyond == 1
        assert texts.document("1", "txt", "a.txt", 9) == document
        assert texts.known("2", "txt") is None


def test_other_limits_are_other_texts(folder: Path, tmp_path: Path) -> None:
    gathered(folder, workspace=tmp_path)
    short = FilesImporter(INFO, Limits(max_text=100))
    short.workspace = tmp_path
    notes = [getattr(each, "raw", {}).get("notes") for each in short.gather([folder / "c.txt"])]
    assert notes == [["only the first 100 characters are searched"]]
