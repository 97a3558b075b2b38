"""The organisation that a line means is found among parts, places and abbreviations."""

from __future__ import annotations

import pytest

from tessera.schema.identity.finding import Finder

FINDER = Finder([
    ("vienna", "Universität Wien"),
    ("graz", "Universität Graz"),
    ("tuw", "Technische Universität Wien"),
    ("hkust", "The Hong Kong University of Science & Technology"),
    ("hku", "University of Hong Kong"),
    ("cern", "CERN, Geneva, Switzerland"),
    ("jiaotong", "Shanghai Jiaotong University"),
])  # fmt: skip


@pytest.mark.parametrize(("line", "uid"), [
    ("Department of Chemistry, Univ. of Vienna, 1090 Wien, Austria", "vienna"),
    ("Dept. of Comput. Sci., Hong Kong Univ. of Sci. & Technol., Kowloon", "hkust"),
    ("TH Division, CERN, CH-1211", "cern"),
    ("School of Medicine, Shanghai Jiao Tong University, P.R. China", "jiaotong"),
])  # fmt: skip
def test_the_whole_is_found(line: str, uid: str) -> None:
    found = FINDER.find(line)
    assert found[0][0] == uid
    assert 0 < found[0][1] <= 1


def test_nothing_is_found_in_nothing() -> None:
    assert FINDER.find("") == []
    assert Finder([]).find("CERN") == []
