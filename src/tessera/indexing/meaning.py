"""Nearness in meaning for the whole process, and the vectors that it is made of."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from tessera.engine.audience import Audience
from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.folder import EncoderFolder
from tessera.engine.meaning.passages import VERSION
from tessera.indexing import position
from tessera.indexing.current import current
from tessera.records.bulk import slices
from tessera.records.models import Change, Record
from tessera.sources.formats.language import detect_language

if TYPE_CHECKING:
    from tessera.engine.meaning.encoder import Encoder
    from tessera.engine.meaning.meaning import Meaning
    from tessera.engine.meaning.store import VectorReader

log = logging.getLogger(__name__)

BATCH: Final = 200
"""Changes of records that are read between two moves of the cursor."""

WORDS: Final = 2
"""Words from which the language of a question is judged; one word is of many languages."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """changes: lines of the log that were read. encoded: passages that had no vector yet.

    complete: whether nothing waits any more.
    """

    changes: int
    encoded: int
    complete: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class MeaningStatus:
    """Where the vectors stand. waiting: changes of records that they don't follow yet."""

    languages: tuple[str, ...]
    documents: int
    passages: int
    waiting: int
    megabytes: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def current_meaning() -> Meaning | None:
    """What answers by meaning; None where `search.meaning` is off or its encoder can't be loaded.

    The first call loads the encoder; later ones are cheap.
    """
    folder = settings.SITE.meaning
    return None if folder is None else _opened(folder, settings.HOME)


def build(
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    threads: int = 0,
) -> BuildReport:
    """Bring the vectors in step with the records; whoever searches sees them batch by batch.

    progress: called with the changes read and the passages encoded so far. stop: asked between
    batches of passages, so every few seconds. threads: to encode with; 0: one for each core.
    Killed at any point, it goes on where it was. Raises MeaningError, BuildLocked.
    """
    from tessera.engine.meaning.building import Interrupted, encode_documents, finish
    from tessera.engine.meaning.store import VectorReader, VectorWriter

    began = time.monotonic()
    encoder = _encoder(_wanted(), settings.HOME, threads)
    folder = _folder(encoder.folder, settings.HOME)
    changes = encoded = 0
    with VectorWriter(folder, encoder.dimensions) as writer:
        name = f"{position.VECTORS}{writer.name}"
        try:
            while not stop():
                lines = _after(position.vectors(name))
                if not lines:
                    break
                documents, gone = _documents(dict.fromkeys(pk for _, pk in lines))
                encoded += encode_documents(writer, encoder, documents, _detect, stop)
                writer.commit(dict.fromkeys(gone, ()))
                position.write_vectors(name, lines[-1][0])
                changes += len(lines)
                if progress is not None:
                    progress(changes, encoded)
        except Interrupted:
            log.debug("Encoding was interrupted and goes on later.")
        complete = not _after(position.vectors(name))
        if complete:
            finish(writer, VectorReader(folder, encoder.dimensions))
    return BuildReport(changes, encoded, complete, time.monotonic() - began)


def status() -> MeaningStatus:
    """Where the vectors stand. Raises MeaningError where `search.meaning` is off."""
    wanted = _wanted()
    folder = _folder(wanted, settings.HOME)
    reader = _reader(_encoder(wanted, settings.HOME, 1), settings.HOME).refresh()
    files = (path for path in folder.rglob("*") if path.is_file())
    return MeaningStatus(
        languages=tuple(sorted(wanted.languages)),
        documents=len(reader.table.rows),
        passages=len(reader.table.used()),
        waiting=waiting(),
        megabytes=round(sum(path.stat().st_size for path in files) / 1e6, 1),
    )


def waiting() -> int:
    """Changes of records that the vectors don't follow yet; 0 where no encoder is set."""
    if settings.SITE.meaning is None:
        return 0
    name = _folder(settings.SITE.meaning, settings.HOME) / "name"
    cursor = 0
    if name.is_file():
        token = name.read_text(encoding="ascii").strip()
        cursor = position.vectors(f"{position.VECTORS}{token}")
    return Change.objects.filter(sequence__gt=cursor).count()


def hint() -> str:
    """What to do where changes wait for their vectors; empty where none do."""
    count = waiting()
    if not count:
        return ""
    changes = f"{count:,} change is" if count == 1 else f"{count:,} changes are"
    return (
        f"{changes} not searched by meaning yet: `tessera meaning build`, or the worker, does it."
    )


def _wanted() -> EncoderFolder:
    wanted: EncoderFolder | None = settings.SITE.meaning
    if wanted is None:
        raise MeaningError(
            "No encoder is set: search.meaning in tessera.toml names one "
            "(see docs/guide/meaning.md)."
        )
    return wanted


def _folder(encoder: EncoderFolder, home: Path) -> Path:
    return home / "vectors" / f"{encoder.identity}-{VERSION}"


@lru_cache(maxsize=2)
def _encoder(folder: EncoderFolder, home: Path, threads: int) -> Encoder:
    from tessera.engine.meaning.encoder import Encoder

    return Encoder(folder, home / "vectors" / "encoders", threads=threads)


def _reader(encoder: Encoder, home: Path) -> VectorReader:
    from tessera.engine.meaning.store import VectorReader

    return VectorReader(_folder(encoder.folder, home), encoder.dimensions)


@lru_cache(maxsize=2)
def _opened(folder: EncoderFolder, home: Path) -> Meaning | None:
    """Opened once; searches go on without it where that fails, and the log says why."""
    from tessera.engine.meaning.meaning import Meaning

    try:
        encoder = _encoder(folder, home, 1)
    except MeaningError as error:
        log.error("Searches go without meaning: %s", error)
        return None
    return Meaning(
        encoder, folder.languages, _reader(encoder, home), detect=_asked_in, present=_present
    )


def _present(ids: Sequence[str], audience: Audience) -> set[str]:
    return current(audience).present(ids)


def _detect(text: str) -> str:
    return detect_language(text)


def _asked_in(text: str) -> str:
    return detect_language(text, words=WORDS)


def _after(cursor: int) -> list[tuple[int, int]]:
    """The next changes, as numbers of lines and records."""
    lines = Change.objects.filter(sequence__gt=cursor).order_by("sequence")
    return list(lines.values_list("sequence", "record_id")[:BATCH])


def _documents(pks: dict[int, None]) -> tuple[list[Any], list[str]]:
    """The documents of records, and the names of vectors that there must be none of."""
    from tessera.engine.meaning.meaning import members_name, name_of
    from tessera.indexing.sync import documents_of

    documents: list[Any] = []
    names: set[str] = set()
    for some in slices(pks):
        records = list(Record.objects.filter(pk__in=some))
        for record in records:
            names |= {record.uid, members_name(record.uid)}
        documents += documents_of(record for record in records if record.shown)
    return documents, sorted(names - {name_of(document) for document in documents})
