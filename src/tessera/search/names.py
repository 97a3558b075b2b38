"""Names of programmes and organisations as the index has them, for filters and chips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tessera.engine.audience import Audience
from tessera.engine.backend import Index
from tessera.engine.query import Query
from tessera.schema.vocabularies import looks_like_cci

KEPT = 300.0
"""Seconds for which the name of a programme is taken as known."""


def title_of(stored: Mapping[str, Any], lang: str) -> str:
    """A record's title from its stored values, in the reader's language where it has one."""
    titles: Mapping[str, str] = stored.get("title") or {}
    return titles.get(lang) or titles.get("en") or next(iter(titles.values()), "")


@dataclass(slots=True)
class _Programmes:
    """Programme names by index; one search of one hit for each that isn't known."""

    known: dict[tuple[str, Audience, str], tuple[float, str]] = field(default_factory=dict)

    def name(self, index: Index, value: str) -> str:
        now = monotonic()
        which = index.name, index.audience, value
        at, name = self.known.get(which, (0.0, ""))
        if not at or now - at > KEPT:
            query = Query(size=1).with_filter("programme", value)
            hits = index.search(query, highlight=False).hits
            name = _name(hits[0].stored, value) if hits else ""
            if len(self.known) > 5000:
                self.known.clear()
            self.known[which] = (now, name)
        return name


def _name(stored: Mapping[str, Any], value: str) -> str:
    """Its name, with the period: programmes keep their name from one period to the next.

    Empty where the data have no name for a CCI code.
    """
    if looks_like_cci(str(stored.get("programme") or value)):
        return ""
    name, period = str(stored.get("programme") or value), str(stored.get("period") or "")
    if not period or period in name or period.replace("-", "–") in name:
        return name
    return f"{name} ({period.replace('-', '–')})"


_programmes = _Programmes()


@dataclass(frozen=True, slots=True)
class Names:
    """A look-up for `Labels` over one index."""

    index: Index
    lang: str

    def __call__(self, name: str, values: Iterable[str]) -> Mapping[str, str]:
        if name == "organisation":
            found = self.index.get(list(values))
            return {uid: title_of(stored, self.lang) or uid for uid, stored in found.items()}
        return {value: _programmes.name(self.index, value) for value in values}
