"""The folder of indexes: names, stamps, what a crash may leave, and damage."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tessera.engine.backends.tantivy import TantivyBackend
from tessera.engine.document import Document, Text
from tessera.engine.errors import BackendUnavailable, EngineError, IndexMissing, IndexOutdated
from tessera.engine.fields import IndexSchema, TextField

SCHEMA = IndexSchema("folder", 1, (TextField("text"),), (), (), "relevance")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    backend = TantivyBackend(tmp_path / "home" / "index")
    backend.create(SCHEMA, "one")
    with backend.writer(SCHEMA, "one") as writer:
        writer.put([Document("a", 1, {"text": (Text("word"),)})])
    backend.promote("one")
    return tmp_path / "home" / "index"


def test_indexes_outlive_the_backend(folder: Path) -> None:
    backend = TantivyBackend(folder)
    assert backend.capabilities.persistent
    assert (backend.promoted(), backend.names()) == ("one", ("one",))
    assert list(backend.current(SCHEMA).ids()) == ["a"]
    assert backend.health() is None


@pytest.mark.parametrize("name", ["", "current", ".hidden", "a/b", "..", "a b", "é", "x" * 101])
def test_names_that_no_folder_can_have(folder: Path, name: str) -> None:
    with pytest.raises(EngineError, match="name"):
        TantivyBackend(folder).create(SCHEMA, name)


@pytest.mark.parametrize("changed", ["schema", "tantivy", "layout"])
def test_an_index_by_other_versions_is_outdated(folder: Path, changed: str) -> None:
    stamp = folder / "one" / "tessera.json"
    told = json.loads(stamp.read_text())
    stamp.write_text(json.dumps({**told, changed: "0.0"}))
    with pytest.raises(IndexOutdated, match=f"{changed} 0.0.*`tessera index rebuild` mends it"):
        TantivyBackend(folder).current(SCHEMA)


def test_a_wrong_schema_is_told_by_an_open_backend_too(folder: Path) -> None:
    backend = TantivyBackend(folder)
    assert len(backend.current(SCHEMA)) == 1
    with pytest.raises(IndexOutdated):
        backend.current(replace(SCHEMA, version=2))


def test_what_a_crash_left_behind_is_no_index_and_is_swept_up(folder: Path) -> None:
    half, pointer = folder / ".two-x1", folder / ".current-x2"
    half.mkdir()
    (half / "meta.json").touch()
    pointer.write_text("two")
    backend = TantivyBackend(folder)
    assert backend.names() == ("one",)
    backend.create(SCHEMA, "two")
    assert backend.names() == ("one", "two")
    assert not half.exists()
    assert not pointer.exists()


def test_a_folder_without_a_stamp_is_no_index(folder: Path) -> None:
    (folder / "stray").mkdir()
    (folder / "note.txt").write_text("kept")
    backend = TantivyBackend(folder)
    assert backend.names() == ("one",)
    with pytest.raises(IndexMissing, match="stray"):
        backend.index(SCHEMA, "stray")
    assert (folder / "note.txt").exists()


def test_a_pointer_to_nothing_says_so(folder: Path) -> None:
    (folder / "current").write_text("gone\n")
    backend = TantivyBackend(folder)
    assert "gone" in (backend.health() or "")
    with pytest.raises(IndexMissing, match="gone"):
        backend.current(SCHEMA)


def test_no_folder_yet(tmp_path: Path) -> None:
    backend = TantivyBackend(tmp_path / "nowhere")
    assert (backend.names(), backend.promoted()) == ((), None)
    assert "tessera index rebuild" in (backend.health() or "")
    assert not (tmp_path / "nowhere").exists()


def test_damage_is_unavailable_and_names_the_index(folder: Path) -> None:
    (folder / "one" / "meta.json").write_text("{")
    with pytest.raises(BackendUnavailable, match="one"):
        TantivyBackend(folder).current(SCHEMA)
    (folder / "one" / "tessera.json").write_text("{")
    with pytest.raises(BackendUnavailable, match="one"):
        TantivyBackend(folder).current(SCHEMA)


def test_a_home_that_is_a_file_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(BackendUnavailable, match="index"):
        TantivyBackend(tmp_path / "index").create(SCHEMA, "one")
