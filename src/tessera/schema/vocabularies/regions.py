"""NUTS regions and the statistical regions of EFTA and candidate countries.

Codes are NUTS codes (`EL`, `UK`), levels 0 (country) to 3. The table has NUTS 2021 and 2024,
statistical regions 2021 and 2024, and NUTS 2016 for the United Kingdom.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from .countries import country, country_name, iso_country, nuts_country
from .folding import fold
from .tables import read_tsv

_CODE: Final = r"[A-Z]{2}[A-Z0-9]{0,3}"


class Region(NamedTuple):
    """A region of one or more versions of NUTS.

    `latin` is the name in Latin letters (equal to `name` where that is Latin already). `versions`
    are the years of the versions that have the code, oldest first. `replaced_by` is the code of
    NUTS 2024 where only the code has changed. `resolved_from` is the code that was asked for when
    the table does not have it and this region stands in for it: the same region under its later
    code, or the smallest known region around it.
    """

    code: str
    name: str
    latin: str
    level: int
    parent: str | None
    versions: tuple[int, ...]
    replaced_by: str | None = None
    resolved_from: str | None = None

    @property
    def country(self) -> str:
        """The ISO 3166-1 code of the country."""
        return iso_country(self.code)


class _Table(NamedTuple):
    regions: dict[str, Region]
    aliases: dict[str, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]
    recoded: dict[str, str]


@cache
def _table() -> _Table:
    rows = read_tsv("regions.tsv")[1]
    regions: dict[str, Region] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    children: dict[str, list[str]] = {}
    years: dict[str, tuple[int, ...]] = {}
    for code, parent, versions, name, latin, others, replaced_by in rows:
        when = years.get(versions)
        if when is None:
            when = years[versions] = tuple(int(year) for year in versions.split(","))
        if len(parent) == 2 and parent not in regions:
            regions[parent] = _country_region(parent)
        regions[code] = Region(
            code, name, latin or name, len(code) - 2, parent, when, replaced_by or None
        )
        children.setdefault(parent, []).append(code)
        if others:
            aliases[code] = tuple(others.split("|"))
        own = regions[code[:2]]
        if when != own.versions and not set(when) <= set(own.versions):
            merged = tuple(sorted({*own.versions, *when}))
            regions[own.code] = own._replace(versions=merged)
    recoded = {old: new for old, new, _relation in read_tsv("recoded_regions.tsv")[1]}
    return _Table(
        regions, aliases, {code: tuple(below) for code, below in children.items()}, recoded
    )


def _country_region(code: str) -> Region:
    known = country(code)
    if known is None:
        raise ValueError(f"regions.tsv: {code} is not a country of countries.tsv")
    return Region(code, known.autonym, country_name(code) or code, 0, None, ())


def normal_code(code: str) -> str:
    """`code` in the form of NUTS: upper case, no blanks, `EL` for `GR`, `UK` for `GB`."""
    key = "".join(code.split()).upper()
    return nuts_country(key[:2]) + key[2:]


def region(code: str) -> Region | None:
    """The region with this NUTS code, None if there is none and its country is unknown too.

    Case and blanks do not count, `GR` and `GB` stand for `EL` and `UK`. A well-formed code that the
    table lacks, as of an older version, gives the region that stands in for it, with
    `resolved_from` set: compare `.code` with what was asked before counting it as exact.
    """
    key = normal_code(code)
    if not re.fullmatch(_CODE, key):
        return None
    table = _table()
    if key in table.regions:
        return table.regions[key]
    for length in range(len(key), 1, -1):
        part = key[:length]
        found = table.regions.get(table.recoded.get(part, part))
        if found is not None:
            return found._replace(resolved_from=key)
    return None


def ancestors(code: str) -> tuple[str, ...]:
    """The codes above a region, the country's NUTS code first: `SE110` -> `SE`, `SE1`, `SE11`.

    The region itself is not among them. For a code that `region` resolves to another, these are
    the ancestors of that one. Empty for a country and for an unknown code.
    """
    found = region(code)
    above: list[str] = []
    while found is not None and found.parent is not None:
        above.append(found.parent)
        found = _table().regions[found.parent]
    return tuple(reversed(above))


def children(code: str, version: int | None = None) -> tuple[str, ...]:
    """The codes right below a region, in order.

    Of the version of that year, by default of the newest version that the region is part of.
    """
    found = region(code)
    if found is None:
        return ()
    year = version if version is not None else max(found.versions)
    table = _table()
    below = table.children.get(found.code, ())
    return tuple(child for child in below if year in table.regions[child].versions)


def regions(level: int | None = None) -> tuple[str, ...]:
    """All region codes of the table, of all versions, or those of one level."""
    known = _table().regions.values()
    return tuple(item.code for item in known if level is None or item.level == level)


def region_label(code: str, lang: str = "en") -> str | None:
    """The name of a region with its code: `Stockholm (SE11)`, `Αττική / Attiki (EL30)`.

    For a country, its name in `lang`. None for a code that is not in the table.
    """
    found = _table().regions.get(normal_code(code))
    if found is None:
        return None
    if found.level == 0:
        return country_name(found.code, lang)
    name = found.name if found.latin == found.name else f"{found.name} / {found.latin}"
    return f"{name} ({found.code})"


def find_region(name: str, country: str | None = None, level: int | None = None) -> Region | None:
    """The region of this name, None if there is none or several could be meant.

    `name` is compared without case, accents and punctuation, with the official name, each language
    of a name in two, its Latin form, earlier and English names, and the name without its kind
    (`Stockholms län` and `Stockholm`, `Prov. Liège` and `Liège`). `country` is an ISO or NUTS code.
    An official name goes before another one; a region in force before one that is not; the widest
    before those within it, so that nothing is claimed that the name does not say.
    """
    prefix = nuts_country(country) if country else ""
    for index in _name_indexes():
        found = [
            item
            for item in index.get(fold(name), ())
            if item.code.startswith(prefix) and (level is None or item.level == level)
        ]
        if found:
            return _only(found)
    return None


def _only(found: list[Region]) -> Region | None:
    """The one region that all of `found` can stand for."""
    newest = max(max(item.versions) for item in found)
    if len({item.code[:2] for item in found}) == 1:
        found = [item for item in found if newest in item.versions]
    widest = min(item.level for item in found)
    top = [item for item in found if item.level == widest]
    if len(top) > 1 or any(top[0].code not in (item.code, *ancestors(item.code)) for item in found):
        return None
    return top[0]


@cache
def _name_indexes() -> tuple[dict[str, list[Region]], dict[str, list[Region]]]:
    """Folded official names -> regions, and folded other names -> regions; levels 1 to 3."""
    table = _table()
    official: dict[str, list[Region]] = {}
    other: dict[str, list[Region]] = {}
    for code, item in table.regions.items():
        if item.level == 0 or code[2:].strip("Z") == "":
            continue
        forms = {item.name, item.latin}
        names = {fold(form) for form in forms}
        for key in names:
            official.setdefault(key, []).append(item)
        more = {fold(alias) for alias in table.aliases.get(code, ())}
        for form in forms:
            more.update(fold(part) for part in _shorter_names(form))
        for key in more - names - {""}:
            other.setdefault(key, []).append(item)
    return official, other


# Compiled on first use: importing this module stays cheap.
_KIND_BEFORE: Final = (
    r"(?i)^(?:Prov\.|Arr\.|Bezirk|Provincia Autonoma di|Principado de|Comunidad de|Región de|"
    r"Comunidad Foral de|Área Metropolitana d[eo]|Região Autónoma d[aeo]s?|Região de|Makroregion) "
)
_KIND_AFTER: Final = (
    r"(?i)(?:,? (?:Kreisfreie Stadt|Stadtkreis|Landkreis|Stadt|apskritis|megye|kraj|vármegye|"
    r"Област|Область|Район|oblast|oblasť)|s län|(?<=[sxz]) län)$"
)


def _shorter_names(name: str) -> list[str]:
    """The names within `name`: each language, without what is in brackets, without its kind."""
    bare = re.sub(r"\s*\([^)]*\)", "", name)
    found = []
    for part in (bare, *bare.split("/")):
        stripped = re.sub(_KIND_AFTER, "", re.sub(_KIND_BEFORE, "", part.strip()))
        found += [part, stripped]
    return found
