"""The demonstration catalogue is whole: what it promises is there, on whatever day it is built."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.build import catalogue

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "demo"
DAYS = (date(2026, 2, 28), date(2026, 11, 22), date(2028, 2, 29), date(2031, 12, 31))
MINIMUM = {
    "project": 95,
    "person": 60,
    "event": 60,
    "news": 70,
    "file": 50,
    "organisation": 50,
    "good_practice": 20,
    "call": 5,
}
DATES = ("start", "end", "published")
TIMES = ("starts", "ends")
NUTS = re.compile(r"^[A-Z]{2}[A-Z0-9]{1,3}$")
ORGANISATION_TYPES = {
    "LocalPublicAuthority", "RegionalPublicAuthority", "NationalPublicAuthority",
    "SectoralAgency", "InfrastructureAndServiceProvider", "InterestGroups",
    "HigherEducationOrganisations", "EducationTrainingCentreAndSchool", "EnterpriseExceptSme",
    "Sme", "BusinessSupportOrganisation", "Egtc", "InternationalOrganisationEeig",
    "GeneralPublic", "Hospitals", "CrossBorderLegalBody", "Other",
}  # fmt: skip

Record = dict[str, Any]


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


@pytest.fixture
def records(today: date) -> list[Record]:
    return list(catalogue(today))


def of(records: list[Record], kind: str) -> list[Record]:
    return [made for made in records if made["kind"] == kind]


def test_ids_are_unique_and_marked_as_demonstration(records: list[Record]) -> None:
    ids = [made["id"] for made in records]
    assert [each for each, count in Counter(ids).items() if count > 1] == []
    assert [each for each in ids if not re.fullmatch(r"demo:[a-z_-]+-[a-z0-9-]+", each)] == []


def test_every_record_says_what_it_is(records: list[Record]) -> None:
    for made in records:
        assert made["title"], made["id"]
        assert all(re.fullmatch("[a-z]{2}", lang) for lang in made["title"]), made["id"]
        assert all(text.strip() for text in made["title"].values()), made["id"]
        assert made["licence"] == "CC0-1.0", made["id"]
        assert made["source_note"] == "Invented for demonstration", made["id"]
        assert json.loads(json.dumps(made, ensure_ascii=False)) == made, made["id"]


def test_there_are_enough_of_every_kind(records: list[Record]) -> None:
    counts = Counter(made["kind"] for made in records)
    assert {kind: counts[kind] for kind, least in MINIMUM.items() if counts[kind] < least} == {}
    assert set(counts) == set(MINIMUM)


def test_links_and_organisations_lead_to_records(records: list[Record]) -> None:
    kinds = {made["id"]: made["kind"] for made in records}
    for made in records:
        for link in made.get("links", ()):
            assert kinds.get(link["id"]) == "project", (made["id"], link)
        for partner in made.get("organisations", ()):
            assert kinds.get(partner["id"]) == "organisation", (made["id"], partner)
        if "organisation" in made:
            assert kinds.get(made["organisation"]) == "organisation", made["id"]


def test_projects_have_one_lead_and_at_least_nine_programmes(records: list[Record]) -> None:
    projects = of(records, "project")
    for made in projects:
        roles = [partner["role"] for partner in made["organisations"]]
        assert roles.count("lead") == 1, made["id"]
        assert set(roles) <= {"lead", "partner", "associated"}, made["id"]
    assert len({made["programme"]["name"] for made in projects}) >= 9
    assert all(made["programme"]["id"].startswith("DEMO-") for made in projects)
    assert {made["period"] for made in projects} == {"2007-2013", "2014-2020", "2021-2027"}


def test_objectives_fit_the_period(records: list[Record]) -> None:
    forms = {
        "2007-2013": re.compile("(?!)"),
        "2014-2020": re.compile(r"TO\d+"),
        "2021-2027": re.compile(r"PO\d|ISO\d|RSO\d\.\d|ISO\d\.\d"),
    }
    for made in of(records, "project"):
        for code in made.get("objectives", ()):
            assert forms[made["period"]].fullmatch(code), (made["id"], code)


def test_money_is_published_zero_or_absent(records: list[Record]) -> None:
    totals = [made.get("budget", {}).get("total", {}).get("amount")
              for made in of(records, "project")]  # fmt: skip
    assert totals.count("0.00") >= 2
    assert totals.count(None) >= 4
    assert sum(total not in ("0.00", None) for total in totals) >= 50


def test_some_records_leave_things_unsaid(records: list[Record]) -> None:
    projects = of(records, "project")
    for name in ("themes", "regions", "end"):
        assert any(name not in made for made in projects), f"every project states {name}"
    assert any("published" not in made for made in of(records, "news"))
    assert any("starts" not in made for made in of(records, "event"))


def test_at_least_eight_languages_have_real_text(records: list[Record]) -> None:
    counts = Counter(lang for made in records for lang in made.get("text", {}))
    assert {"en", "de", "fr", "es", "it", "pl", "el", "bg", "hu", "lt", "sl", "sv"} <= set(counts)
    assert min(counts["el"], counts["bg"], counts["hu"]) >= 15
    only = {lang for made in of(records, "news") if len(made["title"]) == 1
            for lang in made["title"]}  # fmt: skip
    assert {"el", "bg", "hu"} <= only


def test_languages_are_written_in_their_script(records: list[Record]) -> None:
    scripts = {"el": re.compile("[Ͱ-Ͽ]"), "bg": re.compile("[Ѐ-ӿ]")}
    for made in records:
        for lang, script in scripts.items():
            text = made.get("text", {}).get(lang)
            assert text is None or script.search(text), (made["id"], lang)


def test_project_and_news_texts_are_neither_stubs_nor_essays(records: list[Record]) -> None:
    for made in (*of(records, "project"), *of(records, "news")):
        longest = max(len(text.split()) for text in made["text"].values())
        assert 50 <= longest <= 200, (made["id"], longest)


def test_no_text_stands_twice(records: list[Record]) -> None:
    texts = Counter(text for made in records for text in made.get("text", {}).values())
    assert [text for text, count in texts.items() if count > 1] == []


def test_events_lie_ahead_and_behind(records: list[Record], today: date) -> None:
    days = [date.fromisoformat(made["starts"][:10]) for made in of(records, "event")
            if "starts" in made]  # fmt: skip
    assert sum(day > today for day in days) >= 5
    assert sum(day < today for day in days) >= 5


def test_events_say_where_and_by_whom(records: list[Record]) -> None:
    events = of(records, "event")
    for made in events:
        assert made["place"], made["id"]
        assert made["organiser"] in ("programme", "project"), made["id"]
        if "starts" in made:
            assert ZoneInfo(made["timezone"]).key.startswith("Europe/"), made["id"]
    assert any(made.get("online") for made in events)
    assert any(made.get("ends", "")[:10] > made.get("starts", "")[:10] for made in events)


def test_news_is_recent_and_says_its_source(records: list[Record], today: date) -> None:
    news = of(records, "news")
    assert {made["news_source"] for made in news} == {"programme", "project"}
    ages = [(today - date.fromisoformat(made["published"])).days for made in news
            if made.get("published")]  # fmt: skip
    assert sum(0 <= age <= 7 for age in ages) >= 5


def test_people_have_every_interest_and_no_address(records: list[Record]) -> None:
    people = of(records, "person")
    interests = {tuple(made["interested_in"]) for made in people}
    assert {each for chosen in interests for each in chosen} == {
        "leading", "joining", "idea", "networking"}  # fmt: skip
    assert len(interests) >= 8
    types = {made["representing"] for made in people if "representing" in made}
    assert types <= ORGANISATION_TYPES
    assert len(types) >= 12
    assert "@" not in json.dumps(records, ensure_ascii=False)
    assert not re.search(r"\+\d[\d ]{6,}", json.dumps(people, ensure_ascii=False))


def test_organisations_have_known_types_and_some_an_earlier_name(records: list[Record]) -> None:
    organisations = of(records, "organisation")
    assert {made["type"] for made in organisations} <= ORGANISATION_TYPES
    former = [name for made in organisations for name in made.get("names", ()) if "until" in name]
    assert len(former) >= 5
    assert all(date.fromisoformat(name["until"]) for name in former)


def test_paths_lead_to_documents_and_every_document_is_used(records: list[Record]) -> None:
    paths = [made["path"] for made in of(records, "file") if "path" in made]
    assert [path for path in paths if not (DEMO / path).is_file()] == []
    lying = {f"documents/{path.name}" for path in (DEMO / "documents").iterdir()}
    assert lying == set(paths)
    assert all(made.get("path") or made.get("url") for made in of(records, "file"))


def test_dates_are_real_dates(records: list[Record]) -> None:
    for made in records:
        for name in DATES:
            if name in made:
                assert date.fromisoformat(made[name]), made["id"]
        for name in TIMES:
            if name in made:
                assert datetime.fromisoformat(made[name]), made["id"]
        for first, last in (("start", "end"), ("starts", "ends")):
            if first in made and last in made:
                assert made[first] <= made[last], made["id"]


def test_regions_are_nuts_codes_and_countries_iso(records: list[Record]) -> None:
    for made in records:
        for region in made.get("regions", ()):
            assert NUTS.match(region["nuts"]), (made["id"], region)
            assert not region["nuts"].startswith(("GR", "GB")), made["id"]
            assert region.get("role") in ("lead", "partner", None), made["id"]
        for country in made.get("countries", ()):
            assert re.fullmatch("[A-Z]{2}", country), made["id"]
            assert country not in ("EL", "UK"), made["id"]


def test_the_same_day_gives_the_same_catalogue(records: list[Record], today: date) -> None:
    assert list(catalogue(today)) == records
