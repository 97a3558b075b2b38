"""How values and records are written: as JSON that every database takes, many rows at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tessera.records.bulk import insert, slices, update
from tessera.records.models import Record

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


def written(value: object) -> str:
    """JSON text of what is to be stored; ValueError, saying why, where no database takes it."""
    try:
        text = _JSON.encode(value)
    except (TypeError, RecursionError) as error:
        raise ValueError(f"it can't be written as JSON: {error}") from None
    check(text, value)
    return text


def check(text: str, value: object) -> None:
    """ValueError where no database would take a value, of which `text` is the JSON text.

    PostgreSQL has no U+0000 in texts, UTF-8 no lone surrogates, JSON neither NaN nor infinity.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"it holds half a character (U+{ord(error.object[error.start]):04X}), which no text "
            "may; mend its encoding"
        ) from None
    if "\\u0000" in text and any("\0" in inner for inner in _strings(value)):
        raise ValueError("it holds the character U+0000, which no text may; take it out")
    if "NaN" in text or "Infinity" in text:
        try:
            json.dumps(value, allow_nan=False)
        except ValueError:
            raise ValueError("it holds NaN or Infinity, which are no numbers in JSON") from None


def checksum_of(text: str) -> str:
    """Hex digest of what `written` gave."""
    return hashlib.sha256(text.encode()).hexdigest()


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


_COLUMNS = (
    "uid", "kind", "source_id", "item_id", "title", "data", "corrections", "face", "checksum",
    "derived", "licence", "first_seen", "changed_at", "withdrawn_at",
)  # fmt: skip

_DATA = _COLUMNS.index("data")
_NONE: Mapping[str, str] = {}


def add(records: Sequence[Record], texts: Mapping[str, str] = _NONE) -> list[int]:
    """Insert new records; returns their primary keys, and sets them.

    texts: their data as JSON text, by id, where somebody has written it already.
    """
    insert(Record, _COLUMNS, (_values(record, texts) for record in records))
    pks: dict[str, int] = {}
    for uids in slices(record.uid for record in records):
        pks.update(Record.objects.filter(uid__among=uids).order_by().values_list("uid", "pk"))
    for record in records:
        record.pk = pks[record.uid]
    return [record.pk for record in records]


def save(records: Iterable[Record], texts: Mapping[str, str] = _NONE) -> None:
    """Write known records whole; texts: as for `add`."""
    update(Record, _COLUMNS, ([*_values(record, texts), record.pk] for record in records))


def _values(record: Record, texts: Mapping[str, str]) -> list[object]:
    values = [getattr(record, name) for name in _COLUMNS]
    values[_DATA] = texts.get(record.uid, record.data)
    return values
