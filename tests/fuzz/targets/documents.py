"""Documents of every format, and archives."""

from __future__ import annotations

import logging
from functools import partial

from pypdf.errors import PyPdfError

from tessera.sources.formats.archives import ArchiveError, open_archive, read_member
from tessera.sources.formats.extraction import READERS, extract
from tessera.sources.formats.reading import ReadError
from tessera.sources.formats.spreadsheets import SpreadsheetError
from tests.fuzz.choices import Choices
from tests.fuzz.invariants import bounded
from tests.fuzz.mutations import spoilt, spoilt_archive
from tests.fuzz.targets.cleanfiles import clean_file
from tests.fuzz.targets.named import TARGETS, target, written

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # As in the process that reads documents.


def document(kind: str, data: bytes) -> None:
    """Any reader of documents; what it raises is an error of the file, and says what is wrong."""
    choices = Choices(data)
    whole = clean_file(f"t.{kind}")
    raw = whole.read_bytes()
    packed = raw.startswith(b"PK")
    raw = (
        choices.rest()
        if choices.once_in(5)
        else (spoilt_archive if packed else spoilt)(choices, raw)
    )
    with written(whole.name, raw) as path, bounded():
        try:
            for number, page in enumerate(extract(path, kind).pages):
                page.text.encode("utf-8", "replace")
                if number > 500:
                    break
        except (ReadError, ArchiveError, SpreadsheetError, RecursionError, PyPdfError) as error:
            assert str(error).strip()


for _kind in ("pdf", "docx", "pptx", "odt", "rtf", "html", "md"):
    assert _kind in READERS
    TARGETS[f"document-{_kind}"] = partial(document, _kind)


@target("archives")
def archives(data: bytes) -> None:
    choices = Choices(data)
    with (
        written("t.zip", spoilt_archive(choices, clean_file("t.docx").read_bytes())) as path,
        bounded(),
    ):
        try:
            with open_archive(path) as archive:
                for name in archive.namelist():
                    try:
                        read_member(archive, name, 1_000_000)
                    except ArchiveError as error:
                        assert str(error).strip()
        except ArchiveError as error:
            assert str(error).strip()
