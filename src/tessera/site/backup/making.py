"""Making a backup while the site runs: one consistent view of the database, and home's files."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from tessera import __version__
from tessera.site.backup.archive import FILES, MANIFEST, ROWS, BackupError, Manifest, entry
from tessera.site.connecting import another_connection
from tessera.site.home import unmigrated

LEFT_OUT = (
    "sessions.session",
    "usersessions.usersession",
    "accounts.counted",
    "indexing.indexstate",
    "wording.unanswered",
)
"""Models whose rows are of no use elsewhere: people sign in again, and the index is rebuilt.
Searches that found nothing are to be forgotten soon, and a backup is kept for long."""

_NOT_FILES = ("cache", "index", "mail", "static", "static.stamp", "vectors")
_BATCH = 2_000


def backup(target: Path) -> Manifest:
    """Write everything into one zip, which appears under its name when it is complete.

    Raises BackupError where the database isn't up to date or the file can't be written.
    """
    if unmigrated():
        raise BackupError("The database is not up to date; `tessera init` brings it there.")
    temporary: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.name}-", suffix=".part", dir=target.absolute().parent
        )
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            manifest = _write(file, {temporary.resolve(), target.absolute().resolve()})
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error.strerror or error}.") from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return manifest


def _write(file: Any, not_these: set[Path]) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with _snapshot() as alias:
            applied = sorted(MigrationRecorder(connections[alias]).applied_migrations())
            manifest = Manifest(__version__, datetime.now(UTC).isoformat(), applied)
            for model in stored_models():
                _write_rows(archive, manifest, model, alias)
        for path in _home_files(settings.HOME, not_these):
            _write_file(archive, manifest, path)
        archive.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=1))
    return manifest


def stored_models() -> list[type[models.Model]]:
    """The models whose rows go into a backup."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    ]


@contextmanager
def _snapshot() -> Iterator[str]:
    """A connection of its own that sees the database as it is at this moment throughout.

    It blocks nobody: SQLite reads beside a writer (WAL) once the transaction isn't begun as a
    writing one, PostgreSQL in REPEATABLE READ.
    """
    alias = "backup"
    connections[alias] = second = another_connection(alias)
    try:
        with transaction.atomic(using=alias):
            if second.vendor == "postgresql":
                with second.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield alias
    finally:
        second.close()
        del connections[alias]


def _write_rows(
    archive: zipfile.ZipFile, manifest: Manifest, model: type[models.Model], alias: str
) -> None:
    label = model._meta.label_lower
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.using(alias).order_by("pk").values_list(*names)
    count = 0
    with entry(archive, manifest, f"{ROWS}{label}.jsonl") as target:
        target.write(_line(names))
        for row in rows.iterator(_BATCH):
            target.write(_line(row))
            count += 1
    manifest.rows[label] = count


def _line(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, default=_plain).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in a backup")


def _home_files(home: Path, not_these: set[Path]) -> Iterator[Path]:
    """Files that people or the site put into home; no links, which may lead anywhere."""
    for folder, folders, names in os.walk(home):
        at_top = Path(folder) == home
        folders[:] = sorted(
            name for name in folders if not (at_top and (name in _NOT_FILES or _passing(name)))
        )
        for name in sorted(names):
            path = Path(folder) / name
            if at_top and (name in _NOT_FILES or _passing(name)):
                continue
            if path.is_symlink() or not path.is_file() or path.resolve() in not_these:
                continue
            yield path


def _passing(name: str) -> bool:
    """Whether a name at the top of home is the database's, a lock's or of something unfinished."""
    return name.startswith(("tessera.sqlite3", ".")) or name.endswith((".lock", ".part"))


def _write_file(archive: zipfile.ZipFile, manifest: Manifest, path: Path) -> None:
    try:
        content = path.open("rb")
    except FileNotFoundError:
        return  # It went since the folder was read, and is not there to be backed up.
    name = FILES + path.relative_to(settings.HOME).as_posix()
    with content, entry(archive, manifest, name) as target:
        while chunk := content.read(1 << 20):
            target.write(chunk)
