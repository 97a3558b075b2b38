"""The organisation that a line means is found among parts, places and abbreviations."""

from __future__ import annotations

import pytest

from tessera.schema.identity.finding import Finder, countries, wholes

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


def test_a_firm_in_another_country_is_another_one() -> None:
    firm = Finder([("cn", "IBM Research Lab, Beijing, China"), ("us", "IBM Research, San Jose")])
    assert firm.find("IBM Research Lab, Yorktown Heights, NY 10598")[0][0] == "us"
    assert firm.find("IBM Research Lab, Shanghai, P.R. China")[0][0] == "cn"
    assert firm.find("IBM Research Lab")[0][0] == "cn"


@pytest.mark.parametrize(("line", "expected"), [
    ("Dept. of Chem., Univ. Wien, 1090 Vienna, Austria", {"AT"}),
    ("Murray Hill, NJ 07974", {"US"}), ("IBM India Research Laboratory", {"IN"}),
    ("CERN", set()), ("J. S. Bach Inst., Leipzig", set()), ("", set()),
])  # fmt: skip
def test_the_countries_of_a_line(line: str, expected: set[str]) -> None:
    assert countries(line) == expected


def test_the_whole_of_a_line() -> None:
    assert wholes("Dept. of Chem., Univ. Wien, 1090 Vienna") == ["Univ. Wien"]
    assert wholes("a@b.org") == []
