"""The live API does what its OpenAPI document says, whatever is sent to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.livesite import LiveSite

EXAMPLES = 60
"""Requests for each operation and phase."""


def test_answers_are_as_documented(demo_site: LiveSite, tmp_path: Path) -> None:
    log = demo_site.home / "serve.log"
    before = len(log.read_text(encoding="utf-8"))
    command = [
        str(Path(sys.prefix) / "bin" / "schemathesis"), "run",
        f"{demo_site.url}/api/v1/openapi.json",
        "--checks", "all",
        # That a parameter nobody knows is refused: ours is taken, and reported in `problems`.
        "--exclude-checks", "negative_data_rejection",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(EXAMPLES), "--generation-deterministic", "--seed", "1",
        "--request-timeout", "30", "--workers", "1",
        "--no-color",
    ]  # fmt: skip
    hooks = Path(__file__).with_name("short_addresses.py")
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "SCHEMATHESIS_HOOKS": hooks.stem, "PYTHONPATH": str(hooks.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 3" in done.stdout
    assert log.read_text(encoding="utf-8")[before:] == ""
