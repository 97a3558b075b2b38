"""Restoring a backup: checked whole, loaded beside what is there, and put in its place at once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tessera.records.bulk import slices
from tessera.site.backup.archive import FILES, ROWS, BackupError, Manifest, opened
from tessera.site.connecting import connected

_BATCH = 500
_PATIENCE = 60.0
"""Seconds to wait for a writer of the database to finish."""


def restore(source: Path) -> Manifest:
    """Replace all records, users and files by those of a backup; then the index is out of date.

    The archive is checked whole before anything is touched. The database changes in one
    transaction: whatever fails, or is killed, before its end leaves what was there. Files of home
    that the backup doesn't have stay. Raises BackupError.
    """
    with opened(source) as (archive, manifest):
        targets = _known_migrations(manifest)
        settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.HOME) as folder:
            unpacked = _unpack(archive, manifest, Path(folder))
            if connection.vendor == "sqlite":
                _into_sqlite(archive, manifest, targets, Path(folder) / "new.sqlite3")
            else:
                _into_postgresql(archive, manifest, targets)
            _put_files(unpacked)
    return manifest


def _known_migrations(manifest: Manifest) -> list[tuple[str, str]]:
    """The newest migrations of the backup, by app; BackupError where one isn't known here."""
    loader = MigrationLoader(None)
    unknown = [pair for pair in manifest.migrations if pair not in loader.disk_migrations]
    if unknown:
        raise BackupError(
            f"This backup was made by Tessera {manifest.tessera}, which is newer than this one "
            f"(it knows {'.'.join(unknown[0])}); update Tessera first. Nothing was changed."
        )
    applied = set(manifest.migrations)
    return [
        node
        for node in sorted(applied)
        if not any(
            child.key in applied and child.key[0] == node[0]
            for child in loader.graph.node_map[node].children
        )
    ]


def _into_sqlite(
    archive: zipfile.ZipFile, manifest: Manifest, targets: list[tuple[str, str]], path: Path
) -> None:
    """Fill a new file, then copy it over the database in one transaction of SQLite's own.

    SQLite's copying works beside processes that have the database open; replacing the file
    under them would not.
    """
    with connected("restore", NAME=path) as new:
        _fill(new, archive, manifest, targets)
    until = time.monotonic() + _PATIENCE

    def bounded(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise BackupError("Another process keeps writing to the database; stop it first.")

    connection.ensure_connection()
    filled = sqlite3.connect(path)
    try:
        filled.backup(connection.connection, progress=bounded)
    finally:
        filled.close()
    connection.close()


def _into_postgresql(
    archive: zipfile.ZipFile, manifest: Manifest, targets: list[tuple[str, str]]
) -> None:
    """Drop, make and fill the tables in one transaction."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            there = set(connection.introspection.table_names(cursor))
            ours = {*connection.introspection.django_table_names(), "django_migrations"}
            for table in sorted(there & ours):
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        _fill(connection, archive, manifest, targets)


def _fill(
    target: Any,
    archive: zipfile.ZipFile,
    manifest: Manifest,
    targets: list[tuple[str, str]],
) -> None:
    """Make the tables as the backup had them, load its rows, and migrate to the present."""
    executor = MigrationExecutor(target)
    executor.migrate(targets)
    executor.loader.build_graph()
    then = executor.loader.project_state(targets).apps
    with transaction.atomic(using=target.alias):
        with target.cursor() as cursor:
            for model in then.get_models(include_auto_created=True):
                cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own names  # nosec B608
        for label, expected in manifest.rows.items():
            _load(target, archive, then.get_model(_now(label)), label, expected)
        if target.vendor == "postgresql":
            with target.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                kept = [then.get_model(_now(label)) for label in manifest.rows]
                for statement in target.ops.sequence_reset_sql(no_style(), kept):
                    cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            target.check_constraints()
    executor = MigrationExecutor(target)
    executor.migrate(executor.loader.graph.leaf_nodes())


def _now(label: str) -> str:
    """Under which name a model of the backup goes: users were Django's own once."""
    return f"accounts.{label[5:]}" if label.startswith("auth.user") else label


def _load(
    target: BaseDatabaseWrapper,
    archive: zipfile.ZipFile,
    model: type[models.Model],
    label: str,
    expected: int,
) -> None:
    quote = target.ops.quote_name
    count = 0
    with archive.open(f"{ROWS}{label}.jsonl") as lines:
        names = json.loads(next(lines))
        by_name = {field.attname: field for field in model._meta.concrete_fields}
        fields = [by_name[name] for name in names]
        columns = ", ".join(quote(str(field.column)) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        table = quote(model._meta.db_table)
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names  # nosec B608
        with target.cursor() as cursor:
            for some in slices(lines, _BATCH):
                rows = [_row(target, fields, json.loads(line)) for line in some]
                cursor.executemany(statement, rows)
                count += len(rows)
    if count != expected:
        raise BackupError(f"The backup has {count:,} rows of {label} and lists {expected:,}.")


def _row(
    target: BaseDatabaseWrapper,
    fields: Sequence[models.Field[Any, Any]],
    values: Sequence[object],
) -> list[Any]:
    return [
        field.get_db_prep_save(field.to_python(value), target)
        for field, value in zip(fields, values, strict=True)
    ]


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, folder: Path) -> Path:
    """The files of home, unpacked in a folder beside them."""
    unpacked = folder / "home"
    unpacked.mkdir()
    for name in manifest.entries:
        if name.startswith(FILES):
            path = unpacked / name.removeprefix(FILES)
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as content, path.open("wb") as file:
                shutil.copyfileobj(content, file)
            path.chmod(0o600)
    return unpacked


def _put_files(unpacked: Path) -> None:
    for path in sorted(unpacked.rglob("*")):
        target = settings.HOME / path.relative_to(unpacked)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
