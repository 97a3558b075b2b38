"""Which change an index holds as its last: in the database, or in the process for an index that
doesn't outlive it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from django.utils import timezone

from tessera.engine.backend import Backend
from tessera.indexing.models import IndexState
from tessera.records.models import Change
from tessera.schema.fields import SCHEMA

VECTORS = "vectors-"
"""How the names of stores of vectors begin; all others are of indexes."""

_HERE: WeakKeyDictionary[Backend, dict[str, int]] = WeakKeyDictionary()


def read(backend: Backend, name: str) -> int | None:
    """The cursor of an index; None where this database knows nothing of it."""
    if not backend.capabilities.persistent:
        return _HERE.get(backend, {}).get(name)
    return IndexState.objects.filter(name=name).values_list("cursor", flat=True).first()


def write(backend: Backend, name: str, cursor: int) -> None:
    """Move the cursor; only after the index has committed."""
    if not backend.capabilities.persistent:
        _HERE.setdefault(backend, {})[name] = cursor
        return
    _write(name, cursor)


def forget(backend: Backend, kept: tuple[str, ...]) -> None:
    """Keep the cursors of these indexes alone."""
    if not backend.capabilities.persistent:
        _HERE[backend] = {n: c for n, c in _HERE.get(backend, {}).items() if n in kept}
        return
    IndexState.objects.exclude(name__in=kept).exclude(name__startswith=VECTORS).delete()


def vectors(name: str) -> int:
    """The cursor of a store of vectors; 0 where it has to be gone through from the beginning.

    That is so for one that this database doesn't know or is behind, and where documents are made
    in another way now.
    """
    known = IndexState.objects.filter(name=name, checksum=SCHEMA.checksum())
    cursor = known.values_list("cursor", flat=True).first() or 0
    return cursor if cursor <= last_change() else 0


def write_vectors(name: str, cursor: int) -> None:
    """Move the cursor of a store of vectors; only after the store has committed."""
    _write(name, cursor)


def _write(name: str, cursor: int) -> None:
    IndexState.objects.update_or_create(
        name=name,
        defaults={
            "cursor": cursor,
            "checksum": SCHEMA.checksum(),
            "synced_at": timezone.now(),
        },
    )


def last_change() -> int:
    """The sequence of the newest change; 0 where there is none."""
    return Change.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
