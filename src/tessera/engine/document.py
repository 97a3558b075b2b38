"""What goes into an index: a flat mapping, made only by `tessera.schema.audiences`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tessera.engine.audience import BOTH, Audience

UNKNOWN: Final = "und"
"""The language of a text whose language is not known."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language.

    lang: BCP 47 primary tag; "und" where it is not known (no stemming then).
    label: where in the record this stands, shown with a passage ("37" for a page); may be empty.
    """

    text: str
    lang: str = UNKNOWN
    label: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The flat form of a record in an index, as some of the audiences, or all, may see it.

    id: stable, and unique among the documents of an audience; the tie-breaker of every order.
    key: unique likewise, a positive integer below 2**53, for backends that want a number.
    texts: by name of a `TextField`.
    facets: values by name of a TERMS or TREE facet. An empty tuple says "in scope, not stated"
        (counted under MISSING); an absent name says that the facet does not apply.
    years: whole years by name of a YEARS facet; empty and absent as for `facets`.
    moments: seconds since 1970 UTC by name of a WHEN facet; absent where it does not apply.
    sort: keys by name; all keys of one name are of one type (str compares by code point).
    boost: multiplies the relevance score (1.0 is neutral; from 0.1 to 10), for recency; see
        docs/reference/ranking.
    stored: JSON values handed back with each hit, as they are.
    audiences: who may see it, at least one. A record that shows less to some than to others has
        a document for each, with the same id and key.
    """

    id: str
    key: int
    texts: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    years: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    moments: Mapping[str, int] = field(default_factory=dict)
    sort: Mapping[str, str | int] = field(default_factory=dict)
    boost: float = 1.0
    stored: Mapping[str, object] = field(default_factory=dict)
    audiences: frozenset[Audience] = BOTH

    @property
    def langs(self) -> frozenset[str]:
        """The languages that it is written in; "und" alone where none of its texts says one.

        Names and codes, which nearly every document has, are of no language and say nothing of it.
        """
        found = {text.lang for texts in self.texts.values() for text in texts}
        return frozenset(found - {UNKNOWN} or found)
