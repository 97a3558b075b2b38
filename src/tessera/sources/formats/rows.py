"""What a table is: sheets, their columns, and their rows by the names of the columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from tessera.sources.where import Where


class TableError(ValueError):
    """A file, or a sheet of it, that can't be read as a table."""


@dataclass(frozen=True, slots=True)
class Row:
    """values: by column name as written in the header; empty cells are "", JSON keeps its types.

    number: the row as a person counts it (1 is the top of the sheet, or the first object).
    surplus: cells beyond the header.
    """

    values: dict[str, Any]
    number: int
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that can't be read."""

    number: int
    message: str


@dataclass(slots=True)
class Table:
    """One sheet. columns: as written, in their order. notes: on how it was read, for people.

    titles: what stands in the rows above the header, a text for each cell that isn't empty.
    """

    path: Path
    sheet: str
    columns: tuple[str, ...]
    rows: Iterator[Row | RowError]
    notes: list[str] = field(default_factory=list)
    titles: tuple[str, ...] = ()

    def where(self, row: int = 0) -> Where:
        """For messages: file, sheet and row; the whole sheet for 0."""
        return Where.at(self.path.name, row, sheet=self.sheet)


@lru_cache(maxsize=8192)
def column_key(name: str) -> str:
    """What two spellings of a column name have in common: no case, single blanks, no ends.

    A typographic apostrophe is one as on a typewriter.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("_", " ").replace("’", "'")
    return " ".join(folded.split()).strip(" *:.")
