"""The demonstration documents hold what searching inside files is shown with."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

DOCUMENTS = Path(__file__).parents[3] / "demo" / "documents"
PHRASE = "two-lantern rule"


def text_of(page_text: str) -> str:
    return " ".join(page_text.split())


def test_a_phrase_stands_on_page_37_and_nowhere_else() -> None:
    pages = PdfReader(DOCUMENTS / "compendium-of-projects.pdf").pages
    assert len(pages) >= 40
    found = [
        number for number, page in enumerate(pages, 1) if PHRASE in text_of(page.extract_text())
    ]
    assert found == [37]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pyrkagia-odigos.pdf", "δίγλωσσο πρωτόκολλο"),
        ("klasteri-narachnik.pdf", "клъстерен мениджър"),
    ],
)
def test_greek_and_bulgarian_can_be_read_from_the_pdf(name: str, words: str) -> None:
    pages = PdfReader(DOCUMENTS / name).pages
    assert len(pages) >= 3
    assert words in text_of(" ".join(page.extract_text() for page in pages))


def test_the_scan_has_no_text_layer() -> None:
    pages = PdfReader(DOCUMENTS / "cheesemakers-recipes-scan.pdf").pages
    assert [page.extract_text().strip() for page in pages] == [""]
    assert pages[0].images


def test_there_are_enough_of_every_format_and_they_stay_small() -> None:
    least = {".pdf": 15, ".docx": 6, ".pptx": 2, ".xlsx": 2, ".odt": 2, ".html": 2, ".txt": 1}
    files = list(DOCUMENTS.iterdir())
    for suffix, number in least.items():
        assert sum(path.suffix == suffix for path in files) >= number, suffix
    assert sum(path.stat().st_size for path in files) <= 1_500_000


def test_office_documents_are_sound_archives() -> None:
    for path in DOCUMENTS.iterdir():
        if path.suffix in {".docx", ".pptx", ".xlsx", ".odt"}:
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None, path.name
