"""What importers of the web read: one body of bytes each, from a file or from an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tessera.sources.base import ItemError

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

MAX_SIZE: Final = 100_000_000
"""Bytes of one file; what comes over the network has a limit of its own."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """name: for people, the file's name or the address. url: empty for a file."""

    name: str
    body: bytes
    url: str = ""
    content_type: str = ""


class Unreadable(ValueError):
    """A body that is not what the importer reads; the message continues after its name."""


def from_files(paths: Sequence[Path], endings: frozenset[str]) -> Iterator[Delivered | ItemError]:
    """The files given, and those with these endings in the folders given, in their order."""
    for path in paths:
        inside = path.is_dir()
        found = sorted(p for p in path.rglob("*") if p.is_file()) if inside else [path]
        chosen = [p for p in found if not inside or p.suffix.lower() in endings]
        if not chosen:
            named = ", ".join(sorted(endings))
            yield ItemError("gather", path.name, f"the folder has no file that ends in {named}")
        for each in chosen:
            name = str(each.relative_to(path)) if inside else each.name
            try:
                if each.stat().st_size > MAX_SIZE:
                    message = f"is larger than {MAX_SIZE / 1e6:,.0f} MB; give it in parts"
                    yield ItemError("gather", name, message)
                    continue
                body = each.read_bytes()
            except OSError as error:
                yield ItemError("gather", name, f"can't be opened: {error.strerror}")
                continue
            yield Delivered(name, body)


def from_urls(urls: Sequence[str], fetcher: Fetcher, accept: str) -> Iterator[Delivered]:
    """What stands at each address; raises FetchError."""
    for url in urls:
        answer = fetcher.get(url, accept=accept)
        yield Delivered(url, answer.body, answer.url, answer.content_type)
