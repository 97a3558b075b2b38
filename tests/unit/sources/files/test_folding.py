"""Which files are one document: copies, formats, drafts; never versions or translations."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Item
from tessera.sources.files.delivery import Delivery, Entry
from tessera.sources.files.folding import fold, rank
from tessera.sources.files.importer import FilesImporter
from tessera.sources.formats.documents import DocumentPage
from tessera.sources.formats.likeness import fingerprint
from tests.unit.sources.files.delivering import INFO, gathered, groups, prose
from tests.unit.sources.making import docx, failures, odt, pdf, shared, xlsx


def write(path: Path, lines: list[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
    return path


def test_the_same_bytes_are_one_record_that_lists_every_file(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", prose(1))
    write(tmp_path / "copies" / "a.txt", prose(1))
    (tmp_path / "p.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    (tmp_path / "q.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    items, errors = gathered(tmp_path)
    assert groups(items) == {
        frozenset(("a.txt", "copies/a.txt")), frozenset(("p.jpg", "q.jpg")),
    }  # fmt: skip
    (draft,) = FilesImporter(INFO).map(items[0])
    assert [(f.path, f.same) for f in draft.files] == [("a.txt", ""), ("copies/a.txt", "bytes")]
    assert len({file.sha256 for file in draft.files}) == 1
    assert "2 files are listed with another one" in errors[0].message
    assert failures(errors) == []


def test_the_same_text_in_several_formats_is_one_and_the_pdf_leads(tmp_path: Path) -> None:
    lines = prose(2)
    docx(tmp_path / "report.docx", [lines])
    odt(tmp_path / "report.odt", [" ".join(lines)])
    write(tmp_path / "report.txt", lines)
    pdf(tmp_path / "report.pdf", lines)
    items, _ = gathered(tmp_path)
    (item,) = items
    assert [(f["path"], f.get("same")) for f in item.raw["files"]] == [
        ("report.pdf", None), ("report.docx", "text"), ("report.odt", "text"),
        ("report.txt", "text"),
    ]  # fmt: skip
    assert len(item.raw["pages"]) == len(lines)


def test_headers_page_numbers_and_hyphens_make_no_other_document(tmp_path: Path) -> None:
    lines = prose(3, 600)
    write(tmp_path / "plain.txt", lines)
    pages = []
    for number, at in enumerate(range(0, len(lines), 10), start=1):
        body = [line.replace("partners", "part-\nners") for line in lines[at : at + 10]]
        pages.append("\n".join(["River project 2019", *body, f"page {number} of 5"]))
    (tmp_path / "printed.txt").write_text("\f".join(pages))
    items, _ = gathered(tmp_path)
    assert groups(items) == {frozenset(("plain.txt", "printed.txt"))}


def test_a_draft_with_few_other_words_is_folded_and_the_record_says_why(tmp_path: Path) -> None:
    lines = prose(4)
    write(tmp_path / "plan draft.txt", [*lines[:-1], "Small words were put here instead."])
    write(tmp_path / "plan.txt", lines)
    items, errors = gathered(tmp_path)
    (item,) = items
    lead, draft = item.raw["files"]
    assert (lead["path"], draft["path"], draft["same"]) == ("plan.txt", "plan draft.txt", "nearly")
    assert 0.9 <= draft["likeness"] < 1
    assert "put" in draft["adds"]
    assert any("nearly the same as another file" in error.message for error in errors)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The report on the year 2023 is this.", "The report on the year 2024 is this."),
        ("There were 12 walkers in all.", "There were 13 walkers in all."),
        ("Held in January at the ferry.", "Held in February at the ferry."),
        ("Signed for Oberhausen council.", "Signed for Niederdorf council."),
        ("The budget is 1 200 000 euro.", "The budget is 1 300 000 euro."),
        ("Version v1 of the common plan.", "Version v2 of the common plan."),
        ("Part II of the common plan.", "Part III of the common plan."),
    ],
)
def test_versions_and_filled_in_forms_stay_apart(tmp_path: Path, first: str, second: str) -> None:
    write(tmp_path / "a.txt", [*prose(5), first])
    write(tmp_path / "b.txt", [*prose(5), second])
    items, _ = gathered(tmp_path)
    assert len(items) == 2


def test_numbers_in_the_names_part_what_is_nearly_the_same(tmp_path: Path) -> None:
    write(tmp_path / "report 2023.txt", [*prose(6), "With one more line."])
    write(tmp_path / "report 2024.txt", prose(6))
    assert len(gathered(tmp_path)[0]) == 2


def test_translations_stay_apart(tmp_path: Path) -> None:
    german = "Die Partner trafen sich im Rathaus und stimmten dem Arbeitsplan zu. " * 8
    english = "The partners met in the town hall and agreed on the plan of the work. " * 8
    write(tmp_path / "a.de.txt", [german])
    write(tmp_path / "a.en.txt", [english])
    items, _ = gathered(tmp_path)
    assert [item.raw["language"] for item in items] == ["de", "en"]


def test_short_texts_and_scans_are_folded_by_their_bytes_alone(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", ["Agenda"])
    write(tmp_path / "b.md", ["# Agenda"])
    pdf(tmp_path / "scan1.pdf", ["Report of the partners " * 12, *[""] * 9])
    pdf(tmp_path / "scan2.pdf", ["Report of the partners " * 12, *[""] * 10])
    assert len(gathered(tmp_path)[0]) == 4


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("fold: none", 4), ("fold: false", 4), ("fold: copies", 3), ("fold: text", 2),
        ("fold: nearly", 1), ("", 1), ("apart: 'b*'", 2), ("apart: [c.md, a2.txt]", 3),
        ("fold: sometimes", 4),
    ],
)  # fmt: skip
def test_the_index_says_how_far_files_are_folded(
    tmp_path: Path, setting: str, expected: int
) -> None:
    lines = prose(7)
    write(tmp_path / "a.txt", lines)
    write(tmp_path / "a2.txt", lines)
    write(tmp_path / "b.txt", [*lines, "With one more line."])
    write(tmp_path / "c.md", ["# " + lines[0], *lines[1:]])
    write(tmp_path / "index.yaml", [setting])
    items, errors = gathered(tmp_path)
    assert len(items) == expected
    assert any("nothing is folded" in e.message for e in errors) == ("sometimes" in setting)


def test_copies_of_which_different_things_are_stated_stay_apart(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        write(tmp_path / f"{name}.txt", prose(8))
    write(tmp_path / "index.yaml", ["files:", "  a.txt: {project: 'x:1', licence: CC0}",
                                    "  b.txt: {project: 'x:2'}"])  # fmt: skip
    items, errors = gathered(tmp_path)
    assert groups(items) == {frozenset(("a.txt", "c.txt")), frozenset(("b.txt",))}
    assert any("what is stated of them differs" in error.message for error in errors)
    write(tmp_path / "index.yaml", ["files:", "  a.txt: {project: 'x:1'}",
                                    "  b.txt: {licence: CC0}"])  # fmt: skip
    (item,) = gathered(tmp_path)[0]
    assert item.raw["stated"] == {"project": "x:1", "licence": "CC0"}


def test_a_list_as_workbook_and_as_csv_is_one(tmp_path: Path) -> None:
    rows = [[f"Operation {n}", line, 1000 + n] for n, line in enumerate(prose(9, 600))]
    xlsx(tmp_path / "list.xlsx", {"Operations": rows})
    write(tmp_path / "list.csv", [";".join(map(str, row)) for row in rows])
    assert groups(gathered(tmp_path)[0]) == {frozenset(("list.xlsx", "list.csv"))}


def _delivered(order: list[int]) -> set[tuple[str, frozenset[str]]]:
    """The outcome for a set of documents that come in this order: leaders with their files."""
    bodies = {
        "a.pdf": prose(1), "a.docx": prose(1), "copy of a.pdf": prose(1),
        "b.txt": [*prose(1), "With one more line."], "c.txt": [*prose(1), "With 2 more lines."],
        "d.txt": [*prose(1), "In 2024 there was more."], "e.txt": prose(2),
        "e draft.txt": [*prose(2)[:-1], "Less."], "f.txt": ["Short."], "g.txt": ["Short."],
    }  # fmt: skip
    names = list(bodies)
    with Delivery() as delivery:
        for seq, number in enumerate(order):
            name = names[number]
            pages = (DocumentPage(1, "\n".join(bodies[name])),)
            form = name.rpartition(".")[2]
            digest = f"sha of {bodies[name]} {form}"
            printed = fingerprint(pages)
            entry = Entry(seq, name, Path(name), digest, form, 9, "", {}, False, "nearly", False,
                          printed)  # fmt: skip
            delivery.add(entry, rank(name, form, printed.words, own=False))
        fold(delivery, lambda e: (DocumentPage(1, "\n".join(bodies[e.name])),))
        return {
            (lead.name, frozenset(e.name for e in delivery.entries("WHERE lead = ?", (lead.seq,))))
            for lead in list(delivery.entries("WHERE lead = seq"))
        }


def test_the_outcome_of_a_set_with_known_truth() -> None:
    assert _delivered(list(range(10))) == {
        ("a.pdf", frozenset(("a.pdf", "a.docx", "copy of a.pdf", "b.txt", "c.txt"))),
        ("d.txt", frozenset(("d.txt",))),
        ("e.txt", frozenset(("e.txt", "e draft.txt"))),
        ("f.txt", frozenset(("f.txt", "g.txt"))),
    }


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(10)))
def test_the_order_of_the_files_changes_nothing(order: list[int]) -> None:
    assert _delivered(order) == _delivered(list(range(10)))


def test_precision_and_recall_on_a_constructed_set(tmp_path: Path) -> None:
    """Forty documents in up to four versions that are one, and one that is another each."""
    chance = random.Random(5)
    truth: set[frozenset[str]] = set()
    for number in range(40):
        lines = [*prose(100 + number, 360), f"Reference {1000 + number}."]
        same = {f"{number}/report.txt"}
        write(tmp_path / f"{number}/report.txt", lines)
        docx(tmp_path / f"{number}/report.docx", [lines])
        same.add(f"{number}/report.docx")
        write(tmp_path / f"{number}/copy.txt", lines)
        same.add(f"{number}/copy.txt")
        changed = list(lines)
        at = chance.randrange(len(lines) - 1)
        changed[at] = changed[at].replace("the ", "this ").lower()
        write(tmp_path / f"{number}/draft.txt", changed)
        same.add(f"{number}/draft.txt")
        write(tmp_path / f"{number}/next.txt", [*lines[:-1], f"Reference {2000 + number}."])
        truth |= {frozenset(same), frozenset((f"{number}/next.txt",))}
    found = groups(gathered(tmp_path)[0])
    pairs = {frozenset((a, b)) for group in found for a in group for b in group if a < b}
    right = {frozenset((a, b)) for group in truth for a in group for b in group if a < b}
    assert pairs <= right  # precision 1
    assert len(pairs & right) / len(right) >= 0.95


def test_a_real_document_in_two_formats_is_one() -> None:
    folder = shared("documents", "steps_interreg_de_dk", "public", "hearing-loss", "tasks")
    (item,) = gathered(folder)[0]
    assert led(item) == ["Opgaver.pdf", "Opgaver.docx"]


def led(item: Item) -> list[str]:
    return [file["path"] for file in item.raw["files"]]
