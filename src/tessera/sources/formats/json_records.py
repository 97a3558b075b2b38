"""Records in a JSON file: an array of them, one alone, or a list within an object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tessera.sources.formats.encoding import encoding_of_file
from tessera.sources.formats.table import TableError, json_values

MAX_OBJECT: Final = 200_000_000
"""Bytes of a file that is one object, which can only be read whole."""


def json_records(path: Path, lists: Sequence[str] = ()) -> Iterator[Any]:
    """The records of a file: the values of its array, read one by one, or those of its object.

    lists: keys under which an object holds its records, deeper ones with dots
    ("programme.project"); an object without any of them is a record itself. Raises TableError.
    """
    try:
        with path.open("rb") as file:
            start = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
            if start == b"{":
                yield from _within(_object(path), lists)
                return
        yield from json_values(path)
    except OSError as error:
        raise TableError(f"{path.name} can't be read ({error})") from None


def _object(path: Path) -> Any:
    size = path.stat().st_size
    if size > MAX_OBJECT:
        raise TableError(
            f"{path.name} is one object of {size / 1e6:,.0f} MB, more than the limit of "
            f"{MAX_OBJECT / 1e6:,.0f} MB; write its records as an array"
        )
    with path.open("rb") as file:
        name = encoding_of_file(file).name
    try:
        return json.loads(path.read_text(encoding=name, errors="replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path.name} is no JSON ({error})") from None


def _within(value: Any, lists: Sequence[str]) -> Iterator[Any]:
    for named in lists:
        found = value
        for key in named.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, list):
            yield from found
            return
    yield value
