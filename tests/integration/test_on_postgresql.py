"""The whole integration suite once more, on a PostgreSQL server of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.conftest import missing
from tests.livesite import ROOT, environment
from tests.servers import NoServer, database_url, postgresql


@pytest.mark.skipif(connection.vendor == "postgresql", reason="this is that run")
def test_the_suite_on_postgresql(tmp_path: Path) -> None:
    try:
        with postgresql() as server:
            variables = environment(tmp_path, TESSERA_DATABASE_URL=database_url(server, "postgres"))
            if "CI" in os.environ:
                variables["CI"] = os.environ["CI"]
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                 "tests/integration"],
                env=variables, cwd=ROOT, capture_output=True, text=True, timeout=1500, check=False,
            )  # fmt: skip
    except NoServer as error:
        missing(str(error))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
