"""Every target, briefly: the same targets that `make fuzz` runs for as long as one likes."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS
from tests.livesite import ROOT, environment

SEED = 20261122
RUNS = 12
"""Cases of each target; `make fuzz` has no end."""
SLOW = {"workbooks-in-a-process": 3, "rows-keep-xlsx": 6, "rows-operations-ods": 6,
        "import-files": 3, "import-jems": 3, "import-keep": 3,
        "import-calendar": 6, "document-pdf": 30, "dates": 300}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_whatever_it_is_given(name: str) -> None:
    for number in range(SLOW.get(name, RUNS)):
        data = random.Random(f"{SEED} {name} {number}").randbytes(256)
        try:
            TARGETS[name](data)
        except BaseException as error:
            error.add_note(f"again with: make fuzz TARGET={name} CASE={data.hex()}")
            raise


def fuzz(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *arguments], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
        env=environment(cwd, TESSERA_FUZZ=str(cwd)),
    )  # fmt: skip


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this platform")
def test_the_fuzzer_runs(tmp_path: Path) -> None:
    done = fuzz("json-lines", "--runs", "200", "--seed", "7", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 200 runs" in done.stderr
    assert any((tmp_path / "json-lines").iterdir())


def test_a_case_is_run_again(tmp_path: Path) -> None:
    done = fuzz("dates", "--case", "00ff17", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "holds" in done.stdout
