"""What importers of the web read: one body of bytes each, from a file or from an address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tessera.sources.base import Found, ItemError
from tessera.sources.fetch.errors import Unusable
from tessera.sources.formats.text import storable

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


Read = Callable[[Delivered], Iterator[Found]]
"""From one body to its items; raises Unreadable where it is none of the kind."""


def read_files(paths: Sequence[Path], endings: frozenset[str], read: Read) -> Iterator[Found]:
    """The items of files; one that can't be read is an error, and the rest goes on."""
    for delivered in from_files(paths, endings):
        if isinstance(delivered, ItemError):
            yield delivered
            continue
        try:
            yield from read(delivered)
        except Unreadable as error:
            yield ItemError("gather", delivered.name, str(error))


def read_urls(urls: Sequence[str], fetcher: Fetcher, accept: str, read: Read) -> Iterator[Found]:
    """The items that stand at addresses; raises FetchError, also where one can't be read."""
    for delivered in from_urls(urls, fetcher, accept):
        try:
            yield from read(delivered)
        except Unreadable as error:
            raise Unusable(delivered.name, str(error)) from error


def bounded_key(text: str) -> str:
    """A key that fits the database, however long an id the source gives."""
    if len(text) > 400:
        text = f"{text[:300]}~{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:24]}"
    return str(storable(text))
