"""A home with the reference page's ten results and the spelling records, read from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.livesite import ROOT, tessera

Search = Callable[..., dict[str, Any]]


def run_json(home: Path, *arguments: str) -> dict[str, Any]:
    """The JSON that a command prints; the command must succeed."""
    done = tessera(home, *arguments)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="session")
def reference_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("reference-home")
    for name in ("reference_page", "spelling"):
        fixture = ROOT / "tests" / "fixtures" / f"{name}.jsonl"
        report = run_json(home, "import", "jsonl", str(fixture), "--as", name, "--json")
        assert report["errors"] == []
    return home


@pytest.fixture(scope="session")
def search(reference_home: Path) -> Search:
    """`tessera search TEXT ... --json` over the reference records."""

    def searched(*arguments: str) -> dict[str, Any]:
        return run_json(reference_home, "search", *arguments, "--json")

    return searched
