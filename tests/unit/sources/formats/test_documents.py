"""Documents as text by page; a hostile one costs itself alone."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.sources.formats.documents import (
    DocumentPage,
    DocumentText,
    read_document,
    title_of_name,
)
from tessera.sources.formats.pdf import by_glyph
from tessera.sources.formats.reading import Limits, Reader, ReadError
from tests.unit.sources.making import W, docx, odt, pdf, pptx, shared, xlsx, zipped

SENTENCE = "The partners of the project met in the town hall and agreed on the work plan."


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(Limits(seconds=20, patience=60, max_size=5_000_000)) as shared_reader:
        yield shared_reader


def texts(document: DocumentText) -> list[tuple[int, str]]:
    return [(page.page, page.text) for page in document.pages]


def test_pdf_page_by_page(tmp_path: Path, reader: Reader) -> None:
    path = pdf(tmp_path / "report.pdf", [SENTENCE, "", "Annex with the budget"], "Final report")
    found = read_document(path, using=reader)
    assert texts(found) == [(1, SENTENCE), (3, "Annex with the budget")]
    assert (found.file_type, found.title, found.language) == ("pdf", "Final report", "en")
    assert found.notes == ("no text layer on 1 of 3 pages",)
    assert found.size == path.stat().st_size


def test_a_scan_says_that_it_has_no_text_layer(tmp_path: Path, reader: Reader) -> None:
    found = read_document(pdf(tmp_path / "old_scan-1998.pdf", ["", ""]), using=reader)
    assert (found.pages, found.notes) == ((), ("no text layer",))
    assert found.title == "old scan 1998"


def test_an_encrypted_pdf_is_an_error(tmp_path: Path, reader: Reader) -> None:
    writer = pypdf.PdfWriter(pdf(tmp_path / "open.pdf", [SENTENCE]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(ReadError, match="encrypted"):
        read_document(tmp_path / "locked.pdf", using=reader)


def test_a_pdf_that_is_only_locked_against_changes_is_read(tmp_path: Path, reader: Reader) -> None:
    writer = pypdf.PdfWriter(pdf(tmp_path / "open.pdf", [SENTENCE]))
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    assert texts(read_document(tmp_path / "locked.pdf", using=reader)) == [(1, SENTENCE)]


def test_ten_thousand_pages_are_read_whole(tmp_path: Path, reader: Reader) -> None:
    path = docx(tmp_path / "long.docx", [[f"Page number {n}"] for n in range(1, 10_001)])
    found = read_document(path, using=reader)
    assert found.pages[36] == DocumentPage(37, "Page number 37")
    assert (len(found.pages), found.notes) == (10_000, ())


def test_pages_that_take_too_long_are_left_and_it_is_said(tmp_path: Path) -> None:
    path = pdf(tmp_path / "long.pdf", [f"Page number {n}" for n in range(1, 40)])
    with Reader(Limits(seconds=0)) as hasty:
        found = read_document(path, using=hasty)
    assert texts(found) == [(1, "Page number 1")]
    assert found.notes == ("only the first 1 pages are searched: it takes too long",)


def test_text_beyond_the_limit_is_left_and_it_is_said(tmp_path: Path) -> None:
    with Reader(Limits(max_text=30)) as short:
        found = read_document(pdf(tmp_path / "a.pdf", [SENTENCE, SENTENCE]), using=short)
    assert texts(found) == [(1, SENTENCE[:30].strip())]
    assert found.notes == ("only the first 30 characters are searched",)


def test_fonts_without_characters_are_read_by_their_glyphs() -> None:
    assert by_glyph("9HU]HLFKQLV\x03GHU\x03%HJ\x81QVWLJWHQ") == "Verzeichnis der Begünstigten"
    assert by_glyph("|IIHQWOLFKHQ\x03\x03\nplain words stay") == "öffentlichen  \nplain words stay"


def test_docx_by_the_pages_it_was_laid_out_in(tmp_path: Path, reader: Reader) -> None:
    deleted = "<w:p><w:del><w:r><w:t>deleted words</w:t></w:r></w:del></w:p>"
    path = docx(tmp_path / "a.docx", [["Work plan", SENTENCE], ["Second page"]], extra=deleted)
    found = read_document(path, using=reader)
    assert texts(found) == [(1, f"Work plan\n{SENTENCE}"), (2, "Second page")]
    assert (found.file_type, found.title, found.language) == ("doc", "Work plan", "en")


def test_pptx_in_the_order_of_the_show_with_notes(tmp_path: Path, reader: Reader) -> None:
    path = pptx(tmp_path / "a.pptx", ["Closing words", "Welcome to the kick-off"], order=[2, 1])
    found = read_document(path, using=reader)
    assert texts(found) == [
        (1, "Welcome to the kick-off"),
        (2, "Closing words\n\nSay hello to the mayor first"),
    ]
    assert {page.label for page in found.pages} == {"Slide"}
    assert (found.file_type, found.title) == ("ppt", "Welcome to the kick-off")


def test_odt(tmp_path: Path, reader: Reader) -> None:
    path = odt(
        tmp_path / "a.odt", ["Első oldal a projekt partnereiről", "Második<t:s t:c='3'/>oldal"]
    )
    found = read_document(path, using=reader)
    assert texts(found) == [(1, "Első oldal a projekt partnereiről"), (2, "Második oldal")]
    assert found.language == "hu"


def test_headers_notes_tables_and_text_boxes_of_a_docx(tmp_path: Path, reader: Reader) -> None:
    table = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Signposts</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>1200</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        'markup-compatibility/2006"><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r>'
        "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>In a box</w:t></w:r></w:p>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    path = docx(tmp_path / "a.docx", [["First page"], ["Second page"]], extra=table + box)
    body = '<w:x xmlns:w="%s"><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:x>'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/footnotes.xml", body % (W, "As agreed in Graz"))
        archive.writestr("word/header1.xml", body % (W, "River project"))
        archive.writestr("word/header2.xml", body % (W, "River project"))
        archive.writestr("word/footer1.xml", body % (W, "12"))
    (_, first), (number, second) = texts(read_document(path, using=reader))
    assert (first, number) == ("First page", 2)
    assert [line for line in second.splitlines() if line] == [
        "Second page", "Signposts", "1200", "In a box", "As agreed in Graz", "River project",
    ]  # fmt: skip


def test_headers_and_notes_of_an_odt(tmp_path: Path, reader: Reader) -> None:
    note = "<t:note><t:note-body><t:p>As agreed in Graz</t:p></t:note-body></t:note>"
    path = odt(tmp_path / "a.odt", ["First page", f"Second page{note}"])
    styles = (
        '<o:x xmlns:o="urn:x" xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><s:master-page><s:header>'
        "<t:p>River project</t:p></s:header><s:footer><t:p>12</t:p></s:footer></s:master-page>"
        "</o:x>"
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("styles.xml", styles)
    (_, first), (_, second) = texts(read_document(path, using=reader))
    assert first == "First page"
    assert second.split() == "Second pageAs agreed in Graz River project".split()


def test_the_language_of_a_document_and_of_a_page_in_another(
    tmp_path: Path, reader: Reader
) -> None:
    german = "Die Partner trafen sich im Rathaus und stimmten dem gemeinsamen Arbeitsplan zu. " * 3
    english = SENTENCE + " They will meet again in summer, in the house of the council, to talk."
    found = read_document(pdf(tmp_path / "a.pdf", [english, english, german]), using=reader)
    assert (found.language, [page.language for page in found.pages]) == ("en", ["", "", "de"])


@pytest.mark.parametrize("text", ["Agenda 2024", "OK", "ABC XYZ 123 QWRT ZXCV PPLK MNBV", "12 13"])
def test_a_text_too_short_or_strange_has_no_language(
    tmp_path: Path, reader: Reader, text: str
) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert read_document(tmp_path / "a.txt", using=reader).language == ""


def test_a_workbook_by_its_sheets(tmp_path: Path, reader: Reader) -> None:
    path = xlsx(
        tmp_path / "a.xlsx", {"Budget": [["Item", "EUR"], ["Signposts", 1200]], "Empty": []}
    )
    found = read_document(path, using=reader)
    assert [(page.label, page.text) for page in found.pages] == [
        ("Budget", "Budget\nItem EUR\nSignposts 1200"),
        ("Empty", "Empty"),
    ]
    assert found.file_type == "xls"


def test_html_without_scripts_and_menus(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        '<html lang="lt"><title>Projektas</title><nav>Meniu</nav><script>x=1</script><style>p{}'
        "</style><h1>Projekto naujienos</h1><p>Partneriai susitiko rotušėje &amp; tarėsi</p></html>"
    )
    found = read_document(path, using=reader)
    assert texts(found) == [(1, "Projekto naujienos\n\nPartneriai susitiko rotušėje & tarėsi")]
    assert (found.file_type, found.title, found.language) == ("web", "Projektas", "lt")


def test_rtf(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}\f0 Za\'bf\'f3\'b3\'e6 g\u281?\par Druga"
        rb"{\*\generator hidden}\page strona}"
    )
    assert texts(read_document(path, using=reader)) == [(1, "Zażółć gę\nDruga"), (2, "strona")]


def test_text_in_an_old_encoding_with_control_characters(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(
        "Größe\x01 der\x02 Straße,  für\r\n\r\n\r\n\r\nÖsterreich\x0cSeite zwei".encode("cp1252")
    )
    assert texts(read_document(path, using=reader)) == [
        (1, "Größe der Straße, für\n\nÖsterreich"), (2, "Seite zwei"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("photo.pdf", b"\x89PNG\r\n\x1a\n" + bytes(20), "image"),
        ("talk.bin", b"ID3" + bytes(30), "audio"),
        ("film.txt", b"\x00\x00\x00\x18ftypmp42" + bytes(30), "video"),
        ("pack.docx", b"7z\xbc\xaf\x27\x1c" + bytes(30), "archive"),
        ("thing.pdf", b"\x00\x01\x02\x03" * 9, "other"),
    ],
)
def test_the_type_is_told_by_content_not_by_name(
    tmp_path: Path, reader: Reader, name: str, content: bytes, expected: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = read_document(path, using=reader)
    assert (found.file_type, found.pages) == (expected, ())


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Microsoft Word - draft_v3.doc", "Work plan of the second year"),
        ("untitled", "Work plan of the second year"),
        ("PowerPoint Presentation", "Work plan of the second year"),
        ("report_final.docx", "Work plan of the second year"),
        ("Study of footpaths", "Study of footpaths"),
    ],
)
def test_titles_that_a_program_made_up_are_passed_over(
    tmp_path: Path, reader: Reader, stated: str, expected: str
) -> None:
    path = docx(tmp_path / "a.docx", [["Work plan of the second year", SENTENCE]], stated)
    assert read_document(path, using=reader).title == expected


def test_names_of_files_as_titles() -> None:
    assert title_of_name("annual_report-2019.pdf") == "annual report 2019"


# What is hostile or broken


def bomb(path: Path) -> Path:
    return zipped(path, {"word/document.xml": b"<w>" + bytes(200_000_000)})


def billion_laughs(path: Path) -> Path:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a9;</x>'
    return zipped(path, {"word/document.xml": xml})


def outside(path: Path) -> Path:
    return zipped(path, {"word/document.xml": "<x/>", "../../evil.txt": "out"})


def entity_file(path: Path) -> Path:
    xml = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    return zipped(path, {"word/document.xml": xml})


def many_members(path: Path) -> Path:
    return zipped(path, {"word/document.xml": "<x/>"} | {f"m{n}": b"" for n in range(20_001)})


def torn(path: Path) -> Path:
    data = docx(path, [[SENTENCE]]).read_bytes()
    path.write_bytes(data[: len(data) // 2])
    return path


def locked(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    return path


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (bomb, "inflate"),
        (billion_laughs, "entities"),
        (entity_file, "entities"),
        (outside, "points out"),
        (many_members, "20001|20002"),
        (torn, "broken"),
        (locked, "encrypted"),
    ],
)
def test_hostile_office_files(tmp_path: Path, reader: Reader, make: object, reason: str) -> None:
    path = make(tmp_path / "a.docx")  # type: ignore[operator]  # one of the makers above
    with pytest.raises(ReadError, match=reason):
        read_document(path, using=reader)
    good = pdf(tmp_path / "good.pdf", [SENTENCE])
    assert texts(read_document(good, using=reader)) == [(1, SENTENCE)]


def test_a_file_over_the_limit_says_its_size_and_the_limit(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.4\n")
        file.truncate(200_000_000)
    with pytest.raises(ReadError, match="200 MB large, more than the limit of 5 MB"):
        read_document(path, using=reader)


def varied(count: int) -> list[str]:
    """Paragraphs that don't pack so well that the file would be taken for a bomb."""
    chance = random.Random(7)
    return [f"{chance.getrandbits(96):x}" for _ in range(count)]


def test_what_takes_too_long_is_left_and_the_next_file_is_read(tmp_path: Path) -> None:
    slow = docx(tmp_path / "slow.docx", [varied(220_000)])
    with Reader(Limits(seconds=0, patience=60)) as hasty:
        with pytest.raises(ReadError, match="more than 0 seconds"):
            read_document(slow, using=hasty)
        small = tmp_path / "a.txt"
        small.write_text(SENTENCE)
        assert texts(read_document(small, using=hasty)) == [(1, SENTENCE)]
        assert hasty.started == 2


def test_what_needs_too_much_memory_is_left(tmp_path: Path) -> None:
    large = docx(tmp_path / "large.docx", [varied(150_000)])
    with Reader(Limits(memory=55_000_000, patience=60)) as small:
        with pytest.raises(ReadError, match="more than 55 MB of memory"):
            read_document(large, using=small)
        (tmp_path / "a.txt").write_text(SENTENCE)
        assert texts(read_document(tmp_path / "a.txt", using=small)) == [(1, SENTENCE)]


def test_no_answer_in_time_is_an_error(tmp_path: Path) -> None:
    slow = docx(tmp_path / "slow.docx", [varied(50_000)])
    with (
        Reader(Limits(patience=0)) as impatient,
        pytest.raises(ReadError, match="no answer within 0 seconds"),
    ):
        read_document(slow, using=impatient)


def test_the_reading_process_sees_nothing_of_our_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TESSERA_SECRET_KEY", "very secret")
    path = tmp_path / "a.txt"
    path.write_text(SENTENCE)
    with Reader() as reader:
        read_document(path, using=reader)
        process = reader._process
        assert process is not None
        environment = Path(f"/proc/{process.pid}/environ").read_bytes()
    assert b"very secret" not in environment


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_spoilt_documents_are_read_or_are_errors(
    tmp_path: Path, reader: Reader, data: st.DataObject
) -> None:
    makers = {
        "pdf": lambda p: pdf(p, [SENTENCE] * 3),
        "docx": lambda p: docx(p, [[SENTENCE], [SENTENCE]]),
        "odt": lambda p: odt(p, [SENTENCE]),
        "xlsx": lambda p: xlsx(p, {"A": [["x", 1]] * 5}),
        "pptx": lambda p: pptx(p, [SENTENCE], [1]),
    }
    ending = data.draw(st.sampled_from(sorted(makers)))
    path = makers[ending](tmp_path / f"spoilt.{ending}")
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        assert isinstance(read_document(path, using=reader), DocumentText)
    except ReadError as error:
        assert str(error)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=500), start=st.sampled_from(
    [b"", b"%PDF-1.7\n", b"{\\rtf1", b"<html>", b"PK\x03\x04",
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]))  # fmt: skip
def test_any_bytes_are_read_or_are_errors(
    tmp_path: Path, reader: Reader, content: bytes, start: bytes
) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(start + content)
    try:
        assert isinstance(read_document(path, using=reader), DocumentText)
    except ReadError as error:
        assert str(error)


def test_real_documents() -> None:
    folder = shared("documents", "steps_interreg_de_dk", "public", "hearing-loss", "tasks")
    word, portable = (read_document(folder / name) for name in ("Opgaver.docx", "Opgaver.pdf"))
    assert (word.language, portable.language) == ("da", "da")
    assert len(word.pages) == len(portable.pages) == 7


def test_real_pdf_whose_fonts_have_no_characters() -> None:
    path = next(shared("lists_of_operations").rglob("ERDF Data Schleswig Holstein 2007-2013.pdf"))
    found = read_document(path)
    assert "Verzeichnis der Begünstigten im Zukunftsprogramm Wirtschaft" in found.pages[0].text
    assert any("read by their glyphs" in note for note in found.notes)


def test_archives_within_archives_are_listed_without_text(tmp_path: Path, reader: Reader) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", SENTENCE)
    found = read_document(path, using=reader)
    assert (found.file_type, found.pages, found.title) == ("archive", (), "all")
