"""The files of a delivery: single ones, folders of them, and ZIP archives read where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tessera.sources.base import ItemError
from tessera.sources.formats.archives import ArchiveError, Member, open_archive

ENDINGS: Final = (".json", ".jl", ".jsonl", ".jsonl.gz", ".xlsx", ".xml", ".csv", ".csv.gz",
                  ".yaml", ".yml")  # fmt: skip
"""What is read; of one table in several formats in one folder, the first of these."""
MAX_MEMBERS: Final = 500_000
MAX_INFLATED: Final = 40_000_000_000
"""Of an archive; its members are inflated one by one, as they are read."""


def parts(paths: Sequence[Path]) -> Iterator[Path | Member | ItemError]:
    """Each file to be read, in the order of the names."""
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            yield ItemError("gather", path.name, f"{path} does not exist")
        elif path.suffix.lower() == ".zip":
            yield from _archive(path)
        else:
            yield path


def _ending(name: str) -> str:
    low = name.lower()
    return max((e for e in ENDINGS if low.endswith(e)), key=len, default="")


def _folder(folder: Path) -> Iterator[Path | Member | ItemError]:
    groups: dict[str, list[Path]] = {}
    unread: list[str] = []
    for path in sorted(folder.rglob("*")):
        ending = _ending(path.name)
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        if path.suffix.lower() == ".zip":
            groups[str(path)] = [path]
        elif ending:
            groups.setdefault(str(path)[: -len(ending)], []).append(path)
        else:
            unread.append(path.name)
    if not groups:
        yield ItemError("gather", folder.name, f"{folder} has nothing of CORDIS in it")
    if unread:
        named = ", ".join(unread[:10]) + (", …" if len(unread) > 10 else "")
        yield ItemError("gather", folder.name, f"not read: {named}", warning=True)
    for found in groups.values():
        found.sort(key=lambda path: ENDINGS.index(_ending(path.name)) if _ending(path.name) else 0)
        for other in found[1:]:
            message = f"is passed over: {found[0].name} is taken for the same table"
            yield ItemError("gather", other.name, message, warning=True)
        yield from parts(found[:1])


def _archive(path: Path) -> Iterator[Path | Member | ItemError]:
    try:
        archive = open_archive(path, members=MAX_MEMBERS, inflated=MAX_INFLATED)
    except ArchiveError as error:
        yield ItemError("gather", path.name, str(error))
        return
    with archive:
        unread: list[str] = []
        for info in archive.infolist():
            base = info.filename.rpartition("/")[2]
            if info.is_dir() or base.startswith((".", "~$")) or "__MACOSX" in info.filename:
                continue
            if _ending(base):
                yield Member(archive, info, f"{path.name}/{info.filename}")
            else:
                unread.append(info.filename)
        if unread:
            named = ", ".join(unread[:10]) + (", …" if len(unread) > 10 else "")
            yield ItemError("gather", path.name, f"not read: {named}", warning=True)
