"""What people say of themselves beyond what other kinds of records have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tessera.schema import vocabularies


def sought(data: Mapping[str, Any], name: str) -> list[str]:
    """Calls, themes, countries or types that a person looks for; () for other records."""
    return list((data.get("looking_for") or {}).get(name, ()))


def sought_in_words(data: Mapping[str, Any]) -> Iterator[str]:
    """All that a person looks for, in the words that they are found by."""
    yield from sought(data, "calls")
    yield from sought(data, "themes")
    for name, vocabulary in (("countries", "country"), ("types", "organisation_type")):
        for value in sought(data, name):
            yield vocabularies.label(vocabulary, value) or value


def spoken(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that a person speaks."""
    return tuple(data.get("speaks", ()))
