"""`tessera import oai FILE...`: records of repositories, as answers to ListRecords hold them.

Over the network a list is asked for, answer by answer: the whole of it or what changed since the
last run (see `tessera.sources.oai.listing`). What the repository says to be deleted is withdrawn;
so is what a whole list lacks, as of any source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Gone, Importer, Item, ItemError, SourceInfo
from tessera.sources.delivered import Delivered, Unreadable, read_files
from tessera.sources.drafting import all_drafted
from tessera.sources.oai.answers import Answer, read_answer
from tessera.sources.oai.listing import Listing
from tessera.sources.oai.records import record
from tessera.sources.where import Where

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

ENDINGS: Final = frozenset({".xml"})


class OaiImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """The records of each file; one that came before in the same state is left out."""
        seen: dict[str, bool] = {}
        yield from read_files(paths, ENDINGS, lambda delivered: _saved(delivered, seen))

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """The records of each list, followed to its end; see `Listing`.

        An address is that of the repository, with `set`, `metadataPrefix`, `from` and `until` as
        its parameters where they are wanted.
        """
        seen: dict[str, bool] = {}
        for url in urls:
            for answer, where in Listing(url, fetcher).answers():
                if isinstance(answer, Answer):
                    yield from _items(answer, where, seen)
                else:
                    yield answer

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The record of an item."""
        yield from all_drafted(record(item), item)


def importer(info: SourceInfo) -> Importer:
    """Called by the registry."""
    return OaiImporter(info)


def _saved(delivered: Delivered, seen: dict[str, bool]) -> Iterator[Found]:
    answer = read_answer(delivered)
    if answer.error and answer.error != "noRecordsMatch":
        message = f"holds no records but an error: {answer.error} {answer.message}"
        raise Unreadable(message.rstrip())
    yield from _items(answer, delivered.name, seen)


def _items(answer: Answer, name: str, seen: dict[str, bool]) -> Iterator[Found]:
    for number, each in enumerate(answer.records, start=1):
        where = Where.at(name, number, unit="record")
        if not each.identifier:
            yield ItemError(
                "gather", where, "its header has no identifier; that tells records apart"
            )
        elif seen.get(each.identifier) == each.deleted and each.identifier in seen:
            message = f"{each.identifier} came before (in another set, say); the first is taken"
            yield ItemError("gather", where, message, warning=True)
        elif each.deleted:
            seen[each.identifier] = True
            yield Gone(each.identifier, where)
        elif each.problem:
            seen[each.identifier] = False
            yield ItemError("gather", where, each.problem, each.identifier)
        else:
            seen[each.identifier] = False
            yield Item(each.identifier, each.values, where)
