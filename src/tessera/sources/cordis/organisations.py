"""Organisations of CORDIS, known by their PIC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tessera.schema.draft import RecordDraft
from tessera.sources.base import Item, ItemError
from tessera.sources.conversion import MEND
from tessera.sources.cordis import values
from tessera.sources.cordis.values import line
from tessera.sources.drafting import drafted, left_out, needed, warning
from tessera.sources.natural_persons import without_persons


def organisation(item: Item) -> Iterator[RecordDraft | ItemError]:
    """The organisation of all rows with its PIC: the last row that states something decides."""
    rows = list(reversed(item.raw["rows"]))
    names = list(dict.fromkeys(name for row in rows if (name := line(row, "name"))))
    short = [name for row in rows if (name := line(row, "shortname"))]
    number = item.key.partition(":")[2]
    if not names and not short:
        yield needed(item, "name")
        return
    row: dict[str, Any] = {}
    for each in rows:
        for name, value in each.items():
            row.setdefault(name, value)
    title = (names or short)[0]
    codes, unknown = values.countries(line(row, "country"))
    stated: dict[str, str] = {}
    if unknown or len(codes) > 1:
        stated["country"] = line(row, "country")
        message = f"{stated['country']!r} is not one country; taken: {', '.join(codes) or 'none'}"
        yield warning(item, message, "country", value=stated["country"], mend=MEND["country"])
    region, problem = values.region(line(row, "nutscode"))
    if problem:
        stated["nuts"] = line(row, "nutscode")
        yield left_out(item, problem, "nutsCode", stated["nuts"], "region")
    url = line(row, "organizationurl")
    if url and not re.match(r"https?://", url, re.IGNORECASE):
        url = f"http://{url}"
    if url and not re.fullmatch(r"https?://[^\s/]+\.\S+", url):
        stated["url"], url = url, ""
    made = {
        "id": f"pic:{number}",
        "kind": "organisation",
        "title": {"und": title},
        "names": [{"name": name} for name in dict.fromkeys([*names, *short]) if name != title],
        "countries": codes,
        "regions": [{"nuts": region}] if region else [],
        "url": url,
        "town": line(row, "city"),
        "address": ", ".join(t for t in (line(row, "street"), line(row, "postcode")) if t),
        "vat": line(row, "vatnumber"),
        "stated": stated,
        **values.type_of(row),
    }
    spared, told = without_persons(made, item)
    yield from told
    if spared is not None:
        yield from drafted({k: v for k, v in spared.items() if v not in (None, "", [], {})}, item)
