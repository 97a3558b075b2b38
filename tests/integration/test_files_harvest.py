"""Runs over a folder of documents: records survive what becomes of their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tessera.harvest.run import harvest
from tessera.records.models import Change, Record
from tessera.sources.files.texts import NAME
from tessera.sources.registry import importer
from tests.unit.sources.files.delivering import prose
from tests.unit.sources.making import docx, pdf, pptx, xlsx

pytestmark = pytest.mark.django_db
LINES = prose(1)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path / "home"
    made = tmp_path / "in"
    made.mkdir()
    docx(made / "report.docx", [LINES])
    (made / "other.txt").write_text("\n".join(prose(2)))
    return made


def uids() -> set[str]:
    return set(Record.objects.filter(withdrawn_at=None).values_list("uid", flat=True))


@pytest.mark.usefixtures("memory_index")
def test_copies_that_come_and_go_leave_the_record_and_its_id(folder: Path, client: Any) -> None:
    first = harvest(importer("files"), [folder])
    assert (first.added, len(uids())) == (2, 2)
    known = uids()
    pdf(folder / "report.pdf", LINES)
    second = harvest(importer("files"), [folder])
    assert (second.changed, second.unchanged, uids()) == (1, 1, known)
    record = Record.objects.get(data__path="report.pdf")
    assert [f["path"] for f in record.data["files"]] == ["report.pdf", "report.docx"]  # type: ignore[call-overload,index]  # JSON
    shown = client.get(f"/file/{record.uid}").content.decode()
    assert "report.docx" in shown and "the same text" in shown
    (folder / "report.docx").unlink()
    (folder / "report.pdf").rename(folder / "final report.pdf")
    third = harvest(importer("files"), [folder])
    assert (third.added, third.withdrawn, uids()) == (0, 0, known)
    log = Change.objects.count()
    fourth = harvest(importer("files"), [folder])
    assert (fourth.unchanged, fourth.changed, Change.objects.count()) == (2, 0, log)


def test_texts_are_kept_in_home_by_source_and_may_be_deleted(folder: Path, settings: Any) -> None:
    harvest(importer("files"), [folder], source_slug="ours")
    kept = settings.HOME / "cache" / "sources" / "ours" / NAME
    assert kept.exists()
    kept.unlink()
    again = harvest(importer("files"), [folder], source_slug="ours")
    assert again.unchanged == 2


def test_a_file_that_breaks_keeps_its_record_until_it_is_mended(folder: Path) -> None:
    harvest(importer("files"), [folder])
    known = uids()
    good = (folder / "report.docx").read_bytes()
    (folder / "report.docx").write_bytes(good[:100])
    broken = harvest(importer("files"), [folder])
    assert (len(broken.errors), uids()) == (1, known)
    (folder / "report.docx").write_bytes(good)
    mended = harvest(importer("files"), [folder])
    assert (len(mended.errors), mended.withdrawn, uids()) == (0, 0, known)


@pytest.mark.usefixtures("memory_index")
def test_a_phrase_on_a_slide_or_sheet_names_it(folder: Path, client: Any, settings: Any) -> None:
    from tessera.indexing.rebuild import rebuild

    pptx(folder / "talk.pptx", [f"Slide of the river {n}" for n in range(1, 15)], [*range(1, 15)])
    xlsx(folder / "money.xlsx", {"Notes": [["nothing"]], "Budget": [["Signposts", 1200]]})
    harvest(importer("files"), [folder])
    rebuild()
    page = client.get("/explore", {"q": '"river 12"'}).content.decode()
    assert "slide 12" in page and "#p-12" in page
    page = client.get("/explore", {"q": "signposts"}).content.decode()
    assert "sheet Budget" in page and "#p-2" in page
    record = Record.objects.get(data__path="money.xlsx")
    shown = client.get(f"/file/{record.uid}").content.decode()
    assert "Sheet Budget" in shown
