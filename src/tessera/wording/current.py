"""The synonyms and stop terms in force, for the whole process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.db import Error, connection

from tessera.engine.aids import Aids, Expands
from tessera.wording.groups import Group, Synonyms
from tessera.wording.models import StopTerm, Synonym

log = logging.getLogger(__name__)

EVERY: Final = 1.0
"""Seconds after which the database is asked again whether something was changed."""

_STAMP: Final = (
    "SELECT (SELECT count(*) FROM wording_synonym), (SELECT max(changed_at) FROM wording_synonym),"
    " (SELECT count(*) FROM wording_stopterm), (SELECT max(changed_at) FROM wording_stopterm)"
)


class Wording:
    """Synonyms and stop terms, by `prefix_key`, that go together."""

    def __init__(self, groups: Sequence[Group] = (), stops: Collection[str] = ()) -> None:
        self.groups = tuple(groups)
        self.stops = frozenset(stops)
        self._made: Synonyms | None = None

    def before(self, further: Expands | None) -> Expands:
        """The synonyms before another expander: the same object as long as that is the same."""
        made = self._made
        if made is None or made.further is not further:
            made = self._made = Synonyms(self.groups, self.stops, further)
        return made


NONE: Final = Wording()
_TRIED: ContextVar[Wording | None] = ContextVar("wording tried", default=None)


def stored(besides: Synonym | StopTerm | None = None) -> Wording:
    """What is in force, read from the database. besides: one that is left out."""
    synonyms = Synonym.objects.filter(active=True).order_by("pk")
    terms = StopTerm.objects.filter(active=True)
    groups = tuple(each.group for each in synonyms if each != besides)
    return Wording(groups, [each.key for each in terms if each != besides])


def with_wording(aids: Aids) -> Aids:
    """Aids with what the editors say; as they are where `search.synonyms` is off. Cheap."""
    if not settings.SITE.synonyms:
        return aids
    wording = _TRIED.get() or _FOLLOWING.wording()
    if not wording.groups and not wording.stops:
        return aids
    expander = wording.before(aids.expander) if wording.groups else aids.expander
    return replace(aids, expander=expander, stops=wording.stops)


@contextmanager
def trying(wording: Wording) -> Iterator[None]:
    """Searches of this thread are understood with that wording, all others as they were."""
    token = _TRIED.set(wording)
    try:
        yield
    finally:
        _TRIED.reset(token)


def look_again() -> None:
    """Have the next search ask the database: something was changed in this process."""
    _FOLLOWING.asked = float("-inf")


class _Following:
    """The wording in force, read again when the database has another one."""

    def __init__(self) -> None:
        self.asked = float("-inf")
        self._stamp: Any = None
        self._wording = NONE
        self._lock = threading.Lock()

    def wording(self) -> Wording:
        if time.monotonic() - self.asked >= EVERY and self._lock.acquire(blocking=False):
            # Other threads answer with what was known, meanwhile.
            try:
                self.asked = time.monotonic()
                self._look()
            except Error as error:
                log.warning("Synonyms and stop terms are as they were: %s", error)
            finally:
                self._lock.release()
        return self._wording

    def _look(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_STAMP)
            stamp = cursor.fetchone()
        if stamp != self._stamp:
            self._wording, self._stamp = stored(), stamp


_FOLLOWING = _Following()
