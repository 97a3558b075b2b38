"""The index that answers searches, for the whole process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tessera.engine.aids import Aids
from tessera.engine.audience import Audience
from tessera.engine.backend import Backend, Index
from tessera.engine.backends.open import open_backend
from tessera.schema.fields import SCHEMA
from tessera.schema.identity.asking import line

_FOLLOWING = threading.Lock()


def backend() -> Backend:
    """The backend of settings.SEARCH_URL, opened once."""
    return _opened(settings.SEARCH_URL, settings.HOME)


def current(audience: Audience = Audience.EVERYONE) -> Index:
    """The promoted index as an audience sees it.

    Raises IndexMissing, IndexOutdated, BackendUnavailable. Cheap.

    An index that lives in this process alone (`memory:`) can't be kept by other processes, so it
    is built here when first wanted, and follows the log of changes with each call.
    """
    engine = backend()
    if not engine.capabilities.persistent:
        from tessera.indexing.sync import behind, sync

        with _FOLLOWING:
            if behind():
                sync()
    return engine.current(SCHEMA, audience)


@lru_cache(maxsize=4)
def _opened(url: str, home: Path) -> Backend:
    return open_backend(url, home, aids)


def aids() -> Aids:
    """What searches are understood with at this moment, by the site's settings. Cheap."""
    # These look at the current index themselves.
    from tessera.indexing.dictionary.learned import current_expander
    from tessera.indexing.meaning import current_meaning

    off = frozenset(settings.SITE.leave_out)
    found = Aids(current_expander(), current_meaning(), off, line=line)
    for further in _FURTHER:
        found = further(found)
    return found


def add_to_aids(further: Callable[[Aids], Aids]) -> None:
    """Have a part of the house that stands above this one add to the aids of each search.

    It must be cheap, and give equal aids until something changes: answers are remembered by them.
    """
    if further not in _FURTHER:
        _FURTHER.append(further)


_FURTHER: list[Callable[[Aids], Aids]] = []
