"""Vectors beside the index: built in steps, following the records, and never asked twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tessera.engine.audience import Audience
from tessera.engine.meaning.building import BATCH
from tessera.engine.meaning.errors import BuildLocked, MeaningError
from tessera.engine.meaning.folder import find_encoder
from tessera.engine.meaning.store import VectorWriter
from tessera.indexing import meaning
from tessera.indexing.meaning import build, current_meaning, hint, status
from tessera.indexing.models import IndexState
from tessera.indexing.rebuild import rebuild
from tessera.indexing.sync import sync
from tessera.records.models import Change
from tests.integration.conftest import Deliver
from tests.integration.deliveries import project
from tests.livesite import tessera
from tests.unit.engine.meaning import tiny

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tantivy_index", "encoder")]

WATER = "People work together for clean water in the river region, and for fish."
ENERGY = "Wind and hydrogen energy for the valley: people in the region work for a clean farm."
SCHOOL = "A school and a museum work together for the youth of the border region."


@pytest.fixture
def encoder(tantivy_index: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A tiny encoder, set as `search.meaning` would."""
    tiny.make(tmp_path / "tiny")
    settings.SITE = replace(settings.SITE, meaning=find_encoder("tiny", tmp_path))
    yield
    meaning._opened.cache_clear()
    meaning._encoder.cache_clear()


def texts(number: int, text: str, lang: str = "en") -> dict[str, Any]:
    return project(number, summary={}, text={lang: text})


def only(number: int) -> str:
    """A text of words that the encoder knows, for each number another one."""
    digits = (number // 25**place % 25 for place in range(3))
    return f"{WATER} {' '.join(tiny.WORDS[digit] for digit in digits)}"


def nearest(text: str, k: int = 9) -> list[str]:
    found = current_meaning()
    assert found is not None
    return [id_ for id_, _ in found.nearest(text, "en", k)]


def test_what_is_built_is_found_and_follows_the_records(deliver: Deliver) -> None:
    deliver([texts(1, WATER), texts(2, ENERGY), texts(3, SCHOOL), texts(4, WATER, "fi")])
    sync()
    assert nearest(WATER) == []
    report = build()
    assert (report.encoded, report.complete) == (3, True)
    assert set(nearest(WATER)) == {"p:1", "p:2", "p:3"}
    deliver([texts(1, WATER), texts(2, SCHOOL + " " + ENERGY), texts(4, ENERGY)])
    sync()
    assert set(nearest(WATER)) <= {"p:1", "p:2", "p:4"}, "what the index lacks is not answered"
    report = build()
    assert set(nearest(WATER)) == {"p:1", "p:2", "p:4"}
    assert report.encoded == 1, "the energy of one record is now that of another"
    assert build().changes == 0


def test_a_rebuilt_index_encodes_nothing_twice(deliver: Deliver) -> None:
    deliver([texts(1, WATER), texts(2, ENERGY)])
    sync()
    build()
    rebuild()
    rebuild()
    assert build().changes == 0
    IndexState.objects.filter(name__startswith="vectors-").delete()
    again = build()
    assert again.changes == Change.objects.count()
    assert again.encoded == 0
    assert len(nearest(WATER)) == 2


def test_status_says_what_waits(deliver: Deliver) -> None:
    deliver([texts(1, WATER), texts(2, "Water of the region")])
    assert status().waiting == Change.objects.count()
    assert hint().startswith(f"{Change.objects.count()} changes are not searched by meaning yet")
    build()
    assert hint() == ""
    found = status()
    assert (found.documents, found.passages, found.waiting) == (1, 1, 0)
    assert found.languages == ("en",)


def test_it_stops_when_told_and_goes_on_where_it_was(deliver: Deliver) -> None:
    count = 3 * BATCH
    deliver([texts(n, only(n)) for n in range(count)])
    calls = iter([False, False, True, True])
    first = build(stop=lambda: next(calls))
    assert not first.complete
    second = build()
    assert second.complete
    assert status().documents == count
    sync()
    assert len(nearest(WATER, count)) == count
    assert build().changes == 0


def test_only_one_builds(settings: Any) -> None:
    built = meaning._encoder(settings.SITE.meaning, settings.HOME, 0)
    folder = meaning._folder(settings.SITE.meaning, settings.HOME)
    with VectorWriter(folder, built.dimensions), pytest.raises(BuildLocked):
        build()


def test_without_an_encoder_nothing_waits(settings: Any, deliver: Deliver) -> None:
    settings.SITE = replace(settings.SITE, meaning=None)
    deliver([texts(1, WATER)])
    assert hint() == ""


def test_without_an_encoder_nothing_is_asked(settings: Any) -> None:
    settings.SITE = replace(settings.SITE, meaning=None)
    assert current_meaning() is None
    with pytest.raises(MeaningError, match="No encoder is set"):
        build()


def test_an_encoder_that_fails_is_said_and_searches_go_on(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tiny" / "config.json").write_text("{}")
    assert current_meaning() is None
    assert current_meaning() is None
    assert len([r for r in caplog.records if "Searches go without meaning" in r.message]) == 1


def test_the_command_is_killed_and_goes_on(tmp_path: Path, own_database: Any) -> None:
    from tests.integration.deliveries import write

    home = tmp_path / "home"
    home.mkdir()
    (home / "tessera.toml").write_text(f'[search]\nmeaning = "{tmp_path / "tiny"}"\n')
    environment = own_database()
    lines = [texts(n, only(n)) for n in range(1500)]
    path = write(tmp_path / "some.jsonl", lines)
    done = tessera(home, "import", "jsonl", str(path), **environment)
    assert done.returncode == 0, done.stderr
    for seconds in (1.2, 1.6, 2.0):
        child = subprocess.Popen(
            [sys.executable, "-m", "tessera.cli", "--home", str(home), "meaning", "build"],
            env={**os.environ, **environment}, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(seconds)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    done = tessera(home, "worker", "--once", **environment)
    assert done.returncode == 0, done.stderr
    done = tessera(home, "meaning", "build", "--json", **environment)
    assert '"changes": 0, "encoded": 0, "complete": true' in done.stdout, done.stderr
    done = tessera(home, "meaning", "status", **environment)
    assert "1,500 records with 1,500 passages" in done.stdout
    assert "0 changes waiting" in done.stdout


def test_a_wrong_setting_is_said_with_its_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "tessera.toml").write_text('[search]\nmeaning = "nowhere"\n')
    done = tessera(home, "meaning", "status")
    assert done.returncode == 1
    assert "line 2: search.meaning names" in done.stderr
    assert "which is no folder" in done.stderr


def test_vectors_of_what_is_for_members_answer_members_alone(deliver: Deliver) -> None:
    person = {"id": "m:1", "kind": "person", "title": {"en": "One"}, "text": {"en": WATER}}

    def near(audience: Audience) -> set[str]:
        found = current_meaning()
        assert found is not None
        return {id_ for id_, _ in found.nearest(WATER, "en", 9, audience=audience)}

    for visibility, everyone, members in (
        ({"title": "everyone", "text": "members"}, 0, 1),
        ({"title": "members", "text": "members"}, 0, 1),
        ({"title": "everyone", "text": "everyone"}, 1, 1),
        ({}, 0, 0),
    ):
        deliver([texts(1, ENERGY), {**person, "visibility": visibility}])
        sync()
        build()
        assert near(Audience.EVERYONE) == {"p:1", *["m:1"] * everyone}
        assert near(Audience.MEMBERS) == {"p:1", *["m:1"] * members}
    held = meaning._reader(meaning._encoder(meaning._wanted(), settings.HOME, 1), settings.HOME)
    assert set(held.refresh().table.rows) == {"p:1"}
