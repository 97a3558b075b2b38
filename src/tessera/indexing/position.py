"""Which change an index holds as its last: in the database, or in the process for an index that
doesn't outlive it."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from django.utils import timezone

from tessera.engine.backend import Backend
from tessera.indexing.models import IndexState
from tessera.records.models import Change
from tessera.schema.fields import SCHEMA

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
    IndexState.objects.update_or_create(
        name=name,
        defaults={
            "cursor": cursor,
            "checksum": SCHEMA.checksum(),
            "synced_at": timezone.now(),
        },
    )


def forget(backend: Backend, kept: tuple[str, ...]) -> None:
    """Keep the cursors of these indexes alone."""
    if not backend.capabilities.persistent:
        _HERE[backend] = {n: c for n, c in _HERE.get(backend, {}).items() if n in kept}
        return
    IndexState.objects.exclude(name__in=kept).delete()


def last_change() -> int:
    """The sequence of the newest change; 0 where there is none."""
    return Change.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
