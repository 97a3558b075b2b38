"""What holds for every reader, whatever it is given."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema.concepts import Concept
from tessera.schema.draft import RecordDraft
from tessera.sources.base import Found, Gone, Importer, Item, ItemError, Partial
from tessera.sources.hygiene import drafts_of
from tessera.sources.nuts.reading import Unreadable as NoRegions
from tessera.sources.skos.importer import Unreadable as NoConcepts
from tessera.sources.vocabulary import VocabularyImporter

SECONDS: Final = 10.0
"""Of computing that one small file may cost."""
MEMORY: Final = 600_000_000
"""Bytes that one small file may add to the most that the process ever had."""


@dataclass(slots=True)
class Told:
    """What an importer made of a delivery. drafts: canonical, by the key of their item."""

    items: list[Item] = field(default_factory=list)
    drafts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    errors: list[ItemError] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)

    def failures(self) -> list[ItemError]:
        return [error for error in self.errors if not error.warning]


@contextmanager
def bounded() -> Iterator[None]:
    """The work within takes neither long nor much memory."""
    before, began = _most_memory(), time.process_time()
    yield
    took, grown = time.process_time() - began, _most_memory() - before
    assert took < SECONDS, f"took {took:.1f} seconds"
    assert grown < MEMORY, f"took {grown / 1e6:,.0f} MB"


def _most_memory() -> int:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def imported(importer: Importer, paths: Sequence[Path]) -> Told:
    """Gather and map as a run does; only items, errors and what is gone come out, all in order."""
    told = Told()
    with bounded():
        took(importer.gather(paths), told)
        for item in told.items:
            drafts = told.drafts.setdefault(item.key, [])
            for each in drafts_of(importer, item):
                if isinstance(each, ItemError):
                    _sensible(each, told)
                    continue
                assert isinstance(each, RecordDraft), f"mapped to {each!r}"
                canonical = each.canonical()
                json.dumps(canonical, ensure_ascii=False).encode("utf-8")
                drafts.append(canonical)
    return told


def concepts_of(importer: VocabularyImporter, paths: Sequence[Path]) -> list[Concept]:
    """The same of a vocabulary, which comes whole or is refused with a reason."""
    told, found = Told(), []
    with bounded():
        try:
            took(importer.gather(paths), told)
        except (NoConcepts, NoRegions) as error:
            _sensible(ItemError("gather", "the delivery", str(error)), told)
            return []
        for item in told.items:
            for each in importer.concepts(item):
                if isinstance(each, ItemError):
                    _sensible(each, told)
                    continue
                canonical = each.canonical()
                json.dumps(canonical, ensure_ascii=False).encode("utf-8")
                assert Concept.from_json(json.loads(json.dumps(canonical))) == each
                assert each.uri
                found.append(each)
    return found


def took(stream: Iterable[Found], told: Told) -> None:
    """What an importer streams."""
    for found in stream:
        if isinstance(found, ItemError):
            _sensible(found, told)
        elif isinstance(found, Gone):
            _usable(found.key, found.where)
            told.gone.append(found)
        elif isinstance(found, Partial):
            assert found.why.strip()
        else:
            assert isinstance(found, Item), f"gathered {found!r}"
            _usable(found.key, found.where)
            json.loads(found.written)
            found.written.encode("utf-8")
            assert "\\u0000" not in found.written.replace("\\\\", ""), f"a NUL in {found.where}"
            told.items.append(found)


def _usable(key: str, where: str) -> None:
    assert key, f"an item without a key at {where}"  # One that is too long is refused by the run.
    assert "\x00" not in key, f"a NUL in the key {key!r}"
    key.encode("utf-8")
    assert where, f"{key!r} stands nowhere"


def _sensible(error: ItemError, told: Told) -> None:
    """An error says where and what, in a few words, and isn't Python's own."""
    assert error.where.strip(), f"an error without a place: {error.message}"
    assert error.message.strip(), f"an error without words at {error.where}"
    assert "Traceback" not in error.message
    assert len(error.message) < 20_000, f"{len(error.message):,} characters: {error.message[:200]}"
    assert error.stage in ("gather", "map")
    told.errors.append(error)
