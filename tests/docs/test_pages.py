"""What the pages name is there: files, links, commands, make's targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.commands import commands
from tests.livesite import ROOT

PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], key=lambda path: path.relative_to(ROOT)
)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
OURS = ("src/", "tests/", "docs/", "demo/", "benchmarks/", "tools/", "requirements/", ".ci/")


@pytest.fixture(params=PAGES, ids=NAMES)
def page(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        file, _, _ = target.partition("#")
        if file and "://" not in file and not (page.parent / file).exists():
            broken.append(target)
    assert broken == []


def test_files_that_are_named_are_there(page: Path) -> None:
    missing = []
    for code in CODE.findall(page.read_text(encoding="utf-8")):
        for word in code.split():
            name = word.rstrip(",.;:")
            if name.startswith(OURS) and not any(sign in name for sign in "<*{…"):
                path, _, _ = name.partition("::")
                if not (ROOT / path).exists():
                    missing.append(name)
    assert missing == []


def test_commands_that_are_named_are_there(page: Path) -> None:
    known = set(commands())
    tops = {name.split()[0] for name in known}
    wrong = []
    for code in CODE.findall(page.read_text(encoding="utf-8")):
        words = code.split()
        if words and words[0].endswith("tessera") and len(words) > 1:
            rest = [word for word in words[1:] if word != "--home"]
            if re.fullmatch(r"[a-z]+", rest[0]) and rest[0] not in tops:
                wrong.append(code)
    assert wrong == []


def test_targets_that_are_named_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word[1]
        for code in re.findall(r"`([^`]+)`|^(make .*)$", page.read_text(), re.MULTILINE)
        for word in [re.match(r"make ([a-z]+)", code[0] or code[1])]
        if word
    }
    assert named <= targets


def test_every_page_can_be_reached_from_the_first() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            file, _, _ = target.partition("#")
            if file and "://" not in file and (page.parent / file).exists():
                waiting.append(page.parent / file)
    assert {page.resolve() for page in PAGES} - reached <= {ROOT / "CHANGELOG.md"}
