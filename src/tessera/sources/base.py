"""What an importer is: `gather` streams items from its material, `map` makes drafts of one item.

Both are generators without side effects: no database, no writes. What can't be read becomes an
`ItemError` in the stream, and the stream goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from tessera.schema.draft import RecordDraft

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Item:
    """One thing as received.

    key: its place in the source, the same in every delivery (an id, a path).
    raw: JSON values, verbatim. where: for people, such as "projects.jsonl, line 12".
    """

    key: str
    raw: Any
    where: str

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

    stage: "gather" or "map". where: file, sheet, row or line, and field. message: what is wrong
    and how to mend it. key: of the item, where there is one.
    warning: the item was taken all the same (an unknown key, a value that was left out).
    """

    stage: str
    where: str
    message: str
    key: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """`source.toml` of an importer, or of a source set up from it.

    minimum: the least number of records a delivery must have, else nothing is withdrawn.
    max_loss: the largest share of known records that a delivery may lack, 0 to 1; beyond it
        nothing is withdrawn and the run fails, saying so.
    max_errors: the largest share of items in error before the run is stopped, 0 to 1.
    """

    slug: str
    name: str
    description: str
    licence: str = ""
    url: str = ""
    minimum: int = 1
    max_loss: float = 0.5
    max_errors: float = 0.5


class Importer(Protocol):
    """One kind of material. See CONTRIBUTING, "Add a source"."""

    info: SourceInfo

    def gather(self, paths: Sequence[Path]) -> Iterator[Item | ItemError]:
        """Stream the items of local files or folders, in their order, in bounded memory."""

    def map(self, item: Item) -> Iterator[RecordDraft | ItemError]:
        """The drafts of one item (usually one); pure: the same item gives the same drafts."""
