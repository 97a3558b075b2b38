"""Backup while the site is written to, and back."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.deliveries import project, write
from tests.livesite import environment, tessera

READ = """
import json, sys
import django
django.setup()
from tessera.engine.query import Query
from tessera.indexing.current import current
from tessera.records.models import Change, Link, Record
from tessera.schema.fields import SCHEMA
query, _ = Query.from_params([("q", "cluster"), ("size", "50")], SCHEMA)
result = current().search(query, facets=["kind", "country"])
print(json.dumps({
    "records": [list(map(str, row)) for row in Record.objects.order_by("uid").values_list(
        "pk", "uid", "kind", "checksum", "data", "corrections", "face", "first_seen",
        "changed_at", "withdrawn_at", "source__slug", "item__key", "item__last_seen")],
    "links": Link.objects.count(), "changes": Change.objects.count(),
    "total": result.total, "hits": [hit.id for hit in result.hits],
    "facets": {n: [[b.value, b.count] for b in f.buckets] for n, f in result.facets.items()},
}))
"""


class Place:
    def __init__(self, home: Path, more: dict[str, str]) -> None:
        home.mkdir()
        self.home, self.more = home, more

    def tessera(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return tessera(self.home, *map(str, arguments), **self.more)

    def done(self, *arguments: object) -> str:
        ran = self.tessera(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def state(self) -> dict[str, Any]:
        variables = environment(
            self.home, DJANGO_SETTINGS_MODULE="tessera.site.settings", **self.more
        )
        command = [sys.executable, "-W", "ignore", "-c", READ]
        out = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=True, timeout=120
        ).stdout
        read: dict[str, Any] = json.loads(out)
        return read


@pytest.fixture
def place(tmp_path: Path, own_database: Callable[[], dict[str, str]]) -> Callable[[str], Place]:
    return lambda name: Place(tmp_path / name, own_database())


Places = Callable[[str], Place]


def test_restore_gives_the_same_records_and_answers(place: Places, tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    records = write(tmp_path / "in.jsonl", (project(n) for n in range(60)))
    here.done("import", "jsonl", records)
    (here.home / "media").mkdir()
    (here.home / "media" / "Plan für Łódź.pdf").write_bytes(b"%PDF")
    (here.home / "tessera.toml").write_text('[site]\nname = "Elsewhere"\n')
    file = tmp_path / "backup.zip"
    here.done("backup", file)
    assert file.stat().st_mode & 0o077 == 0
    before = here.state()
    assert before["total"] > 0

    there.done("import", "jsonl", write(tmp_path / "b.jsonl", [project(1000)]))
    there.done("restore", file)
    assert there.state() == before
    assert (there.home / "media" / "Plan für Łódź.pdf").read_bytes() == b"%PDF"
    assert (there.home / "tessera.toml").exists()
    # Life goes on: sequences stand behind what was restored, and nothing has changed.
    told = json.loads(there.done("import", "jsonl", records, "--json"))
    assert told["unchanged"] == 60
    more = write(tmp_path / "more.jsonl", (project(n) for n in range(61)))
    assert json.loads(there.done("import", "jsonl", more, "--json"))["added"] == 1
    assert json.loads(there.done("index", "status", "--json"))["ok"]


def test_backup_while_an_import_writes(place: Places, tmp_path: Path) -> None:
    here, there = place("here"), place("there")
    here.done("import", "jsonl", write(tmp_path / "a.jsonl", [project(0)]), "--no-index")
    many = write(tmp_path / "b.jsonl", (project(n) for n in range(2000)))
    writer = subprocess.Popen(
        [sys.executable, "-m", "tessera.cli", "import", "jsonl", str(many), "--no-index"],
        env=environment(here.home, **here.more), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    counts = []
    number = 0
    while writer.poll() is None or not counts:
        file = tmp_path / f"{number}.zip"
        here.done("backup", file)
        with zipfile.ZipFile(file) as archive:
            counts.append(json.loads(archive.read("manifest.json"))["rows"])
        number += 1
    assert writer.wait() == 0
    for rows in counts:
        # Each is one moment between two batches: whole, wherever it fell.
        items = rows["records.sourcerecord"]
        assert items == 1 or items % 500 == 0 or items == 2000
        assert rows["records.verbatim"] == items
        assert rows["records.link"] == items * 5
    there.done("restore", tmp_path / f"{number // 2}.zip")
    assert len(there.state()["records"]) == counts[number // 2]["records.record"]


def damaged(content: bytes, how: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        largest = max(archive.infolist(), key=lambda each: each.compress_size)
    # In the middle of a content. Between them are bytes that nothing depends on, such as times.
    at = largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2
    return {
        "cut short": content[: len(content) // 2],
        "one byte changed": content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :],
        "no zip": b"hello",
        "empty": b"",
    }[how]  # fmt: skip


def test_a_damaged_archive_is_refused_and_nothing_lost(place: Places, tmp_path: Path) -> None:
    here = place("here")
    here.done("import", "jsonl", write(tmp_path / "a.jsonl", (project(n) for n in range(30))))
    file = tmp_path / "backup.zip"
    here.done("backup", file)
    before = here.state()
    bad = tmp_path / "bad.zip"
    for how in ("cut short", "one byte changed", "no zip", "empty"):
        bad.write_bytes(damaged(file.read_bytes(), how))
        refused = here.tessera("restore", bad)
        assert refused.returncode == 1, how
        assert "is no backup of Tessera, or is damaged" in refused.stderr, how
        assert "Traceback" not in refused.stderr
    for change, message in (
        (lambda m: m["rows"].update({"records.link": 3}), "lists 3"),
        (lambda m: m["migrations"].append(["records", "9999_later"]), "newer than this one"),
        (lambda m: m.update(format=99), "format 99"),
        (lambda m: m["entries"].pop("rows/records.link.jsonl"), "what its manifest lists"),
    ):
        rewritten(file, bad, change)
        refused = here.tessera("restore", bad)
        assert refused.returncode == 1 and message in refused.stderr, refused.stderr
        assert here.state() == before
    assert not [path for path in here.home.iterdir() if path.name.startswith(".restoring")]


def rewritten(source: Path, target: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """A copy of an archive with another manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            new.writestr(name, content)


def test_a_name_that_leads_out_of_home_is_refused(place: Places, tmp_path: Path) -> None:
    here = place("here")
    here.done("import", "jsonl", write(tmp_path / "a.jsonl", [project(1)]))
    file, bad = tmp_path / "backup.zip", tmp_path / "bad.zip"
    here.done("backup", file)
    name = "home/../../escaped"

    def add(manifest: dict[str, Any]) -> None:
        manifest["entries"][name] = manifest["entries"]["home/secret-key"]

    rewritten(file, bad, add)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bad, "a") as new:
        new.writestr(name, old.read("home/secret-key"))
    refused = here.tessera("restore", bad)
    assert refused.returncode == 1 and "has a file of the name" in refused.stderr
    assert not (tmp_path / "escaped").exists()


def test_a_backup_that_cannot_be_written_says_so(place: Places, tmp_path: Path) -> None:
    here = place("here")
    here.done("import", "jsonl", write(tmp_path / "a.jsonl", [project(1)]))
    failed = here.tessera("backup", tmp_path / "nowhere" / "backup.zip")
    assert failed.returncode == 1 and "can't be written" in failed.stderr
    missing = here.tessera("restore", tmp_path / "none.zip")
    assert missing.returncode == 1 and "There is no" in missing.stderr
