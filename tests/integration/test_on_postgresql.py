"""The tests of records, runs, indexing, accounts and messages once more, on a PostgreSQL server of
its own.

Left out are those over a live site or a command in a process of its own: such processes get
their settings from the test, not from this run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import missing
from tests.livesite import ROOT, environment
from tests.servers import NoServer, database_url, postgresql

HERE = Path(__file__).parent
LIVE = ("test_homes_of_before.py", "test_index_processes.py", "test_mail.py", "test_migrations.py",
        "test_processes.py")  # fmt: skip
MODULES = sorted(
    str(path.relative_to(HERE))
    for folder in (".", "accounts", "contact")
    for path in HERE.glob(f"{folder}/test_*.py")
    if path.name not in (Path(__file__).name, "test_commands.py", *LIVE)
)
RUNS = 10
"""A database for each module would take longer than most of them. Neighbours, which often take
equally long, are in different runs, so that none takes much longer than the others."""
BATCHES = [MODULES[start::RUNS] for start in range(RUNS)]


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    try:
        with postgresql() as server:
            yield database_url(server, "postgres")
    except NoServer as error:
        missing(str(error))


@pytest.mark.skipif(connection.vendor == "postgresql", reason="this is that run")
@pytest.mark.parametrize("modules", BATCHES, ids=" ".join)
def test_the_same_holds_on_postgresql(server_url: str, tmp_path: Path, modules: list[str]) -> None:
    variables = environment(tmp_path, TESSERA_DATABASE_URL=server_url)
    if "CI" in os.environ:
        variables["CI"] = os.environ["CI"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         *(str(HERE / module) for module in modules)],
        env=variables, cwd=ROOT, capture_output=True, text=True, timeout=410, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
