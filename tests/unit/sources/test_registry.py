"""Importers are found by their folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tessera.sources import registry
from tessera.sources.registry import UnknownSource, importer, importers
from tests.unit.sources.making import failures, run

SLUGS = {"files", "good-practices", "interreg-sweden", "jsonl", "site"}


def test_every_importer_is_there_with_its_description() -> None:
    found = importers()
    assert {info.slug for info in found} >= SLUGS
    assert list(found) == sorted(found, key=lambda info: info.slug)
    assert all(info.name and info.description for info in found)


def test_an_unknown_importer_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownSource, match=r"no importer 'nowhere'; there are: .*jsonl"):
        importer("nowhere")


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_the_sample_of_every_importer_can_be_imported_twice_alike(slug: str) -> None:
    sample = registry.FOLDER / slug.replace("-", "_") / "sample"
    once, again = run(importer(slug), sample), run(importer(slug), sample)
    assert once[0]
    assert failures(once[2]) == []
    assert [draft.checksum() for draft in once[1]] == [draft.checksum() for draft in again[1]]
    assert [item.checksum for item in once[0]] == [item.checksum for item in again[0]]
    assert len({draft.id for draft in once[1]}) == len(once[1])


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_a_path_that_is_not_there_is_an_error(slug: str, tmp_path: Path) -> None:
    items, _, (error,) = run(importer(slug), tmp_path / "nothing")
    assert items == []
    assert not error.warning
    assert "nothing" in error.message
