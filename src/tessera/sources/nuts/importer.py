"""`tessera import nuts FILE...`: the regions of one or several versions of NUTS become concepts.

What the files of a delivery say of a code is brought together: names and versions of all, point
and borders of the newest that has them. See docs/reference/sources/nuts.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tessera.schema.concepts import Concept
from tessera.sources.base import Found, Item, ItemError, SourceInfo
from tessera.sources.formats.spool import Spool
from tessera.sources.formats.text import storable
from tessera.sources.nuts.reading import Stated, stated

BASE: Final = "http://data.europa.eu/nuts/code/"
"""Eurostat's addresses of regions; the same code is the same address in every version."""


@dataclass(slots=True)
class _Region:
    """names: (version, name, Latin name) as stated. point, area: version and place in the spool."""

    where: str
    names: dict[tuple[str, str, str], None] = field(default_factory=dict)
    levels: dict[str, None] = field(default_factory=dict)
    point: tuple[str, int] | None = None
    area: tuple[str, int] | None = None


class NutsImporter:
    """See the module."""

    def __init__(self, info: SourceInfo) -> None:
        self.info = info

    def gather(self, paths: Sequence[Path]) -> Iterator[Found]:
        """An item for each code, in their order. Raises Unreadable."""
        regions: dict[str, _Region] = {}
        with Spool() as shapes:
            for each in stated(paths):
                if isinstance(each, ItemError):
                    yield each
                else:
                    _take(regions.setdefault(each.code, _Region(each.where)), each, shapes)
            for code in sorted(regions):
                yield _item(code, regions[code], shapes)

    def concepts(self, item: Item) -> Iterator[Concept | ItemError]:
        """The region of an item. The names of the newest version go first."""
        raw: dict[str, Any] = item.raw
        code: str = raw["code"]
        levels = [int(each) for each in raw["levels"] if each.isdigit()]
        if any(each != len(code) - 2 for each in levels):
            message = f"{code} is stated as level {levels}; its length says {len(code) - 2}"
            yield ItemError("map", item.where, message, item.key, warning=True)
        newest = raw["names"][-1]
        others = {text for _, *texts in raw["names"] for text in texts} - {newest[1], ""}
        years = sorted({year for year, _, _ in raw["names"] if year})
        yield Concept(
            uri=item.key,
            notation=code,
            labels={"und": newest[1]} if newest[1] else {},
            alternatives={"und": tuple(sorted(others))} if others else {},
            broader=(BASE + code[:-1],) if len(code) > 2 else (),
            versions=tuple(years),
            level=len(code) - 2,
            point=tuple(raw["point"][:2]) if raw["point"] else None,
            geometry=raw["geometry"],
        )


def _take(region: _Region, each: Stated, shapes: Spool) -> None:
    region.names[each.year, each.name, each.latin] = None
    if each.level:
        region.levels[each.level] = None
    if each.shape is None:
        return
    if each.shape["type"] == "Point":
        if region.point is None or each.year > region.point[0]:
            region.point = (each.year, shapes.add(each.shape["coordinates"]))
    elif region.area is None or each.year > region.area[0]:
        shape = {"type": each.shape["type"], "coordinates": each.shape["coordinates"]}
        region.area = (each.year, shapes.add(shape))


def _item(code: str, region: _Region, shapes: Spool) -> Item:
    raw = {
        "code": code,
        "names": sorted(region.names),
        "levels": sorted(region.levels),
        "point": shapes.read(region.point[1]) if region.point else None,
        "geometry": shapes.read(region.area[1]) if region.area else None,
    }
    return Item(BASE + code, storable(raw), region.where)


def importer(info: SourceInfo) -> NutsImporter:
    """The importer, as the registry asks for it."""
    return NutsImporter(info)
