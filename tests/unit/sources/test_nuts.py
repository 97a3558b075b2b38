"""Regions of several versions are brought together by their code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tessera.sources.nuts.reading import Unreadable
from tests.unit.sources.making import SOURCES, shared
from tests.unit.sources.vocabularies import read

BASE = "http://data.europa.eu/nuts/code/"


def geojson(path: Path, *features: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feature(code: str, shape: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": shape or {"type": "Point", "coordinates": [10, 50]},
            "properties": {"NUTS_ID": code, "NUTS_NAME": code.title(), **more}}  # fmt: skip


def test_names_versions_point_and_borders_come_together() -> None:
    found, errors = read("nuts", SOURCES / "nuts" / "sample")
    assert errors == []
    assert [uri.removeprefix(BASE) for uri in found] == ["ZZ", "ZZ1", "ZZ2"]
    upper = found[f"{BASE}ZZ1"]
    assert upper.labels == {"und": "Άνω Κοιλάδα"}
    assert upper.alternatives == {"und": ("Ano Koilada", "Upper Valley")}
    assert upper.versions == ("2013", "2021")
    assert (upper.level, upper.broader, upper.point) == (1, (f"{BASE}ZZ",), (10.2, 50.2))
    assert upper.geometry is not None and upper.geometry["type"] == "Polygon"
    assert found[f"{BASE}ZZ2"].versions == ("2013",)
    assert found[f"{BASE}ZZ"].level == 0


def test_the_codes_of_iso_are_those_of_nuts(tmp_path: Path) -> None:
    path = geojson(tmp_path / "NUTS_LB_2016.geojson", feature("GR301"), feature("gb i"))
    assert list(read("nuts", path)[0]) == [f"{BASE}EL301", f"{BASE}UKI"]


def test_newer_borders_win_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    def shape(x: float) -> dict[str, Any]:
        return {"type": "Polygon", "coordinates": [[[x, 50], [x + 1, 50], [x, 51], [x, 50]]]}

    old = geojson(tmp_path / "NUTS_RG_60M_2013_4326.geojson", feature("ZZ1", shape(1)))
    new = geojson(tmp_path / "NUTS_RG_60M_2024_4326.geojson", feature("ZZ1", shape(2)))
    for order in ((old, new), (new, old)):
        (region,) = read("nuts", *order)[0].values()
        assert region.geometry == shape(2)
        assert region.versions == ("2013", "2024")


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    path = geojson(
        tmp_path / "r.geojson", feature("ZZ1"), feature(""), feature("no code"), "text",
        feature("ZZ2", {"type": "Point", "coordinates": [4321000, 3210000]}),
        feature("ZZ3", {"type": "Polygon", "coordinates": []}), feature("ZZ4", LEVL_CODE=3),
    )  # fmt: skip
    found, errors = read("nuts", path)
    assert len(found) == 4
    told = {each.where: (each.warning, each.message) for each in errors}
    assert "NUTS_ID" in told["r.geojson, feature 2"][1]
    assert "'no code' is no code" in told["r.geojson, feature 3"][1]
    assert "no feature" in told["r.geojson, feature 4"][1]
    assert "EPSG:4326" in told["r.geojson, feature 5"][1]
    assert "without positions" in told["r.geojson, feature 6"][1]
    assert told["r.geojson, feature 7"][0] and "level [3]" in told["r.geojson, feature 7"][1]
    assert found[f"{BASE}ZZ2"].point is None


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("a.geojson", '{"features": [', "no JSON"), ("a.json", "[" * 100_000, "a.json"),
     ("a.csv", "Name,Year\nx,2021\n", "no column with codes")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_ends_the_delivery(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(Unreadable, match=told):
        read("nuts", path)


def test_the_real_regions_of_gisco_are_read() -> None:
    found, errors = read("nuts", shared("nuts", "gisco_2021_60M"))
    assert errors == []
    assert len(found) == 2010
    assert all(each.point and each.geometry and each.versions == ("2021",)
               for each in found.values())  # fmt: skip
    levels = [each.level for each in found.values()]
    assert {level: levels.count(level) for level in (0, 1, 2, 3)} == {
        0: 37,
        1: 125,
        2: 334,
        3: 1514,
    }


def test_a_table_of_codes_and_names_is_read() -> None:
    found, errors = read("nuts", shared("nuts", "jems_NUTS_EXTENDED.csv"))
    assert [each for each in errors if not each.warning] == []
    assert len(found) == 1751
    assert found[f"{BASE}RU110"].labels == {"und": "Bryansk Oblast"}


@pytest.mark.parametrize("kind", [["Point"], {"a": 1}, None, 5, "Circle"])
def test_a_shape_of_no_known_type_is_left_out(tmp_path: Path, kind: Any) -> None:
    path = geojson(tmp_path / "a.geojson", feature("EL30", {"type": kind, "coordinates": [1, 2]}))
    concepts, [warning] = read("nuts", path)
    assert [each.geometry for each in concepts.values()] == [None]
    assert warning.warning and "left out" in warning.message


@pytest.mark.parametrize("point", ["Point(1.2.3 4)", "Point(. .)", "Point(-- 1)"])
def test_a_point_without_numbers_is_none(tmp_path: Path, point: str) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(f"NUTS_ID,NUTS_NAME,coordinates\nEL30,Attiki,{point}\n")
    concepts, _ = read("nuts", path)
    assert [each.point for each in concepts.values()] == [None]
