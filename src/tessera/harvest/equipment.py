"""What the harvest hands to an importer that wants more than its material."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone

from tessera.harvest.models import Run
from tessera.records.models import Source, SourceRecord, Verbatim
from tessera.sources.base import Importer, is_equipped

FOLDER = "cache"
"""In home; what is below may be deleted at any time, and is in no backup."""


def equip(
    importer: Importer, slug: str, source: Source | None, run: Run | None, told: Callable[[], None]
) -> None:
    """Hand an importer its folder, what its source held, and a way to show that it is alive."""
    if not is_equipped(importer):
        return
    importer.workspace = settings.HOME / FOLDER / "sources" / slug
    importer.earlier = StoredItems(source) if source else None
    importer.alive = partial(_alive, run, told)


class StoredItems:
    """The items of a source that it had at the end of its last run."""

    def __init__(self, source: Source) -> None:
        self._items = SourceRecord.objects.filter(source=source, gone_at=None)

    def places(self) -> Iterator[tuple[str, str]]:
        """Key and place, nothing else being read."""
        return self._items.order_by().values_list("key", "place").iterator()

    def raw(self, key: str) -> Any:
        """As it was received; None where it couldn't be read."""
        found = Verbatim.objects.filter(item__in=self._items.filter(key=key)).first()
        return found.raw if found else None


def _alive(run: Run | None, told: Callable[[], None]) -> None:
    if run is not None:
        Run.objects.filter(pk=run.pk).update(alive_at=timezone.now())
    told()
