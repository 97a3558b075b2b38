"""What a file is, by its first bytes and not by its name."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final, Literal

from tessera.sources.formats.archives import BROKEN

FileType = Literal["pdf", "doc", "xls", "ppt", "image", "audio", "video", "archive", "web", "other"]
"""As in the interchange format."""

FILE_TYPES: Final[dict[str, FileType]] = {
    "pdf": "pdf",
    "docx": "doc", "doc": "doc", "odt": "doc", "rtf": "doc", "txt": "doc", "md": "doc",
    "xlsx": "xls", "xlsm": "xls", "xlsb": "xls", "xls": "xls", "ods": "xls", "csv": "xls",
    "pptx": "ppt", "ppt": "ppt", "odp": "ppt",
    "html": "web",
    "image": "image", "audio": "audio", "video": "video", "archive": "archive",
}  # fmt: skip
"""Format -> type; any other format is "other"."""

_HEAD: Final = 4096
_END: Final = 65_536 + 22
"""Bytes at the end of an archive in which its last record stands."""
_DIRECTORY: Final = 4_000_000
_PREFIXES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image"), (b"\xff\xd8\xff", "image"), (b"GIF87a", "image"),
    (b"GIF89a", "image"), (b"II*\x00", "image"), (b"MM\x00*", "image"), (b"BM", "image"),
    (b"ID3", "audio"), (b"OggS", "audio"), (b"fLaC", "audio"), (b"#!AMR", "audio"),
    (b"\x1a\x45\xdf\xa3", "video"), (b"\x00\x00\x01\xba", "video"), (b"\x00\x00\x01\xb3", "video"),
    (b"FLV\x01", "video"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"),
    (b"\x1f\x8b", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ\x00", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"), (b"Rar!\x1a\x07", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"), (b"{\\rtf", "rtf"),
)  # fmt: skip
_RIFF: Final = {b"WEBP": "image", b"WAVE": "audio", b"AVI ": "video"}
_IMAGE_BRANDS: Final = (b"heic", b"heix", b"mif1", b"avif", b"msf1")
_OPENDOCUMENT: Final = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body")
_OLD_OFFICE: Final = ((b"WordDocument", "doc"), (b"Workbook", "xls"), (b"Book", "xls"),
                      (b"PowerPoint Document", "ppt"),
                      (b"EncryptedPackage", "encrypted"))  # fmt: skip


def format_of(path: Path) -> str:
    """The format: a key of FILE_TYPES, "encrypted" (an office file with a password) or "other".

    A text is told from other bytes by its content; only Markdown, CSV and plain text are told
    apart by the end of the name, as nothing in them says which they are.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            head = head.ljust(512, b"\x00")
            size, first = 1 << min(head[30], 12), int.from_bytes(head[48:52], "little")
            file.seek((first + 1) * size)
            return _old_office(head + file.read(65_536))
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path)
    found = _by_prefix(head)
    if found:
        return found
    if len(head) > 262 and head[257:262] == b"ustar":
        return "archive"
    return _textual(head, path.suffix.lower())


def file_type(kind: str) -> FileType:
    """The type of a format, as the interchange format names it."""
    return FILE_TYPES.get(kind, "other")


def _by_prefix(head: bytes) -> str:
    for prefix, found in _PREFIXES:
        # Two letters are too few to be sure of a picture: the size of the file must follow.
        if head.startswith(prefix) and (prefix != b"BM" or head[6:10] == b"\x00" * 4):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "other")
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _IMAGE_BRANDS:
            return "image"
        return "audio" if brand == b"M4A " else "video"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return "audio"
    return ""


def _zipped(path: Path) -> str:
    named = path.suffix.lower().lstrip(".")
    named = named if named in ("docx", "xlsx", "pptx", "odt", "ods", "odp") else "archive"
    if not _small_directory(path):
        return named  # looked at by its reader, in a process with limits
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").decode("ascii", "replace")
                for word, found in _OPENDOCUMENT.items():
                    if f"opendocument.{word}" in mime:
                        return found
    except (*BROKEN, ValueError):
        return named
    if "word/document.xml" in names:
        return "docx"
    if "ppt/presentation.xml" in names:
        return "pptx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    return "xlsx" if "xl/workbook.xml" in names else "archive"


def _small_directory(path: Path) -> bool:
    """Whether the list of what is in an archive may be read here, without limits."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END))
        end = file.read(_END)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or b"PK\x06\x07" in end[max(0, at - 20) : at]:
        return at < 0
    return int.from_bytes(end[at + 12 : at + 16], "little") <= _DIRECTORY


def _old_office(data: bytes) -> str:
    """By the names in the directory of the compound file, each in UTF-16."""
    for name, found in _OLD_OFFICE:
        if name.decode("ascii").encode("utf-16-le") in data:
            return found
    return "other"


def _textual(head: bytes, suffix: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_HTML) or (start.startswith((b"<?xml", b"<!--")) and b"<html" in start):
        return "html"
    if start.startswith((b"<?xml", b"<svg")) and b"<svg" in start:
        return "image"
    if not start:
        return "txt" if suffix in (".txt", ".md", ".csv") else "other"
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "other"
    controls = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\f\x1b")
    if controls > max(4, len(head) // 50) and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "other"
    if suffix in (".md", ".markdown"):
        return "md"
    return "csv" if suffix in (".csv", ".tsv") else "txt"
