"""Declarations: which texts, facets and orders an index has.

An `IndexSchema` is data. Everything that reads a query or a document goes by it, so a new
facet is one declaration (see `tessera.schema.fields`) and nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MISSING = "none"
"""The value, in buckets and in parameters, of documents in a facet's scope that state nothing."""


class FacetType(StrEnum):
    TERMS = "terms"
    """Plain values."""
    TREE = "tree"
    """Values with ancestors; a document holds every ancestor of its values, too."""
    YEARS = "years"
    """Whole years; filtered by ranges `2014..2020`, `..2020`, `2014..`, `2014`."""
    WHEN = "when"
    """A moment against now: `upcoming` (at or after now) or `past`."""


@dataclass(frozen=True, slots=True)
class TextField:
    """A text that is searched.

    weight: how much a match in this field counts, relative to 1.0 for running text.
    parts: words also match by prefix and by part (`cluster` finds ClusterFY, CLUSTERS3).
    passages: a highlighted passage may be taken from this field.
    own: it is what the document itself says. What is found by a field that is not, because it holds
        what others say, comes after all that say it themselves, and changes no score of those.
    """

    name: str
    weight: float = 1.0
    parts: bool = False
    passages: bool = True
    own: bool = True


@dataclass(frozen=True, slots=True)
class Facet:
    """Something shown with counts and filtered by; its name is also its parameter's name.

    The count of a bucket is the total that choosing it gives, with the facet's own choices
    set aside. Values of one facet are OR, different facets are AND.

    single: choosing a value replaces the one chosen before.
    size: how many buckets to return besides those selected (by count, then value); 0 is all.
    normalise: from what a user wrote to the value as indexed; None where it is no such value.
    """

    name: str
    type: FacetType = FacetType.TERMS
    single: bool = False
    size: int = 0
    normalise: Callable[[str], str | None] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SortOrder:
    """An order of results by a document's sort key; ties go by document id, ascending.

    key: name in `Document.sort`. Documents without the key come last in either direction.
    default_for: a facet and its value; where that choice is in force and nothing is typed, this
        is the order unless another is asked for.
    """

    name: str
    key: str
    descending: bool = False
    default_for: tuple[str, str] | None = None


RELEVANCE = "relevance"
"""The order by score; always there, and the default where there is text to match."""


@dataclass(frozen=True, slots=True)
class IndexSchema:
    """All that an index must know of its documents.

    default_sort: the order when nothing is typed.
    """

    name: str
    version: int
    texts: tuple[TextField, ...]
    facets: tuple[Facet, ...]
    sorts: tuple[SortOrder, ...]
    default_sort: str

    def facet(self, name: str) -> Facet | None:
        return next((facet for facet in self.facets if facet.name == name), None)

    def sort(self, name: str) -> SortOrder | None:
        return next((order for order in self.sorts if order.name == name), None)

    @property
    def weights(self) -> Mapping[str, float]:
        return {text.name: text.weight for text in self.texts}

    @property
    def own(self) -> frozenset[str]:
        """The names of the texts that are a document's own."""
        return frozenset(text.name for text in self.texts if text.own)

    def checksum(self) -> str:
        """Twelve hex digits that change when an index must be rebuilt for this schema."""
        from tessera.engine.analysis import ANALYSIS_VERSION

        stated = {
            "name": self.name,
            "version": self.version,
            "analysis": ANALYSIS_VERSION,
            "texts": [(t.name, t.weight, t.parts, t.passages, t.own) for t in self.texts],
            "facets": [(f.name, f.type.value) for f in self.facets],
            "sorts": [(s.name, s.key, s.descending) for s in self.sorts],
        }
        return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()[:12]
