"""Making the dictionary when that is worthwhile, and the expander over the one that is there."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from tessera.engine.expansion import (
    Dictionary,
    DictionaryError,
    Expander,
    LearningReport,
    Pair,
    learn,
)
from tessera.indexing import position
from tessera.indexing.dictionary import materials
from tessera.records.models import Record

log = logging.getLogger(__name__)

SHARE: Final = 0.1
LEAST: Final = 1_000
"""Changes after which records are learned from anew: a tenth of the records, and so many."""

_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Status:
    """due: why the dictionary should be made anew; empty where it needn't."""

    path: str
    words: int
    translations: int
    labels: int
    languages: tuple[str, ...]
    files: tuple[str, ...]
    due: str


def path() -> Path:
    """Where the dictionary of this home lies."""
    return Path(settings.HOME) / "cache" / "dictionary.sqlite3"


def make(progress: Callable[[int], None] | None = None) -> LearningReport:
    """Learn the dictionary anew and put it in its place in one step.

    progress: called with the number of pairs read, every 1,000. What it raises ends it, and the
    dictionary that was there stays.
    """
    began = time.monotonic()
    about = {"given": materials.given_stamp(), "change": str(position.last_change())}
    report = learn(_counted(materials.pairs(), progress), path(), materials.labels(), about)
    log.debug("The dictionary took %.1f s.", time.monotonic() - began)
    return report


def _counted(pairs: Iterator[Pair], progress: Callable[[int], None] | None) -> Iterator[Pair]:
    for count, pair in enumerate(pairs):
        if progress is not None and count % 1_000 == 0:
            progress(count)
        yield pair


def due() -> str:
    """Why the dictionary should be made anew; empty where it needn't."""
    try:
        about = Dictionary(path()).about()
    except DictionaryError as error:
        return str(error)
    if about.get("given") != materials.given_stamp():
        return "The vocabularies or the files of pairs are others than it was learned from."
    changes = position.last_change() - int(about.get("change", "0"))
    if changes < 0:
        return "It was learned from another database."
    if changes >= max(LEAST, SHARE * Record.objects.filter(withdrawn_at=None).count()):
        return f"There were {changes:,} changes of records since it was learned."
    return ""


def status() -> Status:
    """What there is. A dictionary that can't be used counts as empty, with the reason in `due`."""
    why = due()
    files = tuple(each.stem for each in materials.pair_files())
    dictionary = Dictionary(path())
    try:
        counts, langs = dictionary.counts(), dictionary.languages()
    except DictionaryError:
        counts, langs = {"words": 0, "translations": 0, "labels": 0}, ()
    return Status(str(path()), **counts, languages=langs, files=files, due=why)


def current_expander() -> Expander | None:
    """The expander of this home: None where expansion is switched off or nothing was learned.

    A dictionary that was replaced meanwhile is opened anew. Cheap.
    """
    global _opened
    if not settings.SITE.expansion:
        return None
    try:
        stat = path().stat()
    except FileNotFoundError:
        return None
    stamp = (str(path()), stat.st_ino, stat.st_mtime_ns, stat.st_size)
    with _ONE_AT_A_TIME:
        if _opened is None or _opened[0] != stamp:
            _opened = stamp, _expander()
        return _opened[1]


_opened: tuple[tuple[str, int, int, int], Expander | None] | None = None


def _expander() -> Expander | None:
    try:
        return Expander(Dictionary(path()))
    except DictionaryError as error:
        # Searches answer without it; the worker makes it anew.
        log.warning("Searches are not expanded: %s", error)
        return None
