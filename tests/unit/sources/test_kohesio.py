"""Kohesio: both forms of the project files, and beneficiaries."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.sources.base import Item, ItemError
from tessera.sources.registry import importer
from tests.unit.sources.making import SOURCES, failures, run, shared

SAMPLE = SOURCES / "kohesio" / "sample"


def test_projects_of_2014_2020() -> None:
    items, drafts, errors = run(importer("kohesio"), SAMPLE / "projects_2014-2020.csv")
    assert failures(errors) == []
    assert [item.key for item in items] == ["Q900001", "Q900002"]
    bridge, bare = (draft.canonical() for draft in drafts)
    assert bridge["title"]["en"] == "A footbridge over the canal"
    assert bridge["summary"] == {"en": "A bridge for walking, and for bicycles."}
    assert [(each["id"], each["name"]) for each in bridge["organisations"]] == [
        ("kohesio:Q900101", "Stadt Beispielburg"), ("kohesio:Q900102", "Kanalverein Beispielburg"),
    ]  # fmt: skip
    assert bridge["intervention_fields"] == [
        "090 Cycle tracks and footpaths", "066 Advanced support services",
    ]  # fmt: skip
    assert bridge["regions"][0]["nuts"] == "AT221"
    assert (bridge["objectives"], bridge["countries"]) == (["TO4"], ["AT"])
    assert bridge["budget"]["eligible"]["amount"] == "120000.50"
    assert bare["budget"] == {"eu": {"amount": "0", "currency": "EUR"}}
    assert bare["stated"]["end"] == "2018-01-01"
    told = " | ".join(error.message for error in errors)
    assert "'Nowhereland' is not a country" in told
    assert "lies before the start" in told


def test_projects_of_2021_2027() -> None:
    _, (draft,), errors = run(importer("kohesio"), SAMPLE / "projects_2021-2027.csv")
    assert failures(errors) == []
    assert (draft.countries, draft.period) == (["GR"], "2021-2027")
    assert draft.objectives == ["RSO2.4", "PO2"]
    assert [each.nuts for each in draft.regions] == ["EL632", "EL633"]


def test_beneficiaries() -> None:
    _, drafts, errors = run(importer("kohesio"), SAMPLE / "beneficiaries.tsv")
    assert failures(errors) == []
    first, second = (draft.canonical() for draft in drafts)
    assert (first["kind"], first["countries"]) == ("organisation", ["BG"])
    assert first["names"][0]["name"] == "Obshtina Primer"
    assert "names" not in second
    assert second["stated"]["eu_contribution"] == "0"
    assert "total_budget" not in second["stated"]


def test_a_file_of_something_else_says_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Country,Colour\nAT,red\n")
    _, _, (error,) = run(importer("kohesio"), path)
    assert "neither a list of projects" in error.message
    assert "Country, Colour" in error.message


def test_the_headers_of_both_periods_are_known() -> None:
    for period, count in (("2014-2020", 40), ("2021-2027", 44)):
        path = shared("kohesio", "format_spec", f"header_projects_{period}.txt")
        header = path.read_text().strip()
        assert len(header.split(",")) == count
        assert header == (SAMPLE / f"projects_{period}.csv").read_text().splitlines()[0]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    head, row, _ = (SAMPLE / "projects_2014-2020.csv").read_text().splitlines()

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        with path.open("w") as file:
            file.write(f"{head}\n")
            file.writelines(f"{row.replace('Q900001', f'Q{n}')}\n" for n in range(count))
        tracemalloc.start()
        found = sum(isinstance(each, Item) for each in importer("kohesio").gather([path]))
        assert found == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(3000) < peak(600) * 1.3 + 200_000


@settings(max_examples=40)
@given(data=st.data())
def test_broken_files_give_errors_and_never_a_traceback(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = (SAMPLE / "projects_2014-2020.csv").read_bytes()
    lines = data.draw(st.permutations(whole.splitlines(keepends=True)))
    written = b"".join(lines)[: data.draw(st.integers(0, len(whole)))]
    path = tmp_path_factory.mktemp("broken") / "projects.csv"
    path.write_bytes(written + data.draw(st.binary(max_size=40)))
    _, drafts, errors = run(importer("kohesio"), path)
    assert drafts or errors
    assert all(isinstance(error, ItemError) and error.where for error in errors)


def test_rows_of_one_beneficiary_make_one_organisation(tmp_path: Path) -> None:
    path = tmp_path / "beneficiaries.tsv"
    head = "Country\tRegion\tBeneficiary Name\tTotal Budget\tEU Contribution\tNumber of Projects\n"
    rows = [
        "община Пример\t10\t5\t1",
        "Друг ЕООД\t1\t1\t1",
        "Община Пример\t90\t50\t5",
        "община Пример\t10\t5\t1",
    ]
    path.write_text(head + "".join(f"Bulgaria\tX\t{row}\n" for row in rows))
    items, drafts, errors = run(importer("kohesio"), path)
    assert failures(errors) == []
    assert len(items) == 2
    found = next(draft.canonical() for draft in drafts if "Пример" in draft.title["und"])
    assert found["title"] == {"und": "Община Пример"}
    assert [each["name"] for each in found["names"]] == ["община Пример"]
    assert found["stated"]["total_budget"] == ["10", "90"]
    told = [(str(error.where), error.message.partition(";")[0]) for error in errors]
    assert ("beneficiaries.tsv, row 5", "says word for word what an earlier row says") in told
    assert any(where.startswith("beneficiaries.tsv, rows 2, 4") and "several rows" in message
               for where, message in told)  # fmt: skip


def test_beneficiaries_whole() -> None:
    items, drafts, errors = run(importer("kohesio"), shared("kohesio", "beneficiaries_2023-01.tsv"))
    assert failures(errors) == []
    assert len({item.key for item in items}) == len(items) == 18_699
    spared = [error for error in errors if "natural person" in error.message]
    assert len(drafts) + len(spared) == len(items)
