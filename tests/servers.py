"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket there, no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote


class NoServer(Exception):
    """A server that can't be had here; the message says why."""


def postgresql_programs() -> Path:
    """The folder of initdb and pg_ctl: on the PATH, or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not versions:
        raise NoServer("no PostgreSQL server is installed (Debian: postgresql)")
    return versions[-1].parent


@contextmanager
def postgresql() -> Iterator[str]:
    """A new server, stopped and removed on leaving; its URL, to which a database is appended
    with `database_url`.

    The server refuses to run as root, so root runs it as the user that owns it on Debian, or as
    nobody.
    """
    programs = postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="tessera-pg-"))
    user = _unprivileged()
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = folder / "data"
        run = _runner(user, folder)
        run(programs / "initdb", "-D", data, "-U", "tessera", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync")  # fmt: skip
        # No fsync: the tests kill our processes, not the machine.
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=50"
        run(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log",
            "-o", options, "start")  # fmt: skip
        try:
            yield str(folder)
        finally:
            run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database_url(server: str, name: str) -> str:
    """For TESSERA_DATABASE_URL."""
    return f"postgresql://tessera@/{name}?host={quote(server, safe='')}"


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL doesn't run as root, and there is no user postgres or nobody")


def _runner(user: pwd.struct_passwd | None, folder: Path) -> Any:
    as_whom: dict[str, Any] = {}
    if user is not None:
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(*command: object) -> None:
        log = folder / "commands.log"
        with log.open("ab") as output:
            done = subprocess.run(
                [str(part) for part in command],
                stdout=output, stderr=output, stdin=subprocess.DEVNULL,
                cwd="/", timeout=120, check=False, **as_whom,
            )  # fmt: skip
        if done.returncode:
            raise NoServer(f"{command[0]} failed: {log.read_text(errors='replace')[-2000:]}")

    return run
