"""`python -m tools.audit`: are the pinned packages what they should be, and known to be safe?

--pins asks nobody: every requirement of pyproject.toml is pinned, to one version, with hashes.
Without it, the package index is asked for yanked releases, and pip-audit's service for known
vulnerabilities. What could not be asked about is a failure, not a pass.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("run", "test")

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
YANKED = re.compile(r"`([^`]+)` is yanked.*")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, tuple[str, int]]:
    """By name, version and number of hashes."""
    found: dict[str, tuple[str, int]] = {}
    starts = list(PIN.finditer(text))
    ends = [each.start() for each in starts[1:]] + [len(text)]
    for each, end in zip(starts, ends, strict=False):
        block = text[each.start() : end]
        found[normal(each[1])] = (each[2], len(HASH.findall(block)))
    return found


def wanted(project: dict[str, Any], extras: tuple[str, ...], groups: tuple[str, ...]) -> set[str]:
    """Names that pyproject.toml asks for."""
    lines = list(project["project"]["dependencies"])
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    for group in groups:
        lines += project["dependency-groups"][group]
    return {normal(match[0]) for line in lines if (match := NAME.match(line))}


def wrong_pins(texts: dict[str, str], project: dict[str, Any]) -> list[str]:
    """What is wrong with the lists, a sentence each. texts: run and test, as they are."""
    run, test = pins(texts["run"]), pins(texts["test"])
    asked = {
        "run": wanted(project, ("postgres",), ("build",)),
        "test": wanted(project, ("postgres", "meaning"), ("build", "test")),
    }
    problems = []
    for name, found in (("run", run), ("test", test)):
        where = f"requirements/{name}.txt"
        problems += [f"{where} pins nothing."] if not found else []
        problems += [
            f"{where} has no hash for {each}: `make lock`."
            for each, (_, hashes) in found.items()
            if not hashes
        ]
        problems += [
            f"{where} lacks {each}, which pyproject.toml asks for: `make lock`."
            for each in sorted(asked[name] - found.keys())
        ]
        loose = [
            line for line in texts[name].splitlines()
            if line[:1].isalnum() and not PIN.match(line)
        ]  # fmt: skip
        problems += [f"{where}: {line!r} is no pin to one version." for line in loose]
    problems += [
        f"{each} is {run[each][0]} for running and {test[each][0]} for testing: `make lock`."
        for each in sorted(run.keys() & test.keys())
        if run[each][0] != test[each][0]
    ]
    return problems


def judged(answer: dict[str, Any], pinned: dict[str, tuple[str, int]]) -> list[str]:
    """Of pip-audit's answer what is a failure, a sentence each: vulnerable, or not looked at."""
    problems, looked_at = [], set()
    for each in answer.get("dependencies", []):
        name = normal(each["name"])
        if "skip_reason" in each:
            problems.append(f"{name} was not checked: {each['skip_reason']}")
            continue
        looked_at.add(name)
        for found in each.get("vulns", []):
            mended = ", ".join(found.get("fix_versions", [])) or "no version yet"
            problems.append(
                f"{name} {each['version']} has {found['id']}, mended in {mended}:"
                " `make lock UPGRADE=--upgrade`."
            )
    if not looked_at:
        problems.insert(0, "Not one package was checked; is the service reached from here?")
    unasked = pinned.keys() - looked_at - {normal(e["name"]) for e in answer["dependencies"]}
    problems += [f"{name} was not asked about." for name in sorted(unasked)]
    return problems


def yanked(said: str) -> list[str]:
    """The releases that the index calls yanked, in what uv says."""
    return [f"{match[0]}: `make lock UPGRADE=--upgrade`." for match in YANKED.finditer(said)]


def ask_index(path: Path) -> list[str]:
    """Whether the index has yanked one of a list."""
    with tempfile.TemporaryDirectory() as folder:
        done = _run("uv", "pip", "install", "--dry-run", "--no-deps", "--require-hashes",
                    "--refresh", "--target", folder, "--requirement", str(path))  # fmt: skip
    if done.returncode:
        return [f"The index was not asked about {path.name}: {done.stderr.strip()[-400:]}"]
    return yanked(done.stderr)


def ask_service(path: Path) -> list[str]:
    """Known vulnerabilities in a list; what wasn't looked at is one of the problems.

    Packages for other systems than this one are left out of what is looked at by their markers.
    """
    done = _run("pip-audit", "--requirement", str(path), "--disable-pip", "--no-deps",
                "--format", "json", "--progress-spinner", "off")  # fmt: skip
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return [f"pip-audit gave no answer for {path.name}: {done.stderr.strip()[-400:]}"]
    text = path.read_text(encoding="utf-8")
    here = {
        name: pin for name, pin in pins(text).items() if f"{name}=={pin[0]} ;" not in text.lower()
    }
    return judged(answer, here)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).with_name(command[0])
    words = [str(beside) if beside.exists() else command[0], *command[1:]]
    return subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.audit")
    parser.add_argument("--pins", action="store_true", help="only what needs no network")
    only_pins = parser.parse_args().pins
    paths = {name: ROOT / "requirements" / f"{name}.txt" for name in LISTS}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    problems = wrong_pins(texts, project)
    if not only_pins:
        # What testing needs holds what running needs, in the same versions.
        problems += ask_index(paths["test"]) + ask_service(paths["test"])
    for each in problems:
        print(each, file=sys.stderr)
    many = len(pins(texts["test"]))
    how = "pins, hashes" if only_pins else "pins, hashes, yanked releases, vulnerabilities"
    print(f"{many} packages, {how}: {len(problems)} problems.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
