"""The whole Explore request over HTTP: the real site, imported, indexed and served for real."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from benchmarks.corpus import FIELD_WORDS, KINDS, SEED, Corpus
from benchmarks.measuring import memory
from tests.livesite import LiveSite, serving, tessera

PATH = "/explore"
WORKERS = 2
CLIENTS = 4
ALONE = 300
"""Requests one after the other, for the times."""
TOGETHER = 10.0
"""Seconds of as many requests as go through, for the rate."""


@dataclass(frozen=True, slots=True)
class Explored:
    """What was measured. times: milliseconds of each request, one at a time, sorted.

    rate: pages a second with CLIENTS at a time. megabytes: memory of all processes of the site,
    what they share counted once. import_seconds, index_seconds: for the whole corpus.
    """

    times: tuple[float, ...]
    bytes: int
    rate: float
    megabytes: float
    import_seconds: float
    index_seconds: float

    def percentile(self, percent: int) -> float:
        return self.times[min(len(self.times) - 1, len(self.times) * percent // 100)]


def explore(corpus: Corpus, home: Path, say: Callable[[str], None]) -> Explored:
    """Import, index and serve the corpus in an empty home, and ask for pages."""
    path = home / "bench.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for record in corpus:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    say("importing")
    import_seconds = _run(home, "import", "jsonl", str(path), "--no-index")
    path.unlink()
    say("indexing")
    index_seconds = _run(home, "index", "rebuild")
    paths = list(addresses(corpus))
    say("asking for pages")
    with serving(home, workers=WORKERS) as site:
        for path_ in paths[:40]:
            _get(site, [path_])
        times, size = _get(site, paths[:ALONE])
        rate = _rate(site, paths)
        megabytes = memory(site.pid)
    return Explored(tuple(sorted(times)), size, rate, megabytes, import_seconds, index_seconds)


def addresses(corpus: Corpus, count: int = 600) -> list[str]:
    """Explore pages as people ask for them: words mostly, filters often, later pages seldom."""
    chance = random.Random(f"{SEED} addresses")
    made = []
    for _ in range(count):
        pairs: list[tuple[str, str]] = []
        if chance.random() < 0.9:
            pairs.append(("q", " ".join(chance.sample(FIELD_WORDS, chance.choice((1, 1, 1, 2))))))
        if chance.random() < 0.4:
            pairs.append(("kind", chance.choice(list(KINDS))))
        if chance.random() < 0.4:
            pairs += [("country", code) for code in chance.sample(("DE", "IT", "LT", "SI"), 2)]
        if chance.random() < 0.2:
            pairs.append(("theme", chance.choice(corpus.themes)))
        if chance.random() < 0.15:
            pairs.append(("year", "2014..2020"))
        if chance.random() < 0.15:
            pairs.append(("page", str(chance.randint(2, 20))))
        made.append(PATH + "?" + "&".join(f"{name}={quote(value)}" for name, value in pairs))
    return made


def _run(home: Path, *arguments: str) -> float:
    start = time.perf_counter()
    done = tessera(home, *arguments, timeout=1800)
    if done.returncode:
        raise RuntimeError(f"tessera {' '.join(arguments)}: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def _get(site: LiveSite, paths: Sequence[str]) -> tuple[list[float], int]:
    """Milliseconds of each request, over one connection that is kept, and mean size in bytes."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=60)
    times, size = [], 0
    for path in paths:
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        size += len(response.read())
        times.append((time.perf_counter() - start) * 1000)
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}")
    connection.close()
    return times, size // len(paths)


def _rate(site: LiveSite, paths: Sequence[str]) -> float:
    """Pages a second while CLIENTS ask at the same time."""
    until = time.perf_counter() + TOGETHER
    counts = [0] * CLIENTS
    failures: list[Exception] = []

    def ask(client: int) -> None:
        chance = random.Random(client)
        try:
            while time.perf_counter() < until:
                _get(site, chance.choices(paths, k=10))
                counts[client] += 10
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / (time.perf_counter() - start)
