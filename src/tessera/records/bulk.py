"""Many rows at once, at the speed of the database's own driver.

Django's bulk_create and bulk_update build one long statement of all rows; here one short
statement is run for each row by the driver, which is several times faster for narrow rows.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models

T = TypeVar("T")
_Adapter = Callable[[Any], object]

SLICE = 500
"""Values in one IN (...): well below SQLite's limit for a statement."""


def collect_seldom() -> None:
    """Look for cycles seldom, in a process of which the whole work is on many rows.

    Whatever is there by now stays to the end, and hardly any of what is made is in a cycle:
    looking for them is a tenth of the work.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def slices(values: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """Lists of at most `size` values, in order."""
    remaining = iter(values)
    while some := list(islice(remaining, size)):
        yield some


def insert(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Insert rows of values for the columns named (by attribute; others have no default here).

    Values of JSON columns may be given as JSON values or as JSON text already written.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [_field(model, name) for name in names]
    quoted = ", ".join(connection.ops.quote_name(str(field.column)) for field in columns)
    marks = ", ".join(_mark(field) for field in columns)
    _run(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", columns, rows)  # noqa: S608 - our own names  # nosec B608


def update(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Set columns of rows: values for the columns named, then the primary key."""
    quote = connection.ops.quote_name
    columns = [_field(model, name) for name in names]
    assigned = ", ".join(f"{quote(str(field.column))} = {_mark(field)}" for field in columns)
    key = _field(model, "pk")
    table = quote(model._meta.db_table)
    _run(
        f"UPDATE {table} SET {assigned} WHERE {quote(str(key.column))} = %s",  # noqa: S608 - our own names  # nosec B608
        [*columns, key],
        rows,
    )


def _run(
    statement: str,
    columns: Sequence[models.Field[Any, Any]],
    rows: Iterable[Sequence[object]],
) -> None:
    adapt = [(at, change) for at, field in enumerate(columns) if (change := _adapter(field))]
    values: list[Any] = [_adapted(adapt, row) for row in rows] if adapt else list(rows)
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def _adapted(adapt: Sequence[tuple[int, _Adapter]], row: Sequence[object]) -> list[object]:
    values = list(row)
    for at, change in adapt:
        values[at] = change(values[at])
    return values


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    if name == "pk":
        return model._meta.pk
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _mark(field: models.Field[Any, Any]) -> str:
    json_text = isinstance(field, models.JSONField) and connection.vendor == "postgresql"
    return "%s::jsonb" if json_text else "%s"


def _adapter(field: models.Field[Any, Any]) -> _Adapter | None:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        return _moments()
    return None


def _json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _moments() -> _Adapter:
    """Points in time for the database. Mostly one after the other is the same one."""
    last, made = None, None

    def moment(value: datetime | None) -> object:
        nonlocal last, made
        if value is not last:
            last = value
            made = None if value is None else connection.ops.adapt_datetimefield_value(value)
        return made

    return moment
