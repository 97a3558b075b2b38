"""Bringing the index up to the last change of the records."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tessera.engine.audience import Audience
from tessera.engine.backend import Backend, Writer
from tessera.engine.document import Document
from tessera.engine.errors import EngineError, IndexMissing, IndexOutdated
from tessera.indexing import position
from tessera.indexing.current import backend
from tessera.indexing.lock import WAIT, locked
from tessera.records.bulk import slices
from tessera.records.models import Change, Record
from tessera.records.views import record_views
from tessera.schema.audiences import to_documents
from tessera.schema.fields import SCHEMA

BATCH = 2_000
"""Changes that are applied between two commits."""

SAMPLE = 20
"""Documents of a batch that are read back from the index and compared."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """changes: lines of the log that were read; written, deleted: documents.

    rebuilt: why the index was built anew instead; empty where it was not.
    """

    index: str
    changes: int = 0
    written: int = 0
    deleted: int = 0
    rebuilt: str = ""
    seconds: float = 0.0


def sync(wait: float = WAIT, progress: Progress | None = None) -> SyncReport:
    """Apply what changed since the last time.

    Where there is no index, or one that can't be brought up to date, it is built anew: whoever
    calls wants searches to answer rightly, and there is nothing to decide about it. Raises
    IndexLocked where another process writes to it for longer than `wait` seconds.
    """
    from tessera.indexing.rebuild import build

    began = time.monotonic()
    engine = backend()
    with locked(wait):
        name, reason = usable(engine)
        if reason:
            made = build(engine, progress)
            return SyncReport(
                made.index, written=made.documents, rebuilt=reason, seconds=made.seconds
            )
        cursor = position.read(engine, name) or 0
        changes = written = deleted = 0
        if cursor < position.last_change():
            with engine.writer(SCHEMA, name) as writer:
                while (step := apply(engine, name, writer, cursor)) is not None:
                    cursor = step.cursor
                    changes += step.changes
                    written += step.written
                    deleted += step.deleted
                    if progress is not None:
                        progress(changes)
        return SyncReport(name, changes, written, deleted, "", time.monotonic() - began)


def behind() -> bool:
    """Whether `sync` would have something to do."""
    engine = backend()
    name, reason = usable(engine)
    return bool(reason) or position.read(engine, name) != position.last_change()


def usable(engine: Backend) -> tuple[str, str]:
    """The promoted index, and why it can't be brought up to date (empty where it can)."""
    try:
        name = engine.current(SCHEMA).name
    except IndexMissing:
        return "", "there was no index yet"
    except IndexOutdated:
        return "", "the index was made for another version of the schema or the text analysis"
    cursor = position.read(engine, name)
    if cursor is None:
        return name, "the index was made from another database"
    if cursor > position.last_change():
        return name, "the index is ahead of the database, which must be an older one"
    return name, ""


@dataclass(frozen=True, slots=True)
class Step:
    """One batch of changes, applied and committed up to `cursor`."""

    cursor: int
    changes: int
    written: int
    deleted: int


def apply(engine: Backend, name: str, writer: Writer, cursor: int) -> Step | None:
    """Apply the next changes after a cursor: write, commit, verify, move the cursor on.

    None where there are no more. A record changed meanwhile by another process has a later line
    in the log, and is written again then.
    """
    lines = list(
        Change.objects.filter(sequence__gt=cursor)
        .order_by("sequence")
        .values_list("sequence", "record_id")[:BATCH]
    )
    if not lines:
        return None
    uids: list[str] = []
    documents: list[Document] = []
    for pks in slices(dict.fromkeys(pk for _, pk in lines)):
        records = list(Record.objects.filter(pk__among=pks))
        uids += [record.uid for record in records]
        documents += documents_of(record for record in records if record.shown)
    # Of a record that nobody may see there is no document, as of one that is withdrawn.
    there = {document.id for document in documents}
    gone = [uid for uid in uids if uid not in there]
    writer.delete(gone)
    writer.put(documents)
    writer.commit()
    for audience in Audience:
        seen = [document for document in documents if audience in document.audiences]
        ids = {document.id for document in seen}
        verify_batch(engine, name, seen, [uid for uid in uids if uid not in ids], audience)
    last = lines[-1][0]
    position.write(engine, name, last)
    return Step(last, len(lines), len(documents), len(gone))


def documents_of(records: Iterable[Record]) -> list[Document]:
    """The documents of records that are not withdrawn: of most of them one, for everyone."""
    views = record_views(records, faces=True)
    return [document for view in views for document in to_documents(view)]


def verify_batch(
    engine: Backend,
    name: str,
    documents: Sequence[Document],
    gone: Sequence[str],
    audience: Audience = Audience.EVERYONE,
) -> None:
    """Read some of what was written back as an audience; EngineError where it differs."""
    step = max(1, len(documents) // SAMPLE)
    sample = {document.id: document for document in documents[::step]}
    absent = list(gone[:: max(1, len(gone) // SAMPLE)])
    found = engine.index(SCHEMA, name, audience).get([*sample, *absent])
    wrong = [id_ for id_ in absent if id_ in found]
    wrong += [
        id_
        for id_, document in sample.items()
        if found.get(id_) != json.loads(json.dumps(document.stored))
    ]
    if wrong:
        raise EngineError(
            f"The index {name!r} does not give back what was written to it ({wrong[0]}, and "
            f"{len(wrong) - 1} more); `tessera index rebuild` makes it anew."
        )
