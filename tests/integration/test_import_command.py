"""`tessera import`, `sources`, `harvest`, `index`: exit status, JSON, sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.deliveries import outcome, project, write
from tests.livesite import tessera

Tessera = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> Tessera:
    """A command in a fresh home: status, stdout, stderr."""
    more = own_database()
    home = tmp_path / "home"
    home.mkdir()

    def ran(*arguments: object) -> tuple[int, str, str]:
        done = tessera(home, *map(str, arguments), **more)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return ran


def test_an_import_makes_home_database_and_index(run: Tessera, tmp_path: Path) -> None:
    records = [project(1), project(2)]
    file = write(tmp_path / "in.jsonl", [*records, "{broken", {**project(3), "period": "never"}])
    status, out, _ = run("import", "jsonl", file, "--dry-run", "--json")
    rehearsed = json.loads(out)
    assert (status, rehearsed["added"], rehearsed["dry_run"]) == (0, 2, True)
    status, out, err = run("import", "jsonl", file, "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert outcome(told) == outcome(rehearsed)
    assert told["stages"]["index"]["written"] == 12 and "index" not in rehearsed["stages"]
    assert (told["received"], told["added"], told["changed"]) == (4, 2, 0)
    assert (told["unchanged"], told["withdrawn"]) == (0, 0)
    assert all({"stage", "where", "message"} <= error.keys() for error in told["errors"])
    assert told["errors"][0]["where"] == "in.jsonl, line 3"
    invalid = told["errors"][1]
    assert (invalid["file"], invalid["row"], invalid["column"]) == ("in.jsonl", 4, "period")
    assert invalid["value"] == "never"
    status, out, _ = run("index", "status", "--json")
    shown = json.loads(out)
    assert (status, shown["ok"], shown["missing"], shown["surplus"]) == (0, True, 0, 0)
    status, out, err = run("import", "jsonl", file)
    assert (status, out) == (0, "")
    assert "in.jsonl, line 3" in err and "2 unchanged" in err and "2 errors" in err
    assert "\r" not in err, "no progress line in a pipe"


def test_the_index_can_wait(run: Tessera, tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [project(1)])
    run("import", "jsonl", file, "--no-index")
    status, out, err = run("index", "status")
    assert status == 1 and "tessera index rebuild" in err
    status, out, _ = run("index", "sync", "--json")
    assert json.loads(out)["rebuilt"] == "there was no index yet"
    status, out, _ = run("index", "rebuild", "--json")
    assert (status, json.loads(out)["documents"]) == (0, 6)


def test_several_paths_are_one_delivery(run: Tessera, tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", [project(1)])
    two = write(tmp_path / "two.jsonl", [project(2)])
    _, out, _ = run("import", "jsonl", one, two, "--json", "--no-index")
    assert json.loads(out)["added"] == 2
    _, out, _ = run("import", "jsonl", one, "--json", "--no-index")
    assert json.loads(out)["withdrawn"] == 1
    _, out, _ = run("import", "jsonl", two, "--as", "second", "--json", "--no-index")
    assert json.loads(out)["added"] == 1


def test_a_failed_run_says_why(run: Tessera, tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.jsonl", [])
    status, out, err = run("import", "jsonl", empty, "--json")
    assert status == 1 and "promises at least 1" in err
    assert json.loads(out)["received"] == 0
    many = write(tmp_path / "many.jsonl", [project(n) for n in range(4)])
    run("import", "jsonl", many, "--no-index")
    few = write(tmp_path / "few.jsonl", [project(1)])
    status, _, err = run("import", "jsonl", few, "--no-index")
    assert status == 1 and "lacks 3 of the 4" in err and "--accept-loss" in err
    status, out, _ = run("import", "jsonl", few, "--accept-loss", "--json", "--no-index")
    assert (status, json.loads(out)["withdrawn"]) == (0, 3)


def test_wrong_usage(run: Tessera, tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", [project(1)])
    for arguments, message in (
        (("import", "nonsense", file), "there are: "),
        (("import", "jsonl", tmp_path / "nowhere"), "There is no "),
        (("import", "jsonl"), "PATH"),
        (("import", "jsonl", file, "--as", "Not a slug"), "no name for a source"),
        (("harvest", "nonsense"), "names no source"),
        (("index", "polish"), "invalid choice"),
    ):
        status, out, err = run(*arguments)
        assert (status, out) == (2, ""), (arguments, err)
        assert message in err


def test_sources_and_harvest(run: Tessera) -> None:
    status, out, _ = run("sources")
    assert status == 0
    assert any(line.startswith("jsonl ") for line in out.splitlines())
    status, out, _ = run("sources", "--json")
    assert {"jsonl", "files"} <= {each["slug"] for each in json.loads(out)}
    status, out, err = run("harvest")
    assert (status, out) == (0, "") and "names no sources" in err
