"""What every backend returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tessera.engine.expansion import Expansion
from tessera.engine.fields import FacetType
from tessera.engine.spelling.correction import Correction

Way = Literal["words", "linked", "related", "close"]
"""How a document was found: by all words as typed; by all words as typed, some of them only in what
others say of it; by all words, some of them in another form, such as a translation; by most of the
words, or by what comes close in meaning or spelling."""


@dataclass(frozen=True, slots=True)
class Section:
    """Documents found in one way and in none before it; `total` is their exact number."""

    way: Way
    total: int


@dataclass(frozen=True, slots=True)
class Highlight:
    """A passage that shows why a document matched.

    html: escaped text in which each match stands in <mark>; begins and ends at words, with an
        ellipsis where it was cut.
    label: the label of the text it is from, such as a page number.
    """

    field: str
    html: str
    lang: str = "und"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result row. score: relevance; 0.0 in any other order. way: of its `Section`."""

    id: str
    key: int
    score: float
    stored: Mapping[str, object]
    highlights: tuple[Highlight, ...] = ()
    way: Way = "words"


@dataclass(frozen=True, slots=True)
class Bucket:
    """One facet value: `count` is the total that choosing it gives."""

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FacetResult:
    """The buckets of a facet.

    Selected values are always among them, with 0 if need be. Order: TERMS and TREE by count
    (descending) then value, MISSING last; YEARS by year; WHEN upcoming, past.
    other: how many further values have at least one match but are not listed.
    """

    name: str
    type: FacetType
    buckets: tuple[Bucket, ...]
    other: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """One page of hits, the exact total, and the facets asked for.

    sections: in the order in which their hits come; their totals add up to `total`. Facets count
        the documents of all of them.
    expansions: what stands for words typed, besides themselves; those removed are left out.
    correction: what is offered for the words typed; where it was applied, the result is that of
        the corrected ones.
    """

    total: int
    hits: tuple[Hit, ...] = ()
    facets: Mapping[str, FacetResult] = field(default_factory=dict)
    took_ms: float = 0.0
    sections: tuple[Section, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    correction: Correction | None = None

    @property
    def as_typed(self) -> int:
        """How many hold all words as typed, if only in what others say of them."""
        return sum(each.total for each in self.sections if each.way in ("words", "linked"))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A document whose name goes on from what was typed so far."""

    id: str
    stored: Mapping[str, object]
