"""The judged sets beside the repository, and runs over them, scored by their own scorer."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.livesite import ROOT

SETS = {
    "cranfield": "ad hoc, aerodynamics",
    "cranfield-typo": "the same with misspelt words",
    "cisi": "long questions, library science",
    "medline": "ad hoc, medicine",
    "stackfaq": "help pages, questions put otherwise",
    "xquad": "question to paragraph, five languages",
    "orgs-s2aff-train": "organisations by their names",
    "experts-dblp": "people by what they wrote",
}
"""With what they ask."""
MULTILINGUAL = "xquad"
TEXTS = ("docs.jsonl", "queries.jsonl", "qrels.tsv")


def shared_folder() -> Path:
    """The folder `shared` beside the repository; TESSERA_SHARED names another one."""
    return Path(os.environ.get("TESSERA_SHARED") or ROOT.parent / "shared")


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two runs in nDCG@10: its mean, the ends of its 95 % interval, and the p of no one."""

    mean: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """A set in `folder`, its texts alone."""

    name: str
    folder: Path
    scorer: Path

    @property
    def depth(self) -> int:
        """Answers to a question: enough that none is cut off before languages are told apart."""
        return 3000 if self.name == MULTILINGUAL else 1000

    @property
    def files(self) -> list[str]:
        return [f"--{name}={self.folder / file}" for name, file in _names()]

    def answered(self, command: Sequence[str], run: Path) -> Path:
        """Let a system answer the questions; it is given no judgements. Raises SystemExit."""
        wanted = [
            f"--{name}={self.folder / file}" for name, file in _names() if name != "qrels"
        ]  # fmt: skip
        whole = [*command, *wanted, f"--out={run}", f"--depth={self.depth}"]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        done = subprocess.run(whole, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{shlex.join(whole)} failed:\n{done.stderr[-2000:]}")
        return run

    def scores(self, run: Path) -> dict[str, Any]:
        """What the scorer says of a run, with its own keys."""
        answer = run.with_suffix(".json")
        pairs = ["--pairs"] if self.name == MULTILINGUAL else []
        self._score("eval", f"--run={run}", f"--json={answer}", *pairs)
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found

    def difference(self, run: Path, base: Path) -> Difference:
        """The paired comparison in nDCG@10."""
        said = self._score("diff", f"--run={run}", f"--base={base}")
        row = next(line for line in said.splitlines() if line.startswith("nDCG@10"))
        for mark in "[],":
            row = row.replace(mark, " ")
        _, _, _, mean, low, high, p = row.split()
        return Difference(float(mean), float(low), float(high), float(p))

    def _score(self, *arguments: str) -> str:
        whole = [sys.executable, str(self.scorer), *arguments, *self.files]
        return subprocess.run(whole, capture_output=True, text=True, check=True).stdout


def _names() -> Iterable[tuple[str, str]]:
    return ((file.partition(".")[0], file) for file in TEXTS)


def judged_set(name: str, shared: Path, folder: Path, every: int = 1) -> JudgedSet:
    """A set with its texts in `folder`: of the questions each so manyeth, in all its languages.

    The translations of a question have one id up to the dot.
    """
    given, target = shared / "eval" / name, folder / name
    target.mkdir(parents=True, exist_ok=True)
    if every > 1:
        shutil.copyfile(given / "docs.jsonl", target / "docs.jsonl")
        _thin(given, target, every)
        given = target
    return JudgedSet(name, given, shared / "eval" / "score.py")


def _thin(given: Path, target: Path, every: int) -> None:
    queries = (given / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in queries]
    kept = set([*dict.fromkeys(id_.partition(".")[0] for id_ in ids)][::every])
    chosen = {id_ for id_ in ids if id_.partition(".")[0] in kept}
    lines = [line for line, id_ in zip(queries, ids, strict=True) if id_ in chosen]
    (target / "queries.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    qrels = (given / "qrels.tsv").read_text(encoding="utf-8").splitlines()
    lines = [line for line in qrels if line.split("\t")[0] in {*chosen, "query-id", "qid"}]
    (target / "qrels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def licences(shared: Path, names: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Of each set its source and licence, in the words of its own description."""
    found = {}
    for name in names:
        said = json.loads((shared / "eval" / name / "meta.json").read_text(encoding="utf-8"))
        found[name] = (said["source"], said["licence"])
    return found
