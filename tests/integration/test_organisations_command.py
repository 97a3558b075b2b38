"""`tessera organisations`: exit status, JSON, sentences, and the index that follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.integration.deliveries import write
from tests.livesite import commands_in


def test_the_whole_round(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> None:
    home = tmp_path / "home"
    home.mkdir()
    run = commands_in(home, **own_database())

    def organisations() -> int:
        out, _ = run("search", "Wien", "--kind", "organisation", "--json")
        return int(json.loads(out)["total"])

    named = [
        {"id": "x:1", "name": "Universität Wien", "country": "AT", "town": "Wien"},
        {"id": "x:2", "name": "University of Vienna", "country": "AT", "town": "Vienna"},
        {"id": "x:3", "name": "Wien Energie GmbH", "country": "AT"},
        {"id": "x:4", "name": "Wien Energie", "country": "AT"},
    ]
    path = write(tmp_path / "p.jsonl", [
        {"id": "p:1", "kind": "project", "title": {"en": "One"}, "organisations": named}
    ])  # fmt: skip
    (home / "tessera.toml").write_text('[organisations]\nmatch = "command"\n')
    _, err = run("import", "jsonl", path)
    assert "recognised" not in err
    before = organisations()
    out, err = run("organisations", "match", "--dry-run", "--json")
    assert (json.loads(out)["merged"], organisations()) == (1, before)
    assert "nothing was merged" in err
    (home / "tessera.toml").unlink()
    # What an import leaves to do is done by the next one, or by the worker.
    _, err = run("worker", "--once")
    assert "1 organisation recognised as one with another; 1 waits for an editor" in err
    _, err = run("import", "jsonl", path)
    assert "recognised" not in err
    out, err = run("organisations", "match", "--json")
    assert (json.loads(out)["merged"], json.loads(out)["undone"]) == (0, 0)
    out, _ = run("organisations", "candidates", "--json")
    (waiting,) = json.loads(out)
    assert (waiting["one"], waiting["other"]) == ("x:3", "x:4")
    assert waiting["score"] == round(sum(part["weight"] for part in waiting["evidence"]), 2)
    out, _ = run("organisations", "merge", "x:3", "x:4", "--why", "the same firm", "--json")
    made = json.loads(out)
    assert (made["kept"], made["merged"], made["why"]) == ("x:3", "x:4", "the same firm")
    # Wien Energie was found twice; the university is found once, by either name.
    assert organisations() == before - 1
    _, err = run("organisations", "merge", "x:3", "x:4", "--why", "again", status=1)
    assert "are one organisation already" in err
    out, _ = run("organisations", "find", "Dept. of Law, Univ. Wien", "--json")
    assert json.loads(out)[0]["id"] == "x:1"
    _, err = run("organisations", "undo", made["merge"])
    assert "two again" in err
    assert organisations() == before
    run("organisations", "undo", 99, status=1)
