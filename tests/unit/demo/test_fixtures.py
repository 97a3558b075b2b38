"""The reference page's ten results and the spelling pairs, searched as the site searches them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tessera.engine.backend import Index
from tessera.engine.backends.memory import MemoryBackend
from tessera.engine.query import Query
from tessera.schema.document import LinkedRecord, RecordView, to_document
from tessera.schema.draft import RecordDraft
from tessera.schema.fields import SCHEMA

FIXTURES = Path(__file__).parents[2] / "fixtures"


def views(name: str) -> Iterator[RecordView]:
    """The fixture's records with the links that they state, as the store would give them."""
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    data: dict[str, dict[str, Any]] = {}
    for line in lines:
        draft = RecordDraft.from_json(json.loads(line))
        data[draft.id] = draft.canonical()
    for key, (uid, each) in enumerate(data.items(), 1):
        links = tuple(
            LinkedRecord(link["rel"], link["id"], data[link["id"]]["kind"], True, data[link["id"]])
            for link in each.get("links", ())
        )
        yield RecordView(key, uid, each["kind"], each, links, "fixture")


@pytest.fixture(scope="module")
def index() -> Index:
    backend = MemoryBackend()
    backend.create(SCHEMA, "fixtures")
    with backend.writer(SCHEMA, "fixtures") as writer:
        for name in ("reference_page.jsonl", "spelling.jsonl"):
            found = list(views(name))
            offset = 1000 if name.startswith("spelling") else 0
            writer.put(
                to_document(RecordView(v.key + offset, v.id, v.kind, v.data, v.links, v.source))
                for v in found
            )
        writer.commit()
    backend.promote("fixtures")
    return backend.current(SCHEMA)


def ids(index: Index, text: str) -> set[str]:
    query, problems = Query.from_params([("q", text), ("size", "100")], SCHEMA)
    assert not problems
    return {hit.id for hit in index.search(query).hits}


def test_cluster_finds_the_ten_results_and_nothing_else(index: Index) -> None:
    found = ids(index, "cluster")
    assert len(found) == 10
    assert {uid.partition(":")[0] for uid in found} == {"reference"}
    assert "reference:organisation-spri" not in found


def test_an_organisation_is_found_by_its_earlier_name(index: Index) -> None:
    assert "reference:organisation-spri" in ids(index, "competitive transformation")


@pytest.mark.parametrize(
    ("spellings", "pages"),
    [
        (("Österreich", "Oesterreich", "Osterreich"), {"oe-umlaut", "oe-digraph", "oe-plain"}),
        (("Αθήνα", "Athina"), {"athina-greek", "athina-latin"}),
        (("Łódź", "Lodz"), {"lodz-marks", "lodz-plain"}),
        (("Győr", "Gyor"), {"gyor-marks", "gyor-plain"}),
        (("Århus", "Aarhus"), {"arhus-ring", "arhus-double"}),
        (("Škofja Loka", "Skofja Loka"), {"skofjaloka-marks", "skofjaloka-plain"}),
        (("Пловдив", "Plovdiv"), {"plovdiv-cyrillic", "plovdiv-latin"}),
        (("δρόμος", "ΔΡΟΜΟΣ"), {"sigma-upper"}),
    ],
)
def test_every_spelling_finds_every_spelling(
    index: Index, spellings: tuple[str, ...], pages: set[str]
) -> None:
    for spelling in spellings:
        assert ids(index, spelling) == {f"spelling:{page}" for page in pages}, spelling


def test_both_spellings_of_kosice_find_the_same(index: Index) -> None:
    found = ids(index, "Košice")
    assert found == ids(index, "Kosice")
    assert {"spelling:kosice-marks", "spelling:kosice-plain", "reference:event-kosice"} <= found


def test_sea_does_not_find_research(index: Index) -> None:
    assert ids(index, "sea") == {"spelling:sea"}
