"""Records, an index in memory and the pages made of them, for tests of the page model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tessera.engine.aids import Aids, GetAids
from tessera.engine.backend import Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.query import Problem, Query
from tessera.schema.document import RecordView, to_document
from tessera.schema.draft import RecordDraft
from tessera.schema.fields import SCHEMA
from tessera.search.labels import Labels
from tessera.search.names import Names
from tessera.search.page import Page, explore_page, wanted_facets
from tessera.search.state import State

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def record(uid: str, kind: str = "project", title: str = "A title", **data: Any) -> dict[str, Any]:
    return {"id": uid, "kind": kind, "title": {"en": title}, **data}


def index_of(records: Sequence[Mapping[str, Any]], aids: GetAids = Aids) -> Index:
    backend = MemoryBackend(aids)
    backend.create(SCHEMA, "test")
    with backend.writer(SCHEMA, "test") as writer:
        writer.put(
            to_document(
                RecordView(
                    number,
                    each["id"],
                    each["kind"],
                    RecordDraft.from_json(each).canonical(),
                    (),
                    "test",
                )
            )
            for number, each in enumerate(records, 1)
        )
    backend.promote("test")
    return backend.current(SCHEMA)


def query_of(params: str) -> Query:
    query, problems = Query.from_params(parse_qsl(params, keep_blank_values=True), SCHEMA)
    assert not problems
    return query


def page_of(
    index: Index,
    query: Query | str,
    state: State | None = None,
    problems: Sequence[Problem] = (),
) -> Page:
    if isinstance(query, str):
        query = query_of(query)
    result = index.search(
        replace(query, lang=query.lang or "en"), facets=wanted_facets(query, SCHEMA), now=NOW
    )
    labels = Labels("en", Names(index, "en"))
    return explore_page(query, result, SCHEMA, labels, state=state, problems=problems)


def read_back(href: str) -> Query:
    """The search that an address leads to; what belongs to the page alone set aside."""
    pairs = parse_qsl(urlsplit(href).query, keep_blank_values=True)
    rest = [(n, v) for n, v in pairs if n != "open" and not n.startswith("find.")]
    query, problems = Query.from_params(rest, SCHEMA)
    assert not problems, (href, problems)
    return query


PLACES: list[dict[str, Any]] = [
    record(
        "t:fy",
        title="Exploiting clusterization",
        acronym="ClusterFY",
        summary={"en": "Policies for clusters of firms."},
        programme={"id": "2014TC16RFIR001", "name": "Interreg Europe"},
        period="2014-2020",
        start="2017-01-01",
        end="2021-06-30",
        status="closed",
        themes=["Clusters"],
        objectives=["TO1"],
        regions=[{"nuts": "LT011"}, {"nuts": "SI041"}],
        organisations=[
            {"name": "Agency for Science", "role": "lead", "country": "LT", "type": "Sme"},
            {"name": "Regional office", "country": "SI"},
        ],
    ),
    record(
        "t:two",
        title="Rivers without borders",
        period="2021-2027",
        start="2023-01-01",
        programme={"name": "Danube Ways"},
        countries=["AT", "SI"],
        themes=["Water", "Clusters"],
    ),
    record("t:bare", title="A cluster nobody dated"),
    record("t:ann", "person", "Ann Example", interested_in=["leading", "idea"], countries=["LT"]),
    record(
        "t:meet",
        "event",
        "Cluster meeting",
        starts="2018-11-13",
        ends="2018-11-14",
        place="Košice",
        organiser="project",
    ),
    record("t:soon", "event", "Forum", starts="2026-09-01T09:00:00", timezone="Europe/Vienna"),
    record("t:call", "call", "Seed money", deadline="2026-10-01", programme="Danube Ways"),
    record(
        "t:news", "news", "Cluster news", published="2020-05-27", news_source="project",
        text={"el": "Νέα για τις συστάδες"},
    ),
    record(
        "t:file", "file", "Handbook", file_type="pdf", language="en", size=245_000,
        pages=[{"page": 1, "text": "Foreword"}, {"page": 37, "text": "The zeppelin clause."}],
    ),
    record("t:org", "organisation", "Agency for Science", type="Sme", countries=["LT"]),
]  # fmt: skip
