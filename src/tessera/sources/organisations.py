"""Who and where an organisation is, from what a row or record says of it."""

from __future__ import annotations

from typing import Any

from tessera.sources.base import Item, ItemError
from tessera.sources.drafting import left_out
from tessera.sources.identifiers import pic_id, vat_id
from tessera.sources.places import region_in

Values = dict[str, Any]


def identified(found: Values, pic: str, other: str, item: Item) -> list[ItemError]:
    """Set the id of an organisation by its PIC or VAT number; what is to be told of them."""
    told = []
    if pic:
        try:
            found["id"] = pic_id(pic)
        except ValueError as error:
            found.setdefault("stated", {})["pic"] = pic
            told.append(left_out(item, error, "PIC", pic))
    vat = vat_id(other, found.get("country"))
    if vat:
        found.setdefault("id", vat)
        found["vat"] = vat.removeprefix("vat:")
    return told


def located(found: Values, places: Values, item: Item) -> list[ItemError]:
    """Set the region of an organisation, the finest that is stated; what is to be told of it.

    places: the region as written, by level ("nuts3"), the finest first.
    """
    told = []
    for level in sorted(places, reverse=True):
        written = str(places[level])
        try:
            found["nuts"] = region_in(written, found.get("country"))
        except ValueError as error:
            found.setdefault("stated", {})[level] = written
            told.append(left_out(item, error, level.upper(), written, "region"))
            continue
        if found["nuts"] not in written:
            found.setdefault("stated", {})[level] = written
        break
    return told
