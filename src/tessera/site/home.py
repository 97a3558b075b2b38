"""Database and static files in home, brought up to date where a command needs them.

Everything here can be repeated at any time and does nothing the second time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tessera import __version__
from tessera.site.connecting import connected

USERS = ("accounts", "0001_users_as_they_were")

log = logging.getLogger(__name__)


def unmigrated() -> list[str]:
    """The migrations that the database lacks, such as `records.0001_initial`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def adopt_users() -> None:
    """In a home of before accounts had a model of their own, its first migration is done already.

    That migration makes the table that django.contrib.auth made then.
    """
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return
    applied = recorder.applied_migrations()
    if ("auth", "0001_initial") in applied and USERS not in applied:
        with connection.cursor() as cursor:
            if "auth_user" in connection.introspection.table_names(cursor):
                recorder.record_applied(*USERS)


def make() -> None:
    """A new home's database, which is there whole or not at all.

    Some migrations are stored before it is stored that they are done. Whoever is killed between
    would leave a database that can't be brought up to date, so it is made beside its place.
    """
    path = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or path.exists() or not path.parent.is_dir():
        return
    with tempfile.TemporaryDirectory(prefix=".making-", dir=path.parent) as folder:
        made = Path(folder) / path.name
        with connected("making", NAME=made):
            _migrated("making")
        with suppress(FileExistsError):  # another process was first
            try:
                os.link(made, path)
            except (PermissionError, NotImplementedError):  # a disk without hard links
                if not path.exists():
                    made.rename(path)


def migrate() -> bool:
    """Bring the database up to date; whether there was anything to do."""
    make()
    adopt_users()
    if not unmigrated():
        return False
    _migrated(connection.alias)
    return True


def _migrated(alias: str) -> None:
    call_command("migrate", database=alias, interactive=False, verbosity=0, stdout=StringIO())


def collect_static() -> bool:
    """Copy static files into home with hashed names, unless these very files are there."""
    stamp_file = settings.HOME / "static.stamp"
    stamp = _static_stamp()
    if stamp_file.exists() and stamp_file.read_text(encoding="ascii") == stamp:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    stamp_file.write_text(stamp, encoding="ascii")
    return True


def prepare() -> None:
    """A database with its tables and the site's static files, whatever was there before."""
    if migrate():
        log.info("The database is up to date.")
    collect_static()


def _static_stamp() -> str:
    """A digest of the names, sizes and times of all static files."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
