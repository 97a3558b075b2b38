"""What a delivery of regions holds: one statement for each region of each file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tessera.schema.vocabularies.regions import normal_code
from tessera.sources.base import ItemError
from tessera.sources.formats.json_records import json_records
from tessera.sources.formats.table import Row, Table, TableError, column_key, read_tables
from tessera.sources.where import Where

GEOJSON: Final = frozenset({".geojson", ".json"})
TABLES: Final = frozenset({".csv", ".tsv", ".xlsx"})
MAX_GEOJSON: Final = 60_000_000
"""Bytes of a file; GISCO's borders at 1:3 million have half of that."""

CODE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")
_YEAR: Final = re.compile(r"(?<!\d)(20(?:03|06|10|13|16|21|24|27))(?!\d)")
_SHAPES: Final = {"Point": 0, "Polygon": 2, "MultiPolygon": 3}
"""Depth of the lists around a position."""

_CODES: Final = ("nuts_id", "nuts code", "nuts_code", "code", "nuts")
_NAMES: Final = ("nuts_name", "nuts label", "name", "label", "name_latn")
_LATIN: Final = ("name_latn",)
_LEVELS: Final = ("levl_code", "nuts level", "level")
_POINTS: Final = ("coordinates", "point")
_POINT: Final = re.compile(r"Point\((-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)\)")


class Unreadable(ValueError):
    """A file of the delivery that can't be read: the regions can't be told from it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One region in one file. year: the version of NUTS, empty where the file doesn't say."""

    code: str
    name: str
    latin: str
    year: str
    level: str
    shape: Mapping[str, Any] | None
    where: str


def stated(paths: Sequence[Path]) -> Iterator[Stated | ItemError]:
    """Every region of every file; raises Unreadable."""
    for path in paths:
        inside = path.is_dir()
        found = sorted(p for p in path.rglob("*") if p.is_file()) if inside else [path]
        chosen = [p for p in found if not inside or p.suffix.lower() in GEOJSON | TABLES]
        if not chosen:
            named = ", ".join(sorted(GEOJSON | TABLES))
            yield ItemError("gather", path.name, f"has no file that ends in {named}")
        for each in chosen:
            try:
                if each.suffix.lower() in GEOJSON:
                    yield from _features(each)
                else:
                    for table in read_tables(each, wanted=(*_CODES, *_NAMES)):
                        yield from _rows(table)
            except TableError as error:
                raise Unreadable(str(error)) from None


def _features(path: Path) -> Iterator[Stated | ItemError]:
    if path.stat().st_size > MAX_GEOJSON:
        raise Unreadable(
            f"{path.name} has more than {MAX_GEOJSON / 1e6:,.0f} MB; take GISCO's borders at a "
            "smaller scale (60M, 20M, 10M or 03M), which is finer than a page can show"
        )
    year = _year(path.name)
    features = 0
    for number, each in enumerate(json_records(path, ("features",)), start=1):
        where = Where.at(path.name, number, unit="feature")
        properties = each.get("properties") if isinstance(each, Mapping) else None
        if not isinstance(properties, Mapping) or "geometry" not in each:
            yield ItemError(
                "gather", where, "is no feature of GeoJSON with properties and geometry"
            )
            continue
        features += 1
        values = {column_key(str(name)): value for name, value in properties.items()}
        problem = _misplaced(each["geometry"])
        if problem:
            yield ItemError("gather", where, problem, warning=True)
        yield from _region(values, year, where, None if problem else each["geometry"])
    if not features:
        yield ItemError("gather", path.name, "has no features: is it GeoJSON?")


def _rows(table: Table) -> Iterator[Stated | ItemError]:
    year = _year(table.path.name)
    known = {column_key(name) for name in table.columns}
    if not known & {column_key(name) for name in _CODES}:
        listed = ", ".join(table.columns[:10])
        raise Unreadable(
            f"{table.path.name} has no column with codes (NUTS_ID); its columns are: {listed}"
        )
    for row in table.rows:
        where = table.where(row.number)
        if not isinstance(row, Row):
            yield ItemError("gather", where, row.message)
            continue
        values = {column_key(name): value for name, value in row.values.items()}
        point = next((m for value in values.values() if (m := _POINT.fullmatch(str(value)))), None)
        shape = point and {"type": "Point", "coordinates": [float(point[1]), float(point[2])]}
        yield from _region(values, year, where, shape)


def _region(
    values: Mapping[str, Any], year: str, where: str, shape: Mapping[str, Any] | None
) -> Iterator[Stated | ItemError]:
    written = _first(values, _CODES)
    code = normal_code(written)
    if not CODE.fullmatch(code):
        message = (
            f"{written[:40]!r} is no code of a region; expected two letters and up to three more "
            "signs, such as EL303"
            if written
            else "has no code of a region (NUTS_ID)"
        )
        yield ItemError("gather", where, message)
        return
    stated_year = _year(_first(values, ("nuts_year", "year", "version"))) or year
    name, latin = _first(values, _NAMES), _first(values, _LATIN)
    yield Stated(code, name or latin, latin, stated_year, _first(values, _LEVELS), shape, where)


def _first(values: Mapping[str, Any], names: Sequence[str]) -> str:
    found = (values.get(column_key(name)) for name in names)
    return next((" ".join(str(each).split()) for each in found if each not in (None, "")), "")


def _year(text: str) -> str:
    """The version of NUTS that a name states; empty where it states none or several."""
    found = set(_YEAR.findall(text))
    return found.pop() if len(found) == 1 else ""


def _misplaced(shape: Any) -> str:
    """What is wrong with a geometry; empty where it is a point or an area in degrees."""
    kind = shape.get("type") if isinstance(shape, Mapping) else None
    if not isinstance(kind, str) or kind not in _SHAPES:
        return f"has a geometry of the type {str(kind)[:40]!r}; left out"
    position: Any = shape.get("coordinates")
    for _ in range(_SHAPES[kind]):
        position = position[0] if isinstance(position, list) and position else None
    if not (
        isinstance(position, list)
        and len(position) >= 2
        and all(isinstance(each, int | float) for each in position[:2])
    ):
        return "has a geometry without positions; left out"
    if abs(position[0]) > 180 or abs(position[1]) > 90:
        return "has a geometry that is not in degrees; left out. Take GISCO's file of EPSG:4326"
    return ""
