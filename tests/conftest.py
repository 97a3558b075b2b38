"""Fixtures that several kinds of tests share: real data, servers, and a browser.

What a test needs and isn't here is a skip with its reason on a laptop, and a failure with CI=true.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from tests.livesite import ROOT, LiveSite, serving, tessera

settings.register_profile(
    "dev", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
# The same examples every time: a red run in CI is never chance.
settings.register_profile("ci", parent=settings.get_profile("dev"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


def missing(what: str) -> NoReturn:
    """Skip for want of `what`, or fail where it has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; CI must have it", pytrace=False)
    pytest.skip(what)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest in one go comes first, so that all cores have work to the end."""
    items.sort(key=lambda item: item.path.name != "test_on_postgresql.py")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the repository; TESSERA_SHARED names another one."""
    folder = Path(os.environ.get("TESSERA_SHARED") or ROOT.parent / "shared")
    if not (folder / "data").is_dir():
        # Not everyone who has the code has the data, CI of a fork included.
        pytest.skip(f"no data at {folder}; TESSERA_SHARED names the folder with it")
    return folder


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo catalogue, made by `tessera demo --no-serve`; for reading only."""
    home = tmp_path_factory.mktemp("demo-home")
    done = tessera(home, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def demo_site(demo_home: Path) -> Iterator[LiveSite]:
    """The site over the demo catalogue, live on 127.0.0.1; for reading only."""
    with serving(demo_home) as site:
        yield site
