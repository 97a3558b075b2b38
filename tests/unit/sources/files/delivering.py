"""Folders of documents with known truth, and what the importer makes of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tessera.sources.base import Item, ItemError
from tessera.sources.files.importer import FilesImporter
from tessera.sources.registry import importers

INFO = next(info for info in importers() if info.slug == "files")

_WORDS = (
    "river partners ferry signs walkers bridge valley council school border water meadow the and "
    "of with from their common plan shared path station local people visit region summer between "
    "season survey farmers village work meeting agreed results guide maps training young teachers"
).split()


def prose(seed: int, words: int = 240) -> list[str]:
    """Lines of words, each of twelve, the same for the same seed."""
    chance = random.Random(seed)
    chosen = [chance.choice(_WORDS) for _ in range(words)]
    return [" ".join(chosen[at : at + 12]).capitalize() + "." for at in range(0, words, 12)]


class LastTime:
    """The items of a run as the next one is told of them."""

    def __init__(self, items: Sequence[Item] = ()) -> None:
        self.items = {item.key: item for item in items}

    def places(self) -> Iterator[tuple[str, str]]:
        return ((item.key, str(item.where)) for item in self.items.values())

    def raw(self, key: str) -> Any:
        return self.items[key].raw if key in self.items else None


def gathered(
    folder: Path | Sequence[Path],
    earlier: LastTime | None = None,
    workspace: Path | None = None,
) -> tuple[list[Item], list[ItemError]]:
    """Items, and errors with warnings, of a folder or several."""
    files = FilesImporter(INFO)
    files.earlier, files.workspace = earlier, workspace
    found = list(files.gather([folder] if isinstance(folder, Path) else folder))
    return (
        [each for each in found if isinstance(each, Item)],
        [each for each in found if isinstance(each, ItemError)],
    )


def groups(items: Sequence[Item]) -> set[frozenset[str]]:
    """Which files are one document."""
    return {frozenset(file["path"] for file in item.raw["files"]) for item in items}


def led(items: Sequence[Item]) -> Mapping[str, str]:
    """Key -> the file that leads it."""
    return {item.key: item.raw["files"][0]["path"] for item in items}
