"""Synonyms and searches without an answer, with a site of several processes and a busy database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.integration.deliveries import project, write
from tests.livesite import LiveSite, commands_in, serving, tessera

READER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SECONDS = 5.0
"""Within which a change is to be in force everywhere."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    home = tmp_path_factory.mktemp("wording") / "home"
    path = write(home.parent / "in.jsonl", [project(1), {**project(2), "title": {"en": "Zebra"}}])
    done = tessera(home.parent, "--home", str(home), "import", "jsonl", str(path))
    assert done.returncode == 0, done.stderr
    with serving(home, workers=2) as served:
        yield served


def total(site: LiveSite, text: str) -> int:
    status, body = site.get(f"/api/v1/search?q={quote(text)}")
    assert status == 200
    return int(json.loads(body)["total"])


def counted(site: LiveSite) -> dict[str, int]:
    with closing(sqlite3.connect(site.home / "tessera.sqlite3")) as database:
        return dict(database.execute("select text, times from wording_unanswered").fetchall())


def wait_for(site: LiveSite, text: str, found: int) -> None:
    """Until both processes answer so, as far as forty answers tell."""
    until = time.monotonic() + SECONDS
    while {total(site, text) for _ in range(40)} != {found}:
        assert time.monotonic() < until


def test_a_change_is_in_force_in_all_processes_soon(site: LiveSite) -> None:
    run = commands_in(site.home)
    file = site.home.parent / "wording.csv"
    assert total(site, "quagga") == 0
    file.write_text('kind,words\nsynonym,"quagga, zebra"\n', encoding="utf-8")
    assert run("wording", "import", file) == ("", "1 added, 0 changed, 0 as they were.\n")
    wait_for(site, "quagga", 1)
    assert 'synonym,"quagga, zebra",no,,yes\n' in run("wording", "export")[0]
    file.write_text('kind,words,active\nsynonym,"zebra, quagga",no\n', encoding="utf-8")
    assert json.loads(run("wording", "import", file, "--json")[0])["changed"] == 1
    wait_for(site, "quagga", 0)
    file.write_text("kind,words\nstop,two words\n", encoding="utf-8")
    _, said = run("wording", "import", file, status=1)
    assert "line 2: Give one word alone" in said
    assert "can't be read" in run("wording", "import", file / "none", status=1)[1]


def test_a_busy_database_keeps_no_reader_waiting(site: LiveSite) -> None:
    def ask(text: str) -> None:
        assert site.get(f"/explore?q={quote(text)}", **{"User-Agent": READER})[0] == 200

    ask("nothing at all")
    assert counted(site) == {"nothing at all": 1}
    with closing(sqlite3.connect(site.home / "tessera.sqlite3", isolation_level=None)) as writer:
        writer.execute("begin immediate")
        began = time.monotonic()
        for number in range(4):
            ask(f"busy day {number}")
        assert time.monotonic() - began < 4
        assert len(counted(site)) == 1
        writer.execute("rollback")
    time.sleep(5.5)
    for _ in range(20):
        ask("quiet night")
    assert counted(site) == {
        "nothing at all": 1,
        "quiet night": 20,
        **{f"busy day {number}": 1 for number in range(4)},
    }


def test_a_backup_has_what_editors_say_and_not_what_readers_searched_for(
    site: LiveSite, tmp_path: Path
) -> None:
    run = commands_in(site.home)
    assert counted(site)
    run("backup", tmp_path / "backup.zip")
    other = tmp_path / "other"
    other.mkdir()
    commands_in(other)("restore", tmp_path / "backup.zip")
    assert "quagga" in commands_in(other)("wording", "export")[0]
    with closing(sqlite3.connect(other / "tessera.sqlite3")) as database:
        assert database.execute("select count(*) from wording_unanswered").fetchone() == (0,)
