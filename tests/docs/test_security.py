"""The security checklist names tests that there are."""

from __future__ import annotations

import ast
import re

import pytest

from tests.livesite import ROOT

PAGE = (ROOT / "docs/guide/security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py::\w+)`", PAGE)))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 50
    assert len(re.findall(r"::", PAGE)) == len(re.findall(r"`tests/[\w/]+\.py::\w+`", PAGE))


@pytest.mark.parametrize("named", NAMED)
def test_it_is_there(named: str) -> None:
    path, _, name = named.partition("::")
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_each_point_has_a_test() -> None:
    rows = re.findall(r"^\| (?!point|---)(.+) \|$", PAGE, re.MULTILINE)
    assert [row for row in rows if "::" not in row] == []
