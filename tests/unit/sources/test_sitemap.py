from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Item
from tessera.sources.fetch.errors import BudgetSpent, Unusable
from tessera.sources.registry import importer
from tessera.sources.sitemap.importer import SitemapImporter
from tessera.sources.sitemap.jsonld import page_nodes
from tests.unit.sources.making import SOURCES, failures, run, sorted_out
from tests.websites import Notes, Website, send, website

SAMPLE = SOURCES / "sitemap" / "sample"


def made() -> SitemapImporter:
    found = importer("sitemap")
    assert isinstance(found, SitemapImporter)
    return found


def page(*nodes: object) -> str:
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes
    )
    return f'<html lang="en"><head>{scripts}</head><body><p>Hello</p></body></html>'


def sitemap(*addresses: str, index: bool = False) -> str:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    listed = "".join(f"<{inner}><loc>{each}</loc></{inner}>" for each in addresses)
    return f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</{outer}>'


def event(name: str, **more: object) -> dict[str, object]:
    return {"@type": "Event", "name": name, "startDate": "2026-05-09", **more}


def test_what_pages_say_of_themselves() -> None:
    items, drafts, errors = run(made(), SAMPLE)
    assert len(items) == 2 and failures(errors) == []
    fair, news, project, data, university = drafts
    assert (fair.kind, fair.place, fair.countries) == ("event", "Harbour, Quay 1, Riverton", ["PL"])
    assert (news.kind, str(news.published)) == ("news", "2026-03-03")
    assert (project.kind, project.acronym, list(project.title)) == ("project", "BothBanks", ["pl"])
    assert [(each.name, each.role) for each in project.organisations] == [
        ("River Basin Partnership", "lead"), ("Town of Riverton", "partner"),
    ]  # fmt: skip
    assert (data.kind, data.file_type) == ("file", "xls")
    assert data.published is None, "a month is no day"
    assert university.id == "ror:00000a123"
    assert any("called off" in each.message for each in errors)
    assert not any("Someone" in item.written for item in items)


def test_an_index_leads_to_pages() -> None:
    with website() as site:
        u = site.url
        site.pages |= {
            "/sitemap.xml": sitemap(f"{u}/a.xml", f"{u}/b.xml.gz", index=True),
            "/a.xml": sitemap(f"{u}/fair", f"{u}/plain", f"{u}/away", "https://other.example/x"),
            "/b.xml.gz": gzip.compress(sitemap(f"{u}/list", f"{u}/fair", f"{u}/").encode()),
            "/fair": page(event("River fair", url=f"{u}/fair", description="All of it")),
            "/list": page(event("River fair", url=f"{u}/fair"), event("Spring walk")),
            "/plain": page(),
            "/": page({"@type": "NGO", "@id": f"{u}/#us", "url": f"{u}/", "name": "Partnership"}),
        }
        stream = made().gather_remote([f"{u}/sitemap.xml"], site.fetcher())
        items, drafts, errors = sorted_out(made(), stream)
        assert sorted(next(iter(draft.title.values())) for draft in drafts) == [
            "Partnership", "River fair", "Spring walk",
        ]  # fmt: skip
        assert len(items) == 3 and failures(errors) == []
        told = " ".join(each.message for each in errors)
        assert "answers 404" in told and "1 pages of other sites" in told
        assert "1 pages describe no" in told


def test_a_page_that_fails_keeps_what_it_was() -> None:
    with website() as site:
        site.pages |= {
            "/s.xml": sitemap(f"{site.url}/bad", f"{site.url}/broken"),
            "/bad": lambda handler: send(handler, 500),
            "/broken": '<script type="application/ld+json">{"@type": "Event", </script>',
        }
        stream = made().gather_remote([f"{site.url}/s.xml"], site.fetcher(retries=0))
        _, _, errors = sorted_out(made(), stream)
        assert [(each.key, each.warning) for each in errors] == [
            (f"{site.url}/bad", False), (f"{site.url}/broken", False),
        ]  # fmt: skip


def test_pages_that_did_not_change_are_not_sent_again() -> None:
    def dated(site: Website) -> None:
        body = page(event("River fair")).encode()
        site.pages["/fair"] = lambda handler: (
            send(handler, 304) if handler.headers.get("If-None-Match")
            else send(handler, 200, body, {"ETag": '"1"'})
        )  # fmt: skip

    with website() as site:
        site.pages["/s.xml"] = sitemap(f"{site.url}/fair")
        dated(site)
        notes = Notes()
        both = [
            sorted_out(made(), made().gather_remote([f"{site.url}/s.xml"], site.fetcher(notes)))
            for _ in range(2)
        ]
        assert both[0][0] == both[1][0] and both[0][1]
        assert site.headers[-1]["If-None-Match"] == '"1"'
        assert len(notes[f"{site.url}/fair"].body) < 300


@pytest.mark.parametrize(
    ("body", "said"),
    [("<html/>", "no sitemap"), ("<urlset><url>", "well-formed"), ("Sorry", "no sitemap"),
     ('<!DOCTYPE a [<!ENTITY b "c">]><urlset/>', "refused")],
)  # fmt: skip
def test_what_is_no_sitemap_ends_the_run(body: str, said: str) -> None:
    with website() as site:
        site.pages["/s.xml"] = body
        with pytest.raises(Unusable, match=said):
            list(made().gather_remote([f"{site.url}/s.xml"], site.fetcher()))


def test_depth_and_number_have_limits() -> None:
    with website() as site:
        for number in range(5):
            following = f"{site.url}/s{number + 1}.xml"
            site.pages[f"/s{number}.xml"] = sitemap(following, index=True)
        with pytest.raises(Unusable, match="deeper than 2"):
            list(made().gather_remote([f"{site.url}/s0.xml"], site.fetcher(depth=2)))
        site.pages["/s.xml"] = sitemap(*(f"{site.url}/{n}" for n in range(9)))
        with pytest.raises(BudgetSpent):
            list(made().gather_remote([f"{site.url}/s.xml"], site.fetcher(requests=4)))


def test_a_sitemap_alone_names_no_records(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text(sitemap("https://rivers.example/a"))
    _, _, errors = run(made(), path)
    assert "tessera.toml" in errors[0].message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@type", "@id", "name", "url", "startDate", "location", "address",
                         "keywords", "member", "distribution", "inLanguage", "@graph",
                         "identifier", "description", "addressCountry", "eventStatus"]),
        inner, max_size=5,
    ),
    max_leaves=15,
)  # fmt: skip
TYPES = st.sampled_from(["Event", "NewsArticle", "Project", "Dataset", "Organization", "Report"])


@settings(max_examples=150)
@given(
    st.builds(
        lambda kind, more: {"name": "x", **more, "@type": kind},
        TYPES,
        st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "url",
                    "startDate",
                    "endDate",
                    "location",
                    "keywords",
                    "member",
                    "distribution",
                    "address",
                    "inLanguage",
                    "datePublished",
                    "identifier",
                    "sameAs",
                    "mainEntityOfPage",
                    "@id",
                ]
            ),
            JSON,
        ),
    )
)
def test_nothing_that_a_page_says_makes_a_traceback(node: dict[str, object]) -> None:
    found = page_nodes(json.dumps([node]).encode(), "https://x.example/p")
    found.pop("problems")
    list(made().map(Item("p", found, "p")))


@settings(max_examples=50)
@given(st.integers(0, 1_500), st.integers(0, 400), st.binary(max_size=30))
def test_no_damage_makes_a_traceback(start: int, length: int, noise: bytes) -> None:
    body = (SAMPLE / "event.html").read_bytes()
    found = page_nodes(body[:start] + noise + body[start + length :])
    found.pop("problems")
    list(made().map(Item("p", found, "p")))
