from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Gone, ItemError
from tessera.sources.delivered import Delivered, Unreadable
from tessera.sources.fetch.errors import Unusable
from tessera.sources.oai.answers import read_answer
from tessera.sources.oai.importer import OaiImporter
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, sorted_out
from tests.websites import Website, send, website

SAMPLE = SOURCES / "oai" / "sample" / "records.xml"


def made() -> OaiImporter:
    found = importer("oai")
    assert isinstance(found, OaiImporter)
    return found


def answer(*records: str, more: str = "", token: str | None = None, size: int = 0) -> bytes:
    tail = (
        ""
        if token is None
        else f'<resumptionToken completeListSize="{size}">{token}</resumptionToken>'
    )
    listed = f"<ListRecords>{''.join(records)}{tail}</ListRecords>" if records else ""
    return (
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{more}{listed}</OAI-PMH>'
    ).encode()


def dublin(number: int, title: str = "A report on rivers and lakes") -> str:
    return (
        f"<record><header><identifier>oai:r:{number}</identifier></header><metadata>"
        '<dc xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title} {number}</dc:title></dc></metadata></record>"
    )


def deleted(number: int) -> str:
    header = f'<header status="deleted"><identifier>oai:r:{number}</identifier></header>'
    return f"<record>{header}</record>"


def repository(site: Website, *pages: bytes) -> None:
    """A list in several answers; each but the last one leads on by a token."""

    def listed(handler: BaseHTTPRequestHandler) -> None:
        given_ = parse_qs(urlsplit(handler.path).query)
        token = given_.get("resumptionToken", [""])[0]
        assert given_["verb"] == ["ListRecords"]
        assert not token or "metadataPrefix" not in given_, "a token stands alone"
        send(handler, 200, pages[int(token or 0)], {"Content-Type": "text/xml"})

    site.pages["/oai"] = listed


def test_dublin_core_becomes_files_news_and_projects() -> None:
    items, (file, news, project), errors = run(made(), SAMPLE)
    assert len(items) == 3
    assert (file.kind, file.file_type, file.language) == ("file", "pdf", "en")
    assert set(file.title) == {"en", "pl"} and file.themes == ["Floods"]
    assert file.url == "https://repository.example/records/17"
    assert file.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert file.canonical()["published"] == "2025-11-01" and "2025-11" in file.notes[0]
    assert file.countries == ["PL"]
    assert (news.kind, news.canonical()["published"]) == ("news", "2026-01-06")
    dates = project.canonical()
    assert (project.kind, dates["start"], dates["end"]) == ("project", "2019-03-01", "2022-02-28")
    assert [each.key for each in failures(errors)] == ["oai:repository.example:21"]
    assert not any("Someone" in item.written for item in items)


def test_a_list_is_followed_to_its_end() -> None:
    with website() as site:
        repository(
            site,
            answer(dublin(1), dublin(2), token="1", size=4),
            answer(dublin(3), deleted(9), token="2", size=4),
            answer(dublin(2), token="", size=4),
        )
        stream = list(made().gather_remote([f"{site.url}/oai?set=rivers&key=7"], site.fetcher()))
        assert [each.key for each in stream if isinstance(each, Gone)] == ["oai:r:9"]
        items, drafts, errors = sorted_out(made(), stream)
        assert [item.key for item in items] == ["oai:r:1", "oai:r:2", "oai:r:3"]
        assert len(drafts) == 3 and failures(errors) == []
        first, second = site.asked[1:3]
        assert "set=rivers" in first and "key=7" in first and "metadataPrefix=oai_dc" in first
        assert "set=" not in second and "key=7" in second and "resumptionToken=1" in second


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        ((answer(dublin(1), token="1"),
          answer(more='<error code="badResumptionToken">late</error>')), "badResumptionToken"),
        ((answer(dublin(1), token="1"), answer(dublin(2), token="1")), "circle"),
        ((b"<html/>",), "no answer of an OAI-PMH"),
        ((b"not xml",), "well-formed"),
        ((answer(more='<error code="badArgument">no such set</error>'),), "no such set"),
    ],
)  # fmt: skip
def test_a_list_that_breaks_ends_the_run(pages: tuple[bytes, ...], said: str) -> None:
    with website() as site:
        repository(site, *pages)
        with pytest.raises(Unusable, match=said):
            list(made().gather_remote([f"{site.url}/oai"], site.fetcher()))


def test_an_empty_list_is_one() -> None:
    with website() as site:
        repository(site, answer(more='<error code="noRecordsMatch"/>'))
        assert list(made().gather_remote([f"{site.url}/oai"], site.fetcher())) == []


def test_a_short_list_is_said() -> None:
    with website() as site:
        repository(site, answer(dublin(1), token="", size=3))
        _, _, errors = sorted_out(made(), made().gather_remote([f"{site.url}/oai"], site.fetcher()))
        assert "promises 3 records and has 1" in errors[0].message


def test_entities_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>')
    _, drafts, errors = run(made(), path)
    assert drafts == [] and "refused" in errors[0].message


@settings(max_examples=50)
@given(st.integers(0, 4_000), st.integers(0, 400), st.binary(max_size=30))
def test_no_damage_makes_a_traceback(start: int, length: int, noise: bytes) -> None:
    body = SAMPLE.read_bytes()
    try:
        read_answer(Delivered("x", body[:start] + noise + body[start + length :]))
    except Unreadable:
        return


@given(st.dictionaries(st.sampled_from(["title", "date", "type", "language", "rights", "coverage",
                                        "identifier", "format", "subject", "description"]),
                       st.lists(st.text(max_size=60), max_size=3)))  # fmt: skip
def test_any_values_are_mapped_or_refused(values: dict[str, list[str]]) -> None:
    from tessera.sources.base import Item

    dc = {name: [{"text": text} for text in texts] for name, texts in values.items()}
    found = list(made().map(Item("oai:r:1", {"identifier": "x", "sets": [], "dc": dc}, "here")))
    assert found
    assert all(each.where.startswith("here") for each in found if isinstance(each, ItemError))
