"""Project web sites: news, events, people, partners and pages in their languages."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.schema.draft import RecordDraft
from tessera.sources.base import ItemError
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, shared

SAMPLE = SOURCES / "site" / "sample"


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def one(folder: Path) -> tuple[RecordDraft, list[ItemError]]:
    _, (draft,), errors = run(importer("site"), folder)
    return draft, errors


def test_the_sample() -> None:
    _, drafts, errors = run(importer("site"), SAMPLE)
    assert errors == []
    by_kind = {draft.kind: draft.canonical() for draft in drafts}
    assert by_kind["news"]["published"] == "2023-03-05"
    assert by_kind["news"]["text"]["en"].startswith("The first twelve signposts were put up")
    assert by_kind["event"]["starts"] == "2024-05-04T10:00:00"
    assert by_kind["event"]["ends"] == "2024-05-04T16:00:00"
    assert (by_kind["event"]["timezone"], by_kind["event"]["place"]) == (
        "CET",
        "Town square, Exampleburg",
    )
    assert by_kind["organisation"]["title"] == {
        "en": "Town of Exampleburg",
        "lt": "Pavyzdžių miestas",
    }
    assert by_kind["organisation"]["type"] == "LocalPublicAuthority"
    assert (by_kind["file"]["file_type"], sorted(by_kind["file"]["title"])) == ("web", ["en", "lt"])
    assert all(draft.licence == "CC BY 4.0" for draft in drafts)
    about = [{"rel": "about", "id": "sample:p1"}]
    assert all(by_kind[kind].get("links") == about for kind in ("news", "event", "person", "file"))


def test_of_people_nothing_private_is_even_stored() -> None:
    items, drafts, _ = run(importer("site"), SAMPLE)
    (person,) = [draft for draft in drafts if draft.kind == "person"]
    assert person.url == "https://orcid.org/0000-0002-1825-0097"
    assert person.organisation == "Town of Exampleburg"
    stored = json.dumps([item.raw for item in items])
    assert "ona@example.org" not in stored
    assert "+370" not in stored


def test_languages_by_path_by_name_and_by_detection(tmp_path: Path) -> None:
    write(tmp_path, "hu/news/a.md", "---\ntitle: Hírek\ndate: 2020-01-02\n---\nSzöveg")
    write(tmp_path, "en/news/a.md", "---\ntitle: News\ndate: 2020-01-02\n---\nText")
    draft, errors = one(tmp_path)
    assert (draft.title, draft.text) == (
        {"hu": "Hírek", "en": "News"},
        {"hu": "Szöveg", "en": "Text"},
    )
    assert errors == []
    found = tmp_path / "found"
    write(found, "_posts/2020-01-02-x.md", "---\ntitle: Spotkanie partnerów\n---\n"
          "Partnerzy projektu spotkali się w ratuszu, aby uzgodnić plan pracy.")  # fmt: skip
    assert list(one(found)[0].text) == ["pl"]


def test_one_page_that_shows_each_language_in_turn(tmp_path: Path) -> None:
    write(
        tmp_path, "_blog_items/b.blade.md",
        "---\ntitle_en: Opening\ntitle_hu: Megnyitó\nlanguage: En\ndata: '02.12.2019.'\n---\n"
        "    <div><header><h2 x-show=\"len === 'En'\">{{ $page->title_en }}</h2></header>\n"
        "    @foreach($page->photos as $photo)\n    @endforeach\n"
        "    <div x-show=\"len === 'En'\"><p>The opening was held.</p></div>\n"
        "    <div x-show=\"len === 'Hu'\"><p>A megnyitót megtartották.</p></div></div>",
    )  # fmt: skip
    draft, errors = one(tmp_path)
    assert draft.text == {"en": "The opening was held.", "hu": "A megnyitót megtartották."}
    assert draft.title == {"en": "Opening", "hu": "Megnyitó"}
    assert (str(draft.published), errors) == ("2019-12-02", [])


def test_what_is_less_than_a_day_is_said(tmp_path: Path) -> None:
    write(tmp_path, "news/a.md", "---\ntitle: Planting\ndate: November, 2019\n---\nx")
    draft, errors = one(tmp_path)
    assert str(draft.published) == "2019-11-01"
    assert draft.notes == ["Date of publication as stated: November, 2019"]
    assert "the day is not stated" in errors[0].message


def test_an_ambiguous_date_is_left_out_and_told(tmp_path: Path) -> None:
    write(tmp_path, "events/a.md", "---\ntitle: Meeting\nstart: 03/04/2020\n---\nx")
    draft, errors = one(tmp_path)
    assert draft.starts is None
    assert any("day 3 of month 4 or day 4 of month 3" in error.message for error in errors)


def test_scripts_never_come_through(tmp_path: Path) -> None:
    write(tmp_path, "news/2020-01-01-a.md",
          "---\ntitle: '<b>Bold</b> <script>alert(1)</script>'\n---\n"
          "Text <script>alert(2)</script><img src=x onerror=alert(3)>")  # fmt: skip
    draft, _ = one(tmp_path)
    assert "alert" not in json.dumps(draft.canonical())
    assert list(draft.title.values()) == ["Bold"]


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("title: [unclosed", "broken YAML"),
        ("a: &x [1]\nb: *x", "has an alias (*x)"),
        ("[" * 60 + "]" * 60, "nested more than 50 deep"),
        ("- a\n- b", "no keys with values"),
    ],
)
def test_bad_front_matter_is_an_error_of_that_page(
    tmp_path: Path, front: str, message: str
) -> None:
    write(tmp_path, "news/2020-01-01-bad.md", f"---\n{front}\n---\nx")
    write(tmp_path, "news/2020-01-02-good.md", "---\ntitle: Good\n---\nx")
    _, drafts, errors = run(importer("site"), tmp_path)
    assert len(drafts) == 1
    (error,) = failures(errors)
    assert message in error.message
    assert "2020-01-01-bad.md" in error.where


def test_what_is_left_out_is_named(tmp_path: Path) -> None:
    write(tmp_path, "_data/topnav.yml", "- a: b")
    write(tmp_path, "news/plain.md", "no front matter")
    write(tmp_path, "news/draft.md", "---\ntitle: x\ndraft: true\n---\n")
    write(tmp_path, "style.css", "x")
    items, _, errors = run(importer("site"), tmp_path)
    assert items == []
    told = " ".join(error.message for error in errors)
    for name in ("_data/topnav.yml", "news/plain.md", "news/draft.md", "style.css"):
        assert name in told


def test_the_real_sites() -> None:
    folders = [shared("websites", name) for name in
               ("rdmkit", "fairdom", "interreg_hu_srb_womentosave")]  # fmt: skip
    items, drafts, errors = run(importer("site"), *folders)
    assert failures(errors) == []
    kinds = Counter(
        (draft.id.split(":")[1], draft.kind) for draft in drafts if draft.id.startswith("site")
    )
    assert kinds["rdmkit", "news"] == 62
    assert kinds["rdmkit", "event"] == 5
    assert kinds["rdmkit", "person"] == 198
    assert kinds["fairdom", "news"] == 100
    assert kinds["fairdom", "event"] == 8
    assert kinds["fairdom", "person"] == 31
    assert kinds["interreg-hu-srb-womentosave", "news"] == 3
    blogs = [draft for draft in drafts if ":blog-items:" in draft.id]
    assert all(set(draft.text) == set(draft.title) == {"en", "hu", "sr"} for draft in blogs)
    assert [str(draft.published) for draft in blogs] == ["2019-12-02", "2019-12-17", "2020-02-19"]
    assert all(draft.starts for draft in drafts if draft.kind == "event")
    assert all(draft.published for draft in drafts if draft.kind == "news")
    people = [item.raw for item in items if item.raw["kind"] == "person"]
    assert len(people) == 229
    assert "@" not in json.dumps(people)
    assert sum(1 for draft in drafts if draft.kind == "person" and draft.url) >= 170


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(front=st.text(max_size=80), body=st.text(max_size=80))
def test_any_page_gives_drafts_or_errors(tmp_path: Path, front: str, body: str) -> None:
    folder = tmp_path / "s"
    (folder / "events").mkdir(parents=True, exist_ok=True)
    content = f"---\n{front}\n---\n{body}".encode("utf-8", "replace")
    (folder / "events" / "a.md").write_bytes(content)
    run(importer("site"), folder)
