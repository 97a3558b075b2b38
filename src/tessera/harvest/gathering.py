"""The stream of an importer in batches, whatever breaks it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from tessera.harvest.report import HarvestError, Report
from tessera.sources.base import Found, Item, Partial, Taken
from tessera.sources.fetch.errors import FetchError, HttpError
from tessera.sources.where import Where

BATCH = 500
"""Items in one transaction."""

MOST_TEXT = 8_000_000
"""Characters of items, as JSON, after which a batch is stored even if it isn't full: a batch of
long documents takes no more memory than one of short ones."""

PATIENCE = 5.0
"""Seconds after which a batch is stored even if it isn't full: a run shows that it is alive."""

Gather = Callable[[], Iterator[Found]]


def batches(gather: Gather, report: Report) -> Iterator[list[Taken]]:
    """What the importer streams, in batches; anything that breaks the stream ends the run.

    Counts files (by a number of each, some 60 bytes a file) and the time that reading takes.
    """
    stream = gather()
    files: set[int] = set()
    batch: list[Taken] = []
    since, text = time.monotonic(), 0
    while True:
        before = time.perf_counter()
        try:
            each = next(stream, None)
        except Exception as error:
            # What was received before the break is good and is stored.
            if batch:
                yield batch
            raise HarvestError(_broken_off(error, report), report) from error
        report.seconds["gather"] += time.perf_counter() - before
        if each is None:
            break
        if isinstance(each, Partial):
            report.partial = True
            report.notes.append(each.why)
            continue
        if isinstance(each.where, Where):
            files.add(hash(each.where.file))
            report.files = len(files)
        batch.append(each)
        text += _length(each)
        full = len(batch) >= BATCH or text >= MOST_TEXT
        if full or time.monotonic() - since > PATIENCE:
            yield batch
            batch, since, text = [], time.monotonic(), 0
    if batch:
        yield batch


def _length(each: Taken) -> int:
    """Characters of an item as JSON; what can't be written so is refused later, with a reason."""
    try:
        return len(each.written) if isinstance(each, Item) else 0
    except (TypeError, ValueError, RecursionError):
        return 0


def _broken_off(error: Exception, report: Report) -> str:
    if isinstance(error, HttpError) and error.status == 410:
        return (
            f"{error}: it is gone for good. Give its new address in tessera.toml, or take the "
            "source out of it; its records stay as they are."
        )
    if isinstance(error, FetchError):
        return f"{error}. Nothing was withdrawn."
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    else:
        what = f"{type(error).__name__}: {error}"
    return (
        f"The delivery can't be read any further after {report.received:,} items "
        f"({what}). Nothing was withdrawn."
    )
