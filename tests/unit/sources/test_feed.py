from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.base import Item
from tessera.sources.delivered import Delivered, Unreadable
from tessera.sources.feed.entries import read_feed
from tessera.sources.feed.importer import FeedImporter
from tessera.sources.feed.records import record
from tessera.sources.fetch.errors import HttpError, Unusable
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, shared, sorted_out
from tests.websites import send, website

SAMPLE = SOURCES / "feed" / "sample"


def made() -> FeedImporter:
    found = importer("feed")
    assert isinstance(found, FeedImporter)
    return found


def test_rss_becomes_news_and_events() -> None:
    items, drafts, errors = run(made(), SAMPLE / "news.xml")
    news, event, untitled = drafts
    assert len(items) == 3
    assert (news.kind, news.published and news.published.isoformat()) == ("news", "2026-03-03")
    assert news.title == {"en": "Flood maps of both banks are one now"}
    assert "alert" not in news.text["en"] and news.themes == ["Water"]
    assert (event.kind, event.place) == ("event", "Town hall, Riverton")
    assert event.canonical()["starts"] == "2026-10-05T09:00:00+02:00"
    assert event.url == "https://rivers.example/events/autumn-school"
    assert untitled.title["en"].startswith("A short notice without a title")
    assert [each.where for each in failures(errors)] == ["news.xml, entry 4"]
    assert sum("not yet known" in each.message for each in errors) == 1


def test_atom_and_json_feed() -> None:
    _, (atom,), _ = run(made(), SAMPLE / "news.atom")
    assert atom.title == {"sl": "Nova kolesarska pot povezuje dve dolini"}
    assert atom.canonical()["published"] == "2026-02-10"
    _, (news, event), errors = run(made(), SAMPLE / "news.json")
    assert (news.kind, news.text) == ("news", {"it": "La scuola apre a maggio."})
    assert (event.kind, event.place) == ("event", "Centro visite")
    assert errors == []


def test_authors_are_not_even_stored() -> None:
    items, _, _ = run(made(), SAMPLE / "news.atom")
    assert "Someone" not in items[0].written


def test_the_real_feed() -> None:
    items, (news,), errors = run(made(), shared("events_feeds", "he_nz_rss", "feed.xml"))
    assert len(items) == 1 and errors == []
    assert news.title == {"en": "Portfolio updated to 38 signed projects"}
    assert news.canonical()["published"] == "2026-08-22"


def test_what_is_no_feed_is_said(tmp_path: Path) -> None:
    for name, body in {"a.xml": "<html><p>Sorry</p></html>", "b.json": "{}", "c.xml": ""}.items():
        (tmp_path / name).write_text(body)
    _, drafts, errors = run(made(), tmp_path)
    assert drafts == [] and [each.where for each in errors] == ["a.xml", "b.json", "c.xml"]


def test_a_body_is_never_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "other.xml").write_bytes((SAMPLE / "news.xml").read_bytes())
    with pytest.raises(Unreadable):
        read_feed(Delivered("feed", str(tmp_path / "other.xml").encode()))


def test_a_feed_whose_encoding_has_no_name_is_said(tmp_path: Path) -> None:
    path = tmp_path / "news.xml"
    path.write_bytes(b"<?xml version='1.0' encoding='\xfe'?><rss version='2.0'/>")
    _, drafts, errors = run(importer("feed"), path)
    assert not drafts
    assert "can be read" in errors[0].message


def test_a_feed_that_breaks_off_keeps_its_good_entries(tmp_path: Path) -> None:
    whole = (SAMPLE / "news.xml").read_text(encoding="utf-8")
    cut = tmp_path / "cut.xml"
    cut.write_text(whole[: whole.index("A short notice")], encoding="utf-8")
    _, drafts, errors = run(made(), cut)
    assert [draft.kind for draft in drafts[:2]] == ["news", "event"]
    assert any("not well-formed" in each.message for each in errors)


def test_entries_of_two_feeds_with_the_same_numbers_are_two(tmp_path: Path) -> None:
    text = (SAMPLE / "news.xml").read_text(encoding="utf-8")
    (tmp_path / "one.xml").write_text(text)
    (tmp_path / "two.xml").write_text(text.replace("rivers.example", "lakes.example"))
    items, drafts, _ = run(made(), tmp_path)
    assert len({item.key for item in items}) == len(items) == 6
    assert len({draft.id for draft in drafts}) == 6


def test_over_the_network() -> None:
    with website() as site:
        site.pages["/feed"] = (SAMPLE / "news.xml").read_bytes()
        _, drafts, _ = sorted_out(
            made(), made().gather_remote([f"{site.url}/feed"], site.fetcher())
        )
        assert len(drafts) == 3
        site.pages["/feed"] = "<html>Under construction</html>"
        with pytest.raises(Unusable, match="is no feed"):
            list(made().gather_remote([f"{site.url}/feed"], site.fetcher()))
        site.pages["/feed"] = lambda handler: send(handler, 410)
        with pytest.raises(HttpError, match="answers 410"):
            list(made().gather_remote([f"{site.url}/feed"], site.fetcher()))


@given(st.integers(0, 3_000), st.integers(0, 3_000), st.binary(max_size=40))
def test_no_damage_makes_a_traceback(start: int, length: int, noise: bytes) -> None:
    for name in ("news.xml", "news.json"):
        body = (SAMPLE / name).read_bytes()
        damaged = body[:start] + noise + body[start + length :]
        try:
            feed, entries = read_feed(Delivered(name, damaged))
        except Unreadable:
            continue
        for number, entry in enumerate(entries):
            raw = {"feed": feed.values, "entry": entry.values}
            assert list(record(Item(str(number), raw, name)))
