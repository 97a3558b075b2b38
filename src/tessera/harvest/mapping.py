"""From items to what is stored of them: mapped by their importer, checked, never written."""

from __future__ import annotations

import hashlib
import inspect
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from tessera.harvest.report import MAX_KEY, Report, legible
from tessera.records.keeping import check
from tessera.records.links import LINKING
from tessera.records.store import Drafted, Received
from tessera.sources.base import Importer, Item, ItemError
from tessera.sources.hygiene import drafts_of
from tessera.sources.where import Where

_CODE = ("tessera.sources", "tessera.schema", "tessera.engine.analysis")
"""What mapping depends on besides the importer's own module."""

_log = logging.getLogger(__name__)


def mapping_version(importer: Importer) -> str:
    """Changes with any code or vocabulary that mapping goes by, so that items are mapped anew.

    A digest of the files themselves: nobody has to remember to raise a number.
    """
    own = inspect.getsourcefile(type(importer))
    info = replace(importer.info, minimum=0, max_loss=0.0, max_errors=0.0)  # nothing to do with it
    digest = hashlib.sha256(f"{LINKING} {_code()} {info}".encode())
    if own is not None:
        digest.update(Path(own).read_bytes())
    return digest.hexdigest()[:16]


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for package in _CODE:
        for name, content in sorted(_files(resources.files(package), package)):
            digest.update(name.encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name not in ("__pycache__", "sample"):
                yield from _files(entry, f"{path}/{entry.name}")
        elif not entry.name.endswith(".pyc"):
            yield f"{path}/{entry.name}", entry.read_bytes()


def usable_key(key: str) -> bool:
    """Whether an item can be known by this key."""
    return 0 < len(key) <= MAX_KEY and legible(key) == key


def unfit(item: Item) -> str | None:
    """Why an item can't be told from others, and so not be kept; None where it can."""
    if len(item.key) > MAX_KEY:
        return f"its key has {len(item.key)} characters; at most {MAX_KEY} are possible"
    if not usable_key(item.key):
        return f"its key {legible(item.key)!r} is empty or holds characters that no database takes"
    try:
        item.checksum  # noqa: B018 - computed here, where it may fail
    except (TypeError, ValueError, RecursionError) as error:
        return f"it can't be written as JSON: {error}"
    return None


def legible_place(where: str) -> Where:
    """A place as it is stored, with its parts."""
    place = Where.of(where)
    return place if place.isprintable() else place.said(legible(place))


@dataclass(frozen=True, slots=True)
class Mapped:
    """An item with its drafts. told: errors and warnings, in order. seconds: that it took."""

    received: Received
    told: tuple[ItemError, ...]
    seconds: float


def mapped(importer: Importer, item: Item, version: str, position: int) -> Mapped:
    """An item with its drafts; what is wrong with it is told, and is its problem. Pure."""
    drafts: list[Drafted] = []
    told: list[ItemError] = []
    raw = "null"
    began = time.perf_counter()
    try:
        check(item.written, item.raw)
        raw = item.written
        for each in drafts_of(importer, item):
            if isinstance(each, ItemError):
                told.append(each)
            else:
                drafts.append(Drafted.of(each))
    except ValueError as error:
        told.append(ItemError("map", item.where, str(error), item.key))
    except Exception as error:  # noqa: BLE001 - a slip of an importer is an error of that item
        _log.exception("importer %s, %s", importer.info.slug, item.where)
        message = f"the importer can't read this: {type(error).__name__}: {error}"
        told.append(ItemError("map", item.where, message, item.key))
    received = Received(
        key=item.key,
        place=legible_place(item.where),
        raw=raw,
        checksum=item.checksum,
        mapping=version,
        drafts=tuple(drafts),
        problem="\n".join(legible(each.message) for each in told if not each.warning),
        position=position,
    )
    return Mapped(received, tuple(told), time.perf_counter() - began)


def noted(made: Mapped, report: Report) -> Received:
    """What was mapped, with all that is told of it in the report."""
    for each in made.told:
        report.tell("map", each)
    report.mapped += 1
    report.drafts += len(made.received.drafts)
    report.seconds["map"] += made.seconds
    return made.received
