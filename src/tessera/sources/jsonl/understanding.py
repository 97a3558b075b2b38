"""Values that aren't written as the format has them, but can be understood; each is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tessera.schema import vocabularies
from tessera.schema.draft import RecordDraft
from tessera.sources.conversion import organisation_type

Note = tuple[str, str]
"""A field and what became of it."""

_NOTHING: Final = frozenset({"n.a.", "n.a", "na", "n/a", "none", "null", "-", "–", "", "unknown"})
_TYPES: Final = ("type", "representing")


def understood(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Note]]:
    """The values with types of organisations by their code, where a label was written.

    A label that says that there is none ("N.a.") is left out. Any other that isn't known stays,
    and is an error of its record.
    """
    values, notes = dict(raw), list[Note]()
    for name in _TYPES:
        if name in values:
            values = _typed(values, name, name, notes)
    listed = raw.get("organisations")
    if isinstance(listed, list):
        values["organisations"] = [
            _typed(each, "type", "organisations.type", notes) if isinstance(each, dict) else each
            for each in listed
        ]
    return values, notes


def _typed(values: Mapping[str, Any], name: str, where: str, notes: list[Note]) -> dict[str, Any]:
    written = values.get(name)
    found = dict(values)
    if not isinstance(written, str) or written in vocabularies.ORGANISATION_TYPES:
        return found
    if written.strip().casefold() in _NOTHING:
        del found[name]
        notes.append((where, f"{written!r} says that there is none; left out"))
        return found
    known = organisation_type(written, {})
    if "type" in known:
        found[name] = known["type"]
        found.setdefault("source_type", written.strip())
        notes.append((where, f"{written!r} is read as {known['type']}"))
    return found


def normalised(raw: Mapping[str, Any], draft: RecordDraft) -> Iterator[Note]:
    """Codes that the draft has in another form than they were written in."""
    yield from _changed("objectives", raw.get("objectives"), draft.objectives)
    yield from _changed("countries", raw.get("countries"), draft.countries)
    yield from _changed("period", raw.get("period"), draft.period)
    written = raw.get("organisations")
    for one, other in zip(
        written if isinstance(written, list) else (), draft.organisations, strict=False
    ):
        if isinstance(one, dict):
            yield from _changed("organisations.country", one.get("country"), other.country)
    regions = raw.get("regions")
    for place, region in zip(
        regions if isinstance(regions, list) else (), draft.regions, strict=False
    ):
        code = place.get("nuts") if isinstance(place, dict) else place
        yield from _changed("regions.nuts", code, region.nuts)


def _changed(name: str, written: object, read: object) -> Iterator[Note]:
    ones = written if isinstance(written, list) else [written]
    others = read if isinstance(read, list) else [read]
    for one, other in zip(ones, others, strict=False):
        if isinstance(one, str) and other is not None and one != other:
            yield name, f"{one!r} is read as {other}"
