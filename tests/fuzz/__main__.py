"""`make fuzz`: a target of `tests.fuzz.targets` under atheris, which looks for new ways through it.

    python -m tests.fuzz                       every target for a minute each
    python -m tests.fuzz dates --minutes 10    one, for longer
    python -m tests.fuzz dates --case 00ff17   a finding once more

What it learns stays in `var/fuzz/<target>` (TESSERA_FUZZ names another folder), and goes on from
there next time. A finding is written to `var/fuzz/findings/<target>-...` and ends the run.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("TESSERA_FUZZ") or ROOT / "var" / "fuzz")
TIMEOUT = 60
"""Seconds after which a case hangs."""
MEMORY = 3000
"""Megabytes of the whole process."""
INSTRUMENTED = [
    "tessera.sources",
    "tessera.schema",
    "tessera.engine.syntax",
    "tessera.engine.query",
]
"""Where new ways are looked for."""
SEEDS = 24
"""Cases that a target begins with."""


def main() -> int:
    """Run what was asked for; the exit status says whether something was found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="target")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target (1)")
    parser.add_argument("--runs", type=int, default=-1, help="cases of each target; no limit")
    parser.add_argument("--seed", type=int, default=1, help="of what chance decides (1)")
    parser.add_argument("--case", default="", help="a case in hexadecimal digits, or a file")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        return _again(asked.targets[0], asked.case)
    if asked.inside:
        _fuzz(asked.targets[0], asked.minutes, asked.runs, asked.seed)
        return 0
    from tests.fuzz.targets import TARGETS

    unknown = set(asked.targets) - TARGETS.keys()
    if unknown:
        print(f"No target is called {', '.join(unknown)}; there are: {', '.join(sorted(TARGETS))}.")
        return 2
    if find_spec("atheris") is None:
        print(
            "atheris has no wheel for this platform or Python; `make test` runs cases without it."
        )
        return 2
    found = []
    for name in asked.targets or sorted(TARGETS):
        print(f"-- {name}", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", "--inside", name, "--seed", str(asked.seed),
                   "--minutes", str(asked.minutes), "--runs", str(asked.runs)]  # fmt: skip
        if subprocess.run(command, check=False).returncode:
            found.append(name)
    print(
        f"Found something: {', '.join(found)}; see {HOME / 'findings'}"
        if found
        else "Found nothing."
    )
    return 1 if found else 0


def _again(name: str, case: str) -> int:
    from tests.fuzz.targets import TARGETS

    path = Path(case)
    TARGETS[name](path.read_bytes() if path.is_file() else bytes.fromhex(case))
    print(f"{name} holds.")
    return 0


def _fuzz(name: str, minutes: float, runs: int, seed: int) -> None:
    """One target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.targets import TARGETS
    corpus, findings = HOME / name, HOME / "findings"
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    for number in range(SEEDS):
        start = corpus / f"start-{number}"
        if not start.exists():
            start.write_bytes(random.Random(f"{name} {number}").randbytes(64 + 16 * number))
    options = [f"-max_total_time={max(1, round(minutes * 60))}", f"-runs={runs}", f"-seed={seed}",
               f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}", "-max_len=2048",
               "-print_final_stats=1", f"-artifact_prefix={findings / name}-"]  # fmt: skip
    atheris.Setup([f"fuzz-{name}", str(corpus), *options], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
