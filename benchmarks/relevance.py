"""Relevance on judged questions, by part and against peers, for docs/reference/relevance.md.

    python -m benchmarks.relevance --out docs/reference/relevance.md

The sets stand in `../shared/eval` beside the repository, or below the folder `TESSERA_SHARED`;
without them nothing is done. What takes long to make, the dictionary and the encoder's vectors, is
kept in `var/relevance` for the next time.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import demo_relevance, relevance_page
from benchmarks.judged import MULTILINGUAL, SETS, Difference, JudgedSet, judged_set, shared_folder
from benchmarks.peers import PEERS
from benchmarks.report import say, write
from tessera.engine.expansion import Dictionary, DictionaryError, learn, pairs_of, read_pairs
from tessera.engine.meaning.errors import MeaningError
from tessera.engine.meaning.folder import find_encoder
from tests.livesite import ROOT

XAPIAN_PYTHON = "/usr/bin/python3"
"""Debian's, which finds its package python3-xapian."""
PARALLEL = ("cpv", "tatoeba")
OF_EACH = 5
"""Of the questions of the multilingual set, each so manyeth is asked, in all its languages."""


@dataclass(frozen=True, slots=True)
class System:
    """What answers. command: without files; shown beside the figures as `shown`."""

    name: str
    command: Sequence[str]
    shown: str
    ours: bool = False


@dataclass(slots=True)
class Measured:
    """One set: by system what the scorer says.

    steps: by configuration of ours, how it differs from the one before it. peer: the best of the
    others, and how the whole of ours differs from it.
    """

    scores: dict[str, dict[str, Any]]
    seconds: dict[str, float]
    steps: dict[str, Difference] = field(default_factory=dict)
    peer: str = ""
    against: Difference | None = None


def ours(dictionary: Path, encoder: str, vectors: Path) -> list[System]:
    """The parts, one after the other; the last one is the whole."""
    whole: list[tuple[str, list[str]]] = [
        ("words", ["--without", "letters", "feedback", "neighbours"]),
        ("letters and feedback", []),
        ("dictionary", ["--dictionary", str(dictionary)]),
    ]
    if encoder:
        options = ["--encoder", encoder, "--vectors", str(vectors)]
        whole.append(("encoder", [*whole[-1][1], *options]))
    start = [sys.executable, "-m", "tessera.cli", "eval"]
    return [
        System(name, [*start, *options], _shown(["tessera", "eval", *options]), ours=True)
        for name, options in whole
    ]


def peers() -> list[System]:
    """Those that are here; the others are named with the reason."""
    found = []
    for name in PEERS:
        command = ["-m", "benchmarks.peers", name]
        found.append(System(name, [sys.executable, *command], _shown(["python", *command])))
    script = str(Path("benchmarks") / "xapian_peer.py")
    if xapian_missing():
        say(f"xapian is left out: {xapian_missing()}")
    else:
        command = [XAPIAN_PYTHON, script]
        found.append(System("xapian", command, _shown(command)))
    return found


def xapian_missing() -> str:
    """Why Xapian can't be asked; empty where it can."""
    try:
        asked = [XAPIAN_PYTHON, "-c", "import xapian"]
        done = subprocess.run(asked, capture_output=True, check=False)
    except OSError as error:
        return f"{XAPIAN_PYTHON}: {error.strerror}"
    return f"{XAPIAN_PYTHON} has no module xapian" if done.returncode else ""


def _shown(words: Sequence[str]) -> str:
    return shlex.join(words).replace(f"{ROOT}/", "")


def measure(judged: JudgedSet, systems: Sequence[System], folder: Path, jobs: int) -> Measured:
    """Let all systems answer a set, and compare."""
    folder.mkdir(parents=True, exist_ok=True)

    def answer(system: System) -> tuple[str, Path, float]:
        began = time.monotonic()
        run = folder / f"{system.name.replace(' ', '-')}.trec"
        judged.answered(system.command, run)
        return system.name, run, time.monotonic() - began

    with ThreadPoolExecutor(jobs) as pool:
        answers = list(pool.map(answer, systems))
        runs = {name: run for name, run, _ in answers}
        scores = dict(zip(runs, pool.map(judged.scores, runs.values()), strict=True))
        found = Measured(scores, {name: seconds for name, _, seconds in answers})
        mine = [system.name for system in systems if system.ours]
        others = [system.name for system in systems if not system.ours]
        found.peer = max(others, key=lambda name: float(scores[name]["all"]["nDCG@10"]))
        compared = [*zip(mine[1:], mine, strict=False), (mine[-1], found.peer)]
        differences = list(
            pool.map(lambda two: judged.difference(runs[two[0]], runs[two[1]]), compared)
        )
    found.steps = dict(zip(mine[1:], differences[:-1], strict=True))
    found.against = differences[-1]
    return found


def dictionary_of(shared: Path, path: Path) -> Path:
    """The dictionary that is learned from the parallel texts, of an earlier time if it will do."""
    files = [shared / "eval" / "parallel" / f"{name}.jsonl" for name in PARALLEL]
    try:
        if Dictionary(path).about().get("files") == _stamp(files):
            return path
    except DictionaryError as error:
        say(str(error))
    say("learning a dictionary from the parallel texts")
    pairs = (pair for file in files for texts in read_pairs(file) for pair in pairs_of(texts))
    learn(pairs, path, about={"files": _stamp(files)})
    return path


def _stamp(files: Sequence[Path]) -> str:
    return " ".join(f"{file.name}:{file.stat().st_size}" for file in files)


def usable(encoder: str) -> str:
    """The encoder's name, or nothing where it can't be used, which is said."""
    if not encoder:
        return ""
    try:
        find_encoder(encoder, ROOT)
    except MeaningError as error:
        say(f"no encoder: {encoder} {error}")
        return ""
    return encoder


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.relevance")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=list(SETS), help="(all)")
    parser.add_argument("--encoder", default="minilm", help='as search.meaning, or "" (minilm)')
    parser.add_argument("--keep", type=Path, default=Path("var/relevance"), help="folder for that")
    parser.add_argument("--every", type=int, default=OF_EACH, help=f"of {MULTILINGUAL} ({OF_EACH})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at a time (cores)")
    parser.add_argument("--out", type=Path, help="the page to renew (stdout)")
    args = parser.parse_args()
    shared = shared_folder()
    if not (shared / "eval").is_dir():
        say(f"{shared / 'eval'} is not there, so nothing is measured; TESSERA_SHARED says where.")
        return 0
    keep = (ROOT / args.keep).resolve()
    encoder = usable(args.encoder)
    dictionary = dictionary_of(shared, keep / "dictionary.sqlite3")
    systems = [*ours(dictionary, encoder, keep / "vectors"), *peers()]
    found: dict[str, Measured] = {}
    for name in args.sets:
        began = time.monotonic()
        every = args.every if name == MULTILINGUAL else 1
        judged = judged_set(name, shared, keep / "sets", every)
        found[name] = measure(judged, systems, keep / "runs" / name, args.jobs)
        say(f"{name}: {time.monotonic() - began:.0f} s, {_line(found[name])}")
    say("the demo catalogue in all languages")
    demo = demo_relevance.measured(dictionary)
    command = "make eval" if args.every == OF_EACH and len(found) == len(SETS) else _own_command()
    sections = relevance_page.sections(found, systems, demo, shared, command, args.every)
    write(args.out, sections, relevance_page.HEAD)
    return 0


def _own_command() -> str:
    return shlex.join(["python", "-m", "benchmarks.relevance", *sys.argv[1:]])


def _line(measured: Measured) -> str:
    scores: Mapping[str, dict[str, Any]] = measured.scores
    return ", ".join(f"{name} {each['all']['nDCG@10']:.4f}" for name, each in scores.items())


if __name__ == "__main__":
    sys.exit(main())
