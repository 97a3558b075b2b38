"""Kill -9 at fifty points of a whole delivery, and again: the same as if nothing had happened.

A workbook as keep.eu's, the demo catalogue and a folder of files are brought in twice over, with
changes between, and indexed. Some kills come at a random moment, others at a named point: within a
transaction, between one and the next, between a commit of the index and its cursor, while a new
index is put in the old one's place. After some kills the work is done to its end, after others it
is begun again and killed again. Then the database, the index and every answer of the API are those
of a home where nothing was killed.

Times apart: when a record was first and last seen, and changed, is when it was.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from benchmarks.keep_export import KeepExport
from demo.build import catalogue
from tests.integration.deliveries import write
from tests.integration.killing import Home
from tests.livesite import ROOT

SEED = 20261122
KILLS = {"sqlite": 50, "postgresql": 10}
POINTS = {
    "import": (
        "tessera.records.store.store", "tessera.records.store.touch",
        "tessera.records.store.withdraw", "tessera.records.store._store_items",
        "tessera.records.store._store_records", "tessera.records.organisations.derive",
        "tessera.records.changes.log", "tessera.harvest.turn.close", "tessera.harvest.turn._begin",
        "tessera.harvest.run._source", "tessera.records.bulk.insert",
    ),
    "sync": (
        "tessera.indexing.sync.apply", "tessera.indexing.sync.documents_of",
        "tessera.indexing.position.write", "tessera.engine.backends.tantivy.writer.commit",
    ),
    "rebuild": (
        "tessera.indexing.rebuild.build", "tessera.indexing.rebuild._keep",
        "tessera.indexing.position.write", "tessera.indexing.sync.documents_of",
        "tessera.engine.backends.tantivy.folder.promote",
        "tessera.engine.backends.tantivy.folder.create",
        "tessera.engine.backends.tantivy.folder.drop",
    ),
}  # fmt: skip
"""By what is going on."""

Delivery = list[tuple[str, Path]]


def deliveries(folder: Path) -> tuple[Delivery, Delivery]:
    """(importer, path) of the first delivery, and of the one that follows it."""
    folder.mkdir()
    made = []
    for number, projects in enumerate((16, 20)):
        place = folder / str(number)
        place.mkdir()
        KeepExport(projects).write(place / "keep.xlsx")
        records = list(catalogue(date(2026, 6, 15)))
        kept = [each for at, each in enumerate(records) if at % 5 == 0 and (at + number) % 9]
        for each in kept[: 15 * number]:
            each["acronym"] = f"NEW {each.get('acronym', '')}"
        write(place / "catalogue.jsonl", kept)
        shutil.copytree(ROOT / "src/tessera/sources/files/sample", place / "files")
        (place / "files" / "lessons.txt").write_text(f"What we learned, part {number}.\n" * 9)
        made.append([("keep", place / "keep.xlsx"), ("jsonl", place / "catalogue.jsonl"),
                     ("files", place / "files")])  # fmt: skip
    return made[0], made[1]


def bring_in(home: Home, delivery: Delivery) -> None:
    for slug, path in delivery:
        home.run(slug, path)
    home.run("sync")


@pytest.mark.django_db
def test_killed_at_fifty_points(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> None:
    from django.db import connection

    pick = random.Random(SEED)
    print(f"seed {SEED}")
    first, second = deliveries(tmp_path / "in")

    undisturbed = Home(tmp_path / "undisturbed", own_database())
    undisturbed.run("migrate")
    bring_in(undisturbed, first)
    durations = {slug: undisturbed.run(slug, path) for slug, path in second}
    durations["sync"] = undisturbed.run("sync")
    durations["rebuild"] = undisturbed.run("rebuild")
    expected, wanted = undisturbed.state(), undisturbed.answers()
    undisturbed.close()
    assert expected["problem"] == "" and expected["documents_equal"]
    assert {body[:3] for body in wanted.values()} == {"200", "410"}
    assert len(wanted) > len(expected["records"]) > 100

    home = Home(tmp_path / "killed", own_database())
    home.run("migrate")
    killed: Counter[str] = Counter()
    goal = KILLS[connection.vendor]
    turn = 0
    while killed.total() < goal:
        turn += 1
        assert turn < 6 * goal, f"only {killed} were killed"
        delivery = second if turn % 2 else first
        slug, path = pick.choice(delivery)
        doing = pick.choice(("import", "import", "sync", "rebuild"))
        if doing == "sync":
            home.run(slug, path)  # So that there is something left to do.
        action, *paths = (slug, path) if doing == "import" else (doing,)
        if pick.random() < 0.5:
            after = pick.uniform(0.02, 0.9) * durations[action]
            point = f"{action} after {after:.3f} s"
            done = home.killed(after, action, *paths)
        else:
            named = (
                pick.choice(POINTS[doing]),
                pick.choice(("call", "return")),
                pick.randint(1, 2),
            )
            point = f"{action} at {named}"
            done = home.killed_at(named, action, *paths)
        if done:
            print(f"kill {killed.total() + 1}: {point}")
            killed[doing] += 1
        if pick.random() < 0.3:
            home.run(action, *paths)
    for slug, path in first:
        home.run(slug, path)
    bring_in(home, second)
    before = home.state()
    home.run("rebuild")
    state, given = home.state(), home.answers()
    home.close()
    print(dict(killed))
    assert all(killed[doing] for doing in POINTS)
    assert "interrupted" in state["outcomes"]
    for part in expected:
        if part != "outcomes":
            assert before[part] == state[part] == expected[part], part
    assert given.keys() == wanted.keys()
    different = [address for address in wanted if given[address] != wanted[address]]
    assert not different, (different[:5], given[different[0]][:600], wanted[different[0]][:600])
    assert json.dumps(given) == json.dumps(wanted)
    assert not [level for _, level in state["findings"] if level == "error"]
