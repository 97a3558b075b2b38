"""Is everything as it should be? `tessera check` asks here; each finding says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import DatabaseError, connection

from tessera.engine.audience import Audience
from tessera.engine.errors import EngineError

Level = Literal["ok", "warning", "error"]

LOW_DISK = 2 * 1024**3
"""Bytes free below which there is a warning."""

NO_DISK = 200 * 1024**2
"""Bytes free below which a rebuild or an import is likely to fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. do: what to do about it; empty where nothing is."""

    check: str
    level: Level
    message: str
    do: str = ""


def findings() -> list[Finding]:
    """Everything looked at, in the order in which one thing needs the other."""
    found: list[Finding] = []
    for check in CHECKS:
        found.extend(check())
        if check in FIRST and any(finding.level == "error" for finding in found):
            break
    return found


def _home() -> Iterator[Finding]:
    home = settings.HOME
    if not home.is_dir():
        yield Finding(
            "home",
            "error",
            f"There is no home at {home}.",
            "Make one with `tessera init`, or name another one in TESSERA_HOME.",
        )
        return
    probe = home / ".check"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Finding(
            "home",
            "error",
            f"Nothing can be written into {home}: {error.strerror}.",
            "Give the user that runs Tessera the right to write there.",
        )
        return
    yield Finding("home", "ok", f"{home} can be written to.")


def _settings() -> Iterator[Finding]:
    config = settings.CONFIG
    if not config.url:
        yield Finding(
            "settings",
            "ok",
            "TESSERA_URL is not set: good for this machine alone, without https.",
        )
    elif not config.https:
        yield Finding(
            "settings",
            "warning",
            f"TESSERA_URL is {config.url}: sessions travel unencrypted.",
            "Put a proxy with TLS in front and set TESSERA_URL to its https:// address.",
        )
    else:
        yield Finding("settings", "ok", f"The site is {config.url}.")
    key = settings.HOME / "secret-key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield Finding(
            "settings",
            "warning",
            f"Others than its owner can read {key}.",
            f"Say `chmod 600 {key}`.",
        )


def _database() -> Iterator[Finding]:
    from tessera.site.home import unmigrated

    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    try:
        missing = unmigrated()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding(
            "database",
            "error",
            f"{kind} can't be reached: {reason}.",
            "See that it runs, and that TESSERA_DATABASE_URL is right.",
        )
        return
    if missing:
        yield Finding(
            "database",
            "error",
            f"{kind} lacks {len(missing)} migrations, the first of them {missing[0]}.",
            "Say `tessera init`.",
        )
        return
    yield Finding("database", "ok", f"{kind} answers and is up to date.")


def _index() -> Iterator[Finding]:
    from tessera.indexing.current import current
    from tessera.records.models import Record
    from tessera.records.views import hidden

    records = Record.objects.filter(withdrawn_at=None, answers_as="").count()
    records -= len(hidden(Audience.EVERYONE))
    try:
        indexed = len(current())
    except EngineError as error:
        yield Finding("index", "error", str(error), "Say `tessera index rebuild`.")
        return
    if indexed != records:
        yield Finding(
            "index",
            "warning",
            f"{indexed} of {records} records are in the index.",
            "Say `tessera index sync`, or let `tessera worker` run.",
        )
        return
    yield Finding("index", "ok", f"All {records} records are in the index.")


def _meaning() -> Iterator[Finding]:
    from tessera.engine.meaning.errors import MeaningError
    from tessera.indexing.meaning import status

    if settings.SITE.meaning is None:
        yield Finding(
            "meaning", "ok", "Searches go by words alone: search.meaning names no encoder."
        )
        return
    try:
        found = status()
    except MeaningError as error:
        yield Finding(
            "meaning", "error", str(error), "Mend the folder that search.meaning names, or say off."
        )
        return
    languages = ", ".join(found.languages)
    if found.waiting:
        yield Finding(
            "meaning",
            "warning",
            f"{found.documents} records are found by meaning ({languages});"
            f" {found.waiting} changes wait.",
            "Say `tessera meaning build`, or let `tessera worker` run.",
        )
        return
    yield Finding("meaning", "ok", f"{found.documents} records are found by meaning ({languages}).")


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.HOME).free
    message = f"{free / 1024**3:.1f} GB are free for {settings.HOME}."
    if free >= LOW_DISK:
        yield Finding("disk", "ok", message)
    else:
        yield Finding(
            "disk",
            "error" if free < NO_DISK else "warning",
            message,
            "Make room: an index rebuild needs as much again as the index has.",
        )


def _mail() -> Iterator[Finding]:
    email = settings.CONFIG.email
    if email.host:
        yield Finding("mail", "ok", f"Mail goes to {email.host}:{email.port}.")
        return
    message = f"Mail is written to files in {settings.EMAIL_FILE_PATH}, and sent to nobody."
    if settings.CONFIG.url:
        yield Finding(
            "mail",
            "warning",
            message,
            "Name a mail server in TESSERA_EMAIL_URL; without one nobody gets a code to sign in.",
        )
    else:
        yield Finding("mail", "ok", message)


def _static() -> Iterator[Finding]:
    if (settings.STATIC_ROOT / "staticfiles.json").is_file():
        yield Finding("static", "ok", "The site's style and scripts are in place.")
    else:
        yield Finding(
            "static",
            "warning",
            "The site's style and scripts are not in home yet.",
            "`tessera serve` puts them there when it starts; so does `tessera init`.",
        )


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _home,
    _settings,
    _disk,
    _static,
    _mail,
    _database,
    _index,
    _meaning,
)
FIRST = (_home, _database)
"""Where one of these fails, what comes after it can't be asked."""
