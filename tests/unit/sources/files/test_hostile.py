"""Whatever lies in a folder, it costs itself alone, and its error says how to mend it."""

from __future__ import annotations

import io
import os
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tessera.sources.base import Item, ItemError
from tessera.sources.files.importer import FilesImporter
from tessera.sources.formats.documents import read_document
from tessera.sources.formats.reading import Limits, Reader, ReadError
from tessera.sources.formats.signature import format_of
from tests.unit.sources.files.delivering import INFO, gathered, prose
from tests.unit.sources.making import A, S, W, docx, failures, pdf, pptx, xlsx, zipped

GOOD = "\n".join(prose(1))
LIMITS = Limits(memory=700_000_000, seconds=10, patience=40, wall=60)


def delivered(folder: Path, limits: Limits = LIMITS) -> tuple[list[Item], list[ItemError]]:
    found = list(FilesImporter(INFO, limits).gather([folder]))
    items = [each for each in found if isinstance(each, Item)]
    return items, [each for each in found if isinstance(each, ItemError)]


def nested_bomb(path: Path) -> None:
    """Zips within zips: what is within an archive isn't opened at all."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0", bytes(30_000_000))
    data = inner.getvalue()
    for _ in range(4):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}.zip", data)
        data = outer.getvalue()
    zipped(path, {"word/document.xml": data})


def overlapping_bomb(path: Path) -> None:
    """One packed member that the list at the end names ten thousand times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(2_000_000))
    data = packed.getvalue()
    start = data.rfind(b"PK\x05\x06")
    listed = struct.unpack("<I", data[start + 16 : start + 20])[0]
    one = data[listed:start]
    many = b"".join(one.replace(b"word/document.xml", b"word/%012d" % n) for n in range(9_999))
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 10_000, 10_000, len(one + many), listed, 0)
    path.write_bytes(data[:listed] + one + many + end)


def lying_directory(path: Path) -> None:
    """A list of members that is said to be enormous."""
    path.write_bytes(
        b"PK\x03\x04" + bytes(100)
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65_535, 65_535, 0xFFFFFFF0, 0, 0)
    )  # fmt: skip


def entity_bomb(path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    xml = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>'
    zipped(path, {"ppt/presentation.xml": xml})


def deep_nesting(path: Path) -> None:
    depth = 400_000
    xml = f'<w:document xmlns:w="{W}">' + "<w:tbl>" * depth + "</w:tbl>" * depth + "</w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", xml)


def endless_xref(path: Path) -> None:
    """Each table of objects says that the other one is the one before."""
    head = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    first = len(head)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 3/Root 1 0 R/Prev %010d>>\n"
    second = first + len(table % 0)
    data = head + table % second + table % first
    path.write_bytes(data + b"startxref\n%d\n%%%%EOF\n" % second)


def assembled(path: Path, *objects: bytes) -> None:
    """A PDF of these objects, the first its root."""
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    path.write_bytes(data + end)


def recursive_pages(path: Path) -> None:
    """A tree of pages that has itself as its branch."""
    assembled(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>",
    )


def inflating_stream(path: Path) -> None:
    """A page whose few bytes inflate to a gigabyte, in two steps."""
    stream = zlib.compress(zlib.compress(bytes(1_000_000_000), 9), 9)
    assembled(
        path,
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream"
        % (len(stream), stream),
    )


def far_cells(path: Path) -> None:
    """Two cells at the two ends of the largest sheet that there can be."""
    xlsx(path, {"Budget": [["a"]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{S}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    ).encode()
    zipped(path, members)


def truncated(path: Path) -> None:
    docx(path, [[GOOD]])
    path.write_bytes(path.read_bytes()[:300])


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("a.docx", nested_bomb, ""),
        ("a.docx", overlapping_bomb, "inflate"),
        ("a.docx", lying_directory, "broken archive"),
        ("a.pptx", entity_bomb, "entities"),
        ("a.docx", deep_nesting, ""),
        ("a.pdf", endless_xref, ""),
        ("a.pdf", recursive_pages, ""),
        ("a.pdf", inflating_stream, ""),
        ("a.xlsx", far_cells, ""),
        ("a.docx", truncated, "broken"),
    ],
)
def test_a_hostile_document_costs_itself_alone(
    tmp_path: Path, name: str, make: Callable[[Path], None], reason: str
) -> None:
    """Each is an error that says what to do, or a document without its hostile part."""
    make(tmp_path / name)
    (tmp_path / "good.txt").write_text(GOOD)
    begun = time.monotonic()
    items, errors = delivered(tmp_path)
    assert time.monotonic() - begun < 90
    assert "good.txt" in [item.key for item in items]
    hostile = [item for item in items if item.key == name]
    if hostile:
        assert sum(len(page["text"]) for page in hostile[0].raw["pages"]) < 1_000
        return
    (error,) = failures(errors)
    assert (error.key, error.where) == (name, name)
    assert reason in error.message
    mends = ("save it", "split it", "take it out", "not opened", "broken", "entities", "nested")
    assert any(words in error.message for words in mends)


def test_wrong_endings_are_read_by_what_the_files_are(tmp_path: Path) -> None:
    pdf(tmp_path / "really.docx", prose(2))
    docx(tmp_path / "really.pdf", [prose(3)])
    pptx(tmp_path / "really.xlsx", [GOOD], [1])
    xlsx(tmp_path / "really.txt", {"A": [[line] for line in prose(4)]})
    items, errors = gathered(tmp_path)
    formats = {item.key: item.raw["files"][0]["format"] for item in items}
    assert formats == {"really.docx": "pdf", "really.pdf": "docx", "really.xlsx": "pptx",
                       "really.txt": "xlsx"}  # fmt: skip
    assert failures(errors) == []


def test_pipes_devices_and_loops_are_passed_over_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD)
    os.mkfifo(folder / "pipe.pdf")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "round").symlink_to(folder)
    (folder / "index.txt.yaml").symlink_to("/dev/zero")
    os.mkfifo(folder / "good.txt.yaml")
    items, errors = gathered(folder)
    assert [item.key for item in items] == ["good.txt"]
    told = {error.where: error.message for error in errors}
    assert told["pipe.pdf"] == "is no ordinary file and is passed over"
    assert told["zero.txt"] == told["round"] == "is a link; links are not followed"
    assert all(error.warning for error in errors)


def test_names_that_are_no_utf8_or_very_long(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    deep = folder / "/".join(["x" * 90] * 6)
    deep.mkdir(parents=True)
    (deep / ("y" * 200 + ".txt")).write_text(GOOD)
    (folder / ("z" * 251 + ".txt")).write_text("\n".join(prose(2)))
    Path(os.fsdecode(os.fsencode(folder) + b"/Verf\xfcgung.txt")).write_text("\n".join(prose(3)))
    items, errors = gathered(folder)
    keys = sorted(item.key for item in items)
    assert keys[0] == "Verf\\xfcgung.txt"
    assert [len(key) for key in keys[1:]] == [399, 255]
    assert [error.message for error in errors] == [
        "the name is not UTF-8; its other bytes are shown as \\x..; better rename it"
    ]
    assert all(list(FilesImporter(INFO).map(item)) for item in items)


def test_two_names_that_differ_only_in_how_their_letters_are_composed(tmp_path: Path) -> None:
    (tmp_path / "Ve\u0301rite.txt").write_text(GOOD)
    (tmp_path / "V\u00e9rite.txt").write_text("\n".join(prose(2)))
    items, errors = gathered(tmp_path)
    assert len(items) == 1
    assert "letters composed in another way" in failures(errors)[0].message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_an_error_and_nothing_is_withdrawn(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "shut.txt").write_text(GOOD)
    (tmp_path / "shut.txt").chmod(0)
    _, errors = gathered(tmp_path)
    assert {(error.where, error.key) for error in failures(errors)} == {
        ("closed", ""), ("shut.txt", "shut.txt"),
    }  # fmt: skip


def test_a_folder_that_goes_away_is_an_error_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(GOOD)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    items, errors = gathered(tmp_path)
    assert [item.key for item in items] == ["a.txt"]
    assert [(e.where, e.key) for e in failures(errors)] == [("sub", "")]


def test_a_file_that_grows_while_it_is_read_is_an_error_of_this_run_only(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    growing = folder / "log.txt"
    growing.write_text(GOOD)
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.001):
            with growing.open("a") as file:
                file.write("more words\n")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        items, errors = gathered(folder, workspace=tmp_path)
    finally:
        stop.set()
        writer.join()
    assert items == []
    assert "changed while it was read" in failures(errors)[0].message
    assert [item.key for item in gathered(folder, workspace=tmp_path)[0]] == ["log.txt"]


def test_the_reading_process_may_open_few_files_and_write_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    with Reader(Limits(documents=3)) as reader:
        for _ in range(2):
            read_document(tmp_path / "a.txt", using=reader)
        assert reader._process is not None
        limits = Path(f"/proc/{reader._process.pid}/limits").read_text()
        for _ in range(4):
            read_document(tmp_path / "a.txt", using=reader)
        assert reader.started == 2
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert soft["Max open files"] == "64"
    assert soft["Max file size"] == "0"
    assert soft["Max address space"] == "1500000000"
    assert int(soft["Max cpu time"]) <= 130


def test_a_document_that_never_ends_is_left_after_the_wall_time(tmp_path: Path) -> None:
    long = pdf(tmp_path / "long.pdf", [" ".join(prose(n)) for n in range(400)])
    (tmp_path / "good.txt").write_text(GOOD)
    with Reader(Limits()) as reader:
        read_document(tmp_path / "good.txt", using=reader)
        reader.limits = Limits(wall=0)
        with pytest.raises(ReadError, match="none to the end within 0") as left:
            read_document(long, using=reader)
        assert not left.value.lasting
        reader.limits = Limits()
        assert read_document(tmp_path / "good.txt", using=reader).pages


def test_unknown_parts_of_slides_do_no_harm(tmp_path: Path) -> None:
    path = pptx(tmp_path / "a.pptx", [GOOD], [1, 7])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ppt/slides/slide9.xml", f'<a xmlns="{A}"/>')
    assert len(gathered(tmp_path)[0][0].raw["pages"]) == 1


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("ending", ["ods", "odt", "zip"])
def test_an_archive_whose_first_part_is_broken_stops_nothing(
    tmp_path: Path, packing: int, ending: str
) -> None:
    path = tmp_path / f"a.{ending}"
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    data = bytearray(path.read_bytes())
    start = 30 + len("mimetype")
    data[start : start + 20] = b"\xff" * 20
    path.write_bytes(data)
    assert format_of(path) == ("archive" if ending == "zip" else ending)
    (tmp_path / "good.txt").write_text(GOOD)
    items, errors = gathered(tmp_path)
    assert "good.txt" in {item.key for item in items}
    assert [error.key for error in failures(errors)] == ([] if ending == "zip" else [path.name])
