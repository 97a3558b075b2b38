"""Whatever is sent, the API answers as its own description says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.livesite import LiveSite


def test_answers_follow_the_openapi_document(demo_site: LiveSite, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("st")), "run",
            f"{demo_site.url}/api/v1/openapi.json",
            "--max-examples", "30", "--workers", "1", "--no-color", "--seed", "1",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert "Tested: 3" in done.stdout
