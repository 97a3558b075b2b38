"""A document keeps its key, and so its record, whatever becomes of its files."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Item
from tests.unit.sources.files.delivering import LastTime, gathered, led, prose
from tests.unit.sources.making import docx, failures, pdf

LINES = prose(1)


def again(folder: Path, items: list[Item]) -> list[Item]:
    return gathered(folder, LastTime(items))[0]


def test_a_second_delivery_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    docx(tmp_path / "b.docx", [LINES])
    first, _ = gathered(tmp_path)
    second = again(tmp_path, first)
    assert [(i.key, i.checksum) for i in second] == [(i.key, i.checksum) for i in first]


def test_a_copy_that_leads_takes_over_the_key(tmp_path: Path) -> None:
    docx(tmp_path / "b.docx", [LINES])
    first, _ = gathered(tmp_path)
    assert led(first) == {"b.docx": "b.docx"}
    pdf(tmp_path / "a.pdf", LINES)
    second = again(tmp_path, first)
    assert led(second) == {"b.docx": "a.pdf"}
    third = again(tmp_path, second)
    assert led(third) == {"b.docx": "a.pdf"}


def test_a_copy_that_goes_leaves_the_key_even_if_it_led(tmp_path: Path) -> None:
    docx(tmp_path / "b.docx", [LINES])
    pdf(tmp_path / "a.pdf", LINES)
    first, _ = gathered(tmp_path)
    (tmp_path / "a.pdf").unlink()
    second = again(tmp_path, first)
    assert led(first) == {"a.pdf": "a.pdf"}
    assert led(second) == {"a.pdf": "b.docx"}
    pdf(tmp_path / "a.pdf", LINES)
    assert led(again(tmp_path, second)) == {"a.pdf": "a.pdf"}


def test_a_renamed_or_moved_file_keeps_its_key_and_can_then_be_edited(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    first, _ = gathered(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.txt").rename(tmp_path / "deep" / "b.txt")
    second = again(tmp_path, first)
    assert led(second) == {"a.txt": "deep/b.txt"}
    (tmp_path / "deep" / "b.txt").write_text("\n".join(prose(2)))
    assert led(again(tmp_path, second)) == {"a.txt": "deep/b.txt"}


def test_a_new_file_under_the_name_of_a_renamed_one_gets_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    first, _ = gathered(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    second = again(tmp_path, first)
    (tmp_path / "a.txt").write_text("\n".join(prose(2)))
    third = again(tmp_path, second)
    by_file = {file: key for key, file in led(third).items()}
    assert by_file["b.txt"] == "a.txt"
    assert by_file["a.txt"].startswith("a.txt~")
    (tmp_path / "a.txt").write_text("\n".join(prose(3)))
    assert led(again(tmp_path, third)) == led(third)


def test_two_files_that_change_places_keep_their_paths_as_keys(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(prose(1)))
    (tmp_path / "b.txt").write_text("\n".join(prose(2)))
    first, _ = gathered(tmp_path)
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    (tmp_path / "b.txt").rename(tmp_path / "a.txt")
    (tmp_path / "c.txt").rename(tmp_path / "b.txt")
    assert led(again(tmp_path, first)) == {"a.txt": "a.txt", "b.txt": "b.txt"}


def test_files_that_become_two_documents_part_and_the_leading_one_keeps_the_key(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text("\n".join(LINES))
    (tmp_path / "bb.txt").write_text("\n".join(LINES))
    first, _ = gathered(tmp_path)
    (tmp_path / "bb.txt").write_text("\n".join(prose(2)))
    assert led(again(tmp_path, first)) == {"a.txt": "a.txt", "bb.txt": "bb.txt"}


def test_a_file_that_breaks_keeps_its_record_and_a_copy_of_it_goes_on(tmp_path: Path) -> None:
    pdf(tmp_path / "a.pdf", LINES)
    docx(tmp_path / "b.docx", [LINES])
    (tmp_path / "c.txt").write_text("\n".join(prose(2)))
    first, _ = gathered(tmp_path)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nbroken")
    (tmp_path / "c.txt").write_bytes(b"")
    items, errors = gathered(tmp_path, LastTime(first))
    assert led(items) == {"a.pdf": "b.docx"}
    assert {error.key for error in failures(errors)} == {"a.pdf (unreadable)", "c.txt"}


def _three_folders(place: Path) -> list[Path]:
    """With files of one path, one of which is broken, and with a path like another's label."""
    folders = [place / "north", place / "south", place / "old" / "south"]
    for number, folder in enumerate(folders):
        folder.mkdir(parents=True)
        (folder / f"own {number}.txt").write_text("\n".join(prose(10 + number)))
    for number, folder in enumerate(folders[:2]):
        (folder / "north").mkdir()
        (folder / "report.txt").write_text("\n".join(prose(20 + number)))
        (folder / "north" / "report.txt").write_text("\n".join(prose(30 + number)))
    docx(folders[0] / "broken.docx", [LINES])
    (folders[1] / "broken.docx").write_bytes((folders[0] / "broken.docx").read_bytes()[:300])
    return folders


def test_files_of_one_path_in_two_folders_are_told_apart_by_the_folders_names(
    tmp_path: Path,
) -> None:
    north, south, _ = _three_folders(tmp_path)
    items, errors = gathered([north, south])
    assert {item.key for item in items} == {
        "own 0.txt", "own 1.txt", "north//broken.docx", "north//report.txt", "south//report.txt",
        "north//north/report.txt", "south//north/report.txt",
    }  # fmt: skip
    assert all(item.key == item.raw["files"][0]["path"] for item in items)
    (failed,) = failures(errors)
    assert (failed.key, failed.where) == ("south//broken.docx", "south//broken.docx")


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_the_folders_changes_no_key(tmp_path: Path, order: tuple[int, ...]) -> None:
    folders = _three_folders(tmp_path)
    first, told = gathered(folders)
    assert {item.key for item in first} >= {
        "own 2.txt", "north//report.txt", f"{tmp_path.name}/south//report.txt"
    }  # fmt: skip
    fresh, others = gathered([folders[number] for number in order])
    next_time = gathered([folders[number] for number in order], LastTime(first))[0]
    for found in (fresh, next_time):
        assert {i.key: i.checksum for i in found} == {i.key: i.checksum for i in first}
    assert {each.key for each in failures(others)} == {each.key for each in failures(told)}


def test_a_second_folder_changes_no_key_of_the_first(tmp_path: Path) -> None:
    north, south, _ = _three_folders(tmp_path)
    alone = gathered(north)[0]
    assert {item.key for item in alone} == {
        "own 0.txt", "broken.docx", "report.txt", "north/report.txt"
    }  # fmt: skip
    both = gathered([south, north], LastTime(alone))[0]
    text = {item.key: item.raw["pages"] for item in both}
    assert all(text[item.key] == item.raw["pages"] for item in alone)
    assert len(both) == 7
    assert led(gathered(north, LastTime(both))[0]) == led(alone)


def test_a_folder_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    north = _three_folders(tmp_path)[0]
    items, errors = gathered([north, tmp_path / "old" / ".." / "north"])
    assert len(items) == 4
    assert not failures(errors)


@settings(max_examples=12)
@given(st.data())
def test_whatever_happens_to_the_files_keys_are_unique_and_stay(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """No document that still has one of its files, unchanged, loses its key to nothing."""
    folder = tmp_path_factory.mktemp("keys")
    items: list[Item] = []
    for _ in range(4):
        for name in data.draw(st.lists(st.sampled_from("abcd"), unique=True)):
            path = folder / f"{name}.txt"
            number = data.draw(st.integers(0, 3))
            if number:
                path.write_text("\n".join(prose(number)))
            else:
                path.unlink(missing_ok=True)
        present = {path.name for path in folder.iterdir()}
        before = {item.key: {f["sha256"] for f in item.raw["files"]} for item in items}
        items = again(folder, items)
        keys = [item.key for item in items]
        assert len(keys) == len(set(keys))
        named = {f["path"] for item in items for f in item.raw["files"]}
        assert named == present
        now = {f["sha256"] for item in items for f in item.raw["files"]}
        if len(before) == 1 and len(items) == 1 and before[next(iter(before))] & now:
            assert keys == list(before)
