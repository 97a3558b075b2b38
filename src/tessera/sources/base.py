"""What an importer is: `gather` streams items from its material, `map` makes drafts of one item.

Both are generators without side effects: no database, no writes. What can't be read becomes an
`ItemError` in the stream, and the stream goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from tessera.schema.draft import RecordDraft
from tessera.sources.where import Where

if TYPE_CHECKING:
    from tessera.sources.fetch.fetcher import Fetcher

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Item:
    """One thing as received.

    key: its place in the source, the same in every delivery (an id, a path).
    raw: JSON values, verbatim. where: such as "projects.jsonl, line 12"; a `Where` keeps the parts.
    """

    key: str
    raw: Any
    where: str

    def at(self, column: str = "") -> Where:
        """Where it stands, or a field of it."""
        where = Where.of(self.where)
        return where.field(column) if column else where

    def within(self, part: str) -> Where:
        """Where a part of it stands, such as "partner 3"."""
        return Where.of(self.where).within(part)

    @cached_property
    def written(self) -> str:
        """`raw` as JSON text; equal values give equal texts."""
        return _JSON.encode(self.raw)

    @cached_property
    def checksum(self) -> str:
        """Hex digest of `raw`; an item with the checksum of last time is unchanged."""
        return hashlib.sha256(self.written.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class ItemError:
    """Something that came to nothing.

    stage: "gather" or "map". where: file, sheet, row or line, and field; any text is made a
    `Where`. message: what is wrong. key: of the item, where there is one.
    warning: the item was taken all the same (an unknown key, a value that was left out).
    value: what stands there, where a single value is the matter. mend: how to mend it, where the
    message doesn't say that itself.
    """

    stage: str
    where: str
    message: str
    key: str = ""
    warning: bool = False
    value: str = ""
    mend: str = ""

    @property
    def place(self) -> Where:
        """Where, in its parts."""
        return Where.of(self.where)


@dataclass(frozen=True, slots=True)
class Gone:
    """An item of which the source itself says that it is no more: deleted, or called off.

    Its records are withdrawn, whatever share of the source they are: this is no loss but news.
    """

    key: str
    where: str


@dataclass(frozen=True, slots=True)
class Partial:
    """Said once in a stream that has only a part of what there is, such as what changed.

    What it lacks stays, and there may be nothing in it. why: a sentence for the run's report.
    """

    why: str


Taken = Item | ItemError | Gone

Found = Taken | Partial
"""What a stream of an importer consists of."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """`source.toml` of an importer, or of a source set up from it.

    minimum: the least number of records a delivery must have, else nothing is withdrawn.
    max_loss: the largest share of known records that a delivery may lack, 0 to 1; beyond it
        nothing is withdrawn and the run fails, saying so.
    max_errors: the largest share of items in error before the run is stopped, 0 to 1.
    complete: a delivery has all that there is. Where it hasn't (a feed shows the newest alone),
        what it lacks stays, and only what it says to be `Gone` is withdrawn.
    """

    slug: str
    name: str
    description: str
    licence: str = ""
    url: str = ""
    minimum: int = 1
    max_loss: float = 0.5
    max_errors: float = 0.5
    complete: bool = True


class Importer(Protocol):
    """One kind of material. See CONTRIBUTING, "Add a source"."""

    info: SourceInfo

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """Stream the items of local files or folders, in their order, in bounded memory."""

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The drafts of one item (usually one); pure: the same item gives the same drafts."""


class RemoteImporter(Importer, Protocol):
    """An importer that can also ask for its material; reading it is the same code for both."""

    def gather_remote(self, urls: Sequence[str], fetcher: Fetcher) -> Iterator[Found]:
        """Stream the items that stand at addresses.

        A FetchError that leaves the generator ends the run, with nothing withdrawn: the delivery
        can't be had. One that concerns a single item is an ItemError with the item's key, so that
        its records stay as they are.
        """


class Earlier(Protocol):
    """What a source held at the end of its last run."""

    def places(self) -> Iterator[tuple[str, str]]:
        """Key and `where` of each item."""

    def raw(self, key: str) -> Any:
        """An item as it was received; None where it couldn't be read."""


class Equipped(Importer, Protocol):
    """An importer to which the harvest hands what it needs beyond its material.

    workspace: a folder of this source's own for what can be made again; None where there is none.
    earlier: None for a source that isn't stored yet. alive: to be called now and then by a
    `gather` that gives nothing for long, so that nobody takes the run for dead.
    """

    workspace: Path | None
    earlier: Earlier | None
    alive: Callable[[], None] | None


def is_equipped(importer: Importer) -> TypeGuard[Equipped]:
    """Whether an importer wants what the harvest can hand to it."""
    return hasattr(importer, "workspace")


def is_remote(importer: Importer) -> TypeGuard[RemoteImporter]:
    """Whether an importer can ask for its material."""
    return hasattr(importer, "gather_remote")
